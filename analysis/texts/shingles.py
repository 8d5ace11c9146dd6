"""Sets of short character sequences of texts, their MinHash signatures and their overlaps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sparse_rows import Sparse, sparse_rows, stacked

Hashes = NDArray[np.uint64]

_PRIME = np.uint64(1_099_511_628_211)  # FNV-1a, 64 bit
_MIX = np.uint64(0xBF58476D1CE4E5B9)  # finaliser of splitmix64
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_CHUNK = 4_000  # texts whose signatures are made at once, to bound memory


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text; lone surrogates pass as themselves."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def rolling_hashes(points: NDArray[np.uint32], length: int) -> Hashes:
    """Return a 64-bit hash of every sequence of ``length`` code points, in order."""
    count = max(0, len(points) - length + 1)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(length):
        hashes = hashes * _PRIME + points[offset : offset + count]
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    return hashes ^ (hashes >> np.uint64(32))


def shingle_set(letters: str, length: int) -> Hashes:
    """Return the sorted distinct hashes of all sequences of ``length`` letters.

    A text shorter than that is padded, so that no set is empty.
    """
    points = code_points(letters)
    if len(points) < length:
        points = np.pad(points, (0, length - len(points)))
    return np.unique(rolling_hashes(points, length))


def signatures(sets: Sequence[Hashes], permutations: int, seed: int) -> NDArray[np.uint32]:
    """Return the MinHash signature of each set.

    Parameters
    ----------
    sets : sequence of ndarray of shape (n_shingles,), dtype=uint64
        No set is empty.
    permutations : int
        Number of hash functions ``(a * x + b) mod 2**64``, top half kept.

    Returns
    -------
    signatures : ndarray of shape (n_sets, permutations), dtype=uint32
        The share of equal entries estimates the Jaccard similarity of two sets.

    References
    ----------
    Broder 1997, "On the resemblance and containment of documents"; multiply-shift hashing:
    Dietzfelbinger et al. 1997.
    """
    random = np.random.default_rng(seed)
    factors = random.integers(0, 2**63, permutations, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    offsets = random.integers(0, 2**63, permutations, dtype=np.uint64)
    made = np.empty((len(sets), permutations), dtype=np.uint32)
    for start in range(0, len(sets), _CHUNK):
        chunk = sets[start : start + _CHUNK]
        joined = np.concatenate(chunk)
        begins = np.concatenate([[0], np.cumsum([len(part) for part in chunk])[:-1]])
        for column in range(permutations):
            hashed = (joined * factors[column] + offsets[column]) >> np.uint64(32)
            smallest = np.minimum.reduceat(hashed.astype(np.uint32), begins)
            made[start : start + len(chunk), column] = smallest
    return made


def band_keys(signature_rows: NDArray[np.uint32], rows: int) -> list[Hashes]:
    """Return one key per text for each band of ``rows`` signature entries."""
    keys: list[Hashes] = []
    for start in range(0, signature_rows.shape[1] - rows + 1, rows):
        key = np.zeros(len(signature_rows), dtype=np.uint64)
        for column in range(start, start + rows):
            key = key * _GOLDEN + signature_rows[:, column].astype(np.uint64)
        keys.append(key)
    return keys


def buckets(keys: Hashes) -> list[NDArray[np.intp]]:
    """Return the groups of at least two texts with the same key, texts in their order."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.r_[True, keys[order][1:] != keys[order][:-1]])
    ends = np.r_[starts[1:], len(order)]
    return [order[a:b] for a, b in zip(starts, ends, strict=True) if b - a > 1]


def jaccard(first: Hashes, second: Hashes) -> float:
    """Return the size of the intersection of two sorted sets over the size of their union."""
    small, large = (first, second) if len(first) <= len(second) else (second, first)
    places = np.minimum(np.searchsorted(large, small), len(large) - 1)
    shared = int(np.count_nonzero(large[places] == small))
    return shared / (len(first) + len(second) - shared)


def overlaps(sets: Sequence[Hashes], cores: Sequence[Hashes]) -> Sparse:
    """Count the shingles that each set shares with each core.

    Returns
    -------
    counts : sparse array of shape (n_sets, n_cores), dtype=int32
    """
    vocabulary = np.unique(np.concatenate(cores))
    core_rows = _incidence(cores, vocabulary)
    parts = [
        _incidence(sets[start : start + _CHUNK], vocabulary) @ core_rows.T
        for start in range(0, len(sets), _CHUNK)
    ]
    return stacked(parts)


def _incidence(sets: Sequence[Hashes], vocabulary: Hashes) -> Sparse:
    joined = np.concatenate(sets)
    owners = np.repeat(np.arange(len(sets)), [len(part) for part in sets])
    places = np.minimum(np.searchsorted(vocabulary, joined), len(vocabulary) - 1)
    known = vocabulary[places] == joined
    ones = np.ones(int(known.sum()), dtype=np.int32)
    shape = (len(sets), len(vocabulary))
    return sparse_rows(ones, owners[known], places[known], shape)
