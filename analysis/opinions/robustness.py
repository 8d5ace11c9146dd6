"""Finds participants who vote like copies of one another; flags them, never drops them."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaln

from analysis.array_types import BoolArray, IndexArray
from analysis.opinions.ideal_point import fit_ideal_point, locate_participants, predict_agreement
from analysis.opinions.parameters import OpinionParameters
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


def find_coordination(votes: VoteTable, parameters: OpinionParameters) -> list[CoordinationFlag]:
    """Look for participants who all agree, all disagree or vote identically.

    Sharing an opinion is not suspicious: a pattern is flagged only if it would be improbable even
    for somebody with exactly that opinion, judged by the votes of all who are not suspected.

    Parameters
    ----------
    votes : VoteTable
    parameters : OpinionParameters
        ``flag_votes``, ``flag_participants``, ``flag_odds`` and ``flag_pairs``.
    """
    enough = votes.votes_per_participant >= parameters.flag_votes
    one_sided = [
        (kind, np.flatnonzero(enough & _only(votes, side)))
        for kind, side in ((ALL_AGREE, AGREE), (ALL_DISAGREE, DISAGREE))
    ]
    mixed = enough.copy()
    for _, rows in one_sided:
        mixed[rows] = False
    rows = np.flatnonzero(mixed)
    alike = _alike(votes.select_participants(rows), parameters)
    linked = np.asarray(alike.sum(1)).ravel() >= parameters.flag_participants - 1
    alike, rows = alike[linked][:, linked], rows[linked]
    suspects = np.zeros(votes.n_participants, dtype=bool)
    suspects[np.concatenate([rows, *(found for _, found in one_sided)])] = True
    if int(suspects.sum()) < parameters.flag_participants:
        return []
    surprise = _surprise(votes, suspects, parameters)
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
    rows = votes.participant_index()
    chosen = np.bincount(rows[votes.choices == side], minlength=votes.n_participants)
    only: BoolArray = chosen == votes.votes_per_participant
    return only


def _alike(votes: VoteTable, parameters: OpinionParameters) -> sparse.csr_matrix:
    """Return which pairs voted alike on enough shared statements, as a 0/1 matrix."""
    count = votes.n_participants
    if count > parameters.flag_pairs:
        labels = _row_numbers(votes)
        member = sparse.csr_matrix((np.ones(count), (np.arange(count), labels)))
        repeated = np.asarray(member.sum(0)).ravel() >= parameters.flag_participants
        alike = sparse.csr_matrix(member[:, repeated] @ member[:, repeated].T)
    else:
        same = np.zeros((count, count), dtype=np.float32)
        seen = np.zeros((count, votes.n_statements), dtype=np.float32)
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


def _row_numbers(votes: VoteTable) -> IndexArray:
    """Return a number for each row of votes; the same number is the same votes."""
    numbers: dict[bytes, int] = {}
    labels = np.empty(votes.n_participants, dtype=np.intp)
    for row in range(votes.n_participants):
        part = slice(int(votes.starts[row]), int(votes.starts[row + 1]))
        key = votes.statement_index[part].tobytes() + votes.choices[part].tobytes()
        labels[row] = numbers.setdefault(key, len(numbers))
    return labels


def _surprise(
    votes: VoteTable, suspects: BoolArray, parameters: OpinionParameters
) -> sparse.csr_matrix:
    """Return minus the log chance of each vote of the suspects, participants x statements.

    The vote model is fitted without them; each is then placed where their votes fit best.
    """
    others = votes.select_participants(~suspects)
    model = fit_ideal_point(others, parameters)
    kept = votes.select_votes(suspects[votes.participant_index()])
    positions = locate_participants(model, kept, parameters)
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
