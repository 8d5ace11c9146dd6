"""Cleaning, comparing and splitting what people write."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import text
from core.errors import InvalidError

SENTENCE = "มาตรา ๕ ให้หน่วยงานของรัฐจัดให้มีการรับฟังความคิดเห็นของประชาชนไม่น้อยกว่าสิบห้าวัน"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
THAI_TEXT = st.text(st.sampled_from("กขงนมปผสหอเแโใไะาำิีึืุู่้๊๋็์ํ์ๆฯ๐๕ \nab1,.()\u200b\u200d"), max_size=120)


def stored(value: str) -> str:
    return text.plain_text(value, max_length=1000)


@given(THAI_TEXT | ANY_TEXT)
def test_cleaning_a_clean_text_changes_nothing(value: str) -> None:
    once = text.tidy(value)

    assert text.tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.isprintable() or not set(once) & set("\x00\r\u202e\ufeff\ufffe")


@pytest.mark.parametrize(
    "value", [SENTENCE, "น้ำท่วม\tครั้งที่ 2\n\nแก้ไข", "กา\u200bแฟ", "👍🏽 1\ufe0f\u20e3"]
)
def test_ordinary_text_is_kept_to_the_letter(value: str) -> None:
    assert stored(value) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("เห็น\u202eด้วย\u202c", "เห็นด้วย"),
        ("\x00a\x1b\x07\x9f\x7f\ufffe\U0001ffff\ud800\ufeffb", "ab"),
        ("e\u0301", "é"),
        ("  ข้อเสนอ \n", "ข้อเสนอ"),
    ],
)
def test_what_nobody_can_see_is_removed(value: str, expected: str) -> None:
    assert stored(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ก\u2067abc\u2069ข", "ก\u2067abc\u2069ข"),
        ("ก\u2067abc\nข\u2069", "กabc\nข"),
        ("ก\u2069\u2066ข", "กข"),
        ("\u2066a\u2068b\u2069", "a\u2068b\u2069"),
    ],
)
def test_direction_isolates_stay_only_when_closed_on_their_line(value: str, expected: str) -> None:
    assert stored(value) == expected


@pytest.mark.parametrize("mark", ["\u0e49", "\u0316", "\u0316\u200d"])
def test_marks_piled_on_one_letter_are_cut_to_four(mark: str) -> None:
    cleaned = stored("ก" + mark * 900 + "ข")

    assert sum(map(text.is_mark, cleaned)) == text.MARKS_PER_BASE
    assert cleaned.startswith("ก")
    assert cleaned.endswith("ข")


@pytest.mark.parametrize(
    "value",
    ["", " \n\t", "\u200b\u200b", "\u3164", "\u2800", "\u115f", "\u00ad", "\u0e49", "\U000e0041"],
)
def test_text_that_shows_nothing_is_refused(value: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        text.plain_text(value, max_length=10, field="body")

    assert refusal.value.code == "text.empty"
    assert refusal.value.field == "body"


def test_length_is_counted_after_cleaning() -> None:
    assert text.plain_text(" ก\u0e49\x00ข ", max_length=3) == "ก้ข"
    with pytest.raises(InvalidError) as refusal:
        text.plain_text("กขคง", max_length=3)
    assert refusal.value.code == "text.too_long"
    assert refusal.value.details == {"maximum": 3}


@pytest.mark.parametrize(
    "value",
    ["ad\u200bmin", "ad\u00admin", "admin\u2060", "admin\ufe0f", "\u3164admin", "admin\u2067"],
)
def test_a_name_has_no_zero_width_characters(value: str) -> None:
    assert text.single_line(value, max_length=20) == "admin"


def test_a_title_is_one_line() -> None:
    assert text.single_line("ร่าง\n กฎกระทรวง\u2003ฉบับที่ ๒ ", max_length=50) == "ร่าง กฎกระทรวง ฉบับที่ ๒"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("น้ำ", "น\u0e4d\u0e49\u0e32"),
        ("น้ำ", "น\u0e49\u0e4d\u0e32"),
        ("น้ำ", "น\u0e33\u0e49"),
        ("แม่", "เเม่"),
        ("นั้น", "น\u0e49\u0e31น"),
        ("มาตรา ๑๐", "มาตรา  10"),
        ("กา\u200bแฟ", "กาแฟ"),
        ("ก\u115fา\u2060", "กา"),
        ("Straße", "STRASSE"),
        ("ＡＢ", "ab"),
    ],
)
def test_texts_that_read_the_same_have_one_key(left: str, right: str) -> None:
    assert text.matching_key(left) == text.matching_key(right)


@pytest.mark.parametrize(
    ("left", "right"), [("นำ", "น้ำ"), ("กา", "ก า"), ("แม", "เม"), ("ไม่", "ไม้")]
)
def test_texts_that_read_differently_have_different_keys(left: str, right: str) -> None:
    assert text.matching_key(left) != text.matching_key(right)


@given(THAI_TEXT | ANY_TEXT)
def test_the_key_of_a_key_is_itself(value: str) -> None:
    key = text.matching_key(value)

    assert text.matching_key(key) == key


@settings(deadline=None)  # the first call loads the dictionary
@given(THAI_TEXT | ANY_TEXT)
def test_words_lose_nothing(value: str) -> None:
    tokens = text.words(value)

    assert "".join(tokens) == value
    assert all(tokens)
    assert not any(text.is_mark(token[0]) for token in tokens[1:])


def test_words_of_a_thai_sentence_are_words() -> None:
    assert text.words("มาตรา ๕ ให้ประชาชนเสนอ e-Service ได้ 1,000.50 บาท") == [
        *("มาตรา", " ", "๕", " ", "ให้", "ประชาชน", "เสนอ", " ", "e", "-", "Service", " "),
        *("ได้", " ", "1,000.50", " ", "บาท"),
    ]


@pytest.mark.parametrize("letter", ["ส", "ก็", "เ", "า", "่", "ๆ", "a", "<", " ", "\n", "漢"])
def test_a_long_run_of_one_character_is_harmless(letter: str) -> None:
    run = letter * 20_000

    assert "".join(text.words(run)) == run


def test_thai_digits_become_arabic() -> None:
    assert text.thai_digits_to_arabic("มาตรา ๑๒๓/๔๕๖๗๘๙๐") == "มาตรา 123/4567890"


def test_markdown_becomes_html_below_the_page_heading() -> None:
    html = text.clean_html("# หลักการ\n\nอ่าน **ร่าง** ที่ [เว็บ](https://example.go.th/ก)\n\n- ก\n- ข")

    assert "<h2>หลักการ</h2>" in html
    assert "<strong>ร่าง</strong>" in html
    assert 'rel="nofollow noopener"' in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/x.png)",
        "[x](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,a)",
        "[x](//evil.example)",
        "[x](https://bank.example@evil.example/)",
        "[x](https://[)",
        "```html onmouseover=alert(1)\n<svg/onload=alert(1)>\n```",
    ],
)
def test_markdown_cannot_carry_active_or_misleading_parts(source: str) -> None:
    html = text.clean_html(source)

    for part in ("<script", "<img", "<svg", "href=", "onmouseover=", "class="):
        assert part not in html


@pytest.mark.parametrize(
    "link", ["/rules", "#clause-s5", "mailto:law@example.go.th", "http://a.example/"]
)
def test_safe_links_stay(link: str) -> None:
    assert f'href="{link}"' in text.clean_html(f"[x]({link})")


def test_a_page_too_long_to_sanitise_is_refused() -> None:
    with pytest.raises(InvalidError, match=r"text\.too_long"):
        text.clean_html("ก" * (text.PAGE_LENGTH + 1))
