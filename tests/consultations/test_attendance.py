"""Days without gaps, weeks where they are many, comments by clause."""

from datetime import date, timedelta

from consultations.attendance import MOST_DAYS, MOST_WEEKS, by_clause, by_day


def test_days_without_anything_are_shown_as_nothing() -> None:
    found = by_day([["2026-11-01", 1, 2, 3], ["2026-11-04", 4, 0, 1]])
    assert found["unit"] == "day"
    assert found["rows"] == [
        ["2026-11-01", 1, 2, 3],
        ["2026-11-02", 0, 0, 0],
        ["2026-11-03", 0, 0, 0],
        ["2026-11-04", 4, 0, 1],
    ]


def test_a_long_period_is_shown_by_week_from_monday_and_loses_nothing() -> None:
    first = date(2026, 1, 1)
    days = [[(first + timedelta(days=n)).isoformat(), 1, 1, 2] for n in range(MOST_DAYS + 1)]
    found = by_day(days)
    assert found["unit"] == "week"
    assert {date.fromisoformat(row[0]).weekday() for row in found["rows"]} == {0}
    assert sum(row[3] for row in found["rows"]) == 2 * (MOST_DAYS + 1)


def test_a_period_of_decades_keeps_the_page_small() -> None:
    assert len(by_day([["1990-01-01", 1, 1, 1], ["2026-01-01", 1, 1, 1]])["rows"]) == MOST_WEEKS


def test_nothing_happened_yet() -> None:
    assert by_day([]) == {"unit": "day", "rows": []}


def test_people_and_comments_of_a_clause_are_told_apart() -> None:
    comments = [
        {"clause": "s1", "author": "a1", "stance": "support"},
        {"clause": "s1", "author": "a1", "stance": ""},
        {"clause": "", "author": "", "stance": "oppose"},
    ]
    assert by_clause(comments) == [
        {"clause": "", "comments": 1, "people": 0, "stances": {"oppose": 1}},
        {"clause": "s1", "comments": 2, "people": 1, "stances": {"support": 1}},
    ]
