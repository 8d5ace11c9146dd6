"""Who took part against the population, as files give it and as the report tells it."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.csv_rows import MISSING_VALUE, read_rows
from analysis.errors import MalformedVotesError
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.participant_columns import plain
from analysis.opinions.representation import (
    RepresentationRefusedError,
    WeightedShare,
    participation,
    rake,
    weighted_shares,
)
from analysis.opinions.vote_files import read_bytes
from analysis.opinions.votes import VoteTable

#: Published shares are rounded; they may miss 1 by this much and are then scaled to it.
_ROUNDING = 0.005

Population = Mapping[str, Mapping[str, float]]
Answers = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Strata:
    """What participants told about themselves, and the population's shares.

    Attributes
    ----------
    answers : mapping of stratum to mapping of participant to value
        Who gave no answer is absent.
    population : mapping of stratum to mapping of value to share
        Shares sum to 1 in each stratum.
    """

    answers: Answers
    population: Population


def read_strata(strata: Path, population: Path) -> Strata:
    """Read both files; strata that the population's file does not name are left aside.

    Parameters
    ----------
    strata : Path
        CSV with ``participant`` and one column per stratum; an empty cell is no answer.
    population : Path
        CSV with ``column``, ``value``, ``share``: a share in (0, 1] for every value of a stratum.

    Raises
    ------
    MalformedVotesError
        If a file breaks its format; names file, row, column and mend.
    AnalysisError
        If a file cannot be read.
    """
    shares = read_population(read_bytes(population), population.name)
    answers = read_answers(read_bytes(strata), strata.name, shares)
    return Strata(answers, shares)


def read_population(data: bytes, name: str) -> Population:
    """Read the population's shares.

    Raises
    ------
    MalformedVotesError
        As for `read_strata`.
    """
    found: dict[str, dict[str, float]] = {}
    last: dict[str, int] = {}
    for number, row in read_rows(data, name, ("column", "value", "share")):
        cells = {key: row[key].strip() for key in ("column", "value", "share")}
        for column, cell in cells.items():
            if cell == "":
                raise MalformedVotesError(f"{name}: row {number}, column {column}: {MISSING_VALUE}")
        values = found.setdefault(cells["column"], {})
        if cells["value"] in values:
            raise MalformedVotesError(
                f"{name}: row {number}, column value: {cells['value']!r} of {cells['column']!r} "
                "stands twice; keep one row"
            )
        values[cells["value"]] = _share(cells["share"], name, number)
        last[cells["column"]] = number
    if not found:
        raise MalformedVotesError(
            f"{name}: row 2, column column: there is no share; "
            "give one row for each value of each stratum"
        )
    return {stratum: _scaled(stratum, found[stratum], name, last[stratum]) for stratum in found}


def read_answers(data: bytes, name: str, population: Population) -> Answers:
    """Read what participants told, for the strata of the population.

    Raises
    ------
    MalformedVotesError
        As for `read_strata`; also for a value that the population's file does not have.
    """
    found: dict[str, dict[str, str]] = {stratum: {} for stratum in population}
    seen: set[str] = set()
    for number, row in read_rows(data, name, ("participant", *population)):
        person = row["participant"]
        if person == "":
            raise MalformedVotesError(f"{name}: row {number}, column participant: {MISSING_VALUE}")
        if person in seen:
            raise MalformedVotesError(
                f"{name}: row {number}, column participant: {person!r} stands twice; keep one row"
            )
        seen.add(person)
        for stratum, shares in population.items():
            value = row[stratum].strip()
            if value and value not in shares:
                raise MalformedVotesError(
                    f"{name}: row {number}, column {stratum}: {value!r} has no share in the "
                    "population's file; add it there or leave the cell empty"
                )
            if value:
                found[stratum][person] = value
    return found


def representation_entry(
    votes: VoteTable, strata: Strata, parameters: OpinionParameters
) -> dict[str, Any]:
    """Return the block ``representation`` of an opinion report.

    Participation is always told; weighted agreement only if `rake` does not refuse, otherwise
    ``refused`` gives the reason and ``statements`` is empty.
    """
    answers = {
        stratum: [given.get(person) for person in votes.participants]
        for stratum, given in strata.answers.items()
    }
    entry: dict[str, Any] = {
        "strata": [_rounded(asdict(cell)) for cell in participation(answers, strata.population)],
        "unanswered": {stratum: column.count(None) for stratum, column in answers.items()},
        "refused": None,
        "weights": None,
        "statements": [],
    }
    try:
        weights = rake(answers, strata.population)
    except RepresentationRefusedError as error:
        return {**entry, "refused": str(error)}
    shares = weighted_shares(votes, weights, probability=parameters.interval)
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    weighed = {"least": weights.min(), "most": weights.max(), "effective_participants": effective}
    return {
        **entry,
        "weights": _rounded(weighed),
        "statements": [_statement(share, parameters) for share in shares],
    }


def _statement(share: WeightedShare, parameters: OpinionParameters) -> dict[str, Any]:
    few = share.effective_votes < parameters.statement_votes
    return {**_rounded(asdict(share)), "too_few": bool(few)}


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: float(plain(np.array(value))) if isinstance(value, float) else value
        for key, value in values.items()
    }


def _share(text: str, name: str, number: int) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share <= 1:
        raise MalformedVotesError(
            f"{name}: row {number}, column share: {text!r} is not a share; "
            "write a number above 0 and up to 1, for instance 0.25"
        )
    return share


def _scaled(stratum: str, shares: Mapping[str, float], name: str, row: int) -> dict[str, float]:
    total = sum(shares.values())
    if abs(total - 1) > _ROUNDING:
        raise MalformedVotesError(
            f"{name}: row {row}, column share: the shares of {stratum!r} sum to {total:g}; "
            "give every value of it, so that they sum to 1"
        )
    return {value: share / total for value, share in shares.items()}
