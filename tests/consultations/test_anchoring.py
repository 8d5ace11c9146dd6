"""Quoted words: found exactly, or reported as changed, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.anchoring import Anchor, AnchorState, Quote, find_in, make_quote, resolve
from core.errors import InvalidError
from core.text import is_mark

BODY = (
    "ให้หน่วยงานของรัฐจัดให้มีการรับฟังความคิดเห็นของประชาชนไม่น้อยกว่าสิบห้าวัน "
    "และต้องเปิดเผยผลการรับฟังความคิดเห็นต่อประชาชนภายในสามสิบวัน\n"
    "ผู้ใดฝ่าฝืนต้องระวางโทษปรับไม่เกินหนึ่งหมื่นบาท"
)
TEXT = st.text(st.sampled_from("กขคิ้ ab\n"), max_size=60)


def quoted(words: str, body: str = BODY) -> Quote:
    start = body.index(words)
    return make_quote(body, start, start + len(words))


def words_at(anchor: Anchor, body: str) -> str:
    return body[slice(anchor.start, anchor.end)]


@given(TEXT, st.integers(0, 60), st.integers(0, 60))
def test_a_quote_is_the_words_at_its_start(body: str, start: int, end: int) -> None:
    try:
        quote = make_quote(body, start, end)
    except InvalidError:
        return

    stop = quote.start + len(quote.exact)
    assert body[quote.start : stop] == quote.exact
    assert body[: quote.start].endswith(quote.prefix)
    assert body[stop:].startswith(quote.suffix)
    assert stop == len(body) or not is_mark(body[stop])
    assert resolve(quote, body) == Anchor(AnchorState.KEPT, quote.start, stop)
    assert find_in(body, quote.exact, quote.prefix, quote.suffix, quote.start) == quote


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (0, 500, "outside"),
        (-1, 5, "outside"),
        (5, 4, "outside"),
        (3, 3, "empty"),
        (75, 76, "empty"),
    ],
)
def test_a_stretch_without_words_is_no_quote(start: int, end: int, code: str) -> None:
    with pytest.raises(InvalidError, match=code):
        make_quote(BODY, start, end)


def test_a_quote_longer_than_a_page_is_refused() -> None:
    with pytest.raises(InvalidError, match="too_long"):
        make_quote("ก" * 3_000, 0, 2_500)


def test_a_selection_does_not_part_a_mark_from_its_letter() -> None:
    assert make_quote("ค่าที่สุด", 1, 4).exact == "ค่าที่"


def test_a_browser_may_send_other_white_space() -> None:
    sent = "ภายในสามสิบวัน\r\n\r\n ผู้ใดฝ่าฝืน"

    assert find_in(BODY, sent, "", "") == quoted("ภายในสามสิบวัน\nผู้ใดฝ่าฝืน")


@pytest.mark.parametrize("sent", ["ภายในสามสิบวันผู้ใด", "ไม่น้อยกว่าสามสิบวัน", "", "  ", "x"])
def test_words_that_are_not_there_are_not_found(sent: str) -> None:
    assert find_in(BODY, sent, "", "", 0) is None


def test_context_chooses_among_equal_words() -> None:
    first, second = (BODY.index("ประชาชน"), BODY.rindex("ประชาชน"))

    assert find_in(BODY, "ประชาชน", "ความคิดเห็นของ", "") == make_quote(BODY, first, first + 7)
    assert find_in(BODY, "ประชาชน", "", "ภายใน") == make_quote(BODY, second, second + 7)


def test_among_equal_words_without_context_only_a_hint_decides() -> None:
    second = BODY.rindex("ประชาชน")

    assert find_in(BODY, "ประชาชน", "", "") is None
    assert find_in(BODY, "ประชาชน", "", "", second - 3) == make_quote(BODY, second, second + 7)


def test_words_are_kept_when_text_before_them_grows() -> None:
    quote = quoted("โทษปรับไม่เกินหนึ่งหมื่นบาท")
    new_body = "เพื่อประโยชน์แห่งกฎหมายนี้ " + BODY

    anchor = resolve(quote, new_body)

    assert anchor.state is AnchorState.KEPT
    assert words_at(anchor, new_body) == quote.exact


def test_words_are_kept_when_only_white_space_changes() -> None:
    quote = quoted("สามสิบวัน\nผู้ใดฝ่าฝืน")

    anchor = resolve(quote, BODY.replace("\n", " "))

    assert anchor.state is AnchorState.KEPT
    assert words_at(anchor, BODY.replace("\n", " ")) == "สามสิบวัน ผู้ใดฝ่าฝืน"


def test_words_found_elsewhere_are_moved() -> None:
    quote = quoted("ไม่น้อยกว่าสิบห้าวัน")
    new_body = "การประกาศต้องทำล่วงหน้าเป็นเวลาไม่น้อยกว่าสิบห้าวันนับแต่วันที่กำหนด"

    anchor = resolve(quote, new_body)

    assert anchor.state is AnchorState.MOVED
    assert words_at(anchor, new_body) == quote.exact


def test_moved_words_go_where_their_surroundings_agree_best() -> None:
    quote = quoted("ความคิดเห็นของประชาชน")
    new_body = "แสดงความคิดเห็นของประชาชนแล้ว จึงจัดให้มีการรับฟังความคิดเห็นของประชาชนไว้"

    anchor = resolve(quote, new_body)

    assert anchor == Anchor(AnchorState.MOVED, new_body.rindex("ความ"), len(new_body) - 3)


@pytest.mark.parametrize(
    "new_body",
    [
        BODY.replace("สิบห้า", "สามสิบ"),
        "ข้อความใหม่ทั้งหมด",
        "",
        "ไม่น้อยกว่าสิบห้าวัน" * 2,
    ],
)
def test_changed_or_ambiguous_words_are_reported_as_edited(new_body: str) -> None:
    assert resolve(quoted("ไม่น้อยกว่าสิบห้าวัน"), new_body) == Anchor(AnchorState.EDITED)


def test_a_few_letters_in_other_surroundings_are_not_the_words() -> None:
    quote = quoted("ผล")

    assert resolve(quote, "ผู้เสียหายอาจเรียกร้องได้โดยไม่ต้องให้เหตุผล").state is AnchorState.EDITED


def test_words_of_a_clause_that_is_gone_are_removed() -> None:
    assert resolve(quoted("ประชาชน"), None) == Anchor(AnchorState.REMOVED)


@given(TEXT, TEXT, st.integers(0, 60), st.integers(1, 60))
def test_an_anchor_never_points_at_other_words(old: str, new: str, start: int, length: int) -> None:
    try:
        quote = make_quote(old, start, min(start + length, len(old)))
    except InvalidError:
        return

    anchor = resolve(quote, new)

    if anchor.start is None:
        assert anchor.state in {AnchorState.EDITED, AnchorState.REMOVED}
    else:
        assert words_at(anchor, new).split() == quote.exact.split()
