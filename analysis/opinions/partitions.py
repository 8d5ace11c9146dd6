"""Runs a pure function over the blocks of a table: in threads here, or on Dask where installed."""

import importlib
import importlib.util
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from analysis.array_types import CountArray, FloatArray, StatementIndex
from analysis.errors import AnalysisError

Item = TypeVar("Item")
Result = TypeVar("Result")
Block = tuple[int, int]

_COMPILED = "analysis.opinions.fast_scan"
#: Votes from which loading the compiled loops takes less time than they save.
_WORTH_COMPILING = 1_000_000


class CompiledScan(Protocol):
    """The hot loops, compiled: `analysis.opinions.fast_scan`, which says what they do.

    `block` is (starts, columns, sides), `moments` (features, squares, means) of the statements and
    `place` (mean, covariance) of the participants, as in `analysis.opinions.ideal_point_scan`.
    """

    def locate_rows(
        self,
        block: tuple[CountArray, StatementIndex, FloatArray],
        moments: tuple[FloatArray, FloatArray, FloatArray],
        place: tuple[FloatArray, FloatArray],
        prior: tuple[float, ...],
        steps: int,
    ) -> None:
        """Move the participants, in place."""

    def gather_rows(
        self,
        block: tuple[CountArray, StatementIndex, FloatArray],
        moments: tuple[FloatArray, FloatArray, FloatArray],
        place: tuple[FloatArray, FloatArray],
        told: tuple[FloatArray, FloatArray],
    ) -> None:
        """Add what the participants tell about the statements to `told` (sums, linear)."""


class Engine(Protocol):
    """Runs one function over many items and returns the results in the order of the items.

    Attributes
    ----------
    compiled : CompiledScan or None
        The hot loops compiled; None does the same in numpy.
    """

    compiled: CompiledScan | None

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return ``[function(item) for item in items]``."""
        ...


class LocalEngine:
    """Threads of this process; the numerical kernels release the interpreter lock.

    Parameters
    ----------
    threads : int, optional
        As many as there are processors, if not given.
    compiled : bool or None
        Whether to use the compiled loops; None: if Numba is installed.
    """

    def __init__(self, threads: int | None = None, *, compiled: bool | None = False) -> None:
        self.threads = threads or os.cpu_count() or 1
        self.compiled = compiled_scan(compiled)

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return the results in the order of the items, whatever thread made them."""
        work = list(items)
        if len(work) < 2 or self.threads < 2:
            return [function(item) for item in work]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(function, work))


class DaskEngine:
    """Dask's scheduler, whichever is configured; an extra that has to be installed.

    Parameters
    ----------
    compiled : bool or None
        As for `LocalEngine`.
    """

    def __init__(self, *, compiled: bool | None = False) -> None:
        self.compiled = compiled_scan(compiled)
        try:
            self._dask = importlib.import_module("dask")
        except ImportError as error:
            raise AnalysisError(
                "--engine dask: Dask is not installed; install it or use --engine local"
            ) from error

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return the results in the order of the items."""
        delayed = self._dask.delayed(function, pure=False)
        return list(self._dask.compute(*[delayed(item) for item in items]))


def worth_compiling(votes: int) -> bool | None:
    """Return whether an analysis of so many votes should use the compiled loops, if installed."""
    return None if votes >= _WORTH_COMPILING else False


def compiled_scan(wanted: bool | None = None) -> CompiledScan | None:
    """Return the compiled loops; by default (None) if Numba, an extra, is installed.

    Raises
    ------
    AnalysisError
        If they are wanted and Numba is not installed.
    """
    if wanted is False or (wanted is None and importlib.util.find_spec("numba") is None):
        return None
    try:
        loops: CompiledScan = importlib.import_module(_COMPILED)
    except ImportError as error:
        raise AnalysisError(
            "the compiled engine needs Numba; install requirements-fast.txt"
        ) from error
    return loops


def engine_named(name: str, *, compiled: bool | None = False) -> Engine:
    """Return the engine called ``local`` or ``dask``.

    Raises
    ------
    AnalysisError
        If there is none of that name or it is not installed.
    """
    if name == "local":
        return LocalEngine(compiled=compiled)
    if name == "dask":
        return DaskEngine(compiled=compiled)
    raise AnalysisError(f"--engine {name}: there is no such engine; use local or dask")


def blocks_of(length: int, size: int) -> Sequence[Block]:
    """Cut ``range(length)`` into blocks of `size`; the same blocks on every machine.

    Fixed blocks, summed in order, are what makes a sum the same on one thread and on many.
    """
    return [(first, min(first + size, length)) for first in range(0, length, size)]
