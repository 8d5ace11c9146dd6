"""Links between themes of Thai and English: a suggestion with its reason, never a merger."""

import pytest

from analysis.texts.comment_files import CommentTable
from analysis.themes.pipeline import analyse_comments
from analysis.themes.report import ThemeReport
from tests.analysis.text_samples import ENGLISH, THAI, comments_on

TH, TH_SUBJECTS = comments_on({name: THAI[name] for name in ("flood", "transport")})
EN, EN_SUBJECTS = comments_on({name: ENGLISH[name] for name in ("cycling", "library")})
SUBJECTS = [*TH_SUBJECTS, *EN_SUBJECTS]
PLACES = range(len(SUBJECTS))


def links_of(edit=None, *, clause=None, author=None):
    """Analyse the comments after `edit` (text, subject); return linked subjects and reasons."""
    texts = [*TH, *EN]
    if edit:
        texts = [edit(texts[n], SUBJECTS[n], n) for n in PLACES]
    table = CommentTable(
        tuple(f"c{n}" for n in PLACES),
        tuple(texts),
        clauses=tuple(clause(SUBJECTS[n], n) for n in PLACES) if clause else (),
        authors=tuple(author(SUBJECTS[n], n) for n in PLACES) if author else (),
    )
    report = analyse_comments(table)
    assert ThemeReport.from_dict(report.to_dict()) == report
    names = {theme.id: _subject(theme) for theme in report.themes}
    assert all(link.suggestion for theme in report.themes for link in theme.links)
    return {
        (names[theme.id], names[link.theme], reason.kind, reason.value)
        for theme in report.themes
        for link in theme.links
        for reason in link.reasons
    }


def _subject(theme):
    inside = [SUBJECTS[int(comment[1:])] for comment in theme.comments]
    return max(sorted(set(inside)), key=inside.count)


def test_without_anything_shared_nothing_is_linked() -> None:
    assert links_of() == set()


def test_a_shared_number_links_in_thai_and_european_digits() -> None:
    def edit(text, subject, n):
        return {
            "flood": f"{text} ตามมาตรา ๔๔๑๒",
            "cycling": f"{text} under section 4412",
        }.get(subject, text)

    found = links_of(edit)
    assert {(a, b) for a, b, *_ in found} <= {("flood", "cycling"), ("cycling", "flood")}
    assert {(kind, value) for *_, kind, value in found} == {("number", "4412")}


def test_a_latin_name_links_thai_to_english() -> None:
    def edit(text, subject, n):
        return f"{text} BTS" if subject in ("transport", "cycling") else text

    found = links_of(edit)
    assert {(a, b) for a, b, *_ in found} <= {("transport", "cycling"), ("cycling", "transport")}
    assert ("term", "bts") in {(kind, value) for *_, kind, value in found}


def test_a_quoted_passage_links() -> None:
    passage = "เมื่อพ้นกำหนดสองปี"

    def edit(text, subject, n):
        if n % 5:
            return text
        return {
            "flood": f"{text} {passage}",
            "library": f"{text} “{passage}”",
        }.get(subject, text)

    found = links_of(edit)
    assert ("flood", "library", "passage") in {entry[:3] for entry in found}


def test_a_shared_clause_links() -> None:
    found = links_of(clause=lambda subject, n: "s7" if subject in ("flood", "cycling") else f"x{n}")
    assert {entry[2:] for entry in found} <= {("clause", "s7")}


def test_people_who_wrote_in_both_languages_link_and_are_not_named() -> None:
    found = links_of(
        author=lambda subject, n: f"p{n % 21}" if subject in ("flood", "cycling") else f"a{n}"
    )
    assert {(a, b) for a, b, *_ in found} <= {("flood", "cycling"), ("cycling", "flood")}
    assert {entry[2:] for entry in found} == {("people", "")}


def test_what_stands_everywhere_links_nothing() -> None:
    assert links_of(lambda text, subject, n: f"{text} 2569") == set()
    assert links_of(clause=lambda subject, n: "all") == set()


@pytest.mark.parametrize("count", [0, 1])
def test_themes_of_one_language_are_not_linked(count) -> None:
    texts = [f"{text} 4412 BTS" for text in TH][: len(TH) if count else 0]
    table = CommentTable(tuple(f"c{n}" for n in range(len(texts))), tuple(texts))
    assert all(not theme.links for theme in analyse_comments(table).themes)
