"""Pure: take out of a report what would repeat comments whose authors want to be counted only."""

from collections.abc import Collection
from typing import Any

Report = dict[str, Any]


def without_quotes_of(report: Report, references: Collection[str]) -> Report:
    """Return a report on themes in which none of the comments is quoted.

    Every list named ``quotes``, at any depth, loses the quotes of these comments; sizes, stances
    and the lists of comments behind a theme stay.
    """
    found = _cleaned(report, frozenset(references))
    return dict(found)


def _cleaned(part: Any, references: frozenset[str], name: str = "") -> Any:
    if isinstance(part, dict):
        return {key: _cleaned(value, references, key) for key, value in part.items()}
    if isinstance(part, list):
        kept = [each for each in part if name != "quotes" or not _is_of(each, references)]
        return [_cleaned(each, references) for each in kept]
    return part


def _is_of(quote: Any, references: frozenset[str]) -> bool:
    return isinstance(quote, dict) and quote.get("comment") in references
