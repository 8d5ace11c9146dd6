"""Evenly spaced samples: the same participants on every machine, without drawing lots."""

import numpy as np

from analysis.array_types import IndexArray
from analysis.opinions.votes import VoteTable


def evenly_spaced(length: int, most: int) -> IndexArray:
    """Return at most `most` evenly spaced positions of ``range(length)``, all if they are few."""
    size = min(length, most)
    return (np.arange(size, dtype=np.int64) * length // max(size, 1)).astype(np.intp)


def sample_rows(votes: VoteTable, participants: int, cast: int) -> IndexArray:
    """Return evenly spaced participants, at most so many and with about so many votes."""
    share = min(1.0, cast / max(votes.n_votes, 1))
    return evenly_spaced(
        votes.n_participants, min(participants, int(np.ceil(votes.n_participants * share)))
    )
