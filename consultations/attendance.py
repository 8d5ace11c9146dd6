"""Pure: who took part, when, and on what, in the small form that pages are drawn from."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from consultations import strata

#: Periods longer than this are shown by week.
MOST_DAYS = 62
#: Most weeks shown; of a longer period the last ones.
MOST_WEEKS = 260

Entry = dict[str, Any]


def by_day(days: Sequence[Sequence[Any]]) -> Entry:
    """Return counts by day without gaps, or by week (from Monday) over a long period.

    Parameters
    ----------
    days : sequence of (ISO day, participants, comments, votes)
        In order; days without anything are left out.

    Returns
    -------
    dict
        ``unit``: ``day`` or ``week``; ``rows``: first day and the three counts.
    """
    if not days:
        return {"unit": "day", "rows": []}
    counts = {date.fromisoformat(day): values for day, *values in days}
    first, last = min(counts), max(counts)
    by_week = (last - first).days + 1 > MOST_DAYS
    step = timedelta(days=7 if by_week else 1)
    if by_week:
        first -= timedelta(days=first.weekday())
    number = (last - first) // step + 1
    sums = [[0, 0, 0] for _ in range(number)]
    for day, values in counts.items():
        for place, value in enumerate(values):
            sums[(day - first) // step][place] += value
    rows = [[(first + place * step).isoformat(), *row] for place, row in enumerate(sums)]
    return {"unit": "week" if by_week else "day", "rows": rows[-MOST_WEEKS:]}


def by_clause(comments: Iterable[Mapping[str, str]]) -> list[Entry]:
    """Count comments, their authors and stances by clause; the empty key is the whole draft."""
    rows: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for comment in comments:
        rows[comment["clause"]].append(comment)
    return [
        {
            "clause": key,
            "comments": len(own),
            "people": len({row["author"] for row in own if row["author"]}),
            "stances": dict(Counter(row["stance"] for row in own if row["stance"])),
        }
        for key, own in sorted(rows.items())
    ]


def by_tier(tiers: Mapping[str, Mapping[str, int]]) -> Entry:
    """Return people by how well they are known; nothing where a tier is of fewer than five.

    One tier hidden would be the rest of the sum, which is known, so all are. A single tier is the
    sum itself.
    """
    counts = [count for people in tiers.values() for count in people.values()]
    if len(tiers) > 1 and any(0 < count < strata.LEAST for count in counts):
        return {}
    return {tier: dict(people) for tier, people in sorted(tiers.items())}


def against_population(
    answers: Mapping[str, Mapping[str, int]], population: Mapping[str, Mapping[str, float]]
) -> list[Entry]:
    """Return what can be shown of each question, set against the population where that is known."""
    found = [
        strata.publish(question, answers.get(question, {}), population.get(question))
        for question in strata.STRATA
    ]
    return [asdict(stratum) for stratum in found if stratum is not None]


def answered(answers: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether anyone has told anything about themselves."""
    return any(value and count for counts in answers.values() for value, count in counts.items())
