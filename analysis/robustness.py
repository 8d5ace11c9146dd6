"""Finds participants who vote like copies of one another; flags them, never drops them."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from analysis.agreement import count_by_group
from analysis.array_types import BoolArray, FloatArray, IndexArray
from analysis.opinion_parameters import OpinionParameters
from analysis.proportions import shrunk_share
from analysis.votes import AGREE, DISAGREE, PASS, VoteTable

ALL_AGREE, ALL_DISAGREE, IDENTICAL = "all agree", "all disagree", "identical"
#: Weight of everybody's choices in a group's own, in votes.
_PRIOR_VOTES = 3.0


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
        Minus the logarithm of the chance that an honest member of the likeliest group votes so;
        the smallest among them.
    """

    kind: str
    rows: list[int]
    surprise: float


def find_coordination(
    votes: VoteTable, labels: IndexArray, groups: int, parameters: OpinionParameters
) -> list[CoordinationFlag]:
    """Look for participants who all agree, all disagree or vote identically.

    Sharing an opinion is not suspicious: a pattern is flagged only if it would be improbable even
    for a member of the group that it fits best, judged by the votes of the others.

    Parameters
    ----------
    votes : VoteTable
    labels : ndarray of shape (n_participants,), dtype=intp
        Group of each participant, -1 for none.
    groups : int
    parameters : OpinionParameters
    """
    flags = []
    taken = np.zeros(votes.n_participants, dtype=bool)
    agree, disagree = (_only(votes, side, parameters) for side in (AGREE, DISAGREE))
    suspects = [(ALL_AGREE, np.flatnonzero(agree)), (ALL_DISAGREE, np.flatnonzero(disagree))]
    suspects += [(IDENTICAL, rows) for rows in _identical(votes, ~(agree | disagree), parameters)]
    threshold = float(np.log(parameters.flag_odds * max(votes.n_participants, 1)))
    for kind, rows in suspects:
        if len(rows) < parameters.flag_participants:
            continue
        surprise = _surprise(votes, rows, labels, groups, parameters)
        sure = surprise > threshold
        if int(sure.sum()) >= parameters.flag_participants:
            taken[rows[sure]] = True
            flags.append(CoordinationFlag(kind, rows[sure].tolist(), float(surprise[sure].min())))
    return flags


def flagged_rows(flags: list[CoordinationFlag], participants: int) -> BoolArray:
    """Return who is flagged, shape (n_participants,)."""
    taken = np.zeros(participants, dtype=bool)
    for flag in flags:
        taken[flag.rows] = True
    return taken


def _only(votes: VoteTable, side: int, parameters: OpinionParameters) -> BoolArray:
    """Tell who chose one side in every vote, with enough votes."""
    rows = votes.participant_index()
    chosen = np.bincount(rows[votes.choices == side], minlength=votes.n_participants)
    number = votes.votes_per_participant
    only: BoolArray = (number >= parameters.flag_votes) & (chosen == number)
    return only


def _identical(
    votes: VoteTable, eligible: BoolArray, parameters: OpinionParameters
) -> list[IndexArray]:
    """Return sets of participants who never differ where they voted on the same statements."""
    enough = eligible & (votes.votes_per_participant >= parameters.flag_votes)
    rows = np.flatnonzero(enough)
    if len(rows) < parameters.flag_participants:
        return []
    sub = votes.select_participants(rows)
    labels = (
        _same_rows(sub)
        if len(rows) > parameters.flag_pairs
        else _compatible(sub, parameters.flag_votes)
    )
    sizes = np.bincount(labels)
    wanted = np.flatnonzero(sizes >= parameters.flag_participants)
    return [rows[labels == group] for group in wanted.tolist()]


def _same_rows(votes: VoteTable) -> IndexArray:
    """Number participants by their votes; the same number is the same votes."""
    numbers: dict[bytes, int] = {}
    labels = np.empty(votes.n_participants, dtype=np.intp)
    for row in range(votes.n_participants):
        part = slice(int(votes.starts[row]), int(votes.starts[row + 1]))
        key = votes.statement_index[part].tobytes() + votes.choices[part].tobytes()
        labels[row] = numbers.setdefault(key, len(numbers))
    return labels


def _compatible(votes: VoteTable, least: int) -> IndexArray:
    """Number the connected sets of pairs that share enough votes and agree in all of them."""
    shape = (votes.n_participants, votes.n_statements)
    same = np.zeros((votes.n_participants, votes.n_participants), dtype=np.float32)
    for choice in (AGREE, PASS, DISAGREE):
        part = votes.select_votes(votes.choices == choice)
        ones = np.ones(part.n_votes, dtype=np.float32)
        table = sparse.csr_matrix((ones, part.statement_index, part.starts), shape=shape)
        same += (table @ table.T).toarray()
    ones = np.ones(votes.n_votes, dtype=np.float32)
    seen = sparse.csr_matrix((ones, votes.statement_index, votes.starts), shape=shape)
    shared = (seen @ seen.T).toarray()
    alike = sparse.csr_matrix((shared >= least) & (same == shared))
    return np.asarray(connected_components(alike, directed=False)[1], dtype=np.intp)


def _surprise(
    votes: VoteTable,
    rows: IndexArray,
    labels: IndexArray,
    groups: int,
    parameters: OpinionParameters,
) -> FloatArray:
    """Return how improbable each suspect's votes are for the group that they fit best."""
    others = labels.copy()
    others[rows] = -1
    everyone = np.zeros(votes.n_participants, dtype=np.intp)
    everyone[rows] = -1
    block = parameters.block_participants
    chances = [_chances(votes, everyone, 1, block=block, base=None)]
    if groups > 1:
        chances.append(_chances(votes, others, groups, block=block, base=chances[0]))
    part = votes.select_participants(rows)
    people = part.participant_index()
    best = np.full(len(rows), np.inf)
    for chance in np.concatenate(chances, axis=0):
        own = -np.log(chance[part.choices + 1, part.statement_index])
        best = np.minimum(best, np.bincount(people, weights=own, minlength=len(rows)))
    return best


def _chances(
    votes: VoteTable, labels: IndexArray, groups: int, *, block: int, base: FloatArray | None
) -> FloatArray:
    """Return the chance of each choice, shape (n_groups, 3 choices from -1, n_statements)."""
    counts = count_by_group(votes, labels, groups, block=block)
    number = np.stack([counts.disagree, counts.passed, counts.agree], axis=1).astype(float)
    seen = counts.seen[:, None, :].astype(float)
    prior = np.full(number.shape, 1 / 3) if base is None else np.broadcast_to(base, number.shape)
    return shrunk_share(number, seen, prior, prior_votes=_PRIOR_VOTES)
