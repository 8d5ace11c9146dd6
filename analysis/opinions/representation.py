"""Who took part against the population: shares, weights by raking, and refusals with reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.array_types import FloatArray, IndexArray
from analysis.errors import AnalysisError
from analysis.opinions.votes import AGREE, VoteTable
from analysis.proportions import credible_interval

#: Participants that a cell of a stratum needs before it may be weighted up.
LEAST_CELL = 5
#: Largest and smallest weight; beyond them one voice would count for too many or too little.
WEIGHT_LIMITS = (0.2, 5.0)
_ROUNDS = 200
_CLOSE = 1e-9
#: Shares reached to this are reached.
_MARGIN = 1e-4


class RepresentationRefusedError(AnalysisError):
    """Weighting would mislead; the message says which cell is the reason."""


@dataclass(frozen=True)
class StratumShare:
    """One cell of one stratum.

    Attributes
    ----------
    stratum, value : str
        For instance ``age`` and ``18-29``.
    participants : int
    share, population_share : float
        Among the participants who answered, and in the population.
    """

    stratum: str
    value: str
    participants: int
    share: float
    population_share: float


@dataclass(frozen=True)
class WeightedShare:
    """A statement's share of agreement, as voted and as weighted.

    Attributes
    ----------
    statement : str
    raw, weighted : float
        Agrees by all votes, passes included.
    low, high : float
        Credible interval of the weighted share at the effective number of votes.
    effective_votes : float
        Votes that an unweighted sample of the same certainty would have.
    """

    statement: str
    raw: float
    weighted: float
    low: float
    high: float
    effective_votes: float


def participation(
    answers: Mapping[str, Sequence[str | None]], population: Mapping[str, Mapping[str, float]]
) -> list[StratumShare]:
    """Set participants against the population, stratum by stratum.

    Parameters
    ----------
    answers : mapping of stratum to answers
        One answer per participant; None where they gave none.
    population : mapping of stratum to shares
        Shares of each value; they must sum to 1.

    Raises
    ------
    RepresentationRefusedError
        If an answer is not a value of the population, or shares do not sum to 1.
    """
    found = []
    for stratum, shares in population.items():
        _check_shares(stratum, shares)
        given = [answer for answer in answers.get(stratum, ()) if answer is not None]
        unknown = sorted(set(given) - set(shares))
        if unknown:
            raise RepresentationRefusedError(
                f"{stratum}: {unknown[0]!r} is not among the population's values; add its share"
            )
        for value, share in shares.items():
            count = given.count(value)
            found.append(
                StratumShare(stratum, value, count, count / max(len(given), 1), float(share))
            )
    return found


def rake(
    answers: Mapping[str, Sequence[str | None]], population: Mapping[str, Mapping[str, float]]
) -> FloatArray:
    """Weight participants so that every stratum has the population's shares.

    Parameters
    ----------
    answers, population
        As for `participation`. Who left an answer out keeps the average weight in that stratum.

    Returns
    -------
    weights : ndarray of shape (n_participants,)
        Mean 1.

    Raises
    ------
    RepresentationRefusedError
        If a cell is empty or has fewer than `LEAST_CELL` participants, if a weight would leave
        `WEIGHT_LIMITS`, or if the strata contradict one another.

    References
    ----------
    Deming and Stephan 1940, "On a least squares adjustment of a sampled frequency table",
    section 5 (iterative proportional fitting).
    """
    _refuse_small_cells(participation(answers, population))
    members = _members(answers, population)
    length = max((len(given) for given in answers.values()), default=0)
    weights = np.ones(length)
    for _ in range(_ROUNDS):
        before = weights.copy()
        for cells in members:
            total = sum(float(weights[rows].sum()) for rows, _ in cells)
            for rows, share in cells:
                weights[rows] *= share * total / float(weights[rows].sum())
        if np.abs(weights - before).max(initial=0.0) < _CLOSE:
            break
    _refuse_contradictions(weights, members)
    weights *= length / max(float(weights.sum()), _CLOSE)
    _refuse_extreme(weights)
    return weights


def weighted_shares(
    votes: VoteTable, weights: FloatArray, *, probability: float
) -> list[WeightedShare]:
    """Return each statement's agreement as voted and as weighted, side by side.

    Parameters
    ----------
    votes : VoteTable
    weights : ndarray of shape (n_participants,)
        From `rake`, in the table's order of participants.
    probability : float
        Of the interval.

    References
    ----------
    Kish 1965, "Survey Sampling", section 11.7 (effective size, square of sum by sum of squares).
    """
    own = np.repeat(weights, votes.votes_per_participant)
    agrees = votes.choices == AGREE
    width = votes.n_statements
    items = votes.statement_index

    def total(values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(items, weights=values, minlength=width), dtype=np.float64)

    mass, square = total(own), total(own**2)
    weighted = total(own * agrees) / np.maximum(mass, _CLOSE)
    raw = total(agrees.astype(float)) / np.maximum(total(np.ones(len(own))), 1)
    effective = mass**2 / np.maximum(square, _CLOSE)
    low, high = credible_interval(weighted * effective, effective, probability)
    columns = zip(
        votes.statements,
        *(column.tolist() for column in (raw, weighted, low, high, effective)),
        strict=True,
    )
    return [WeightedShare(*row) for row in columns]


def _check_shares(stratum: str, shares: Mapping[str, float]) -> None:
    """Refuse shares that are not a distribution."""
    total = sum(shares.values())
    if not shares or min(shares.values()) <= 0 or abs(total - 1) > 1e-6:
        raise RepresentationRefusedError(
            f"{stratum}: the population's shares must be above 0 and sum to 1, not {total:g}"
        )


def _refuse_small_cells(shares: Sequence[StratumShare]) -> None:
    """Refuse cells that hold nobody or too few."""
    for cell in shares:
        if cell.participants < LEAST_CELL:
            amount = "nobody" if cell.participants == 0 else f"only {cell.participants}"
            raise RepresentationRefusedError(
                f"{cell.stratum}: {amount} in {cell.value!r}, at least {LEAST_CELL} are needed; "
                "merge it with a neighbour or leave the stratum out"
            )


def _members(
    answers: Mapping[str, Sequence[str | None]], population: Mapping[str, Mapping[str, float]]
) -> list[list[tuple[IndexArray, float]]]:
    """Return for each stratum its cells: who is in them and the wanted share."""
    found = []
    for stratum, shares in population.items():
        given = np.array([answer or "" for answer in answers.get(stratum, ())])
        found.append([(np.flatnonzero(given == value), share) for value, share in shares.items()])
    return found


def _refuse_contradictions(
    weights: FloatArray, members: list[list[tuple[IndexArray, float]]]
) -> None:
    """Refuse strata whose shares the weights could not all reach."""
    for cells in members:
        total = sum(float(weights[rows].sum()) for rows, _ in cells)
        if any(abs(float(weights[rows].sum()) / total - share) > _MARGIN for rows, share in cells):
            raise RepresentationRefusedError(
                "the strata contradict one another: no weights give all shares at once; "
                "drop a stratum"
            )


def _refuse_extreme(weights: FloatArray) -> None:
    """Refuse weights with which one person would count for too many or too little."""
    low, high = WEIGHT_LIMITS
    if len(weights) and (weights.max() > high or weights.min() < low):
        raise RepresentationRefusedError(
            f"weights from {weights.min():.2g} to {weights.max():.2g} leave the range {low:g} to "
            f"{high:g}: too few took part from some part of the population; merge cells"
        )
