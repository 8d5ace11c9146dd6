"""Latent classes: people who vote alike, each class with its own rate of agreeing per statement."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

from analysis.array_types import FloatArray, IndexArray
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.votes import AGREE, DISAGREE, VoteTable
from analysis.proportions import shrunk_share


@dataclass(frozen=True)
class OpinionMatrices:
    """Agrees and disagrees as sparse 0/1 matrices of shape (n_participants, n_statements)."""

    agree: sparse.csr_matrix
    disagree: sparse.csr_matrix

    @property
    def base_rate(self) -> FloatArray:
        """Smoothed rate of agreeing among opinions, per statement."""
        agree = np.asarray(self.agree.sum(0)).ravel()
        disagree = np.asarray(self.disagree.sum(0)).ravel()
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

    def log_joint(self, matrices: OpinionMatrices) -> FloatArray:
        """Return log P(class, votes) of shape (n_participants, n_classes)."""
        agree = np.asarray(matrices.agree @ np.log(self.rates).T)
        disagree = np.asarray(matrices.disagree @ np.log1p(-self.rates).T)
        joint: FloatArray = agree + disagree + np.log(self.sizes)
        return joint

    def membership(self, matrices: OpinionMatrices) -> FloatArray:
        """Return P(class, given votes), rows summing to 1."""
        joint = self.log_joint(matrices)
        shares: FloatArray = np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
        return shares


def opinion_matrices(votes: VoteTable) -> OpinionMatrices:
    """Split a table into its agrees and its disagrees; passes are left out."""
    shape = (votes.n_participants, votes.n_statements)
    parts = []
    for choice in (AGREE, DISAGREE):
        part = votes.select_votes(votes.choices == choice)
        ones = np.ones(part.n_votes)
        parts.append(sparse.csr_matrix((ones, part.statement_index, part.starts), shape=shape))
    return OpinionMatrices(parts[0], parts[1])


def fit_latent_classes(
    matrices: OpinionMatrices, labels: IndexArray, count: int, parameters: OpinionParameters
) -> LatentClasses:
    """Fit `count` classes from first labels, by expectation-maximisation.

    Rates are shrunk to the statement's own rate, never to 1/2: a class that nobody of has seen a
    statement is expected to vote like everybody.

    Parameters
    ----------
    matrices : OpinionMatrices
    labels : ndarray of shape (n_participants,), dtype=intp
        Where to begin, 0 ... count - 1.
    count : int
    parameters : OpinionParameters

    References
    ----------
    McLachlan and Peel 2000, "Finite Mixture Models", section 2.8, with missing votes left out.
    """
    base = matrices.base_rate
    membership = np.eye(count)[labels]
    before = -np.inf
    for _ in range(parameters.group_rounds):
        classes = _rates_of(matrices, membership, base, parameters)
        joint = classes.log_joint(matrices)
        evidence = logsumexp(joint, axis=1, keepdims=True)
        membership = np.exp(joint - evidence)
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


def _rates_of(
    matrices: OpinionMatrices,
    membership: FloatArray,
    base: FloatArray,
    parameters: OpinionParameters,
) -> LatentClasses:
    """Return the rates and sizes of classes with this membership."""
    agree = np.asarray(matrices.agree.T @ membership).T
    disagree = np.asarray(matrices.disagree.T @ membership).T
    rates = shrunk_share(
        agree, agree + disagree, base[None, :], prior_votes=parameters.group_prior_votes
    )
    sizes = (membership.sum(0) + 1) / (len(membership) + membership.shape[1])
    return LatentClasses(sizes, rates, -np.inf)
