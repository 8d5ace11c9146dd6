"""Pure: a text some of whose words are covered, and where its other words then stand.

A mark stands between brackets that nobody else can write, because ``core.text`` turns them into
square ones: ⟦covered: personal data⟧. It is plain text, so that no reader of the text, from a page
to an analysis, has to know of it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

#: A mark in a text.
MARK = re.compile("⟦([^⟦⟧\n]*)⟧")


@dataclass(frozen=True, order=True)
class Span:
    """Covered words of one text.

    Parameters
    ----------
    start, end : int
        Offsets in the author's words.
    rule : str
        Code of the rule that they break.
    decision_id : int
        The decision that covers them.
    """

    start: int
    end: int
    rule: str
    decision_id: int


#: Writes the mark for a rule.
MarkOf = Callable[[str], str]


def mark(words: str) -> str:
    """Return the mark that shows some words instead of what is covered."""
    return f"⟦{words}⟧"


def occurrences(text: str, passage: str) -> list[tuple[int, int]]:
    """Return where a passage stands in a text, each place as start and end, none overlapping."""
    found, start = [], text.find(passage) if passage else -1
    while start != -1:
        found.append((start, start + len(passage)))
        start = text.find(passage, start + len(passage))
    return found


def with_places(
    spans: Sequence[Span], places: Iterable[tuple[int, int]], rule: str, decision_id: int
) -> list[Span]:
    """Return the spans and what they leave uncovered of some places, in order."""
    result = list(spans)
    for start, end in places:
        at = start
        for span in sorted(result):
            if span.start < end and span.end > at:
                if at < span.start:
                    result.append(Span(at, span.start, rule, decision_id))
                at = max(at, span.end)
        if at < end:
            result.append(Span(at, end, rule, decision_id))
    return sorted(result)


def shown(text: str, spans: Sequence[Span], mark_of: MarkOf) -> str:
    """Return a text with a mark in the place of each span; spans of one rule that touch share it.

    ``shown(text, [], ...)`` is the text.
    """
    parts, at = [], 0
    for span in _joined(spans):
        parts += [text[at : span.start], mark_of(span.rule)]
        at = span.end
    return "".join([*parts, text[at:]])


def to_shown(offset: int, spans: Sequence[Span], mark_of: MarkOf) -> int:
    """Return where an offset of the author's words stands in what is shown.

    What lies inside a span stands at the beginning of its mark.
    """
    shift = 0
    for span in _joined(spans):
        if offset < span.end:
            return min(offset, span.start) + shift
        shift += len(mark_of(span.rule)) - (span.end - span.start)
    return offset + shift


def to_original(offset: int, spans: Sequence[Span], mark_of: MarkOf) -> int:
    """Return which offset of the author's words is shown at an offset.

    What lies inside a mark stands at the beginning of its span.
    """
    shift = 0
    for span in _joined(spans):
        begin, length = span.start + shift, len(mark_of(span.rule))
        if offset <= begin:
            break
        if offset < begin + length:
            return span.start
        shift += length - (span.end - span.start)
    return offset - shift


def is_anything_left(text: str) -> bool:
    """Whether something but marks, spaces and signs is shown."""
    return any(character.isalnum() for character in MARK.sub("", text))


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and last.end == span.start and last.rule == span.rule:
            joined[-1] = replace(last, end=span.end)
        else:
            joined.append(span)
    return joined
