"""Pure: the report as a Word document that an office can go on working with.

Headings are headings, the first row of a table is its head on every page, and each style names the
font, the size and the language of Thai (complex script) beside those of Latin letters: without
them Word and LibreOffice fall back to a font of their own choice.
"""

import io
from datetime import datetime
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell

from consultations.reporting.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    Words,
    widths,
)

#: The font and size of Thai official letters; a machine without it shows another one.
_FONT: Final = "TH SarabunPSK"
_SIZES: Final = {"Normal": 16, "Title": 24, "Heading 1": 20, "Heading 2": 17, "List Bullet": 16}
_BOLD: Final = ("Title", "Heading 1", "Heading 2")
_TABLE_SIZE: Final = 14
_LANGUAGES: Final = {"th": "th-TH", "en": "en-GB"}
#: Language of Latin letters, and of Thai, which Word counts among the complex scripts.
_SPOKEN: Final = {"val": "en-GB", "bidi": "th-TH"}
#: Millimetres between the margins.
_TEXT_WIDTH: Final = 170
_LONGEST_PROPERTY: Final = 255
#: Run properties in the order of the schema; those that are not named stand in the middle.
_BEFORE: Final = ("w:rStyle", "w:rFonts", "w:b", "w:bCs")
_ORDER: Final = (*_BEFORE, "", "w:sz", "w:szCs", "w:lang")


def written(document: Document, made_at: datetime) -> bytes:
    """Return the report as a DOCX file."""
    file = docx.Document()
    _set_page(file, document.footer)
    _set_styles(file)
    _set_properties(file, document, made_at)
    _fill(file.add_paragraph(style="Title"), (document.title,), document.language)
    for block in document.opening:
        _add(file, block, document.language)
    for section in document.sections:
        _fill(file.add_paragraph(style="Heading 1"), (Run(section.title),), document.language)
        for block in section.blocks:
            _add(file, block, document.language)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def _set_page(file: Any, footer: str) -> None:
    page = file.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(22)
    line = page.footer.paragraphs[0]
    line.add_run(f"{footer}   ")
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:instrText" if words else "w:fldChar")
        if words:
            part.text = words
        else:
            part.set(qn("w:fldCharType"), kind)
        line.add_run()._r.append(part)


def _set_styles(file: Any) -> None:
    defaults = file.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    _set(defaults.find(qn("w:rPr")), "w:lang", **_SPOKEN)
    for name, size in _SIZES.items():
        properties = file.styles[name].element.get_or_add_rPr()
        _set(properties, "w:rFonts", **dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), _FONT))
        _set_size(properties, size)
        _set(properties, "w:lang", **_SPOKEN)
        if name in _BOLD:
            _set_bold(properties)
            _set(properties, "w:color", val="000000")


def _set_properties(file: Any, document: Document, made_at: datetime) -> None:
    properties = file.core_properties
    properties.title = document.title.text[:_LONGEST_PROPERTY]
    properties.author = document.author[:_LONGEST_PROPERTY]
    properties.last_modified_by = document.author[:_LONGEST_PROPERTY]
    properties.language = _LANGUAGES[document.language]
    properties.comments = ""
    properties.created = properties.modified = made_at.replace(microsecond=0, tzinfo=None)


def _add(file: Any, block: Block, language: str) -> None:
    if isinstance(block, Heading):
        _fill(file.add_paragraph(style="Heading 2"), block.words, language)
    elif isinstance(block, Paragraph):
        line = file.add_paragraph()
        _fill(line, block.words, language)
        if block.kind == "quote":
            line.paragraph_format.left_indent = Mm(6)
    elif isinstance(block, Bullets):
        for item in block.items:
            _fill(file.add_paragraph(style="List Bullet"), item, language)
    else:
        _add_table(file, block, language)


def _add_table(file: Any, table: Table, language: str) -> None:
    caption = file.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    _fill(caption, (Run(table.caption),), language, bold=True)
    made = file.add_table(rows=1 + len(table.rows), cols=len(table.head), style="Table Grid")
    made.autofit = False
    shares = [Mm(_TEXT_WIDTH * share) for share in widths(table)]
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, shares, strict=True):
        column.w = width
    rows = [tuple((Run(words),) for words in table.head), *table.rows]
    # Asking a table for one cell walks through all of them, so its rows are walked once.
    for place, (row, cells) in enumerate(zip(made._tbl.tr_lst, rows, strict=True)):
        properties = row.get_or_add_trPr()
        _set(properties, "w:cantSplit")
        if place == 0:
            _set(properties, "w:tblHeader")
        for column, (cell, words) in enumerate(zip(row.tc_lst, cells, strict=True)):
            cell.width = shares[column]
            line = _Cell(cell, made).paragraphs[0]
            _fill(line, words, language, bold=place == 0, size=_TABLE_SIZE)
            if column in table.numeric:
                line.alignment = 2
    file.add_paragraph()


def _fill(line: Any, words: Words, language: str, *, bold: bool = False, size: int = 0) -> None:
    for place, part in enumerate(words):
        run = line.add_run(part.text if place == 0 else f" {part.text}")
        properties = run._r.get_or_add_rPr()
        if bold:
            _set_bold(properties)
        if size:
            _set_size(properties, size)
        if part.lang not in ("", language, "und", *_LANGUAGES):
            _set(properties, "w:lang", val=part.lang, bidi=_SPOKEN["bidi"])


def _set_bold(properties: Any) -> None:
    _set(properties, "w:b")
    _set(properties, "w:bCs")


def _set_size(properties: Any, points: int) -> None:
    _set(properties, "w:sz", val=str(2 * points))
    _set(properties, "w:szCs", val=str(2 * points))


def _set(parent: Any, tag: str, **values: str) -> None:
    """Put an element in place of one that is there; run properties keep the schema's order."""
    for old in parent.findall(qn(tag)):
        parent.remove(old)
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    if tag in _ORDER:
        place = {qn(name): number for number, name in enumerate(_ORDER) if name}
        parent[:] = sorted(parent, key=lambda child: place.get(child.tag, len(_BEFORE)))
