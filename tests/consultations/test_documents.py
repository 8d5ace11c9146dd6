"""Reading uploaded drafts: text in its encodings, Word with its habits, and files that bite."""

import io
import zipfile
from contextlib import suppress

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations import documents, office_archive
from consultations.documents import decode_text, read_document
from consultations.office_numbering import _formatted
from consultations.outline import parse_outline
from core.errors import InvalidError

THAI = "มาตรา ๑ พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติการรับฟัง”\nมาตรา ๒ ให้ใช้บังคับ"
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def lines(data: bytes, filename: str) -> list[str]:
    return [line.text for line in read_document(data, filename) if line.text]


def refusal(data: bytes, filename: str = "draft.docx") -> str:
    with pytest.raises(InvalidError) as refused:
        read_document(data, filename)
    assert refused.value.field == "file"
    return refused.value.code


def package(body: str, *, before: str = "", types: str = "", **members: bytes) -> bytes:
    """Return a minimal .docx around the XML of a body."""
    content_types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{types}'
        f'<Override PartName="/word/document.xml" ContentType="{DOCUMENT_TYPE}"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    document = f"{before}<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", content_types)
        archive.writestr("_rels/.rels", relations)
        archive.writestr("word/document.xml", document)
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_thai_text_is_read_in_its_usual_encodings(encoding: str) -> None:
    assert lines(THAI.encode(encoding), "ร่าง.TXT") == THAI.split("\n")


@pytest.mark.parametrize(
    "data",
    [
        "Un été à Genève, où l'on dîne".encode("latin-1"),
        "Größe, Straße, Übung".encode("latin-1"),
        "Привет, мир".encode("koi8-r"),
        "日本語のテキスト".encode("shift-jis"),
        THAI.encode("utf-16-le"),
        THAI.encode("utf-8")[:-1] + b"\xff",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"\xff\xfe\x00",
    ],
)
def test_text_in_another_encoding_is_refused(data: bytes) -> None:
    assert refusal(data, "a.txt") == "document.encoding"


@given(st.text("กขคงนมยรลวสหอ ะาิีุู่้เแโ", min_size=1))
def test_thai_bytes_are_read_as_windows_874_or_refused(words: str) -> None:
    data = words.encode("cp874")
    try:
        expected = data.decode("utf-8")
    except UnicodeDecodeError:
        expected = words
    with suppress(InvalidError):
        assert decode_text(data) == expected


def test_invisible_differences_of_encoding_are_levelled() -> None:
    assert lines("น\u0e4d\u0e49\u0e32  เเม่\tน้ำ\r\n\x0b\ufeffข".encode(), "a.md") == [
        "น้ำ แม่ น้ำ",
        "ข",
    ]


@pytest.mark.parametrize("name", ["a.pdf", "a.docm", "a.doc", "a", "docx", "a.docx.html"])
def test_other_kinds_of_files_are_refused(name: str) -> None:
    assert refusal(b"x", name) == "document.kind"


def test_empty_and_oversized_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b" \n", "a.txt") == "document.empty"
    assert refusal(package("<w:p/>")) == "document.empty"
    monkeypatch.setattr(documents, "MAX_CHARACTERS", 10)
    assert refusal(b"12345678901", "a.txt") == "document.too_long"
    monkeypatch.setattr(documents, "MAX_CHARACTERS", 100)
    monkeypatch.setattr(documents, "MAX_LINES", 3)
    assert refusal(b"1\n2\n3\n4", "a.txt") == "document.too_long"
    monkeypatch.setattr(documents, "MAX_BYTES", 3)
    assert refusal(b"1234", "a.txt") == "document.too_large"


def test_headings_paragraphs_and_tables_are_read_in_order() -> None:
    document = docx.Document()
    document.add_heading("หมวด ๑ บททั่วไป", 1)
    document.add_paragraph("มาตรา ๑ ให้ใช้บังคับ\nบรรทัดใหม่")
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ("รายการ", "อัตรา", "คำขอ", "๕๐ บาท"), strict=True):
        cell.text = words
    document.add_paragraph("ท้ายตาราง")

    read = [line for line in read_document(saved(document), "a.docx") if line.text]

    assert [line.text for line in read] == [
        *(
            "หมวด ๑ บททั่วไป",
            "มาตรา ๑ ให้ใช้บังคับ",
            "บรรทัดใหม่",
            "รายการ | อัตรา",
            "คำขอ | ๕๐ บาท",
            "ท้ายตาราง",
        ),
    ]
    assert [line.heading_level for line in read] == [1, None, None, None, None, None]
    assert [unit.key for unit in parse_outline(read)] == ["ch1", "s1"]


def numbering(*levels: tuple[str, str]) -> str:
    described = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for place, (form, pattern) in enumerate(levels)
    )
    return f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{described}</w:abstractNum>'


def numbered(document: object, words: str, level: int, number_id: int = 90) -> None:
    added = document.add_paragraph(words)  # type: ignore[attr-defined]
    added._p.get_or_add_pPr().append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/>'
            f'<w:numId w:val="{number_id}"/></w:numPr>'
        )
    )


def test_automatic_numbers_are_written_out() -> None:
    document = docx.Document()
    root = document.part.numbering_part.element
    root.insert(
        0,
        parse_xml(
            numbering(("thaiNumbers", "มาตรา %1"), ("thaiLetters", "(%2)"), ("decimal", "%1.%3"))
        ),
    )
    for number_id, override in (
        (90, ""),
        (91, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'),
    ):
        root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number_id}">'
                f'<w:abstractNumId w:val="90"/>{override}</w:num>'
            )
        )
    for words, level, number_id in (
        ("ก", 0, 90),
        ("ข", 1, 90),
        ("ค", 1, 90),
        ("ง", 0, 90),
        ("จ", 1, 90),
        ("ฉ", 2, 90),
        ("ช", 0, 91),
        ("ซ", 0, 91),
        ("ฌ", 0, 77),
    ):
        numbered(document, words, level, number_id)

    assert lines(saved(document), "a.docx") == [
        *(
            "มาตรา ๑ ก",
            "(ก) ข",
            "(ข) ค",
            "มาตรา ๒ ง",
            "(ก) จ",
            "๒.1 ฉ",
            "มาตรา ๕ ช",
            "มาตรา ๖ ซ",
            "ฌ",
        ),
    ]


@pytest.mark.parametrize(
    ("value", "form", "printed"),
    [
        *((4, "upperRoman", "IV"), (1990, "lowerRoman", "mcmxc"), (4000, "lowerRoman", "4000")),
        *((3, "lowerLetter", "c"), (28, "upperLetter", "BB"), (0, "lowerLetter", "0")),
        *(
            (4, "thaiLetters", "ง"),
            (12, "thaiNumbers", "๑๒"),
            (7, "decimalZero", "07"),
            (7, "chicago", "7"),
        ),
    ],
)
def test_numbers_are_printed_as_word_prints_them(value: int, form: str, printed: str) -> None:
    assert _formatted(value, form) == printed


def test_a_style_can_carry_the_number_and_a_bullet_has_none() -> None:
    document = docx.Document()
    document.add_paragraph("รายการ", style="List Bullet")
    document.add_paragraph("ข้อแรก", style="List Number")
    document.add_paragraph("ข้อสอง", style="List Number")

    assert lines(saved(document), "a.docx") == ["รายการ", "1. ข้อแรก", "2. ข้อสอง"]


def test_insertions_are_kept_and_deletions_hidden_text_and_names_are_not() -> None:
    body = (
        '<w:p><w:r><w:t>เดิม</w:t></w:r><w:ins w:author="ผู้แก้"><w:r><w:t>เพิ่ม</w:t></w:r></w:ins>'
        '<w:del w:author="ผู้แก้"><w:r><w:delText>ลบ</w:delText></w:r></w:del>'
        "<w:moveFrom><w:r><w:t>ย้าย</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ซ่อน</w:t></w:r>"
        "<w:r><w:instrText>DATE</w:instrText></w:r><w:hyperlink><w:r><w:t>ลิงก์</w:t></w:r></w:hyperlink></w:p>"
        "<w:del><w:p><w:r><w:t>ทั้งย่อหน้า</w:t></w:r></w:p></w:del>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>ในกรอบ</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )

    assert lines(package(body), "a.docx") == ["เดิมเพิ่มลิงก์", "ในกรอบ"]


def test_markup_in_the_text_stays_text() -> None:
    assert lines(package(paragraph("&lt;script&gt;alert(1)")), "a.docx") == ["<script>alert(1)"]


def test_text_boxes_and_frames_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('ในกล่อง')}</w:txbxContent>"
    fallback = f'<m:Fallback xmlns:m="http://schemas.openxmlformats.org/markup-compatibility/2006">{box}</m:Fallback>'
    frame = f"<w:tbl><w:tr><w:tc>{paragraph('หนึ่ง')}{paragraph('สอง')}</w:tc></w:tr></w:tbl>"
    body = f"<w:p><w:r><w:t>นอก</w:t></w:r><w:r>{box}{fallback}</w:r></w:p>{frame}"

    assert lines(package(body), "a.docx") == ["นอก", "ในกล่อง", "หนึ่ง", "สอง"]


DOCTYPE = '<!DOCTYPE w [<!ENTITY a "lol">]>'
BOMB = b"0" * 2_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 nothing", "damaged"),
        (package(paragraph("x"))[:-10], "damaged"),
        (package("<w:p>"), "damaged"),
        (package(paragraph("&a;"), before=DOCTYPE), "unsafe"),
        (package("<w:p>" * 300 + "</w:p>" * 300), "unsafe"),
        (package(paragraph("x"), **{"../../tmp/x": b"x"}), "unsafe"),
        (package(paragraph("x"), **{"/abs": b"x"}), "unsafe"),
        (package(paragraph("x"), **{"..\\w": b"x"}), "unsafe"),
        (package(paragraph("x"), **{"word/media/a.bin": BOMB}), "unsafe"),
        (package(paragraph("x"), **{f"m{place}": b"" for place in range(1_000)}), "unsafe"),
        (package(paragraph("x"), **{"word/vbaProject.bin": b"x"}), "macros"),
        (
            package(
                paragraph("x"), types='<Default Extension="b" ContentType="a/b.macroEnabled"/>'
            ),
            "macros",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_or_protected"),
    ],
)
def test_damaged_and_hostile_archives_are_refused(data: bytes, code: str) -> None:
    assert refusal(data) == f"document.{code}"


def test_links_and_encrypted_members_are_refused() -> None:
    link = zipfile.ZipInfo("word/document.xml")
    link.external_attr = 0o120777 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal(stream.getvalue()) == "document.unsafe"

    data = bytearray(package(paragraph("x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == "document.encrypted"


def test_too_much_xml_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = package(paragraph("x") * 100)
    monkeypatch.setattr(office_archive, "MAX_NODES", 200)
    assert refusal(data) == "document.unsafe"
    monkeypatch.setattr(office_archive, "MAX_XML_BYTES", 2_000)
    assert refusal(data) == "document.unsafe"


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_broken_word_file_is_refused_and_never_crashes(data: st.DataObject) -> None:
    document = bytearray(
        package(paragraph("มาตรา ๑") + f"<w:tbl><w:tr><w:tc>{paragraph('ก')}</w:tc></w:tr></w:tbl>")
    )
    for _ in range(data.draw(st.integers(1, 4))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))

    with suppress(InvalidError):
        assert read_document(bytes(document), "a.docx")
