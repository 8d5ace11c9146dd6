"""What people agree on and what divides them, with bounds, and without words on thin evidence."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, ndtri

from analysis.array_types import BoolArray, CountArray, FloatArray, IndexArray
from analysis.opinions.ideal_point import IdealPointModel
from analysis.opinions.ideal_point_scan import Positions
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Block, Engine, LocalEngine, blocks_of
from analysis.opinions.polis_statistics import GroupCounts
from analysis.opinions.votes import VoteTable
from analysis.proportions import credible_interval, shrunk_share


@dataclass(frozen=True)
class Bridging:
    """How well each statement is liked even by those who like it least; needs no groups.

    Attributes
    ----------
    agree, disagree : ndarray of shape (n_statements,)
        Nine participants in ten have at least this chance of agreeing (disagreeing), passes
        counted against it.
    agree_low, disagree_low : ndarray of shape (n_statements,)
        Lower bounds that allow for how few votes the statement has.
    divisiveness : ndarray of shape (n_statements,)
        Twice the standard deviation, over participants, of the chance of agreeing; in [0, 1].
    """

    agree: FloatArray
    disagree: FloatArray
    agree_low: FloatArray
    disagree_low: FloatArray
    divisiveness: FloatArray


def count_by_group(
    votes: VoteTable, labels: IndexArray, groups: int, *, block: int, engine: Engine | None = None
) -> tuple[GroupCounts, GroupCounts]:
    """Count agrees, disagrees and all votes per group and statement, and those of everybody.

    Parameters
    ----------
    votes : VoteTable
    labels : ndarray of shape (n_participants,), dtype=intp
        Group of each participant; -1 leaves the participant out of the groups.
    groups : int
    block : int
        Participants counted at once.
    engine : Engine, optional

    Returns
    -------
    by_group, overall : GroupCounts
        The latter with everybody as one group.
    """
    width = votes.n_statements
    cells = (groups + 1) * width * 3

    def count(part: Block) -> CountArray:
        begin, end = int(votes.starts[part[0]]), int(votes.starts[part[1]])
        lengths = votes.votes_per_participant[part[0] : part[1]]
        cell = np.repeat((labels[part[0] : part[1]] + 1) * width * 3 + 1, lengths)
        cell += votes.statement_index[begin:end] * np.int64(3)
        cell += votes.choices[begin:end]
        return np.bincount(cell, minlength=cells)

    parts = (engine or LocalEngine()).map(count, blocks_of(votes.n_participants, block))
    total = np.sum(parts, axis=0) if parts else np.zeros(cells)
    choices = total.reshape(groups + 1, width, 3).astype(np.int64)
    return _counts_of(choices[1:]), _counts_of(choices.sum(0, keepdims=True))


def side_bounds(
    counts: GroupCounts, probability: float
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return for either side the credible interval of each group's share."""
    return {
        "agree": credible_interval(counts.agree, counts.seen, probability),
        "disagree": credible_interval(counts.disagree, counts.seen, probability),
    }


def bridging(
    model: IdealPointModel,
    positions: Positions,
    rows: IndexArray,
    *,
    overall: GroupCounts,
    parameters: OpinionParameters,
) -> Bridging:
    """Score each statement by those who like it least.

    Parameters
    ----------
    model, positions
        The fitted vote model and everyone's posterior.
    rows : ndarray of shape (n_rows,), dtype=intp
        Participants over whom the quantile is taken.
    overall : GroupCounts
        Everybody's votes as one group, for the statements of the model.
    parameters : OpinionParameters

    Returns
    -------
    Bridging

    Notes
    -----
    B_c = quantile over u of P(u agrees with c) x P(c is not passed). The lower bound takes both
    factors at the lower end of their interval.
    """
    people = Positions(positions.mean[rows], positions.covariance[rows])
    step = max(1, parameters.block_cells // max(len(rows), 1))
    parts = [
        _quantiles(
            replace(
                model,
                mean=model.mean[first : first + step],
                covariance=model.covariance[first : first + step],
            ),
            people,
            parameters,
        )
        for first in range(0, max(len(model.mean), 1), step)
    ]
    agree, agree_low, disagree, disagree_low, divisiveness = np.concatenate(parts, axis=1)
    answered, answered_low = _answered_shares(overall, parameters)
    return Bridging(
        agree * answered,
        disagree * answered,
        agree_low * answered_low,
        disagree_low * answered_low,
        divisiveness,
    )


def empty_bridging(statements: int) -> Bridging:
    """Return scores for conversations without anybody on the map: nothing is known."""
    nothing = np.zeros(statements)
    return Bridging(nothing, nothing, nothing, nothing, nothing)


def too_few(seen: CountArray, parameters: OpinionParameters) -> BoolArray:
    """Tell for each statement whether too few have seen it to say anything."""
    few: BoolArray = seen < parameters.statement_votes
    return few


def consensus_order(
    low: FloatArray, eligible: BoolArray, parameters: OpinionParameters
) -> list[int]:
    """Return statements that nearly everyone would choose this side on, surest first."""
    fits = np.flatnonzero(eligible & (low > parameters.consensus_share)).tolist()
    return sorted(fits, key=lambda item: -float(low[item]))[: parameters.list_length]


def dividing_order(
    scores: FloatArray,
    bounds: tuple[FloatArray, FloatArray],
    eligible: BoolArray,
    parameters: OpinionParameters,
) -> list[int]:
    """Return statements on which two groups surely differ, most dividing first.

    Parameters
    ----------
    scores : ndarray of shape (n_statements,)
        Divisiveness.
    bounds : tuple of two ndarrays of shape (n_groups, n_statements)
        Interval of each group's share of agreement.
    eligible : ndarray of shape (n_statements,), dtype=bool
    parameters : OpinionParameters
    """
    low, high = bounds
    if len(low) < 2:
        return []
    apart = low.max(0) > high.min(0)
    fits = np.flatnonzero(eligible & apart).tolist()
    return sorted(fits, key=lambda item: -float(scores[item]))[: parameters.list_length]


def _counts_of(choices: CountArray) -> GroupCounts:
    """Split counts of shape (n_groups, n_statements, 3), in the order of the choices."""
    return GroupCounts(choices[:, :, 2], choices[:, :, 0], choices.sum(2))


def _answered_shares(
    overall: GroupCounts, parameters: OpinionParameters
) -> tuple[FloatArray, FloatArray]:
    """Return each statement's share of votes that are not passes, and its lower bound."""
    seen, passed = overall.seen[0], overall.passed[0]
    answered = seen - passed
    base = np.full(len(seen), float(answered.sum() + 1) / float(seen.sum() + 2))
    share = shrunk_share(
        answered.astype(float), seen.astype(float), base, prior_votes=parameters.pass_prior_votes
    )
    low, _ = credible_interval(answered, seen, parameters.interval)
    return share, np.minimum(low, share)


def _quantiles(
    model: IdealPointModel, people: Positions, parameters: OpinionParameters
) -> FloatArray:
    """Return agree, its bound, disagree, its bound and divisiveness, shape (5, n_statements)."""
    logit, spread, damping = _dense_logits(model, people)
    z = float(-ndtri((1 - parameters.interval) / 2))
    scores = []
    for side in (1.0, -1.0):
        for shift in (0.0, z):
            chance = expit((side * logit - shift * spread) * damping)
            scores.append(np.quantile(chance, parameters.bridging_quantile, axis=0))
    return np.stack([*scores, 2 * expit(logit * damping).std(0)])


def _dense_logits(
    model: IdealPointModel, people: Positions
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return logits, the part of their spread that is the statement's, and the damping factor.

    All of shape (n_rows, n_statements); the damping averages the logistic over the posterior.
    """
    mean, covariance = people.mean, people.covariance
    axes = model.loadings.shape[1]
    person = np.hstack([mean[:, :axes], np.ones((len(mean), 1))])
    item = np.hstack([model.loadings, np.ones((len(model.mean), 1))])
    logit = mean[:, :axes] @ model.loadings.T + model.mean[:, axes] + mean[:, [axes]]

    def trace(persons: FloatArray, items: FloatArray) -> FloatArray:
        flat: FloatArray = persons.reshape(len(persons), -1) @ items.reshape(len(items), -1).T
        return flat

    own = trace(person[:, :, None] * person[:, None, :], model.covariance)
    variance = own + trace(covariance, item[:, :, None] * item[:, None, :])
    variance += trace(covariance[:, :axes, :axes], model.covariance[:, :axes, :axes])
    return logit, np.sqrt(np.maximum(own, 0)), 1 / np.sqrt(1 + np.pi * variance / 8)
