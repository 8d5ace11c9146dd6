"""Pure: a report in the words of one language, as headings, paragraphs, lists and tables.

Page, DOCX and PDF are written from this alone, so that they say the same. Every text that gets in
is cleaned here: no control characters, nothing that XML forbids, no changes of writing direction.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from core.text import tidy

_ISOLATES: Final = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")
_SPACES: Final = re.compile(r"[^\S\n]+")

#: Characters that the narrowest column has room for, and beyond which none grows wider.
_NARROWEST: Final = 12
_WIDEST: Final = 60

#: Longest text that is taken for a label or a number.
_LABEL: Final = 40

Kind = Literal["body", "lead", "note", "quote"]


@dataclass(frozen=True)
class Run:
    """Words in one language; `lang` is empty where it is the document's own."""

    text: str
    lang: str = ""


Words = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    words: Words


@dataclass(frozen=True)
class Paragraph:
    """Words that stand by themselves."""

    words: Words
    kind: Kind = "body"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Words, ...]


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row names the row; `numeric` are places from 0."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    numeric: tuple[int, ...] = ()


Block = Heading | Paragraph | Bullets | Table


@dataclass(frozen=True)
class Section:
    """A part of the report in its official place; `anchor` is the same in every language."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The whole report in one language.

    Attributes
    ----------
    language : str
        th or en.
    opening : tuple of Block
        What stands before the first section: agency, days, a notice on a sample.
    footer : str
        Stands on every page of a paged format.
    """

    language: str
    title: Run
    author: str
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    footer: str


def run(text: object, lang: str = "") -> Run:
    """Return words that are safe in every format."""
    said = str(text)
    return Run(_remembered(said) if len(said) <= _LABEL else _clean(said), lang)


def _clean(text: str) -> str:
    return _SPACES.sub(" ", _ISOLATES.sub("", tidy(text))).strip()


@lru_cache(maxsize=4096)
def _remembered(text: str) -> str:
    """Clean a short text once: a report says "Group A" and small numbers hundreds of times."""
    return _clean(text)


def words(*parts: object) -> Words:
    """Return runs from texts and runs; empty ones fall away."""
    made = (part if isinstance(part, Run) else run(part) for part in parts)
    return tuple(part for part in made if part.text)


def paragraph(*parts: object, kind: Kind = "body") -> Paragraph:
    """Return a paragraph of texts and runs."""
    return Paragraph(words(*parts), kind)


def paragraphs(text: Run) -> list[Block]:
    """Return a text with blank lines between its paragraphs as paragraphs."""
    pieces = (piece.strip() for piece in text.text.split("\n\n"))
    return [Paragraph((Run(piece, text.lang),)) for piece in pieces if piece]


def heading(*parts: object) -> Heading:
    """Return a heading inside a section."""
    return Heading(words(*parts))


def bullets(items: Iterable[Sequence[object]]) -> Bullets:
    """Return a list; each item is a sequence of texts and runs."""
    return Bullets(tuple(words(*item) for item in items))


def table(
    caption: str, head: Sequence[object], rows: Iterable[Sequence[object]], numeric: Sequence[int]
) -> Table:
    """Return a table; a cell is a text, a run, or a tuple of them."""
    return Table(
        run(caption).text,
        tuple(run(cell).text for cell in head),
        tuple(tuple(_cell(cell) for cell in row) for row in rows),
        tuple(numeric),
    )


def widths(table: Table) -> tuple[float, ...]:
    """Return the columns' shares of a table's width, by the longest words in them; their sum is 1.

    Long cells get less than their length asks for, since they take several lines anyway.
    """
    rows = [table.head, *([text_of(cell) for cell in row] for row in table.rows)]
    longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
    weights = [min(max(length, _NARROWEST), _WIDEST) ** 0.7 for length in longest]
    return tuple(weight / sum(weights) for weight in weights)


def plain(document: Document) -> list[str]:
    """Return all texts of a document in their order; what every format must contain."""
    found = [document.title.text]
    for block in (*document.opening, *_with_titles(document)):
        found += [block] if isinstance(block, str) else _texts(block)
    return found


def text_of(parts: Words) -> str:
    """Return the words of runs, with a space between two of them."""
    return " ".join(part.text for part in parts)


def _cell(cell: object) -> Words:
    return words(*cell) if isinstance(cell, tuple) else words(cell)


def _with_titles(document: Document) -> Iterable[Block | str]:
    for section in document.sections:
        yield section.title
        yield from section.blocks


def _texts(block: Block) -> list[str]:
    if isinstance(block, Bullets):
        return [text_of(item) for item in block.items]
    if isinstance(block, Table):
        cells = [text_of(cell) for row in block.rows for cell in row]
        return [block.caption, *block.head, *cells]
    return [text_of(block.words)]
