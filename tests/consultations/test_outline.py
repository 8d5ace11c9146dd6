"""Splitting a draft, correcting the split, and keys that outlive renumbering."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consultations.outline import Kind, Line, Outline, Provision, parse_outline
from consultations.outline_editing import (
    change_kind,
    merge_with_previous,
    set_heading,
    set_number,
    split_at,
)
from consultations.outline_numbering import CONTAINERS, canonical_number, recognise
from core.errors import InvalidError, NotFoundError

BILL = """บันทึกหลักการและเหตุผล
ประกอบร่างพระราชบัญญัติการมีส่วนร่วมของประชาชน พ.ศ. ....
หลักการ
ให้มีกฎหมายว่าด้วยการมีส่วนร่วมของประชาชน

ร่าง
พระราชบัญญัติ
การมีส่วนร่วมของประชาชน
มาตรา ๑ พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติการมีส่วนร่วมของประชาชน พ.ศ. ....”
มาตรา ๒ ในพระราชบัญญัตินี้ ให้นำความใน
มาตรา ๕ แห่งพระราชบัญญัติวิธีปฏิบัติราชการทางปกครองมาใช้บังคับ
(๑) ส่วนราชการ
(ก) ราชการส่วนกลาง
มาตรา ๓/๑ ให้ประชาชนเข้าถึงข้อมูลตามมาตรา ๒ ได้โดยไม่มีค่าใช้จ่าย
หมวด ๑
บททั่วไป
มาตรา ๔ ให้แก้ไขมาตรา ๙ เป็นดังต่อไปนี้
“มาตรา ๙ ผู้ใดประสงค์จะยื่นคำขอ
มาตรา ๑๐ ให้ผู้รับคำขอพิจารณา”
มาตรา ๕ ทวิ ให้หน่วยงานของรัฐเปิดเผยผลการรับฟัง
หมวด ๒ คณะกรรมการ
ส่วนที่ ๑
องค์ประกอบ
มาตรา ๖ ให้มีคณะกรรมการคณะหนึ่ง
บทเฉพาะกาล
มาตรา ๗ ให้คณะกรรมการซึ่งดำรงตำแหน่งอยู่ปฏิบัติหน้าที่ต่อไป
ผู้รับสนองพระราชโองการ
นายกรัฐมนตรี
บัญชีท้ายพระราชบัญญัติ
รายการค่าธรรมเนียม"""

SAMPLES = [
    *BILL.split("\n"),
    *("ข้อ 1.2 ให้ยื่นคำขอ", "ข้อ ๑ ในระเบียบนี้", "ภาค ๒ วิธีพิจารณา", "ลักษณะ ๑", "# แผนงาน", "### หมวด ๓"),
    *(
        "1. Short title",
        "2. Definitions",
        "2.1 In this Act",
        "(a) fee",
        "Part II – Fees",
        "Schedule 1",
    ),
    *(
        "CHAPTER I: GENERAL",
        "Article 3",
        "Section 4. Appeals",
        "Section 5 of the old Act applies",
        "x" * 200,
    ),
    *(
        "",
        "  ",
        "#",
        "“",
        "”",
        "มาตรา",
        "หมวด ๑ บททั่วไป ............ ๓",
        "ภาคผนวก ก แบบคำขอ",
        "หมายเหตุ :- เหตุผล",
    ),
]
LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(SAMPLES) | st.text("กามรต๑1. (ก)“”#:ข้อ", max_size=20),
        st.none() | st.integers(1, 4),
    ),
    max_size=25,
)


def outline(words: str) -> Outline:
    return parse_outline(Line(line) for line in words.split("\n"))


def shape(parsed: Outline) -> list[tuple[str, str | None]]:
    return [(provision.key, provision.parent_key) for provision in parsed]


def letters(parsed: Outline) -> Counter[str]:
    """Everything the outline holds, as letters without white space."""
    return Counter("".join("".join(provision.own_text.split()) for provision in parsed))


def is_consistent(parsed: Outline) -> bool:
    """Unique keys, and each provision directly under the last open one that holds it."""
    path: list[str] = []
    for provision in parsed:
        while path and path[-1] != provision.parent_key:
            path.pop()
        if provision.parent_key is not None and not path:
            return False
        path.append(provision.key)
    keys = [provision.key for provision in parsed]
    return len(set(keys)) == len(keys) and all(len(key) <= 64 and key.isascii() for key in keys)


def test_a_thai_bill_becomes_a_tree_of_its_units() -> None:
    assert shape(outline(BILL)) == [
        ("rationale", None),
        ("preamble", None),
        ("s1", None),
        ("s2", None),
        ("s3-1", None),
        ("ch1", None),
        ("s4", "ch1"),
        ("s5-bis", "ch1"),
        ("ch2", None),
        ("ch2-p1", "ch2"),
        ("s6", "ch2-p1"),
        ("transitory", None),
        ("s7", "transitory"),
        ("closing", None),
        ("annex", None),
    ]


def test_number_heading_and_body_are_told_apart() -> None:
    units = {provision.key: provision for provision in outline(BILL)}

    assert units["ch1"] == Provision("ch1", None, Kind.CHAPTER, "หมวด ๑", "บททั่วไป", "")
    assert units["s3-1"].number == "มาตรา ๓/๑"
    assert units["s3-1"].body.startswith("ให้ประชาชนเข้าถึงข้อมูลตามมาตรา ๒")
    assert units["s2"].body.endswith("(๑) ส่วนราชการ\n(ก) ราชการส่วนกลาง")


def test_a_line_that_breaks_before_a_reference_stays_in_its_section() -> None:
    assert "มาตรา ๕ แห่งพระราชบัญญัติวิธีปฏิบัติ" in outline(BILL).provisions[3].body


def test_sections_inside_a_quotation_stay_in_the_amending_section() -> None:
    assert "มาตรา ๑๐ ให้ผู้รับ" in next(unit for unit in outline(BILL) if unit.key == "s4").body


def test_a_quotation_left_open_ends_where_the_count_goes_on() -> None:
    parsed = outline("มาตรา ๑ ให้เรียกว่า “ลืมปิด\nมาตรา ๒ ให้ใช้บังคับ")

    assert [unit.key for unit in parsed] == ["s1", "s2"]


@pytest.mark.parametrize(
    "line",
    [
        "ตามมาตรา ๕ ให้ผู้ใด",
        "มาตรา ๕ และมาตรา ๖ ให้ใช้บังคับ",
        "มาตรา ๑๒ วรรคสอง",
        "มาตรา ๕ (๒) แห่งพระราชบัญญัตินี้",
        "ข้อมูลส่วนบุคคล ๕ รายการ",
        "ส่วนราชการ ๓ แห่ง",
        "หมวด ๑ บททั่วไป .......... ๓",
        "Section 5 of this Act applies",
        "section 5. Fees",
        "Partial payment 5",
        "มาตรา ๕, ๖ และ ๗",
    ],
)
def test_running_text_opens_no_unit(line: str) -> None:
    assert recognise(line) is None


@pytest.mark.parametrize(
    ("line", "kind", "number", "rest"),
    [
        ("มาตรา ๕ ผู้ใดฝ่าฝืน", Kind.SECTION, "มาตรา ๕", "ผู้ใดฝ่าฝืน"),
        ("มาตรา 5 ทวิ ผู้ใด", Kind.SECTION, "มาตรา 5 ทวิ", "ผู้ใด"),
        ("ข้อ ๑.๒ ผู้ยื่นคำขอ", Kind.CLAUSE, "ข้อ ๑.๒", "ผู้ยื่นคำขอ"),
        ("ภาค ๑ บทบัญญัติทั่วไป", Kind.BOOK, "ภาค ๑", "บทบัญญัติทั่วไป"),
        ("ลักษณะ ๒", Kind.TITLE, "ลักษณะ ๒", ""),
        ("ส่วนที่ 3 การอุทธรณ์", Kind.PART, "ส่วนที่ 3", "การอุทธรณ์"),
        ("CHAPTER IV – Fees", Kind.CHAPTER, "CHAPTER IV", "Fees"),
        ("PART ONE", Kind.BOOK, "PART ONE", ""),
        ("Section 12A. Appeals", Kind.SECTION, "Section 12A.", "Appeals"),
        ("Article 7: Entry into force", Kind.SECTION, "Article 7", "Entry into force"),
        ("Clause 3 The Minister", Kind.CLAUSE, "Clause 3", "The Minister"),
        ("Annex B Forms", Kind.ANNEX, "Annex B", "Forms"),
        ("บัญชี ๑ ท้ายกฎกระทรวง", Kind.ANNEX, "", "บัญชี ๑ ท้ายกฎกระทรวง"),
    ],
)
def test_labels_of_both_languages_are_read(line: str, kind: Kind, number: str, rest: str) -> None:
    label = recognise(line)

    assert label is not None
    assert (label.kind, label.number, label.rest) == (kind, number, rest)


def test_decimal_clauses_nest_by_their_numbers() -> None:
    parsed = outline("ข้อ ๑ คำนิยาม\nข้อ ๑.๑ คำขอ\nข้อ ๑.๒ ผู้ขอ\nข้อ ๒ การยื่น\nข้อ ๑๐.๑ อื่น")

    assert shape(parsed) == [
        ("c1", None),
        ("c1-1", "c1"),
        ("c1-2", "c1"),
        ("c2", None),
        ("c10-1", None),
    ]


def test_bare_numbers_count_only_in_sequence_and_without_labelled_sections() -> None:
    parsed = outline(
        "Fees Act\n1. Title\nThe Fees Act.\n5. is not next\nPart II Fees\n2. Fees are due."
    )

    assert [unit.key for unit in parsed] == ["preamble", "c1", "b-ii", "c2"]
    assert parsed.provisions[1].heading == "Title"
    assert "5. is not next" in parsed.provisions[1].body
    assert len(outline("มาตรา ๑ ให้ทำดังนี้\n1. หนึ่ง\n2. สอง")) == 1


def test_text_without_numbers_becomes_paragraphs_under_its_headings() -> None:
    parsed = outline("# แผน\nบรรทัดหนึ่ง\nบรรทัดสอง\n\nย่อหน้าสอง\n## เป้าหมาย\nย่อหน้าสาม")

    assert shape(parsed) == [
        ("h1", None),
        ("para1", "h1"),
        ("para2", "h1"),
        ("h2", "h1"),
        ("para3", "h2"),
    ]
    assert parsed.provisions[1].body == "บรรทัดหนึ่ง\nบรรทัดสอง"
    assert [unit.kind for unit in outline("หนึ่ง\nสอง")] == [Kind.PARAGRAPH, Kind.PARAGRAPH]


def test_blank_text_gives_an_empty_outline() -> None:
    assert len(outline("\n  \n")) == 0


@given(LINES)
def test_every_line_is_in_exactly_one_provision(lines: list[Line]) -> None:
    parsed = parse_outline(lines)

    left_out = Counter("#:–—-")
    read = Counter("".join("".join(line.text.split()) for line in lines))
    kept = letters(parsed)
    assert not kept - read
    assert set(read - kept) <= set(left_out)
    assert is_consistent(parsed)
    assert not any(unit.body for unit in parsed if unit.kind in CONTAINERS)


@given(LINES, st.data())
def test_corrections_lose_no_word_and_keep_other_keys(
    lines: list[Line], data: st.DataObject
) -> None:
    parsed = parse_outline([*lines, Line("มาตรา ๑ ให้ทำ"), Line("มาตรา ๒ ให้ทำ"), Line("วรรคสอง")])
    assume(len(parsed) > 1 and "\n" in parsed.provisions[-1].body)
    unit = data.draw(st.sampled_from(parsed.provisions[1:]))

    merged = merge_with_previous(parsed, unit.key)
    changed = change_kind(parsed, unit.key, data.draw(st.sampled_from(Kind)))
    last = parsed.provisions[-1]
    split = split_at(parsed, last.key, last.body.count("\n"))

    for corrected, gained in ((merged, -1), (changed, None), (split, 1)):
        assert letters(corrected) == letters(parsed)
        assert is_consistent(corrected)
        assert gained is None or len(corrected) == len(parsed) + gained
    assert {other.key for other in changed} >= {other.key for other in parsed}


@given(LINES)
def test_a_correction_leaves_the_rest_of_the_tree_as_it_was(lines: list[Line]) -> None:
    parsed = parse_outline([*lines, Line("มาตรา ๑ ให้ทำ")])
    last = parsed.provisions[-1]

    assert set_heading(set_heading(parsed, last.key, "x"), last.key, last.heading) == parsed


def test_splitting_reads_the_label_of_the_new_unit() -> None:
    parsed = outline("มาตรา ๑ ให้ทำ\nและมาตรา ๒\nวรรคสาม")
    first = replace(parsed.provisions[0], body="ให้ทำ\nมาตรา ๒ ห้ามทำ\nวรรคสาม")

    split = split_at(Outline((first,)), "s1", 1, used_keys={"s2"})

    assert [(unit.key, unit.number, unit.body) for unit in split] == [
        ("s1", "มาตรา ๑", "ให้ทำ"),
        ("s2x2", "มาตรา ๒", "ห้ามทำ\nวรรคสาม"),
    ]


def test_a_split_off_paragraph_stands_under_its_section() -> None:
    split = split_at(outline("มาตรา ๑ ให้ทำ\nวรรคสอง\nมาตรา ๒ ห้ามทำ"), "s1", 1)

    assert shape(split) == [("s1", None), ("para1", "s1"), ("s2", None)]


def test_a_paragraph_merged_into_a_chapter_becomes_its_heading() -> None:
    merged = merge_with_previous(outline("หมวด ๑\nบททั่วไป\nการใช้บังคับ\nมาตรา ๑ ให้ทำ"), "para1")

    assert merged.provisions[0].heading == "บททั่วไป การใช้บังคับ"


def test_corrections_that_make_no_sense_are_refused() -> None:
    parsed = outline("มาตรา ๑ ให้ทำ")

    for wrong in (0, 1, -1):
        with pytest.raises(InvalidError, match="split_outside"):
            split_at(parsed, "s1", wrong)
    with pytest.raises(InvalidError, match="nothing_before"):
        merge_with_previous(parsed, "s1")
    with pytest.raises(InvalidError, match="too_long"):
        set_number(parsed, "s1", "๑" * 65)
    with pytest.raises(NotFoundError):
        set_number(parsed, "s9", "มาตรา ๙")


def test_numbers_and_headings_can_be_set_and_taken_away() -> None:
    numbered = set_number(set_heading(outline("มาตรา ๑ ให้ทำ"), "s1", "การทำ"), "s1", "")

    assert (numbered.provisions[0].number, numbered.provisions[0].heading) == ("", "การทำ")


def test_numbers_in_both_scripts_are_the_same() -> None:
    assert canonical_number("มาตรา ๕") == canonical_number("มาตรา  5.")
    assert canonical_number("มาตรา ๕") != canonical_number("มาตรา ๕/๑")
