"""Latent classes: people who vote alike, each class with its own rate of agreeing per statement."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.array_types import FloatArray, IndexArray
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.votes import PASS, VoteTable
from analysis.proportions import shrunk_share


@dataclass(frozen=True)
class OpinionMatrix:
    """Who agreed and who disagreed with what.

    Attributes
    ----------
    cast : sparse matrix of shape (n_participants, 2 n_statements)
        1 for each agree in the first half of the columns and for each disagree in the second.
    """

    cast: sparse.csr_matrix

    @property
    def base_rate(self) -> FloatArray:
        """Smoothed rate of agreeing among opinions, per statement."""
        agree, disagree = np.asarray(self.cast.sum(0)).reshape(2, -1)
        rate: FloatArray = (agree + 1) / (agree + disagree + 2)
        return rate


@dataclass(frozen=True)
class LatentClasses:
    """Fitted classes.

    Attributes
    ----------
    sizes : ndarray of shape (n_classes,)
        Share of participants in each class.
    rates : ndarray of shape (n_classes, n_statements)
        P(agree, given agree or disagree).
    log_likelihood : float
        Of all opinions, at the end of the fit.
    """

    sizes: FloatArray
    rates: FloatArray
    log_likelihood: float

    def log_joint(self, matrix: OpinionMatrix) -> FloatArray:
        """Return log P(class, votes) of shape (n_participants, n_classes)."""
        chances = np.hstack([np.log(self.rates), np.log1p(-self.rates)]).T
        joint: FloatArray = np.asarray(matrix.cast @ np.ascontiguousarray(chances))
        joint += np.log(self.sizes)
        return joint

    def membership(self, matrix: OpinionMatrix) -> FloatArray:
        """Return P(class, given votes), rows summing to 1."""
        return _shares(self.log_joint(matrix))[0]


def opinion_matrix(votes: VoteTable) -> OpinionMatrix:
    """Put agrees and disagrees side by side; passes are left out."""
    opinions = votes.select_votes(votes.choices != PASS)
    columns = opinions.statement_index + (opinions.choices < 0) * np.int32(votes.n_statements)
    shape = (votes.n_participants, 2 * votes.n_statements)
    parts = (np.ones(opinions.n_votes), columns, opinions.starts)
    return OpinionMatrix(sparse.csr_matrix(parts, shape=shape))


def fit_latent_classes(
    matrix: OpinionMatrix, labels: IndexArray, count: int, parameters: OpinionParameters
) -> LatentClasses:
    """Fit `count` classes from first labels, by expectation-maximisation.

    Rates are shrunk to the statement's own rate, never to 1/2: a class that nobody of has seen a
    statement is expected to vote like everybody.

    Parameters
    ----------
    matrix : OpinionMatrices
    labels : ndarray of shape (n_participants,), dtype=intp
        Where to begin, 0 ... count - 1.
    count : int
    parameters : OpinionParameters

    References
    ----------
    McLachlan and Peel 2000, "Finite Mixture Models", section 2.8, with missing votes left out.
    """
    base = matrix.base_rate
    membership = np.eye(count)[labels]
    before = -np.inf
    for _ in range(parameters.group_rounds):
        classes = _rates_of(matrix, membership, base, parameters)
        membership, evidence = _shares(classes.log_joint(matrix))
        after = float(evidence.sum())
        classes = LatentClasses(classes.sizes, classes.rates, after)
        if after - before < parameters.group_tolerance * len(labels):
            break
        before = after
    return classes


def information_criterion(classes: LatentClasses, participants: int, statements: int) -> float:
    """Return the Bayesian information criterion; lower is better.

    References
    ----------
    Schwarz 1978, "Estimating the dimension of a model", with participants as observations.
    """
    count = len(classes.sizes)
    free = count * statements + count - 1
    return -2 * classes.log_likelihood + free * float(np.log(max(participants, 1)))


def _shares(joint: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return P(class, given votes) and log P(votes) of each participant."""
    most = joint.max(axis=1, keepdims=True)
    shares = np.exp(joint - most)
    total = shares.sum(axis=1, keepdims=True)
    shares /= total
    return shares, most + np.log(total)


def _rates_of(
    matrix: OpinionMatrix,
    membership: FloatArray,
    base: FloatArray,
    parameters: OpinionParameters,
) -> LatentClasses:
    """Return the rates and sizes of classes with this membership."""
    agree, disagree = np.split(np.asarray(matrix.cast.T @ membership).T, 2, axis=1)
    rates = shrunk_share(
        agree, agree + disagree, base[None, :], prior_votes=parameters.group_prior_votes
    )
    sizes = (membership.sum(0) + 1) / (len(membership) + membership.shape[1])
    return LatentClasses(sizes, rates, -np.inf)
