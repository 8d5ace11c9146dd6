"""The words of a Word document in reading order, as lines."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from consultations.office_archive import check_archive
from consultations.office_numbering import Numbering, Styles
from consultations.outline import Line
from core.errors import InvalidError

#: Between the cells of a row.
CELL_MARK: Final = " | "

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_RUN = qn("w:r")
_TEXTS = frozenset({qn("w:t"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Deleted or moved-away text, properties, and the second copy of a drawing for old programs.
_LEFT_OUT = frozenset(
    {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:sectPr"), _FALLBACK}
)
_WORD_2003 = "{urn:schemas-microsoft-com:vml}imagedata"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
#: Elements of what a draft cannot hold as it stands, by its name.
_LOSSES: Final = {
    _TABLE: "tables",
    qn("w:footnoteReference"): "footnotes",
    qn("w:endnoteReference"): "footnotes",
    _PICTURE: "images",
    _WORD_2003: "images",
    qn("w:del"): "deletions",
    qn("w:moveFrom"): "deletions",
    qn("w:ins"): "insertions",
    qn("w:moveTo"): "insertions",
    qn("w:commentReference"): "remarks",
}
_SIGNS = {
    qn("w:tab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}


def read_word(data: bytes) -> tuple[list[Line], dict[str, int]]:
    """Read a .docx: paragraphs with their automatic numbers, tables row by row.

    With how often it holds what is left out or changed: tables, footnotes, images, deletions,
    insertions, remarks; only what there is.

    Text boxes follow the paragraph that they hang on. A generated table of contents is left out.

    Raises
    ------
    InvalidError
        As ``office_archive.check_archive``, and ``document.damaged`` when the parts of the file do
        not fit together.
    """
    check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
        reader = _Reader(Styles(document), Numbering(document))
    except (OpcError, SyntaxError, KeyError, ValueError, AttributeError, TypeError):
        # The parser reports bad XML as a SyntaxError; parts that do not fit give the others.
        raise InvalidError("document.damaged", field="file") from None
    if body is None:
        raise InvalidError("document.damaged", field="file")
    return list(reader.blocks(body)), _losses(body)


class _Reader:
    """Turns the elements of a document's body into lines."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def blocks(self, holder: Any) -> Iterator[Line]:
        """Yield the lines of everything in an element, a blank one after each block."""
        for element in _children(holder):
            if element.tag == _PARAGRAPH:
                yield from self._paragraph(element)
                yield Line("")
            elif element.tag == _TABLE:
                yield from self._table(element)
                yield Line("")
            else:  # content controls and revision marks hold blocks of their own
                yield from self.blocks(element)

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        style = self._styles.of(paragraph)
        words, boxes = _words(paragraph)
        if style.is_contents:
            return
        if words.strip():
            number = self._numbering.next_number(paragraph, style)
            yield Line(f"{number} {words}".strip(), style.heading_level(paragraph))
        for box in boxes:
            yield from self.blocks(box)

    def _table(self, table: Any) -> Iterator[Line]:
        for row in _inner(table, _ROW):
            cells = [list(self.blocks(cell)) for cell in _inner(row, _CELL)]
            filled = [cell for cell in cells if any(line.text for line in cell)]
            if len(filled) == 1:  # a frame around text, not a row of values
                yield from (line for line in filled[0] if line.text)
            elif filled:
                texts = (" ".join(line.text for line in cell if line.text) for cell in cells)
                yield Line(CELL_MARK.join(texts).replace("\n", " "))


def _losses(body: Any) -> dict[str, int]:
    """Count what is left out; a drawing's second copy for old programs does not count."""
    names = (
        _LOSSES[element.tag]
        for element in body.iter(*_LOSSES)
        if next(element.iterancestors(_FALLBACK), None) is None
    )
    return dict(sorted(Counter(names).items()))


def _children(holder: Any) -> Iterator[Any]:
    """Yield child elements, without comments and without what the reader leaves out."""
    for element in holder:
        if isinstance(element.tag, str) and element.tag not in _LEFT_OUT:
            yield element


def _inner(holder: Any, tag: str) -> Iterator[Any]:
    """Yield rows of a table or cells of a row, also inside content controls."""
    for element in _children(holder):
        if element.tag == tag:
            yield element
        elif element.tag not in {_PARAGRAPH, _TABLE, _CELL}:
            yield from _inner(element, tag)


def _words(paragraph: Any) -> tuple[str, list[Any]]:
    """Return the text of a paragraph and the text boxes that hang on it."""
    parts: list[str] = []
    boxes: list[Any] = []
    waiting = list(_children(paragraph))[::-1]
    while waiting:
        element = waiting.pop()
        if element.tag in _TEXTS:
            parts.append(element.text or "")
        elif element.tag in _SIGNS:
            parts.append(_SIGNS[element.tag])
        elif element.tag == qn("w:txbxContent"):
            boxes.append(element)
        elif not (element.tag == _RUN and _is_hidden(element)):
            waiting.extend(list(_children(element))[::-1])
    return "".join(parts), boxes


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val")) not in {"0", "false", "off"}
