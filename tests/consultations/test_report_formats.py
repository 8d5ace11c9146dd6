"""The results report in each format: the same words, in order, whatever people have written."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import _Cell
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from consultations.reporting import document, docx_file, pdf_file
from consultations.reporting.document import Document, Section
from core.errors import ConflictError

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
THAI = "น้ำใจ ทำ ก่ำ ค้ำ ป่า ฎีกา ปั๊ม กตัญญู ที่ปรึกษา กรรมการ"
HOSTILE = (
    "\x00\x08\x0b\x1b[31m control",
    "\ud800 lone \ufffe \uffff",
    "x" * 4000,
    "\u202egnp.exe \u2066isolated",
    "=HYPERLINK(1) +1 -2 @SUM",
    "<script>alert(1)</script> & ]]> &#0;",
    "ก" + "\u0e49" * 200,
    "🏳️‍🌈 👩‍👩‍👧 \u200b\ufeff",
    "]{}\\ %s %(x)s {{ 7*7 }}",
)


def made(*texts: str, language: str = "th") -> Document:
    """A document with the texts in every place that holds words."""
    blocks = []
    for text in texts:
        foreign = document.run(text, "en")
        blocks += [
            document.heading(text),
            document.paragraph(text, foreign, kind="quote"),
            document.bullets([(text,), (foreign,)]),
            document.table(text, ("First", text), [(text, foreign), ("", text)], (1,)),
        ]
    first = texts[0]
    return Document(
        language,
        document.run(first),
        document.run(first).text,
        (document.paragraph(first, kind="lead"),),
        (Section("part", document.run(first).text, tuple(blocks)),),
        document.run(first).text[:80],
    )


def texts_of(data: bytes) -> list[str]:
    """Return all texts of a DOCX in their order, as an office program reads them."""
    found: list[str] = []
    for block in docx.Document(io.BytesIO(data)).iter_inner_content():
        if hasattr(block, "rows"):
            cells = [cell for row in block._tbl.tr_lst for cell in row.tc_lst]
            found += [_Cell(cell, block).text for cell in cells]
        else:
            found.append(block.text)
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


def extracted(data: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    return pdf_file.recomposed("\n".join(pages))


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("language", ["th", "en"])
def test_text_taken_out_of_the_pdf_is_the_text_that_was_put_in(language: str) -> None:
    source = made(THAI, "English words of a citizen.", "ทั้งหมด 12 ข้อ (๑๒)", language=language)

    pieces = squeezed(extracted(pdf_file.written(source)))

    for text in document.plain(source):
        assert squeezed(text) in pieces


@pytest.mark.usefixtures("pango")
def test_the_pdf_is_tagged_and_says_its_language_title_and_author() -> None:
    reader = PdfReader(io.BytesIO(pdf_file.written(made(THAI))))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "th"
    assert "/StructTreeRoot" in root
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == THAI


@pytest.mark.usefixtures("pango")
def test_the_pdf_holds_only_the_fonts_of_the_program() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(pdf_file.written(made(THAI)))).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("Sarabun" in name for name in fonts)


@pytest.mark.usefixtures("pango")
def test_no_address_is_fetched_but_those_of_the_fonts() -> None:
    fetcher = pdf_file._fetcher()
    for address in ("https://example.org/x.png", "file:///etc/passwd", "font:../../x", "data:,x"):
        with pytest.raises(ValueError, match="refused"):
            fetcher.fetch(address)


def test_without_the_library_that_draws_letters_a_pdf_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(pdf_file, "_weasyprint", missing)
    assert not pdf_file.is_possible()
    with pytest.raises(ConflictError, match=r"report\.no_pdf"):
        pdf_file.written(made(THAI))


def test_a_sara_am_comes_back_from_its_parts() -> None:
    words = "น้ำ ก่ำ ทำ ค้ำ ปํา"
    assert pdf_file.recomposed(pdf_file.decomposed("น้ำ ก่ำ ทำ ค้ำ")) == "น้ำ ก่ำ ทำ ค้ำ"
    assert "\u0e33" not in pdf_file.decomposed(words)


def test_the_docx_says_what_the_document_says_in_the_same_order() -> None:
    source = made(THAI, "English words of a citizen.")
    assert [t for t in texts_of(docx_file.written(source, AT)) if t] == [
        text for text in document.plain(source) if text
    ]


def test_the_docx_has_real_headings_and_table_heads() -> None:
    file = docx.Document(io.BytesIO(docx_file.written(made(THAI), AT)))
    styles = [line.style.name for line in file.paragraphs if line.style]
    assert styles[0] == "Title"
    assert {"Heading 1", "Heading 2", "List Bullet"} <= set(styles)
    first, *others = file.tables[0]._tbl.tr_lst
    assert first.trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:tblHeader")) is None for row in others)


def test_thai_in_the_docx_has_a_font_a_size_and_a_language_of_its_own() -> None:
    file = docx.Document(io.BytesIO(docx_file.written(made(THAI), AT)))
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet"):
        properties = file.styles[name].element.rPr
        assert properties.find(qn("w:rFonts")).get(qn("w:cs")) == "TH SarabunPSK"
        assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
        size = properties.find(qn("w:sz")).get(qn("w:val"))
        assert properties.find(qn("w:szCs")).get(qn("w:val")) == size
    assert file.core_properties.language == "th-TH"
    assert file.core_properties.title == THAI


@pytest.mark.usefixtures("pango")
def test_hostile_words_break_no_format() -> None:
    source = made(*HOSTILE)

    word, pdf = docx_file.written(source, AT), pdf_file.written(made(*HOSTILE[3:6]))

    assert zipfile.ZipFile(io.BytesIO(word)).testzip() is None
    shown = "".join(texts_of(word))
    assert "\u202e" not in shown
    assert "\x00" not in shown
    for hostile in HOSTILE:
        paged = pdf_file.written(made(hostile[:500]))
        assert PdfReader(io.BytesIO(paged)).pages
    assert "<script>alert(1)</script>" in shown
    assert "<script>alert(1)</script>" in squeezed(extracted(pdf))


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_can_stand_in_a_document(first: str, second: str) -> None:
    source = made(first, second)
    assert [t for t in texts_of(docx_file.written(source, AT)) if t] == [
        text for text in document.plain(source) if text
    ]
    assert pdf_file.html(source).count("<table>") == 2


def test_columns_share_the_width_of_a_table() -> None:
    shown = document.table("x", ("a", "b"), [("short", "a very long cell " * 40)], ())
    narrow, wide = document.widths(shown)
    assert narrow + wide == pytest.approx(1)
    assert 0.15 < narrow < wide
