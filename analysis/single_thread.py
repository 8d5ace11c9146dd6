"""Keeps the linear algebra on one thread: its sums must not depend on the machine."""

from contextlib import AbstractContextManager

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]


def single_threaded() -> AbstractContextManager[object]:
    """Return a context in which BLAS and OpenMP use one thread."""
    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits
