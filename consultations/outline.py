"""From the lines of a document to an ordered tree of chapters, sections and clauses.

A proposal by rules, which an officer checks and corrects before publishing. Nothing of the text is
ever dropped: what no rule recognises stays in the body of the unit before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from consultations.outline_numbering import (
    CONTAINERS,
    HEADING_LENGTH,
    NUMBERED,
    Kind,
    Label,
    number_parts,
    recognise,
    recognise_bare,
)
from consultations.outline_tree import Outline, Provision, nest

__all__ = ["Kind", "Line", "Outline", "Provision", "parse_outline", "parse_with_places"]

_RATIONALE_ENDS = (
    "ร่าง",
    "พระราชบัญญัติ",
    "พระราชกำหนด",
    "พระราชกฤษฎีกา",
    "กฎกระทรวง",
    "ระเบียบ",
    "ประกาศ",
)
_SIGNATURES = ("ผู้รับสนองพระ", "ประกาศ ณ วันที่", "ให้ไว้ ณ วันที่", "สั่ง ณ วันที่")


@dataclass(frozen=True)
class Line:
    """One paragraph of a document; blank ones separate blocks.

    Parameters
    ----------
    text : str
    heading_level : int or None
        From 1, when the document marks the line as a heading.
    """

    text: str
    heading_level: int | None = None


@dataclass
class _Unit:
    """A provision while its lines are still being read."""

    kind: Kind
    number: str = ""
    rest: str = ""
    level: int | None = None
    lines: list[str] = field(default_factory=list)
    rest_may_be_heading: bool = False

    def close(self) -> Provision:
        """Settle what is heading and what is body. A heading without words under it is body."""
        if self.kind in CONTAINERS:
            return Provision("", None, self.kind, self.number, self.rest, "")
        if not self.rest and self.rest_may_be_heading and len(self.lines) > 1:
            self.rest = self.lines.pop(0)
        short = len(self.rest) <= HEADING_LENGTH and not self.rest.endswith(tuple(".;,:—–"))
        if self.rest and self.lines and short and self.rest_may_be_heading:
            return Provision("", None, self.kind, self.number, self.rest, "\n".join(self.lines))
        body = "\n".join([self.rest, *self.lines] if self.rest else self.lines)
        return Provision("", None, self.kind, self.number, "", body)


class _Reader:
    """Reads lines one after the other; the current unit takes what opens no new one."""

    def __init__(self, lines: Sequence[Line]) -> None:
        labels = [recognise(line.text, is_heading=bool(line.heading_level)) for line in lines]
        self.units: list[_Unit] = []
        self._has_words = any(label and label.kind in NUMBERED for label in labels)
        self._is_counted = not self._has_words and _counts_from_one(lines)
        self._has_blocks = any(not line.text for line in lines)
        self._after_blank = True
        self._begun = False
        self._count: tuple[int, ...] = ()

    def read(self, line: Line) -> None:
        if not line.text:
            self._after_blank = True
            return
        opened = self._open(line)
        if opened is not None:
            self.units.append(opened)
        else:
            self._continue(line.text)
        self._after_blank = False

    def _open(self, line: Line) -> _Unit | None:
        label = self._label(line)
        if label is not None:
            self._begun = self._begun or label.kind in NUMBERED
            return _Unit(
                label.kind,
                label.number,
                label.rest,
                line.heading_level,
                rest_may_be_heading=_may_have_heading(label, line),
            )
        if line.heading_level:
            return _Unit(Kind.HEADING, rest=line.text, level=line.heading_level)
        return self._open_frame(line.text)

    def _label(self, line: Line) -> Label | None:
        label = recognise(line.text, is_heading=bool(line.heading_level))
        if label is None:
            return self._count_on(line.text) if self._is_counted else None
        if not label.number and label.kind in CONTAINERS and self._awaits_heading():
            return None
        return None if self._is_quoted(label) else label

    def _open_frame(self, text: str) -> _Unit | None:
        """Open what surrounds the numbered part: opening words, date and signature."""
        last = self.units[-1].kind if self.units else None
        if self._begun and last is not Kind.CLOSING and text.startswith(_SIGNATURES):
            return _Unit(Kind.CLOSING, lines=[text])
        numbered = self._has_words or self._is_counted
        title = text.startswith(_RATIONALE_ENDS) and "นี้" not in text and len(text) <= HEADING_LENGTH
        if numbered and (last is None or (last is Kind.RATIONALE and not self._begun and title)):
            return _Unit(Kind.PREAMBLE, lines=[text])
        return None

    def _continue(self, text: str) -> None:
        unit = self.units[-1] if self.units else None
        if unit and self._awaits_heading() and len(text) <= HEADING_LENGTH:
            unit.rest = text
        elif unit is None or unit.kind in CONTAINERS or self._new_paragraph(unit):
            self.units.append(_Unit(Kind.PARAGRAPH, lines=[text]))
        else:
            unit.lines.append(text)

    def _new_paragraph(self, unit: _Unit) -> bool:
        if unit.kind is not Kind.PARAGRAPH or self._has_words or self._is_counted:
            return False
        return self._after_blank or not self._has_blocks

    def _awaits_heading(self) -> bool:
        unit = self.units[-1] if self.units else None
        return unit is not None and unit.kind in CONTAINERS and not unit.rest

    def _count_on(self, text: str) -> Label | None:
        """Recognise a bare number only where the count goes on, or begins anew in a chapter."""
        label = recognise_bare(text)
        if label is None:
            return None
        parts = tuple(int(part) for part in number_parts(label.number))
        if parts == (1,) and self.units and self.units[-1].kind in CONTAINERS:
            self._count = parts
            return label
        for depth in range(len(self._count) + 1):
            before = (*self._count, 0)[: depth + 1]
            if parts == (*before[:-1], before[-1] + 1):
                self._count = parts
                return label
        return None

    def _is_quoted(self, label: Label) -> bool:
        """Whether a section stands inside a quotation, as in a law that amends another.

        A quotation left open by mistake ends where the count of the draft itself goes on.
        """
        if not self.units or label.kind in CONTAINERS:
            return False
        unit = self.units[-1]
        words = "\n".join([unit.rest, *unit.lines])
        if words.count("“") <= words.count("”"):
            return False
        return not _is_successor(label.number, unit.number)


def parse_outline(lines: Iterable[Line]) -> Outline:
    """Split a document into its units.

    Parameters
    ----------
    lines : iterable of Line
        In reading order, as ``documents.read_document`` gives them. A line that starts with
        ``# `` is a Markdown heading.

    Returns
    -------
    Outline
        Every word of the input is in exactly one provision; only the marks of Markdown headings
        and a colon or dash between a number and its heading are left out. Empty if all is blank.
    """
    return parse_with_places(lines)[0]


def parse_with_places(lines: Iterable[Line]) -> tuple[Outline, list[int]]:
    """Split a document as ``parse_outline``, and say at which line (from 0) each unit begins."""
    read = [_without_markdown(line) for line in lines]
    reader = _Reader(read)
    places: list[int] = []
    for place, line in enumerate(read):
        reader.read(line)
        places += [place] * (len(reader.units) - len(places))
    levels = [unit.level for unit in reader.units]
    return nest([unit.close() for unit in reader.units], levels), places


def _without_markdown(line: Line) -> Line:
    text = line.text.strip()
    marks = len(text) - len(text.lstrip("#"))
    if line.heading_level is None and 1 <= marks <= 6 and text[marks : marks + 1].isspace():
        return Line(text[marks:].strip(), marks)
    return Line(text, line.heading_level)


def _counts_from_one(lines: Sequence[Line]) -> bool:
    """Whether the document counts its units with bare numbers, beginning with 1."""
    labels = [recognise_bare(line.text) for line in lines]
    first = next((label for label in labels if label), None)
    return first is not None and number_parts(first.number) == ("1",)


def _may_have_heading(label: Label, line: Line) -> bool:
    """Tell Thai sections apart: only the document's own mark makes their line a heading."""
    thai = label.kind in {Kind.SECTION, Kind.CLAUSE} and not label.number[:1].isascii()
    return bool(line.heading_level) or not thai


def _is_successor(number: str, before: str) -> bool:
    parts, last = number_parts(number), number_parts(before)
    if not (parts[0].isdecimal() and last[0].isdecimal()):
        return False
    return int(parts[0]) == int(last[0]) + 1
