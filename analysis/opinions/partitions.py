"""Runs a pure function over the blocks of a table: in threads here, or on Dask where installed."""

import importlib
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from analysis.errors import AnalysisError

Item = TypeVar("Item")
Result = TypeVar("Result")
Block = tuple[int, int]


class Engine(Protocol):
    """Runs one function over many items and returns the results in the order of the items."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return ``[function(item) for item in items]``."""
        ...


class LocalEngine:
    """Threads of this process; the numerical kernels release the interpreter lock."""

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or os.cpu_count() or 1

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return the results in the order of the items, whatever thread made them."""
        work = list(items)
        if len(work) < 2 or self.threads < 2:
            return [function(item) for item in work]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(function, work))


class DaskEngine:
    """Dask's scheduler, whichever is configured; an extra that has to be installed."""

    def __init__(self) -> None:
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


def engine_named(name: str) -> Engine:
    """Return the engine called ``local`` or ``dask``.

    Raises
    ------
    AnalysisError
        If there is none of that name or it is not installed.
    """
    if name == "local":
        return LocalEngine()
    if name == "dask":
        return DaskEngine()
    raise AnalysisError(f"--engine {name}: there is no such engine; use local or dask")


def blocks_of(length: int, size: int) -> Sequence[Block]:
    """Cut ``range(length)`` into blocks of `size`; the same blocks on every machine.

    Fixed blocks, summed in order, are what makes a sum the same on one thread and on many.
    """
    return [(first, min(first + size, length)) for first in range(0, length, size)]
