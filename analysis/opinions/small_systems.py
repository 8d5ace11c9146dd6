"""Many tiny systems of equations at once."""

from analysis.array_types import FloatArray


def inverses(matrices: FloatArray) -> FloatArray:
    """Invert symmetric positive definite matrices of shape (size, size, n), in place.

    Gauss-Jordan elimination of all at once: for thousands of tiny systems several times faster
    than one call of a solver for each. Positive definite matrices need no pivoting.
    """
    for k in range(len(matrices)):
        pivot = 1 / matrices[k, k]
        column = matrices[:, k] * pivot
        row = matrices[k].copy()
        matrices -= column[:, None] * row[None, :]
        matrices[k], matrices[:, k] = row * pivot, -column
        matrices[k, k] = pivot
    return matrices
