"""The vote analysis as one call: a table of votes in, the published report out."""

import platform
from collections.abc import Collection, Mapping
from importlib.metadata import version
from typing import Any

import numpy as np

from analysis.errors import AnalysisError
from analysis.opinions.entries import (
    consensus_entries,
    flag_entries,
    group_entries,
    grouping_entry,
    list_entries,
    map_entry,
    too_few_entries,
)
from analysis.opinions.model_archive import archive_model
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.participant_columns import ParticipantColumns
from analysis.opinions.partitions import Engine, LocalEngine, worth_compiling
from analysis.opinions.placement import read_previous
from analysis.opinions.report import SCHEMA, OpinionReport
from analysis.opinions.statement_entries import statement_entries
from analysis.opinions.study import METHODS, Outcome, Study, carry_out
from analysis.opinions.votes import VoteTable
from analysis.single_thread import single_threaded

ENGINE_VERSION = "1.0.0"


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
        Where blocks of participants are worked on; here, if not given.

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
    before = None
    if previous is not None:
        before = read_previous(votes, OpinionReport.from_dict(previous).to_dict())
    moderated = np.array([item in moderated_out for item in votes.statements], dtype=bool)
    runner = engine or LocalEngine(compiled=worth_compiling(votes.n_votes))
    study = Study(votes, parameters or OpinionParameters(), moderated, runner, method)
    with single_threaded():
        outcome = carry_out(study, before)
    texts = statements if isinstance(statements, Mapping) else dict.fromkeys(statements or (), "")
    content = _content(study, outcome, texts, moderated_out)
    return OpinionReport(content, _participants(study, outcome))


def _content(
    study: Study, outcome: Outcome, texts: Mapping[str, str], moderated_out: Collection[str]
) -> dict[str, Any]:
    """Return everything but the participants under the names of the schema."""
    votes, grouping = study.votes, outcome.placement.grouping
    entries = statement_entries(study, outcome, texts, moderated_out)
    without = outcome.findings_without
    return {
        "schema": SCHEMA,
        "input": {
            "participants": votes.n_participants,
            "statements": len(entries),
            "votes": votes.n_votes,
            "digest": votes.digest,
        },
        "parameters": {"method": study.method, **study.parameters.to_dict()},
        "engine": {"version": ENGINE_VERSION, "libraries": _libraries(study)},
        "groups": group_entries(grouping, outcome.stability),
        "grouping": grouping_entry(grouping, outcome.stability, study.parameters),
        "statements": entries,
        "consensus": consensus_entries(votes.statements, outcome.findings),
        **list_entries(votes.statements, outcome.findings),
        "too_few": too_few_entries(entries, study.parameters),
        "flags": flag_entries(votes, outcome.flags),
        "consensus_without_flagged": (
            None if without is None else consensus_entries(votes.statements, without)
        ),
        "map": map_entry(study.live.statements, outcome.placement.axes),
        "model": archive_model(study.live.statements, outcome.placement),
    }


def _participants(study: Study, outcome: Outcome) -> ParticipantColumns:
    """Return the participants' columns."""
    placement = outcome.placement
    unsure = np.zeros(study.votes.n_participants, dtype=bool)
    unsure[placement.included] = placement.grouping.undecided(study.parameters)
    return ParticipantColumns(
        study.votes.participants,
        study.votes.votes_per_participant,
        placement.included,
        unsure,
        placement.points,
        placement.ellipses,
        placement.labels(),
        placement.membership(),
    )


def _libraries(study: Study) -> dict[str, str]:
    """Return the versions that the figures were made with."""
    compiler = ("numba",) if study.engine.compiled else ()
    found = {name: version(name) for name in ("numpy", "scipy", "pyarrow", *compiler)}
    return {"python": platform.python_version(), **found}
