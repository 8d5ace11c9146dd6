"""Which statement to show next: Polis's priority, a turn for everyone, the same for a seed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.array_types import CountArray, FloatArray
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.polis_statistics import statement_priority


@dataclass(frozen=True)
class RoutedStatement:
    """A statement that can be shown.

    Attributes
    ----------
    id : str
    agree, passed, seen : int
        Votes so far.
    extremity : float
        From the last report; 0 before there is one.
    is_meta : bool
        About the consultation itself; gets a fixed priority.
    """

    id: str
    agree: int
    passed: int
    seen: int
    extremity: float = 0.0
    is_meta: bool = False


def next_statement(
    statements: Sequence[RoutedStatement],
    voted: frozenset[str],
    *,
    participant: str,
    parameters: OpinionParameters | None = None,
) -> str | None:
    """Choose the statement that a participant sees next.

    A statement with fewer than ``coverage_votes`` votes comes before all that have them, the least
    seen first; after that one turn in ten (``coverage_share``) goes to the least seen. No
    statement can therefore wait for ever. All other turns are drawn with chances in proportion to
    Polis's priority.

    Parameters
    ----------
    statements : sequence of RoutedStatement
        Those that may be shown, in any order.
    voted : frozenset of str
        What the participant has already voted on.
    participant : str
        With the seed and the state, decides the draw: the same question gets the same answer.
    parameters : OpinionParameters, optional

    Returns
    -------
    statement : str or None
        None if nothing is left.

    References
    ----------
    Polis, `server/src/nextComment.ts`, ``selectProbabilistically`` (drawing by priority).
    """
    constants = parameters or OpinionParameters()
    open_ones = sorted(
        (statement for statement in statements if statement.id not in voted),
        key=lambda statement: statement.id,
    )
    if not open_ones:
        return None
    turn, lot, tie = _draws(participant, voted, open_ones, constants.seed)
    least = min(statement.seen for statement in open_ones)
    if least < constants.coverage_votes or turn < constants.coverage_share:
        rarest = [statement for statement in open_ones if statement.seen == least]
        return rarest[int(tie * len(rarest))].id
    weights = priorities(open_ones, constants)
    reach = np.cumsum(weights)
    place = int(np.searchsorted(reach, lot * reach[-1], side="right"))
    return open_ones[min(place, len(open_ones) - 1)].id


def priorities(
    statements: Sequence[RoutedStatement], parameters: OpinionParameters | None = None
) -> FloatArray:
    """Return Polis's priority of each statement, shape (n_statements,)."""
    constants = parameters or OpinionParameters()

    def column(values: list[int]) -> CountArray:
        return np.array(values, dtype=np.int64)

    values = statement_priority(
        column([statement.agree for statement in statements]),
        column([statement.passed for statement in statements]),
        column([statement.seen for statement in statements]),
        np.array([statement.extremity for statement in statements], dtype=np.float64),
    )
    meta = np.array([statement.is_meta for statement in statements], dtype=bool)
    return np.where(meta, constants.meta_priority, values)


def routed_statements(report: Mapping[str, object]) -> list[RoutedStatement]:
    """Take the statements that may be shown out of a parsed report."""
    entries = report.get("statements")
    if not isinstance(entries, list):
        return []
    return [
        RoutedStatement(
            str(entry["id"]),
            int(entry["agree"]),
            int(entry["pass"]),
            int(entry["seen"]),
            float(entry.get("extremity") or 0.0),
        )
        for entry in entries
        if not entry.get("moderated_out")
    ]


def _draws(
    participant: str, voted: frozenset[str], open_ones: Sequence[RoutedStatement], seed: int
) -> tuple[float, float, float]:
    """Return three even numbers in [0, 1) that follow from the question alone."""
    state = "\x1f".join(
        [str(seed), participant, str(len(voted))]
        + [f"{statement.id}\x1e{statement.seen}" for statement in open_ones]
    )
    digest = hashlib.sha256(state.encode()).digest()
    first, second, third = (int.from_bytes(digest[8 * i : 8 * i + 8]) / 2**64 for i in range(3))
    return first, second, third
