"""Sparse arrays with rows for texts; scipy's generic types kept in one place."""

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

#: A `scipy.sparse.csr_array` of two dimensions; the published stubs cannot follow its arithmetic.
Sparse = Any


def sparse_rows(
    values: ArrayLike, rows: ArrayLike, columns: ArrayLike, shape: tuple[int, int]
) -> Sparse:
    """Return the array with these values at these places, equal places added up."""
    places: Any = (rows, columns)
    return sp.csr_array((np.asarray(values), places), shape=shape)


def sparse_bounds(
    values: ArrayLike, columns: ArrayLike, bounds: ArrayLike, shape: tuple[int, int]
) -> Sparse:
    """Return the array whose row i holds the entries ``bounds[i]`` to ``bounds[i + 1]``."""
    parts: Any = (np.asarray(values), np.asarray(columns), np.asarray(bounds))
    return sp.csr_array(parts, shape=shape)


def membership(labels: NDArray[np.intp], count: int) -> Sparse:
    """Return which text (column) has which label (row), as ones."""
    texts = len(labels)
    ones = np.ones(texts, dtype=np.float32)
    return sparse_rows(ones, labels, np.arange(texts), (count, texts))


def stacked(parts: list[Sparse]) -> Sparse:
    """Return the parts one under the other."""
    return sp.csr_array(sp.vstack(parts, format="csr"))


def beside(parts: list[Sparse]) -> Sparse:
    """Return the parts side by side."""
    return sp.csr_array(sp.hstack(parts, format="csr"))


def dense(array: Sparse) -> NDArray[Any]:
    """Return a sparse array as an ordinary one."""
    return np.asarray(array.todense())
