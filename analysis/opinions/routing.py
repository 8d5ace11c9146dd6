"""Which statement to show next: Polis's priority, a turn for everyone, the same for a seed."""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.array_types import CountArray, FloatArray
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.polis_statistics import statement_priority

#: Polis's priority of a statement that nobody has seen: [(1 - 1/2) (0 + 1) (1/2) (1 + 8)]².
UNSEEN_PRIORITY = 5.0625


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


def choose_next(
    seen: Mapping[str, int],
    *,
    priorities: Mapping[str, float] | None,
    participant: str,
    voted: Collection[str],
    seed: int = 0,
    coverage_votes: int = OpinionParameters.coverage_votes,
    coverage_share: float = OpinionParameters.coverage_share,
) -> str | None:
    """Choose the statement that a participant sees next; pure, one pass over the statements.

    A statement with fewer than ``coverage_votes`` votes comes before all that have them, the least
    seen first; after that one turn in ten (``coverage_share``) goes to the least seen. No
    statement can therefore wait for ever. All other turns are drawn with chances in proportion to
    Polis's priority. The same question gets the same answer, in any order of statements.

    Parameters
    ----------
    seen : mapping of str to int
        Votes so far on each statement that may be shown.
    priorities : mapping of str to float, or None
        Of the last finished run; a statement that it did not know has that of one nobody has
        seen. None before the first run: all chances are equal.
    participant : str
        Any key that stays the same for one person; it is hashed, never stored.
    voted : collection of str
        What the participant has already voted on; give a set, it is searched.
    seed : int

    Returns
    -------
    statement : str or None
        None if nothing is left.

    References
    ----------
    Polis, `server/src/nextComment.ts`, ``selectProbabilistically`` (drawing by priority);
    Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir" (one pass).
    """
    turn = len(voted)
    open_ones = {name: count for name, count in seen.items() if name not in voted}
    if not open_ones:
        return None
    lots = {name: _lot(seed, participant, turn, name) for name in open_ones}
    least = min(open_ones.values())
    if least < coverage_votes or _lot(seed, participant, turn, "") < coverage_share:
        rarest = (name for name, count in open_ones.items() if count == least)
        return min(rarest, key=lambda name: (lots[name], name))
    known = priorities or {}

    def waiting(name: str) -> tuple[float, float, str]:
        weight = known.get(name, UNSEEN_PRIORITY)
        # A priority is never negative; one of zero is drawn only if there is no other.
        time = -math.log(lots[name]) / weight if weight > 0 else math.inf
        return time, lots[name], name

    return min(open_ones, key=waiting)


def next_statement(
    statements: Sequence[RoutedStatement],
    voted: frozenset[str],
    *,
    participant: str,
    parameters: OpinionParameters | None = None,
) -> str | None:
    """Choose as `choose_next`, with priorities computed from the votes so far.

    Parameters
    ----------
    statements : sequence of RoutedStatement
        Those that may be shown, in any order.
    voted : frozenset of str
    participant : str
    parameters : OpinionParameters, optional
    """
    constants = parameters or OpinionParameters()
    values = priorities(statements, constants).tolist()
    return choose_next(
        {statement.id: statement.seen for statement in statements},
        priorities={
            statement.id: value for statement, value in zip(statements, values, strict=True)
        },
        participant=participant,
        voted=voted,
        seed=constants.seed,
        coverage_votes=constants.coverage_votes,
        coverage_share=constants.coverage_share,
    )


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


def priorities_of_report(report: Mapping[str, object]) -> dict[str, float]:
    """Take the priorities of the statements that may be shown out of a parsed report."""
    statements = routed_statements(report)
    values = priorities(statements).tolist()
    return {statement.id: value for statement, value in zip(statements, values, strict=True)}


def _lot(seed: int, participant: str, turn: int, name: str) -> float:
    """Return an even number in (0, 1) that follows from the question alone."""
    question = f"{seed}\x1f{participant}\x1f{turn}\x1f{name}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(question).digest()[:8])
    return (number + 0.5) / 2**64
