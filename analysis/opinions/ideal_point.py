"""The vote model: everyone has a position, every statement a direction, missing votes are absent.

P(agree) = sigmoid(b_c + d_u + a_c . theta_u) among those who agree or disagree. Passes and unseen
statements are not in the likelihood. Fitted by variational Bayes, so every position carries its
uncertainty.
"""

from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import numpy as np
from scipy.special import expit

from analysis.array_types import FloatArray, IndexArray
from analysis.opinions.ideal_point_scan import (
    OpinionBlock,
    Positions,
    StatementEvidence,
    gather_evidence,
    locate,
    opinion_block,
    prior_positions,
    scan_blocks,
    statement_moments,
)
from analysis.opinions.ideal_point_start import agree_rates, start_loadings
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Block, Engine, LocalEngine
from analysis.opinions.sampling import sample_rows
from analysis.opinions.votes import VoteTable

_LEAST_VARIANCE = 0.05


@dataclass(frozen=True)
class IdealPointModel:
    """Posterior of the statements, and how it was reached.

    Attributes
    ----------
    mean : ndarray of shape (n_statements, dimensions + 1)
        Loadings on the axes, then the easiness of agreeing (logit).
    covariance : ndarray of shape (n_statements, dimensions + 1, dimensions + 1)
    easiness_mean, easiness_variance : float
        Learnt prior of the easiness.
    passes : int
        Passes over the votes until the fit settled.
    second_start : bool
        Whether a dead axis made a second start necessary.
    """

    mean: FloatArray
    covariance: FloatArray
    easiness_mean: float
    easiness_variance: float
    passes: int = 0
    second_start: bool = False

    @property
    def loadings(self) -> FloatArray:
        """Loadings of shape (n_statements, dimensions)."""
        return self.mean[:, :-1]

    def axis_sizes(self) -> FloatArray:
        """Root mean square loading along each principal axis, largest first (logit)."""
        values = np.linalg.svd(self.loadings, compute_uv=False)
        sizes: FloatArray = values / np.sqrt(max(len(self.mean), 1))
        return sizes


def prior_variances(parameters: OpinionParameters) -> FloatArray:
    """Return the prior variances of a participant: axes 1, then the inclination."""
    return np.append(np.ones(parameters.dimensions), parameters.inclination_variance)


def fit_ideal_point(
    votes: VoteTable,
    parameters: OpinionParameters,
    *,
    engine: Engine | None = None,
    loadings: FloatArray | None = None,
) -> IdealPointModel:
    """Fit the statements of `votes`, on a sample of participants when there are many.

    Parameters
    ----------
    votes : VoteTable
        Without the statements that moderation removed.
    parameters : OpinionParameters
    engine : Engine, optional
        Where the blocks are scanned.
    loadings : ndarray of shape (n_statements, dimensions), optional
        Where to begin, for instance the last published model; else the regularised start.

    Returns
    -------
    model : IdealPointModel

    Notes
    -----
    An axis that is dead after the fit (all loadings near zero, a fixed point of the method) is
    checked from a second start; the start with the higher likelihood wins.
    """
    runner = engine or LocalEngine()
    rows = sample_rows(votes, parameters.sample_participants, parameters.sample_votes)
    sample = votes.select_participants(rows)
    whole = opinion_block(sample, 0, sample.n_participants)
    begin = start_loadings(whole, parameters) if loadings is None else loadings
    parts = [opinion_block(sample, first, last) for first, last in scan_blocks(sample, parameters)]
    first = _fit_from(begin, whole, parts, parameters=parameters, engine=runner)
    if not _has_dead_axis(first[0], parameters):
        return first[0]
    other_start = start_loadings(whole, parameters, second=True)
    other = _fit_from(other_start, whole, parts, parameters=parameters, engine=runner)
    better = other if _log_likelihood(parts, *other) > _log_likelihood(parts, *first) else first
    return replace(better[0], second_start=True)


def locate_participants(
    model: IdealPointModel,
    votes: VoteTable,
    parameters: OpinionParameters,
    *,
    engine: Engine | None = None,
) -> Positions:
    """Return the posterior of every participant of `votes`, each from their own votes alone."""
    runner = engine or LocalEngine()
    prior = prior_variances(parameters)
    moments = statement_moments(model.mean, model.covariance)

    def project(block: Block) -> Positions:
        part, steps = opinion_block(votes, *block), parameters.projection_steps
        return locate(part, moments, prior, steps=steps, compiled=runner.compiled)

    parts = runner.map(project, scan_blocks(votes, parameters))
    if not parts:
        return prior_positions(0, prior)
    return Positions(
        np.concatenate([part.mean for part in parts]),
        np.concatenate([part.covariance for part in parts]),
    )


def predict_agreement(
    model: IdealPointModel, positions: Positions, participants: IndexArray, statements: IndexArray
) -> FloatArray:
    """Return P(agree, given agree or disagree) of pairs, averaged over the posterior.

    The logistic of a normal variable is averaged by MacKay's approximation,
    sigmoid(mean / sqrt(1 + pi variance / 8)).

    References
    ----------
    MacKay 1992, "The evidence framework applied to classification networks", eq. 17.
    """
    logit, variance = logit_moments(model, positions, participants, statements)
    averaged: FloatArray = expit(logit / np.sqrt(1 + np.pi * variance / 8))
    return averaged


def logit_moments(
    model: IdealPointModel, positions: Positions, participants: IndexArray, statements: IndexArray
) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the logit of each (participant, statement) pair."""
    axes = model.loadings.shape[1]
    person, item = positions.mean[participants], model.mean[statements]
    person_cov, item_cov = positions.covariance[participants], model.covariance[statements]
    ones = np.ones((len(person), 1))
    item_design = np.hstack([item[:, :axes], ones])
    person_design = np.hstack([person[:, :axes], ones])
    logit = item[:, axes] + person[:, axes] + (item[:, :axes] * person[:, :axes]).sum(1)
    variance = np.einsum("ni,nij,nj->n", item_design, person_cov, item_design)
    variance += np.einsum("ni,nij,nj->n", person_design, item_cov, person_design)
    variance += np.einsum("nij,nij->n", person_cov[:, :axes, :axes], item_cov[:, :axes, :axes])
    return logit, variance


def _has_dead_axis(model: IdealPointModel, parameters: OpinionParameters) -> bool:
    """Tell whether an axis ended at zero although there are enough statements for it."""
    sizes = model.axis_sizes()
    return len(sizes) == parameters.dimensions and bool(sizes[-1] < parameters.dead_axis)


def _fit_from(
    loadings: FloatArray,
    whole: OpinionBlock,
    parts: list[OpinionBlock],
    *,
    parameters: OpinionParameters,
    engine: Engine,
) -> tuple[IdealPointModel, list[Positions]]:
    """Alternate between participants and statements until the statements settle."""
    prior = prior_variances(parameters)
    model = _first_model(loadings, whole)
    people = [prior_positions(len(part.lengths), prior) for part in parts]

    def scan(number: int) -> tuple[Positions, StatementEvidence]:
        part, compiled = parts[number], engine.compiled
        begin = people[number] if model.passes else None
        found = locate(part, moments, prior, steps=parameters.steps, begin=begin, compiled=compiled)
        return found, gather_evidence(part, moments, found, compiled=compiled)

    for number in range(parameters.passes if len(whole.columns) else 0):
        moments = statement_moments(model.mean, model.covariance)
        scans = engine.map(scan, range(len(parts)))
        people = [found for found, _ in scans]
        last = model.mean
        evidence = reduce(add, [told for _, told in scans])
        model = _statement_step(model, evidence, parameters)
        model = replace(model, passes=number + 1)
        if np.abs(model.mean - last).mean() < parameters.pass_tolerance:
            break
    return model, people


def _first_model(loadings: FloatArray, whole: OpinionBlock) -> IdealPointModel:
    """Return statements at their own agree rate with the given loadings."""
    rate, _ = agree_rates(whole)
    easiness = np.log(rate / (1 - rate))
    size = loadings.shape[1] + 1
    covariance = np.tile(np.eye(size) * 0.1, (len(rate), 1, 1))
    mean = float(easiness.mean()) if len(easiness) else 0.0
    variance = float(easiness.var()) if len(easiness) else 1.0
    return IdealPointModel(
        np.hstack([loadings, easiness[:, None]]), covariance, mean, max(variance, 0.1)
    )


def _statement_step(
    model: IdealPointModel, evidence: StatementEvidence, parameters: OpinionParameters
) -> IdealPointModel:
    """Update the statements from the summed evidence, then the prior of their easiness."""
    size = model.mean.shape[1]
    rows, columns = np.triu_indices(size)
    precision = np.zeros((len(model.mean), size, size))
    precision[:, rows, columns] = evidence.precision
    precision[:, columns, rows] = evidence.precision
    axes = np.arange(size - 1)
    precision[:, axes, axes] += 1 / parameters.loading_variance
    precision[:, -1, -1] += 1 / model.easiness_variance
    linear = evidence.linear.copy()
    linear[:, -1] += model.easiness_mean / model.easiness_variance
    covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    mean = np.einsum("nij,nj->ni", covariance, linear)
    centre = float(mean[:, -1].mean())
    spread = float(((mean[:, -1] - centre) ** 2 + covariance[:, -1, -1]).mean())
    return IdealPointModel(mean, covariance, centre, max(spread, _LEAST_VARIANCE))


def _log_likelihood(
    parts: list[OpinionBlock], model: IdealPointModel, people: list[Positions]
) -> float:
    """Return the log-likelihood of all opinions at the posterior means."""
    axes, total = model.loadings.shape[1], 0.0
    for part, found in zip(parts, people, strict=True):
        rows = np.repeat(np.arange(len(part.lengths)), part.lengths)
        item, person = model.mean[part.columns], found.mean[rows]
        logit = item[:, axes] + person[:, axes] + (item[:, :axes] * person[:, :axes]).sum(1)
        total -= float(np.logaddexp(0, -2 * part.sides * logit).sum())
    return total
