"""Bridging quotes: statements that every opinion group mostly agrees with, in their theme."""

from dataclasses import replace

import pytest

from analysis.texts.comment_files import CommentTable
from analysis.themes.bridging import lowest_agreement, with_bridging_statements
from analysis.themes.pipeline import analyse_comments
from analysis.themes.quotes import BRIDGING, STATEMENT
from analysis.themes.report import ThemeReport
from tests.analysis.summary_samples import opinion_report
from tests.analysis.text_samples import ENGLISH, THAI, comments_on, table_of

TEXTS, SUBJECTS = comments_on({**THAI, **ENGLISH})
COMMENTS = table_of(TEXTS)
REPORT = analyse_comments(COMMENTS)
STATEMENTS = CommentTable(
    ("flood", "cycling", "other", "many", "call"),
    (
        "น้ำท่วมซอยทุกครั้งที่ฝนตกหนัก ขอให้ขุดลอกคลองก่อนหน้าฝน",
        "Cyclists need protected junctions and a bicycle path along the canal",
        "Teachers deserve better salaries in rural provinces",
        "The cycle lanes are blocked by parked vans",
        "Cyclists need protected junctions, call 081-234-5678",
    ),
)
ALL = dict.fromkeys(STATEMENTS.comments, 0.6)


def bridging_of(agreement, report=REPORT):
    found = with_bridging_statements(report, COMMENTS, STATEMENTS, agreement)
    return {
        theme.id: quote
        for theme in found.themes
        for quote in theme.quotes
        if quote.role == BRIDGING
    }


def subject_of(theme_id):
    theme = next(theme for theme in REPORT.themes if theme.id == theme_id)
    inside = [SUBJECTS[COMMENTS.comments.index(comment)] for comment in theme.comments]
    return max(set(inside), key=inside.count)


def test_a_statement_is_quoted_in_the_theme_that_shares_its_words() -> None:
    placed = {quote.comment: subject_of(theme) for theme, quote in bridging_of(ALL).items()}
    assert placed["flood"] == "flood"
    assert placed["cycling"] == "cycling"
    assert placed.get("many", "cycling") == "cycling"
    assert "other" not in placed


def test_the_quote_is_a_part_of_its_statement_and_says_where_it_comes_from() -> None:
    words = dict(zip(STATEMENTS.comments, STATEMENTS.texts, strict=True))
    for quote in bridging_of(ALL).values():
        assert quote.source == STATEMENT
        assert words[quote.comment][quote.start : quote.end] == words[quote.comment]


def test_of_several_the_one_with_the_highest_lowest_agreement_is_quoted() -> None:
    twice = CommentTable((*STATEMENTS.comments, "again"), (*STATEMENTS.texts, STATEMENTS.texts[1]))
    for one, other in ((0.6, 0.8), (0.8, 0.6)):
        found = with_bridging_statements(REPORT, COMMENTS, twice, {"cycling": one, "again": other})
        quoted = [q.comment for theme in found.themes for q in theme.quotes if q.role == BRIDGING]
        assert quoted == ["cycling" if one > other else "again"]


def test_a_statement_without_agreement_is_not_quoted() -> None:
    assert bridging_of({}) == {}


def test_a_statement_with_a_telephone_number_is_not_quoted() -> None:
    assert bridging_of({"call": 0.9}) == {}


def test_a_theme_with_a_bridging_comment_keeps_it() -> None:
    report = analyse_comments(COMMENTS, agreement=dict.fromkeys(COMMENTS.comments, 0.7))
    assert all(quote.source == "comment" for quote in bridging_of(ALL, report).values())


def test_the_report_can_be_read_back() -> None:
    found = with_bridging_statements(REPORT, COMMENTS, STATEMENTS, ALL)
    assert ThemeReport.from_dict(found.to_dict()) == found


def test_without_themes_nothing_is_quoted() -> None:
    none = replace(REPORT, themes=[])
    assert with_bridging_statements(none, COMMENTS, STATEMENTS, ALL) == none


def test_agreement_is_the_lowest_bound_of_any_group_and_above_one_half() -> None:
    found = lowest_agreement(opinion_report())
    assert set(found) == {"pier", "light", "park"} & set(found)
    assert "pier" in found
    assert not {"fees", "dam", "road", "new", "market"} & set(found)
    entry = next(e for e in opinion_report()["statements"] if e["id"] == "pier")
    assert found["pier"] == pytest.approx(min(group["low"] for group in entry["by_group"]))


def test_without_two_groups_there_is_nothing_to_bridge() -> None:
    assert lowest_agreement({**opinion_report(), "groups": opinion_report()["groups"][:1]}) == {}
    assert lowest_agreement({}) == {}
