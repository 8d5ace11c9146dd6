"""What changed between two versions: clause by clause, then word by word."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.comparison import Comparison, Mark, compare
from consultations.word_difference import Piece, difference
from core.text import is_mark


@dataclass(frozen=True)
class Unit:
    key: str
    parent_key: str | None = None
    number: str = ""
    heading: str = ""
    body: str = ""


def units(keys: str, parent: str | None = None) -> list[Unit]:
    return [Unit(key, parent, body=f"เนื้อความ {key}") for key in keys]


def marks(comparison: Comparison) -> dict[str, set[str]]:
    return {change.key: {mark.value for mark in change.marks} for change in comparison.changes}


def with_mark(comparison: Comparison, mark: Mark) -> str:
    return "".join(change.key for change in comparison.with_mark(mark))


def test_equal_versions_are_unchanged_throughout() -> None:
    comparison = compare(units("abc"), units("abc"))

    assert with_mark(comparison, Mark.UNCHANGED) == "abc"


def test_an_inserted_clause_moves_nothing() -> None:
    comparison = compare(units("abcd"), units("xabcd"))

    assert marks(comparison)["x"] == {"new"}
    assert with_mark(comparison, Mark.MOVED) == ""


def test_only_the_clause_that_changed_its_place_is_moved() -> None:
    assert with_mark(compare(units("abcdef"), units("bcdeaf")), Mark.MOVED) == "a"


def test_marks_combine() -> None:
    before = [Unit("a", number="มาตรา ๑", body="ก"), Unit("b", number="มาตรา ๒"), Unit("c")]
    after = [Unit("b", number="มาตรา 2"), Unit("c"), Unit("a", number="มาตรา ๓", body="ข")]

    found = marks(compare(before, after))

    assert found == {"a": {"edited", "moved", "renumbered"}, "b": {"unchanged"}, "c": {"unchanged"}}


@pytest.mark.parametrize(
    ("body", "expected"), [("ก  ข\nค", "unchanged"), ("ก ขค", "edited"), ("ก ข", "edited")]
)
def test_white_space_alone_is_no_edit_but_every_word_is(body: str, expected: str) -> None:
    comparison = compare([Unit("a", body="ก ข ค")], [Unit("a", body=body)])

    assert marks(comparison)["a"] == {expected}


def test_removed_clauses_stand_where_they_stood() -> None:
    comparison = compare(units("abcde"), units("bxe"))

    assert [change.key for change in comparison.changes] == ["a", "b", "c", "d", "x", "e"]
    assert with_mark(comparison, Mark.REMOVED) == "acd"


def test_a_removed_clause_does_not_travel_with_a_moved_neighbour() -> None:
    comparison = compare(units("abrcd"), units("acdb"))

    assert [change.key for change in comparison.changes] == ["a", "r", "c", "d", "b"]


def test_a_moved_chapter_does_not_mark_what_it_holds() -> None:
    first, second = [Unit("F"), *units("abc", "F")], [Unit("S"), *units("de", "S")]

    assert with_mark(compare(first + second, second + first), Mark.MOVED) in {"S", "F"}


def test_a_new_chapter_heading_moves_nothing() -> None:
    before = [Unit("F"), *units("abcd", "F")]
    after = [Unit("F"), *units("ab", "F"), Unit("N"), *units("cd", "N")]

    assert with_mark(compare(before, after), Mark.MOVED) == ""
    assert with_mark(compare(after, before), Mark.MOVED) == ""
    assert with_mark(compare(units("abcd"), before), Mark.MOVED) == ""


def test_a_clause_in_another_surviving_chapter_is_moved() -> None:
    before = [Unit("F"), *units("ab", "F"), Unit("S"), *units("c", "S")]
    after = [Unit("F"), *units("a", "F"), Unit("S"), *units("bc", "S")]

    assert with_mark(compare(before, after), Mark.MOVED) == "b"


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    st.lists(st.sampled_from("abcdefgh"), unique=True),
)
def test_every_clause_is_listed_once_in_the_order_of_the_new_version(
    old: list[str], new: list[str]
) -> None:
    comparison = compare(units("".join(old)), units("".join(new)))

    moved = with_mark(comparison, Mark.MOVED)
    listed = [change.key for change in comparison.changes]
    assert sorted(listed) == sorted({*old, *new})
    assert [key for key in listed if key in new] == new
    stayed = [key for key in new if key in old and key not in moved]
    assert stayed == [key for key in old if key in stayed]


PARTS = ["ให้", "ประชาชน", "ต้อง", "กฎหมาย", "ที่", "ฯ", " ", "\n", "30", "law", "\u0e49"]
WORDINGS = st.lists(st.sampled_from(PARTS) | st.text(max_size=6), max_size=30).map("".join)


def joined(pieces: list[Piece], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@settings(deadline=None)  # the first call loads the dictionary
@given(WORDINGS, WORDINGS)
def test_a_difference_holds_both_wordings(before: str, after: str) -> None:
    pieces = difference(before, after)

    assert joined(pieces, "same", "removed") == before
    assert joined(pieces, "same", "added") == after
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert all(left != right for left, right in pairwise(kinds))
    assert ("added", "removed") not in list(pairwise(kinds))


@settings(deadline=None)
@given(WORDINGS, WORDINGS)
def test_no_piece_parts_a_mark_from_its_letter(before: str, after: str) -> None:
    for kind, whole in (("removed", before), ("added", after)):
        place = 0
        for piece in difference(before, after):
            if piece.kind in ("same", kind):
                assert place == 0 or not is_mark(whole[place])
                place += len(piece.text)


def test_thai_words_are_compared_whole() -> None:
    pieces = difference(
        "ให้หน่วยงานรับฟังความคิดเห็นไม่น้อยกว่าสิบห้าวัน", "ให้หน่วยงานรับฟังความคิดเห็นของประชาชนไม่น้อยกว่าสามสิบวัน"
    )

    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "ให้หน่วยงานรับฟังความคิดเห็น"),
        ("added", "ของประชาชน"),
        ("same", "ไม่น้อยกว่า"),
        ("removed", "สิบห้า"),
        ("added", "สามสิบ"),
        ("same", "วัน"),
    ]


def test_a_short_word_between_two_changes_is_read_with_them() -> None:
    pieces = difference("the old man of yesterday said no", "the new law of tomorrow said no")

    assert [piece.text for piece in pieces] == [
        "the ",
        "old man of yesterday",
        "new law of tomorrow",
        " said no",
    ]


def test_equal_and_empty_wordings() -> None:
    assert difference("ก", "ก") == [Piece("same", "ก")]
    assert difference("", "") == []
    assert difference("", "ก") == [Piece("added", "ก")]


@pytest.mark.parametrize("separator", [" ", "\n"])
def test_long_repetitive_wordings_are_compared_coarsely_but_completely(separator: str) -> None:
    before = separator.join(f"ข้อความ {place % 7}" for place in range(4_000))
    after = separator.join(f"ข้อความ {place % 5}" for place in range(4_000))

    pieces = difference(before, after)

    assert joined(pieces, "same", "removed") == before
    assert joined(pieces, "same", "added") == after


def test_a_word_changed_in_a_long_text_is_still_found() -> None:
    lines = [f"{place} ให้ผู้ขอ ยื่นคำขอ ต่อหน่วยงาน ตามแบบ {place}" for place in range(1_500)]
    changed = [
        "ใหม่ " + lines[0],
        *lines[1:750],
        lines[750].replace("ตามแบบ", "โดยวาจา"),
        *lines[751:],
        "ใหม่",
    ]

    pieces = difference("\n".join(lines), "\n".join(changed))

    assert joined(pieces, "removed") == "ตามแบบ"
    assert joined(pieces, "added").replace("โดยวาจา", "").split() == ["ใหม่", "ใหม่"]
