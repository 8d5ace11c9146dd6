"""Pure: from the engine's reports to the small data that the results page is drawn from.

Holds references, counts and offsets, never a person's words: those are read from the contributions
when the page is shown, so that what is hidden later disappears at once.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consultations import attendance, map_data

SCHEMA = "sarn.picture/2"
#: Most comments, and most statements, that are listed one by one.
LISTED_COMMENTS, LISTED_STATEMENTS = 60, 200
#: Most statements shown with their ranges in each list, and most themes; the data has them all.
SHOWN_STATEMENTS, SHOWN_THEMES = 12, 30
#: Voters below which the page warns that every figure rests on few people.
FEW_VOTERS = 30

Entry = dict[str, Any]


@dataclass(frozen=True)
class Sources:
    """What a picture is made from, all as plain values.

    Attributes
    ----------
    opinions, themes : dict
        Reports of the schemas ``sarn.opinions/1`` and ``sarn.themes/1``.
    texts : mapping of str to str
        Body of each comment by its reference.
    statements : mapping of str to str
        Words of each statement that was put to the vote, by its reference.
    tiers : mapping
        People by tier as in ``Snapshot.tier_counts``.
    imported_groups : mapping of str to str
        Group of each voter in the system that they were imported from; empty where there was none.
    comments : sequence of mapping
        The snapshot's comments, for their clause, author and stance.
    activity : mapping
        As ``snapshots.activity`` counted it.
    population, population_source
        Shares of who lives there by question, and who counted them.
    weighting : dict
        As ``analysing.weighting`` returns it.
    """

    opinions: Entry
    themes: Entry
    texts: Mapping[str, str]
    statements: Mapping[str, str]
    tiers: Mapping[str, Mapping[str, int]]
    imported_groups: Mapping[str, str]
    comments: Sequence[Mapping[str, str]] = ()
    activity: Mapping[str, Any] = field(default_factory=dict)
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    population_source: str = ""
    weighting: Entry = field(default_factory=dict)


def draw(sources: Sources) -> Entry:
    """Return the picture: small, JSON, without words and without anybody's label."""
    opinions = sources.opinions
    included = [row for row in opinions["participants"] if row["included"]]
    rows = {entry["id"]: entry for entry in opinions["statements"]}
    picture = {
        "schema": SCHEMA,
        "counts": _counts(sources, included),
        "tiers": attendance.by_tier(sources.tiers),
        "groups": opinions["groups"],
        "grouping": {key: opinions["grouping"][key] for key in ("k", "stability", "warning")},
        "interval": opinions["parameters"]["interval"],
        "map": map_data.map_data(included, opinions.get("map")),
        **_statements(opinions, rows),
        **_subjects(sources),
        "imported": _imported(included, sources.imported_groups),
        **_attendance(sources),
    }
    return {**picture, "limits": _limits(picture)}


def references(picture: Mapping[str, Any]) -> set[str]:
    """Return the references of all contributions whose words the picture needs."""
    rows = [*picture["consensus"], *picture["differences"], *picture["passed"]]
    rows += [entry for axis in picture["map"]["axes"].values() for entry in axis]
    rows += [row for entries in picture["representative"].values() for row in entries]
    found = {row["statement"] for row in rows} | set(picture["too_few"]["statements"])
    for part in (*picture["themes"], *picture["minority"]):
        found |= {quote["comment"] for quote in part["quotes"]}
    for theme in picture["themes"]:
        found |= set(theme["comments"])
    return found | {campaign["template"] for campaign in picture["campaigns"]}


def digest_of(words: str) -> str:
    """Return what tells whether quoted words still stand in their comment (16 hex digits)."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def completed(data: Mapping[str, Any]) -> Entry:
    """Return a stored picture with the parts that older ones lack."""
    whole = {
        "found": {name: len(data[name]) for name in ("consensus", "differences")},
        "passed": [],
        "themes_found": len(data["themes"]),
        **_attendance(Sources({}, {}, {}, {}, {}, {})),
        **data,
    }
    limits = [code for code in data["limits"] if code != "map_sample"]
    return {**whole, "limits": limits, "map": {**map_data.EMPTY, **data["map"]}}


def _statements(opinions: Entry, rows: Mapping[str, Entry]) -> Entry:
    """Return the lists of statements, each so long as the page shows it."""
    return {
        "consensus": [
            _consensus_row(entry, rows) for entry in opinions["consensus"][:SHOWN_STATEMENTS]
        ],
        "differences": [
            _row(entry["statement"], rows) for entry in opinions["differences"][:SHOWN_STATEMENTS]
        ],
        "found": {name: len(opinions[name]) for name in ("consensus", "differences")},
        "passed": _most_passed(opinions["statements"], rows),
        "representative": {
            group: [
                {**_row(entry["statement"], rows), "side": entry["side"]} for entry in entries[:5]
            ]
            for group, entries in opinions["representative"].items()
        },
        "too_few": {
            "needed": opinions["parameters"]["statement_votes"],
            "count": len(opinions["too_few"]),
            "statements": [entry["statement"] for entry in opinions["too_few"][:LISTED_STATEMENTS]],
        },
    }


def _subjects(sources: Sources) -> Entry:
    """Return what the comments are about."""
    themes = sources.themes
    return {
        "themes": [
            _theme(theme, {**sources.statements, **sources.texts})
            for theme in themes["themes"][:SHOWN_THEMES]
        ],
        "themes_found": len(themes["themes"]),
        "minority": [_minority(entry, sources.texts) for entry in themes["minority"]],
        "campaigns": [_campaign(entry) for entry in themes["campaigns"][:SHOWN_THEMES]],
        "not_substantive": len(themes["not_substantive"]),
    }


def _counts(sources: Sources, included: Sequence[Entry]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for counts in sources.tiers.values():
        totals.update(counts)
    return {
        "participants": totals["participants"],
        "voters": totals["voters"],
        "commenters": totals["commenters"],
        "votes": sources.opinions["input"]["votes"],
        "statements": len(sources.statements),
        "comments": len(sources.texts),
        "on_map": len(included),
    }


def _attendance(sources: Sources) -> Entry:
    """Return who took part, when and on what, with small counts hidden."""
    answers = sources.activity.get("strata", {})
    return {
        "days": attendance.by_day(sources.activity.get("days", ())),
        "clauses": attendance.by_clause(sources.comments),
        "strata": attendance.against_population(answers, sources.population),
        "strata_asked": attendance.answered(answers),
        "population_source": sources.population_source,
        "weighting": sources.weighting or {"state": "none", "reason": "", "rows": {}, "cells": []},
    }


def _most_passed(statements: Iterable[Entry], rows: Mapping[str, Entry]) -> list[Entry]:
    """Return the statements that at least a quarter of the voters passed on, most passed first."""
    often = [
        entry
        for entry in statements
        if not entry.get("too_few") and entry["seen"] and 4 * entry["pass"] >= entry["seen"]
    ]
    often.sort(key=lambda entry: (-entry["pass"] / entry["seen"], entry["id"]))
    return [_row(entry["id"], rows) for entry in often[:5]]


def _row(statement: str, rows: Mapping[str, Entry]) -> Entry:
    """Return a statement's counts, with each group's share of agreement and its interval."""
    entry = rows[statement]
    counts = {key: entry[key] for key in ("agree", "disagree", "pass", "seen")}
    by_group = [
        {
            "group": part["group"],
            "seen": part["seen"],
            "share": _brief(part["p_agree"]),
            "low": _brief(part["low"]),
            "high": _brief(part["high"]),
        }
        for part in entry["by_group"]
    ]
    return {"statement": statement, **counts, "by_group": by_group}


def _consensus_row(entry: Entry, rows: Mapping[str, Entry]) -> Entry:
    row = _row(entry["statement"], rows)
    lowest = min(entry["by_group_low"], default=None)
    return {**row, "side": entry["side"], "low": None if lowest is None else _brief(lowest)}


def _theme(theme: Entry, texts: Mapping[str, str]) -> Entry:
    listed = theme["kind"] == "listed"
    return {
        "id": theme["id"],
        "kind": theme["kind"],
        "language": theme["language"],
        "stance": theme["stance"],
        "terms": theme["label_terms"],
        "size": theme["size"],
        "people": theme["people"],
        "stances": theme["stances"],
        "quotes": [] if listed else _quotes(theme["quotes"], texts),
        # Too few texts to group: they are shown as they are, nothing is claimed about them.
        "comments": theme["comments"][:LISTED_COMMENTS] if listed else [],
        "sub_themes": [
            {"terms": sub["label_terms"], "people": sub["people"]}
            for sub in theme["sub_themes"][:12]
        ],
        "weak": len(theme["weak"]),
        "links": [
            {"theme": link["theme"], "kinds": sorted({each["kind"] for each in link["reasons"]})}
            for link in theme.get("links", ())
        ],
    }


def _minority(entry: Entry, texts: Mapping[str, str]) -> Entry:
    return {
        "terms": entry["label_terms"],
        "people": entry["people"],
        "quotes": _quotes(entry["quotes"], texts),
    }


def _campaign(entry: Entry) -> Entry:
    kept = {key: entry[key] for key in ("template", "size", "people")}
    return {**kept, "variants": len(entry["variants"])}


def _quotes(quotes: Iterable[Entry], texts: Mapping[str, str]) -> list[Entry]:
    return [
        {**quote, "digest": digest_of(texts[quote["comment"]][quote["start"] : quote["end"]])}
        for quote in quotes
    ]


def _imported(included: Sequence[Entry], groups: Mapping[str, str]) -> Entry | None:
    """Count how many of each of our groups were in each group of the other system."""
    pairs = Counter((row["group"], groups.get(row["id"], "")) for row in included)
    names = sorted({theirs for _, theirs in pairs if theirs})
    if not names:
        return None
    ours = sorted({group for group, _ in pairs if group is not None})
    return {
        "groups": names,
        "rows": [
            {"group": group, "counts": [pairs[group, name] for name in [*names, ""]]}
            for group in ours
        ],
    }


def _limits(picture: Mapping[str, Any]) -> list[str]:
    """Return the codes of what a reader must know before trusting the figures."""
    counts, grouping = picture["counts"], picture["grouping"]
    conditions = {
        "self_selected": True,
        "few_voters": counts["voters"] < FEW_VOTERS,
        "no_groups": grouping["k"] == 0,
        "one_group": grouping["k"] == 1,
        "unstable_groups": grouping["warning"] == "unstable",
        "map_flat": counts["on_map"] > 0,
        "map_density": bool(picture["map"]["cells"]),
        "themes_by_words": any(theme["kind"] == "theme" for theme in picture["themes"]),
        "languages_apart": len({theme["language"] for theme in picture["themes"]}) > 1,
        "comments_not_people": counts["comments"] > 0,
    }
    return [code for code, holds in conditions.items() if holds]


def _brief(share: float) -> float:
    return round(share, 4)
