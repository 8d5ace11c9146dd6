"""Automatic numbers and styles of a Word document, written out as Word shows them."""

from dataclasses import dataclass
from typing import Any, Final

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

_VALUE = qn("w:val")
_LEVELS: Final = 9
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
#: The letters that Thai lists count with: without ฃ, ฅ and ฆ.
_THAI_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MAX_ROMAN = 3999


@dataclass(frozen=True)
class Style:
    """What a paragraph style says about structure."""

    style_id: str = ""
    outline_level: int | None = None
    number_id: str | None = None
    number_level: int = 0
    is_contents: bool = False

    def heading_level(self, paragraph: Any) -> int | None:
        """Return the level of a heading from 1, or None for body text."""
        own = _number(paragraph, "w:pPr/w:outlineLvl")
        level = self.outline_level if own is None else own
        return level + 1 if level is not None and level < _LEVELS else None


class Styles:
    """The paragraph styles of a document, each with what it inherits."""

    def __init__(self, document: Document) -> None:
        elements = document.styles.element.findall(qn("w:style"))
        self._elements = {str(item.get(qn("w:styleId"))): item for item in elements}
        self._styles: dict[str, Style] = {}

    def of(self, paragraph: Any) -> Style:
        """Return the style of a paragraph; an unknown one says nothing."""
        style_id = _text(paragraph, "w:pPr/w:pStyle") or ""
        if style_id not in self._styles:
            self._styles[style_id] = self._read(style_id)
        return self._styles[style_id]

    def _read(self, style_id: str) -> Style:
        chain: list[Any] = []
        current: str | None = style_id
        while current in self._elements and self._elements[current] not in chain:
            chain.append(self._elements[current])
            current = _text(chain[-1], "w:basedOn")
        names = [(_text(item, "w:name") or "").casefold() for item in chain]
        levels = [_number(item, "w:pPr/w:outlineLvl") for item in chain]
        numbers = [_text(item, "w:pPr/w:numPr/w:numId") for item in chain]
        depths = [_number(item, "w:pPr/w:numPr/w:ilvl") for item in chain]
        return Style(
            style_id,
            next((level for level in levels if level is not None), None),
            next((number for number in numbers if number is not None), None),
            next((depth for depth in depths if depth is not None), 0),
            any(name.startswith("toc ") for name in names),
        )


@dataclass(frozen=True)
class _Level:
    """One level of a list: how it counts and how the count is printed."""

    start: int
    form: str
    pattern: str
    style_id: str | None


class Numbering:
    """Counts the numbered paragraphs of a document from its first to its last."""

    def __init__(self, document: Document) -> None:
        self._lists: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        relations = document.part.rels.values()
        kinds = [item for item in relations if item.reltype == RELATIONSHIP_TYPE.NUMBERING]
        if kinds and not kinds[0].is_external:
            self._read(document.part.numbering_part.element)

    def next_number(self, paragraph: Any, style: Style) -> str:
        """Count a paragraph and return its number as printed, or "" if it has none."""
        number_id = _text(paragraph, "w:pPr/w:numPr/w:numId")
        level = _number(paragraph, "w:pPr/w:numPr/w:ilvl")
        if number_id is None:
            number_id = style.number_id
            level = self._level_of(number_id, style) if level is None else level
        abstract = self._lists.get(number_id or "")
        if abstract is None or number_id is None:
            return ""
        depth = min(max(level or 0, 0), _LEVELS - 1)
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        restarts = self._restarts.pop(number_id, {})
        for place, start in restarts.items():
            counts[place] = start - 1
        self._count(counts, depth, self._levels[abstract])
        return self._printed(counts, depth, self._levels[abstract])

    def _read(self, numbering: Any) -> None:
        for item in numbering.findall(qn("w:abstractNum")):
            levels = {_level_index(level): _level(level) for level in item.findall(qn("w:lvl"))}
            self._levels[str(item.get(qn("w:abstractNumId")))] = levels
        for item in numbering.findall(qn("w:num")):
            number_id, abstract = str(item.get(qn("w:numId"))), _text(item, "w:abstractNumId")
            if abstract not in self._levels:
                continue
            self._lists[number_id] = abstract
            for override in item.findall(qn("w:lvlOverride")):
                start = _number(override, "w:startOverride")
                if start is not None:
                    self._restarts.setdefault(number_id, {})[_level_index(override)] = start

    def _level_of(self, number_id: str | None, style: Style) -> int:
        """Return the level that names the style, as headings are numbered, or the style's own."""
        levels = self._levels.get(self._lists.get(number_id or "", ""), {})
        linked = (place for place, level in levels.items() if level.style_id == style.style_id)
        return next(linked, style.number_level)

    @staticmethod
    def _count(counts: list[int | None], depth: int, levels: dict[int, _Level]) -> None:
        for place in range(depth):
            if counts[place] is None:
                counts[place] = levels[place].start if place in levels else 1
        before = counts[depth]
        start = levels[depth].start if depth in levels else 1
        counts[depth] = start if before is None else before + 1
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)

    @staticmethod
    def _printed(counts: list[int | None], depth: int, levels: dict[int, _Level]) -> str:
        if depth not in levels or levels[depth].form in {"bullet", "none"}:
            return ""
        printed = levels[depth].pattern
        for place in range(depth + 1):
            form = levels[place].form if place in levels else "decimal"
            printed = printed.replace(f"%{place + 1}", _formatted(counts[place] or 0, form))
        return printed


def _level(element: Any) -> _Level:
    start = _number(element, "w:start")
    return _Level(
        1 if start is None else start,
        _text(element, "w:numFmt") or "decimal",
        (_text(element, "w:lvlText") or "")[:100],
        _text(element, "w:pStyle"),
    )


def _level_index(element: Any) -> int:
    value = element.get(qn("w:ilvl"), "0")
    return int(value) if value.isdecimal() and len(value) == 1 else 0


def _formatted(value: int, form: str) -> str:
    if form.startswith("thaiLetters"):
        return _lettered(value, _THAI_LETTERS)
    if form.startswith("thai"):
        return str(value).translate(_THAI_DIGITS)
    if form == "decimalZero":
        return f"{value:02}"
    upper, form = form.startswith("upper"), form.removeprefix("upper").removeprefix("lower")
    if form == "Roman":
        printed = _roman(value)
    else:
        printed = _lettered(value, "abcdefghijklmnopqrstuvwxyz") if form == "Letter" else str(value)
    return printed.upper() if upper else printed


def _lettered(value: int, letters: str) -> str:
    """Count as Word does: a ... z, aa, bb."""
    if value < 1:
        return str(value)
    rounds, place = divmod(value - 1, len(letters))
    return letters[place] * min(rounds + 1, 10)


def _roman(value: int) -> str:
    if not 0 < value <= _MAX_ROMAN:
        return str(value)
    printed = ""
    for worth, letters in _ROMAN:
        times, value = divmod(value, worth)
        printed += letters * times
    return printed


def _text(element: Any, path: str) -> str | None:
    """Return the value of a property such as ``w:pPr/w:pStyle``, or None if it is not set."""
    found = element.find("/".join(map(qn, path.split("/"))))
    value = None if found is None else found.get(_VALUE)
    return None if value is None else str(value)


def _number(element: Any, path: str) -> int | None:
    value = _text(element, path)
    return int(value) if value is not None and value.isdecimal() and len(value) < 7 else None
