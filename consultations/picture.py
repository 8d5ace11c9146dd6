"""Pure: from the engine's reports to the small data that the results page is drawn from.

Holds references, counts and offsets, never a person's words: those are read from the contributions
when the page is shown, so that what is hidden later disappears at once.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "sarn.picture/1"
#: Most participants drawn on the map; of more, an even sample is drawn.
DRAWN = 600
#: Most comments, and most statements, that are listed one by one.
LISTED_COMMENTS, LISTED_STATEMENTS = 60, 200
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
    """

    opinions: Entry
    themes: Entry
    texts: Mapping[str, str]
    statements: Mapping[str, str]
    tiers: Mapping[str, Mapping[str, int]]
    imported_groups: Mapping[str, str]


def draw(sources: Sources) -> Entry:
    """Return the picture: small, JSON, without words and without anybody's label."""
    opinions, themes = sources.opinions, sources.themes
    included = [row for row in opinions["participants"] if row["included"]]
    rows = {entry["id"]: entry for entry in opinions["statements"]}
    picture = {
        "schema": SCHEMA,
        "counts": _counts(sources, included),
        "tiers": {tier: dict(counts) for tier, counts in sorted(sources.tiers.items())},
        "groups": opinions["groups"],
        "grouping": {key: opinions["grouping"][key] for key in ("k", "stability", "warning")},
        "interval": opinions["parameters"]["interval"],
        "map": _map(included),
        "consensus": [_consensus_row(entry, rows) for entry in opinions["consensus"]],
        "differences": [_row(entry["statement"], rows) for entry in opinions["differences"]],
        "representative": {
            group: [{**_row(entry["statement"], rows), "side": entry["side"]} for entry in entries]
            for group, entries in opinions["representative"].items()
        },
        "too_few": {
            "needed": opinions["parameters"]["statement_votes"],
            "count": len(opinions["too_few"]),
            "statements": [entry["statement"] for entry in opinions["too_few"][:LISTED_STATEMENTS]],
        },
        "themes": [
            _theme(theme, {**sources.statements, **sources.texts}) for theme in themes["themes"]
        ],
        "minority": [_minority(entry, sources.texts) for entry in themes["minority"]],
        "campaigns": [_campaign(entry) for entry in themes["campaigns"]],
        "not_substantive": len(themes["not_substantive"]),
        "imported": _imported(included, sources.imported_groups),
    }
    return {**picture, "limits": _limits(picture)}


def references(picture: Mapping[str, Any]) -> set[str]:
    """Return the references of all contributions whose words the picture needs."""
    rows = [*picture["consensus"], *picture["differences"]]
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


def evenly(items: Sequence[Entry], most: int) -> list[Entry]:
    """Return at most so many items, evenly spaced."""
    size = min(len(items), most)
    return [items[place * len(items) // size] for place in range(size)]


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


def _map(included: Sequence[Entry]) -> Entry:
    points = [
        [round(row["x"], 3), round(row["y"], 3), -1 if row["group"] is None else row["group"]]
        for row in evenly(included, DRAWN)
    ]
    return {"points": points, "drawn": len(points), "of": len(included)}


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
            {"terms": sub["label_terms"], "people": sub["people"]} for sub in theme["sub_themes"]
        ],
        "weak": len(theme["weak"]),
    }


def _minority(entry: Entry, texts: Mapping[str, str]) -> Entry:
    return {
        "terms": entry["label_terms"],
        "people": entry["people"],
        "quotes": _quotes(entry["quotes"], texts),
    }


def _campaign(entry: Entry) -> Entry:
    return {
        "template": entry["template"],
        "size": entry["size"],
        "people": entry["people"],
        "variants": len(entry["variants"]),
    }


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
        "map_sample": picture["map"]["drawn"] < picture["map"]["of"],
        "themes_by_words": any(theme["kind"] == "theme" for theme in picture["themes"]),
        "languages_apart": len({theme["language"] for theme in picture["themes"]}) > 1,
        "comments_not_people": counts["comments"] > 0,
    }
    return [code for code, holds in conditions.items() if holds]


def _brief(share: float) -> float:
    return round(share, 4)
