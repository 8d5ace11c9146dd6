"""Finds participants who vote like copies of one another; flags them, never drops them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaln

from analysis.array_types import BoolArray, ChoiceArray, CountArray, IndexArray
from analysis.opinions.ideal_point import fit_ideal_point, locate_participants, predict_agreement
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Block, Engine, LocalEngine, blocks_of
from analysis.opinions.votes import AGREE, DISAGREE, PASS, VoteTable

ALL_AGREE, ALL_DISAGREE, IDENTICAL = "all agree", "all disagree", "identical"


@dataclass(frozen=True)
class CoordinationFlag:
    """Participants whose votes look coordinated.

    Attributes
    ----------
    kind : str
        ``all agree``, ``all disagree`` or ``identical`` (wherever they voted on the same).
    rows : list of int
        Their positions in the table.
    surprise : float
        Minus the logarithm of the chance of the pattern; the smallest among them.
    """

    kind: str
    rows: list[int]
    surprise: float


def find_coordination(
    votes: VoteTable, parameters: OpinionParameters, *, engine: Engine | None = None
) -> list[CoordinationFlag]:
    """Look for participants who all agree, all disagree or vote identically.

    Sharing an opinion is not suspicious: a pattern is flagged only if it would be improbable even
    for somebody with exactly that opinion, judged by the votes of all who are not suspected.

    Parameters
    ----------
    votes : VoteTable
    parameters : OpinionParameters
        ``flag_votes``, ``flag_participants``, ``flag_odds`` and ``flag_pairs``.
    engine : Engine, optional
    """
    runner = engine or LocalEngine()
    enough = votes.votes_per_participant >= parameters.flag_votes
    one_sided = [
        (kind, np.flatnonzero(enough & _only(votes, side)))
        for kind, side in ((ALL_AGREE, AGREE), (ALL_DISAGREE, DISAGREE))
    ]
    mixed = enough.copy()
    for _, rows in one_sided:
        mixed[rows] = False
    rows, alike = _pairs_alike(votes, np.flatnonzero(mixed), parameters, runner)
    suspects = np.zeros(votes.n_participants, dtype=bool)
    suspects[np.concatenate([rows, *(found for _, found in one_sided)])] = True
    if int(suspects.sum()) < parameters.flag_participants:
        return []
    surprise = _surprise(votes, suspects, parameters, runner)
    flags = [_one_sided_flag(kind, found, surprise, parameters) for kind, found in one_sided]
    flags += _identical_flags(votes, rows, alike, surprise, parameters=parameters)
    return [flag for flag in flags if len(flag.rows) >= parameters.flag_participants]


def flagged_rows(flags: list[CoordinationFlag], participants: int) -> BoolArray:
    """Return who is flagged, shape (n_participants,)."""
    taken = np.zeros(participants, dtype=bool)
    for flag in flags:
        taken[flag.rows] = True
    return taken


def _only(votes: VoteTable, side: int) -> BoolArray:
    """Tell who chose one side in every vote."""
    only: BoolArray = _sums(votes, votes.choices) == side * votes.votes_per_participant
    return only


def _sums(votes: VoteTable, values: ChoiceArray | CountArray) -> CountArray:
    """Add up one whole number per vote for each participant, modulo 2**64."""
    sums = np.zeros(votes.n_participants, dtype=np.int64)
    filled = votes.votes_per_participant > 0
    if filled.any():
        sums[filled] = np.add.reduceat(values, votes.starts[:-1][filled], dtype=np.int64)
    return sums


def _pairs_alike(
    votes: VoteTable, rows: IndexArray, parameters: OpinionParameters, engine: Engine
) -> tuple[IndexArray, sparse.csr_matrix]:
    """Return those of `rows` who voted like enough others, and which pairs did (0/1)."""
    if len(rows) > parameters.flag_pairs:
        return _identical_rows(votes, rows, parameters, engine)
    alike = _overlapping(votes.select_participants(rows), parameters)
    linked = np.asarray(alike.sum(1)).ravel() >= parameters.flag_participants - 1
    return rows[linked], alike[linked][:, linked]


def _overlapping(votes: VoteTable, parameters: OpinionParameters) -> sparse.csr_matrix:
    """Return which pairs voted alike on enough shared statements."""
    same = np.zeros((votes.n_participants, votes.n_participants), dtype=np.float32)
    seen = np.zeros((votes.n_participants, votes.n_statements), dtype=np.float32)
    rows = votes.participant_index()
    for choice in (AGREE, PASS, DISAGREE):
        chosen = np.zeros_like(seen)
        own = votes.choices == choice
        chosen[rows[own], votes.statement_index[own]] = 1
        same += chosen @ chosen.T
        seen += chosen
    shared = seen @ seen.T
    alike = sparse.csr_matrix((shared >= parameters.flag_votes) & (same == shared), dtype=float)
    alike.setdiag(0)
    alike.eliminate_zeros()
    return alike


def _identical_rows(
    votes: VoteTable, rows: IndexArray, parameters: OpinionParameters, engine: Engine
) -> tuple[IndexArray, sparse.csr_matrix]:
    """Return who shares all votes with enough others; each is linked to the next one alike.

    Equal rows have equal sketches; rows of which enough have one sketch are compared in full.
    """
    _, place, number = np.unique(
        _sketches(votes, parameters, engine)[rows], return_inverse=True, return_counts=True
    )
    rows = rows[number[place] >= parameters.flag_participants]
    chains: dict[bytes, list[int]] = {}
    for row in rows.tolist():
        part = slice(int(votes.starts[row]), int(votes.starts[row + 1]))
        key = votes.statement_index[part].tobytes() + votes.choices[part].tobytes()
        chains.setdefault(key, []).append(row)
    long = [chain for chain in chains.values() if len(chain) >= parameters.flag_participants]
    found = np.array(sorted(row for chain in long for row in chain), dtype=np.intp)
    pairs = np.array([pair for chain in long for pair in pairwise(chain)]).reshape(-1, 2)
    first, second = np.searchsorted(found, pairs).T
    links = (np.ones(len(pairs)), (first, second))
    return found, sparse.csr_matrix(links, shape=(len(found), len(found)))


def _sketches(votes: VoteTable, parameters: OpinionParameters, engine: Engine) -> CountArray:
    """Return a number for each participant; equal votes have equal numbers."""
    random = np.random.default_rng(parameters.seed)
    marks = random.integers(np.iinfo(np.int64).max, size=3 * votes.n_statements)

    def sketch(block: Block) -> CountArray:
        some = votes.select_range(*block)
        return _sums(some, marks.take(some.statement_index * np.int64(3) + some.choices + 1))

    parts = engine.map(sketch, blocks_of(votes.n_participants, parameters.block_participants))
    return np.concatenate(parts)


def _surprise(
    votes: VoteTable, suspects: BoolArray, parameters: OpinionParameters, engine: Engine
) -> sparse.csr_matrix:
    """Return minus the log chance of each vote of the suspects, participants x statements.

    The vote model is fitted without them; each is then placed where their votes fit best.
    """
    others = votes.select_participants(~suspects)
    model = fit_ideal_point(others, parameters, engine=engine)
    kept = votes.select_votes(np.repeat(suspects, votes.votes_per_participant))
    positions = locate_participants(model, kept, parameters, engine=engine)
    rows, items = kept.participant_index(), kept.statement_index.astype(np.intp)
    agree = predict_agreement(model, positions, rows, items)
    chance = np.where(kept.choices == AGREE, agree, 1 - agree)
    # Many pass on everything they are shown; that is not an opinion to be coordinated about.
    chance[kept.choices == PASS] = 1.0
    shape = (votes.n_participants, votes.n_statements)
    return sparse.csr_matrix((-np.log(chance), kept.statement_index, kept.starts), shape=shape)


def _one_sided_flag(
    kind: str, rows: IndexArray, surprise: sparse.csr_matrix, parameters: OpinionParameters
) -> CoordinationFlag:
    """Flag those whose one-sided votes are so improbable that not even three would coincide."""
    least = parameters.flag_participants
    triples = least * np.log(max(surprise.shape[0], 1)) - gammaln(least + 1)
    own = np.asarray(surprise[rows].sum(1), dtype=np.float64).ravel()
    sure = own > (np.log(parameters.flag_odds) + triples) / least
    return CoordinationFlag(kind, rows[sure].tolist(), float(own[sure].min(initial=np.inf)))


def _identical_flags(
    votes: VoteTable,
    rows: IndexArray,
    alike: sparse.csr_matrix,
    surprise: sparse.csr_matrix,
    *,
    parameters: OpinionParameters,
) -> list[CoordinationFlag]:
    """Flag connected sets of pairs whose shared votes are improbably alike."""
    if len(rows) == 0:
        return []
    pairs = sparse.triu(alike, 1).tocoo()
    seen = votes.select_participants(rows)
    ones = np.ones(seen.n_votes)
    shape = (len(rows), votes.n_statements)
    shown = sparse.csr_matrix((ones, seen.statement_index, seen.starts), shape=shape)
    weight = surprise[rows]
    one = np.asarray(weight[pairs.row].multiply(shown[pairs.col]).sum(1)).ravel()
    other = np.asarray(weight[pairs.col].multiply(shown[pairs.row]).sum(1)).ravel()
    least = np.minimum(one, other)
    sure = least > np.log(parameters.flag_odds * max(votes.n_participants, 2) ** 2 / 2)
    kept = sparse.csr_matrix(
        (least[sure], (pairs.row[sure], pairs.col[sure])), shape=(len(rows), len(rows))
    )
    labels = connected_components(kept, directed=False)[1]
    flags = []
    for group in np.flatnonzero(np.bincount(labels) >= parameters.flag_participants).tolist():
        members = np.flatnonzero(labels == group)
        low = float(kept[members].data.min(initial=np.inf))
        flags.append(CoordinationFlag(IDENTICAL, rows[members].tolist(), low))
    return flags
