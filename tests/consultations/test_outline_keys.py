"""Keys that outlive renumbering, moving and editing."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.outline import Line, Outline, parse_outline
from consultations.outline_keys import assign_keys

SAMPLES = [
    *("หมวด ๑ บททั่วไป", "หมวด ๑", "ส่วนที่ ๑ องค์ประกอบ", "# แผนงาน", "บทเฉพาะกาล", "ย่อหน้าหนึ่ง", ""),
    *(
        "มาตรา ๑ ให้มีคณะกรรมการ",
        "มาตรา ๑",
        "มาตรา ๒ ให้มีคณะกรรมการ",
        "ข้อ ๑.๑ (ยกเลิก)",
        "ข้อ ๑ (ยกเลิก)",
    ),
]
LINES = st.lists(st.builds(Line, st.sampled_from(SAMPLES)), max_size=20)


def outline(words: str) -> Outline:
    return parse_outline(Line(line) for line in words.split("\n"))


def shape(parsed: Outline) -> list[tuple[str, str | None]]:
    return [(provision.key, provision.parent_key) for provision in parsed]


def renumbered(*bodies: str) -> Outline:
    return outline("\n".join(f"มาตรา {place} {body}" for place, body in enumerate(bodies, 1)))


FEE = "ผู้ยื่นคำขอต้องชำระค่าธรรมเนียมตามอัตราที่กำหนดในกฎกระทรวง"
TERM = "คณะกรรมการมีวาระการดำรงตำแหน่งคราวละสี่ปี"
DATA = "ให้หน่วยงานเปิดเผยข้อมูลต่อสาธารณชนทางระบบอิเล็กทรอนิกส์"
APPEAL = "ผู้ไม่เห็นด้วยกับคำสั่งมีสิทธิอุทธรณ์ภายในสามสิบวัน"


@settings(deadline=None)  # the first call loads the dictionary
@given(st.permutations([FEE, TERM, DATA, APPEAL]))
def test_renumbered_and_moved_sections_keep_their_keys(bodies: list[str]) -> None:
    before = renumbered(FEE, TERM, DATA, APPEAL)
    keys = {unit.body: unit.key for unit in before}

    after = assign_keys(renumbered(*bodies), before.provisions, {"s1", "s2", "s3", "s4"})

    assert [unit.key for unit in after] == [keys[body] for body in bodies]


def test_an_inserted_section_gets_a_key_never_used_before() -> None:
    before = renumbered(FEE, DATA, APPEAL)

    after = assign_keys(renumbered(FEE, TERM, DATA, APPEAL), before.provisions, {"s4", "s2x2"})

    assert [unit.key for unit in after] == ["s1", "s2x3", "s2", "s3"]


def test_an_edited_section_keeps_its_key_and_a_replaced_one_does_not() -> None:
    edited = FEE.replace("ตามอัตรา", "ภายในสิบห้าวันตามอัตรา")

    after = assign_keys(renumbered(edited, DATA), renumbered(FEE, TERM).provisions)

    assert [unit.key for unit in after] == ["s1", "s2x2"]


def test_a_renamed_chapter_that_still_holds_its_sections_keeps_its_key() -> None:
    before = outline(f"หมวด ๑ การเงิน\nมาตรา ๑ {FEE}\nหมวด ๒ องค์กร\nมาตรา ๒ {TERM}\nมาตรา ๓ {DATA}")
    after = outline(
        f"หมวด ๑ คณะกรรมการ\nมาตรา ๑ {TERM}\nมาตรา ๒ {DATA}\nหมวด ๒ การเงิน\nมาตรา ๓ {FEE}"
    )

    keyed = assign_keys(after, before.provisions)

    assert shape(keyed) == [
        ("ch2", None),
        ("s2", "ch2"),
        ("s3", "ch2"),
        ("ch1", None),
        ("s1", "ch1"),
    ]


@settings(deadline=None)
@given(LINES, LINES)
def test_no_key_is_given_twice(old: list[Line], new: list[Line]) -> None:
    before, after = parse_outline(old), parse_outline(new)

    keyed = assign_keys(after, before.provisions, {"s1", "s2x2"})

    given_keys = [unit.key for unit in keyed]
    assert len(set(given_keys)) == len(given_keys)
    assert {unit.parent_key for unit in keyed} <= {None, *given_keys}
    assert [replace(unit, key="", parent_key=None) for unit in keyed] == [
        replace(unit, key="", parent_key=None) for unit in after
    ]
    assert assign_keys(before, before.provisions) == before
