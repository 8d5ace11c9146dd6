"""The vote analysis, step by step, from a table of votes to the published report."""

import platform
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from analysis.array_types import BoolArray
from analysis.errors import AnalysisError
from analysis.findings import Findings, find
from analysis.grouping import undecided
from analysis.model_archive import archive_model
from analysis.opinion_entries import (
    group_entries,
    grouping_entry,
    list_entries,
    statement_entries,
    too_few_entries,
    unseen_entry,
)
from analysis.opinion_parameters import OpinionParameters
from analysis.partitions import Engine, LocalEngine
from analysis.placement import (
    Placement,
    PreviousReport,
    place_by_ideal_point,
    place_by_polis,
    read_previous,
)
from analysis.polis import PolisMap, polis_map
from analysis.report import SCHEMA, OpinionReport, ParticipantColumns
from analysis.single_thread import single_threaded
from analysis.stability import GroupStability, measure_stability
from analysis.votes import VoteTable

ENGINE_VERSION = "1.0.0"
METHODS = ("ideal-point", "polis")


@dataclass(frozen=True)
class _Study:
    """What the steps of one analysis share."""

    votes: VoteTable
    parameters: OpinionParameters
    moderated: BoolArray
    projection: PolisMap
    engine: Engine
    method: str

    def live(self) -> VoteTable:
        """Return the votes on statements that moderation left in place."""
        names = zip(self.votes.statements, self.moderated.tolist(), strict=True)
        return self.votes.without_statements({name for name, removed in names if removed})


def analyse_votes(
    votes: VoteTable,
    parameters: OpinionParameters | None = None,
    *,
    statements: Mapping[str, str] | Collection[str] | None = None,
    previous: Mapping[str, Any] | None = None,
    method: str = "ideal-point",
    moderated_out: Collection[str] = frozenset(),
    engine: Engine | None = None,
) -> OpinionReport:
    """Analyse the votes of one consultation.

    Parameters
    ----------
    votes : VoteTable
        Any number of votes, none included: the report says what is too few to tell.
    parameters : OpinionParameters, optional
        The published defaults if not given.
    statements : mapping or collection, optional
        Statements put to the vote, so that unseen ones are listed; a mapping adds their text.
    previous : mapping, optional
        The last report as parsed JSON: map, group numbers and the number of groups stay close.
    method : str
        ``ideal-point`` or ``polis``.
    moderated_out : collection of str
        Statements that moderation removed: counted, but in no model and on no list.
    engine : Engine, optional
        Where blocks of participants are worked on.

    Returns
    -------
    OpinionReport

    Raises
    ------
    AnalysisError
        If the method is unknown or `previous` is not an opinion report.
    """
    if method not in METHODS:
        raise AnalysisError(f"--method {method}: unknown; use {' or '.join(METHODS)}")
    before = OpinionReport.from_dict(previous).to_dict() if previous is not None else None
    constants = parameters or OpinionParameters()
    moderated = np.array([item in moderated_out for item in votes.statements], dtype=bool)
    with single_threaded():
        projection = polis_map(votes, moderated, constants)
        study = _Study(votes, constants, moderated, projection, engine or LocalEngine(), method)
        placement = _place(study, read_previous(votes, before) if before else None)
        findings = find(
            votes,
            placement,
            moderated=moderated,
            extremity=projection.extremity,
            parameters=constants,
            engine=study.engine,
        )
        stability = _stability(study, placement)
    return _report(study, placement, findings, stability, _named(statements), moderated_out)


def _place(study: _Study, previous: PreviousReport | None) -> Placement:
    """Put everyone on the map and into groups."""
    if study.method == "polis":
        return place_by_polis(study.votes, study.projection, study.parameters, previous=previous)
    return place_by_ideal_point(
        study.live(), study.parameters, previous=previous, engine=study.engine
    )


def _stability(study: _Study, placement: Placement) -> GroupStability:
    """Resample, for the method whose groups are ours."""
    if study.method == "polis":
        return GroupStability(None, [], None, 0, 0)
    return measure_stability(
        study.live().select_participants(placement.included),
        placement.grouping.labels,
        placement.grouping.count,
        study.parameters,
        engine=study.engine,
    )


def _report(
    study: _Study,
    placement: Placement,
    findings: Findings,
    stability: GroupStability,
    texts: Mapping[str, str],
    moderated_out: Collection[str],
) -> OpinionReport:
    """Put the pieces together under the names of the schema."""
    votes, grouping = study.votes, placement.grouping
    entries = statement_entries(
        votes.statements,
        findings,
        moderated=study.moderated,
        extremity=study.projection.extremity,
        texts=texts if any(texts.values()) else {},
        has_model=placement.model is not None,
    )
    known = set(votes.statements)
    for name in sorted(set(texts) - known):
        shown = texts if any(texts.values()) else {}
        entries.append(unseen_entry(name, shown, grouping.count, moderated=name in moderated_out))
    entries.sort(key=lambda entry: str(entry["id"]))
    lists = list_entries(votes.statements, findings)
    content = {
        "schema": SCHEMA,
        "input": {
            "participants": votes.n_participants,
            "statements": len(entries),
            "votes": votes.n_votes,
            "digest": votes.digest,
        },
        "parameters": {"method": study.method, **study.parameters.to_dict()},
        "engine": {"version": ENGINE_VERSION, "libraries": _libraries()},
        "groups": group_entries(grouping, stability),
        "grouping": grouping_entry(grouping, stability, study.parameters),
        "statements": entries,
        **lists,
        "too_few": too_few_entries(entries, study.parameters),
        "model": archive_model(study.live().statements, placement),
    }
    return OpinionReport(content, _participants(votes, placement, study.parameters))


def _participants(
    votes: VoteTable, placement: Placement, parameters: OpinionParameters
) -> ParticipantColumns:
    """Return the participants' columns."""
    unsure = np.zeros(votes.n_participants, dtype=bool)
    unsure[placement.included] = undecided(placement.grouping.membership, parameters)
    return ParticipantColumns(
        votes.participants,
        votes.votes_per_participant,
        placement.included,
        unsure,
        placement.points,
        placement.ellipses,
        placement.labels(),
        placement.membership(),
    )


def _named(statements: Mapping[str, str] | Collection[str] | None) -> Mapping[str, str]:
    """Return statements with their texts, empty where there are none."""
    if isinstance(statements, Mapping):
        return statements
    return dict.fromkeys(statements or (), "")


def _libraries() -> dict[str, str]:
    """Return the versions that the figures were made with."""
    found = {name: version(name) for name in ("numpy", "scipy", "pyarrow")}
    return {"python": platform.python_version(), **found}
