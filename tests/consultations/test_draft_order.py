"""Order and lasting keys of a draft's clauses under every correction."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from sqlalchemy.orm import Session

from consultations import drafting
from consultations.drafting import ClauseWords, placing
from consultations.outline import Line, parse_outline
from consultations.outline_editing import change_kind, merge_with_previous, split_at
from consultations.outline_numbering import Kind
from consultations.outline_tree import Outline, Provision
from core.errors import InvalidError, NotFoundError
from core.keyring import Keyring
from tests.consultations.drafts import (
    TEXT,
    Desk,
    answering,
    imported,
    keys,
    opened,
    preparing,
    stored,
)

OUTLINE = parse_outline(Line(line) for line in TEXT.splitlines())


def order(outline: Outline) -> list[str]:
    return [provision.key for provision in outline]


def holders(outline: Outline) -> dict[str, str | None]:
    return {provision.key: provision.parent_key for provision in outline}


def test_a_clause_passes_its_neighbour() -> None:
    assert order(placing.moved(OUTLINE, "s4", up=True))[-2:] == ["s4", "s3"]
    assert order(placing.moved(OUTLINE, "s3", up=False))[-2:] == ["s4", "s3"]


def test_a_clause_at_the_edge_of_a_chapter_goes_on_into_the_next() -> None:
    up = placing.moved(OUTLINE, "s3", up=True)
    assert order(up) == ["preamble", "ch1", "s1", "s2", "s3", "ch2", "s4"]
    assert holders(up)["s3"] == "ch1"
    down = placing.moved(OUTLINE, "s2", up=False)
    assert order(down) == ["preamble", "ch1", "s1", "ch2", "s2", "s3", "s4"]
    assert holders(down)["s2"] == "ch2"


@pytest.mark.parametrize(("key", "up"), [("ch2", True), ("ch1", False)])
def test_a_chapter_moves_with_all_it_holds(key: str, up: bool) -> None:
    moved = placing.moved(OUTLINE, key, up=up)
    assert order(moved) == ["preamble", "ch2", "s3", "s4", "ch1", "s1", "s2"]
    assert holders(moved) == holders(OUTLINE)


def test_nothing_moves_beyond_the_ends() -> None:
    for key, up in (("preamble", True), ("s4", False), ("ch2", False)):
        with pytest.raises(InvalidError, match="at_the_end"):
            placing.moved(OUTLINE, key, up=up)
    with pytest.raises(NotFoundError, match=r"clause\.unknown"):
        placing.moved(OUTLINE, "s9", up=True)


def test_what_a_removed_chapter_held_belongs_to_the_one_before() -> None:
    left = placing.removed(OUTLINE, "ch2")
    assert order(left) == ["preamble", "ch1", "s1", "s2", "s3", "s4"]
    assert {holders(left)[key] for key in ("s3", "s4")} == {"ch1"}


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=12))
@settings(deadline=None)
def test_moving_keeps_every_unit_once_and_behind_its_holder(moves: list[tuple[int, bool]]) -> None:
    outline = OUTLINE
    for place, up in moves:
        key = outline.provisions[place % len(outline)].key
        try:
            outline = placing.moved(outline, key, up=up)
        except InvalidError:
            continue
        seen: set[str | None] = {None}
        for provision in outline:
            assert provision.parent_key in seen
            seen.add(provision.key)
    assert sorted(order(outline)) == sorted(order(OUTLINE))


@pytest.mark.parametrize(
    ("number", "kind", "key"),
    [
        ("มาตรา ๒/๑", "section", "s2-1"),
        ("ข้อ ๕", "clause", "c5"),
        ("หมวด ๓", "chapter", "ch3"),
        ("", "paragraph", "para1"),
    ],
)
def test_a_new_clause_is_what_its_number_says(
    session: Session, keyring: Keyring, number: str, kind: str, key: str
) -> None:
    desk = preparing(session, keyring)
    draft = imported(session, desk)
    words = ClauseWords(number=number, heading="เพิ่ม", explanation_en="Why.")
    made = drafting.add_after(session, desk.staff.officer, draft.id, "s2", words)
    assert (made.key, made.kind, made.explanation_en) == (key, kind, "Why.")
    found = keys(session, draft)
    assert found[found.index("s2") + 1] == key


def answering_with(session: Session, keyring: Keyring) -> Desk:
    return answering(session, keyring, ["ให้มีคณะกรรมการหนึ่งคณะ", "คณะกรรมการประชุมทุกเดือน", "ยกเลิก"])


def test_a_new_clause_never_gets_the_key_of_another_one(session: Session, keyring: Keyring) -> None:
    desk = answering_with(session, keyring)
    draft, officer = opened(session, desk), desk.staff.officer
    drafting.remove_clause(session, officer, draft.id, "s2")
    words = ClauseWords(number="มาตรา ๒", body="ผู้ใดฝ่าฝืนต้องระวางโทษปรับ")
    made = drafting.add_after(session, officer, draft.id, "s1", words)
    assert made.key == "s2x2"
    drafting.correct_split(
        session, officer, draft.id, lambda outline: change_kind(outline, "s1", Kind.SECTION)
    )
    drafting.write_clause(
        session, officer, draft.id, "s1", ClauseWords(body="หนึ่ง\nมาตรา ๒ ห้ามจอดรถบนทางเท้า")
    )
    drafting.correct_split(session, officer, draft.id, lambda outline: split_at(outline, "s1", 1))
    assert keys(session, draft) == ["s1", "s2x3", "s2x2", "s3"]


def test_a_clause_that_was_joined_by_mistake_gets_its_key_back(
    session: Session, keyring: Keyring
) -> None:
    desk = answering_with(session, keyring)
    draft, officer = opened(session, desk), desk.staff.officer
    drafting.correct_split(
        session, officer, draft.id, lambda outline: merge_with_previous(outline, "s2")
    )
    assert keys(session, draft) == ["s1", "s3"]
    drafting.correct_split(session, officer, draft.id, lambda outline: split_at(outline, "s1", 1))
    assert keys(session, draft) == ["s1", "s2", "s3"]
    assert stored(session, draft)[1].body == "คณะกรรมการประชุมทุกเดือน"


def test_a_removed_clause_that_is_written_again_gets_its_key_back(
    session: Session, keyring: Keyring
) -> None:
    desk = answering_with(session, keyring)
    draft, officer = opened(session, desk), desk.staff.officer
    drafting.remove_clause(session, officer, draft.id, "s2")
    words = ClauseWords(number="มาตรา ๒", body="คณะกรรมการประชุมทุกเดือนเว้นเดือน")
    assert drafting.add_after(session, officer, draft.id, "s1", words).key == "s2"


def test_order_is_stored_on_both_databases(session: Session, keyring: Keyring) -> None:
    desk = preparing(session, keyring)
    draft, officer = imported(session, desk), desk.staff.officer
    for key, up in (("s4", True), ("ch2", True), ("s1", False), ("preamble", False)):
        drafting.move_clause(session, officer, draft.id, key, up=up)
    drafting.remove_clause(session, officer, draft.id, "s2")
    assert sorted(keys(session, draft)) == ["ch1", "ch2", "preamble", "s1", "s3", "s4"]


def test_a_heading_stays_as_deep_as_it_was() -> None:
    units = (
        Provision("h1", None, Kind.HEADING, "", "One", ""),
        Provision("h2", "h1", Kind.HEADING, "", "Inner", ""),
        Provision("para1", "h2", Kind.PARAGRAPH, "", "", "Words"),
        Provision("para2", "h2", Kind.PARAGRAPH, "", "", "More"),
    )
    moved = placing.moved(Outline(units), "para2", up=True)
    assert holders(moved) == {"h1": None, "h2": "h1", "para1": "h2", "para2": "h2"}
