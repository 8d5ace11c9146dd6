"""Pure: the report as a tagged PDF, with one font that is part of the program.

SARA AM: a PDF's text layer keeps glyphs apart that Thai writes as one letter, and gives back
another letter than was written. Before drawing, SARA AM is written as what it consists of
(NIKHAHIT, the tone, SARA AA); the page looks the same, and ``recomposed`` makes the letter again
from a text that was taken out of the file.
"""

import re
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from consultations.reporting.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Table,
    Words,
    widths,
)
from core.errors import ConflictError

FONTS: Final = Path(__file__).parent / "fonts"
_FILES: Final = {"400": "Sarabun_400Regular.ttf", "700": "Sarabun_700Bold.ttf"}
_AM: Final = re.compile("([\u0e48-\u0e4b]?)\u0e33")
_SPLIT_AM: Final = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
#: Longer pieces without a space are given places to break; Thai has some of its own.
_LONG: Final = re.compile("[^\\s\u0e00-\u0e7f\u200b]{80}")
_LONG_THAI: Final = re.compile("[^\\s\u200b]{400}(?=[ก-ฮ])")
_BREAK: Final = "\u200b"
_STYLE: Final = """
@page { size: A4; margin: 22mm 20mm 20mm; @bottom-left { content: string(footer); font-size: 9pt }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt } }
html { font: 12pt/1.6 Sarabun; hyphens: none; overflow-wrap: anywhere; color: #000 }
body { margin: 0 } h1, h2, h3 { line-height: 1.4; break-after: avoid; margin: 6mm 0 2mm }
h1 { font-size: 20pt; margin-top: 0; string-set: footer attr(data-footer) }
h2 { font-size: 15pt; border-bottom: 1pt solid #777 }
h3 { font-size: 12.5pt } p { margin: 0 0 2.5mm; white-space: pre-line }
p.lead { font-size: 14pt } p.note { font-size: 10.5pt; color: #333 }
p.quote { margin-left: 5mm; padding-left: 3mm; border-left: 1.5pt solid #777 }
ul { margin: 0 0 3mm; padding-left: 6mm } li { margin-bottom: 1mm; white-space: pre-line }
table { width: 100%; table-layout: fixed; border-collapse: collapse; margin: 0 0 5mm;
  font-size: 10.5pt }
caption { text-align: left; font-weight: 700; padding: 1mm 0; break-after: avoid }
th, td { border: 0.5pt solid #777; padding: 1mm 1.5mm; text-align: left; vertical-align: top;
  white-space: pre-line } th.n, td.n { text-align: right } thead th { background: #eee }
tbody th { font-weight: 400 } tr { break-inside: avoid }
"""


def decomposed(text: str) -> str:
    """Return a text with each SARA AM written as its parts, and no piece too long to be laid out.

    Laying out takes time with the square of the longest piece that cannot be broken.
    """
    parts = _AM.sub("\u0e4d\\1\u0e32", text)
    for long in (_LONG, _LONG_THAI):
        parts = long.sub(lambda found: found.group() + _BREAK, parts)
    return parts


def recomposed(text: str) -> str:
    """Return a text that was taken out of the file with its SARA AM."""
    return _SPLIT_AM.sub("\\1\u0e33", text.replace(_BREAK, ""))


def is_possible() -> bool:
    """Whether this machine has Pango, which draws the letters."""
    try:
        _weasyprint()
    except OSError:
        return False
    return True


def written(document: Document) -> bytes:
    """Return the report as a PDF (PDF/UA-1).

    Raises
    ------
    ConflictError
        ``report.no_pdf``: this machine lacks Pango.
    """
    try:
        weasyprint = _weasyprint()
    except OSError:
        raise ConflictError("report.no_pdf") from None
    faces = "".join(
        f"@font-face {{ font-family: Sarabun; font-weight: {weight}; src: url(font:{name}) }}"
        for weight, name in _FILES.items()
    )
    page = html(document, f"<style>{faces}{_STYLE}</style>")
    made = weasyprint.HTML(string=page, base_url="font:", url_fetcher=_fetcher())
    pdf: bytes = made.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def html(document: Document, head: str = "") -> str:
    """Return the document as one page of HTML that needs nothing else."""
    language = document.language
    opening = "".join(_block(block, language) for block in document.opening)
    sections = "".join(
        f'<section id="{escape(section.anchor)}"><h2>{_text(section.title)}</h2>'
        + "".join(_block(block, language) for block in section.blocks)
        + "</section>"
        for section in document.sections
    )
    title = document.title
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title.text)}</title>"
        f'<meta name="author" content="{escape(document.author)}">{head}</head><body>'
        f'<header><h1 data-footer="{_text(document.footer)}">{_inline((title,), language)}</h1>'
        f"{opening}</header>{sections}</body></html>"
    )


@cache
def _weasyprint() -> Any:
    """Load what draws the pages; OSError without Pango, so not before somebody wants a PDF."""
    return import_module("weasyprint")


def _fetcher() -> Any:
    urls = import_module("weasyprint.urls")

    class FontsOnly(urls.URLFetcher):  # type: ignore[misc,name-defined]
        """Gives out the fonts of this folder and refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix("font:")
            if name not in _FILES.values():
                raise ValueError(f"refused: {url[:80]}")
            content = (FONTS / name).read_bytes()
            return urls.URLFetcherResponse(url, content, {"Content-Type": "font/ttf"})

    return FontsOnly()


def _block(block: Block, language: str) -> str:
    if isinstance(block, Heading):
        return f"<h3>{_inline(block.words, language)}</h3>"
    if isinstance(block, Paragraph):
        return f'<p class="{block.kind}">{_inline(block.words, language)}</p>'
    if isinstance(block, Bullets):
        items = "".join(f"<li>{_inline(item, language)}</li>" for item in block.items)
        return f"<ul>{items}</ul>" if items else ""
    return _table(block, language)


def _table(table: Table, language: str) -> str:
    def mark(place: int) -> str:
        return ' class="n"' if place in table.numeric else ""

    head = "".join(
        f'<th scope="col"{mark(place)}>{_text(cell)}</th>' for place, cell in enumerate(table.head)
    )
    rows = []
    for row in table.rows:
        first = f'<th scope="row"{mark(0)}>{_inline(row[0], language)}</th>'
        rest = (
            f"<td{mark(place)}>{_inline(cell, language)}</td>"
            for place, cell in enumerate(row[1:], start=1)
        )
        rows.append(f"<tr>{first}{''.join(rest)}</tr>")
    columns = "".join(f'<col style="width: {share:.1%}">' for share in widths(table))
    return (
        f"<table><caption>{_text(table.caption)}</caption>{columns}<thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _inline(parts: Words, language: str) -> str:
    return " ".join(
        f'<bdi lang="{escape(part.lang)}">{_text(part.text)}</bdi>'
        if part.lang and part.lang != language
        else _text(part.text)
        for part in parts
    )


def _text(text: str) -> str:
    return escape(decomposed(text))
