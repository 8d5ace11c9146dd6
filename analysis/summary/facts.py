"""The figures behind each sentence of a summary, read from the reports by the cited evidence."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.proportions import credible_interval
from analysis.summary.wording import AGREE, DISAGREE

Document = Mapping[str, Any]
Values = dict[str, Any]

_SIDES = {
    AGREE: {"agree", "1", "+1", "yes", "support", "for", "เห็นด้วย", "สนับสนุน"},
    DISAGREE: {"disagree", "-1", "no", "oppose", "against", "ไม่เห็นด้วย", "คัดค้าน"},
}


class Reports:
    """Both reports and the comments, with look-ups by id.

    Parameters
    ----------
    opinions, themes : mapping
        Reports of the schemas ``sarn.opinions/1`` and ``sarn.themes/1``; either may be empty.
    comments : mapping of str to str
        The original text of each comment.
    """

    def __init__(self, opinions: Document, themes: Document, comments: Mapping[str, str]) -> None:
        self.opinions = opinions
        self.themes = themes
        self.comments = comments
        self.statements: dict[str, Document] = _by_id(opinions.get("statements", ()))
        self.theme_entries: dict[str, Document] = _by_id(themes.get("themes", ()))
        self.campaigns: dict[str, Document] = _by_id(themes.get("campaigns", ()))
        self.minorities: dict[str, Document] = {
            str(entry["sub_theme"]): entry for entry in themes.get("minority", ())
        }
        self.consensus: dict[str, Document] = {
            str(entry["statement"]): entry for entry in opinions.get("consensus", ())
        }

    @property
    def interval(self) -> float:
        """Share of the probability inside the published intervals."""
        return float(self.opinions.get("parameters", {}).get("interval", 0.9))

    @property
    def authors_known(self) -> bool:
        """Whether every comment names its author, so that people can be counted."""
        entry = self.themes.get("input", {})
        return bool(entry.get("comments")) and entry.get("authors") == entry.get("comments")

    def people(self, entry: Document) -> int | None:
        """Return the number of people behind an entry, None when authors are not known."""
        return int(entry["people"]) if self.authors_known else None


def side_of(stance: str) -> str | None:
    """Return which side an answer to a closed question is, None when it is neither."""
    lowered = stance.strip().lower()
    return next((side for side, words in _SIDES.items() if lowered in words), None)


def facts_of(
    template: str, evidence: Sequence[Document], side: str | None, reports: Reports
) -> Values:
    """Return the values of a sentence, computed again from what it cites.

    Raises
    ------
    KeyError, ValueError, IndexError
        If the evidence is not in the reports.
    """
    return _FACTS[template](evidence, side, reports)


def hundred(low: float, high: float) -> tuple[int, int]:
    """Round a range of shares outwards to people out of a hundred."""
    return math.floor(low * 100 + 1e-9), math.ceil(high * 100 - 1e-9)


def bounds(entry: Document, side: str, interval: float) -> tuple[int, int]:
    """Return the range of people out of a hundred on one side, from the counts."""
    low, high = credible_interval(np.array([entry[side]]), np.array([entry["seen"]]), interval)
    return hundred(float(low[0]), float(high[0]))


def _by_id(entries: Any) -> dict[str, Document]:
    return {str(entry["id"]): entry for entry in entries}


def _votes_cast(_: Any, __: str | None, reports: Reports) -> Values:
    entry = reports.opinions["input"]
    return {key: int(entry[key]) for key in ("participants", "votes", "statements")}


def _comments_from_people(_: Any, __: str | None, reports: Reports) -> Values:
    entry = reports.themes["input"]
    if not reports.authors_known:
        raise ValueError("the authors are not known")
    return {"people": int(entry["people"]), "comments": int(entry["comments"])}


def _comments_received(_: Any, __: str | None, reports: Reports) -> Values:
    return {"comments": int(reports.themes["input"]["comments"])}


def _comments_without_text(_: Any, __: str | None, reports: Reports) -> Values:
    return {"count": len(reports.themes["not_substantive"])}


def _groups(_: Any, __: str | None, reports: Reports) -> Values:
    entries = reports.opinions["groups"]
    sizes = [{"group": int(entry["id"]), "size": int(entry["size"])} for entry in entries]
    return {"k": len(sizes), "sizes": sizes}


def _groups_unstable(_: Any, __: str | None, reports: Reports) -> Values:
    if reports.opinions["grouping"]["warning"] != "unstable":
        raise ValueError("the grouping is stable")
    return {}


def _consensus_every_group(
    evidence: Sequence[Document], side: str | None, reports: Reports
) -> Values:
    entry, listed = _consensus(evidence, side, reports)
    by_group = _by_group(entry, listed["side"], reports)
    if not by_group or any(group["low"] <= 50 for group in by_group):
        raise ValueError("not most of every group")
    return {**_statement_values(entry, listed), "by_group": by_group}


def _consensus_overall(evidence: Sequence[Document], side: str | None, reports: Reports) -> Values:
    entry, listed = _consensus(evidence, side, reports)
    low, high = bounds(entry, listed["side"], reports.interval)
    if low < 50:
        raise ValueError("perhaps not most of those who voted")
    return {**_statement_values(entry, listed), "low": low, "high": high}


def _consensus(
    evidence: Sequence[Document], side: str | None, reports: Reports
) -> tuple[Document, Document]:
    name = str(evidence[0]["id"])
    listed = reports.consensus[name]
    if side != listed["side"]:
        raise ValueError("the report lists the other side")
    return reports.statements[name], listed


def _statement_values(entry: Document, listed: Document) -> Values:
    return {"side": listed["side"], "bridging_low": listed["bridging_low"], **_counts(entry)}


def _counts(entry: Document) -> dict[str, int]:
    return {key: int(entry[key]) for key in ("agree", "disagree", "pass", "seen")}


def _by_group(entry: Document, side: str, reports: Reports) -> list[Values]:
    found: list[Values] = []
    for group in entry["by_group"]:
        low, high = bounds(group, side, reports.interval)
        found.append({"group": int(group["group"]), **_counts(group), "low": low, "high": high})
    return found


def _difference(evidence: Sequence[Document], _: str | None, reports: Reports) -> Values:
    """Name the group that agrees most and the one that agrees least; their ranges are apart."""
    name = str(evidence[0]["id"])
    if name not in {str(entry["statement"]) for entry in reports.opinions["differences"]}:
        raise ValueError("not listed as a difference")
    groups = _by_group(reports.statements[name], AGREE, reports)
    most = max(groups, key=lambda group: (group["low"], -group["group"]))
    least = min(groups, key=lambda group: (group["high"], group["group"]))
    if most["low"] <= least["high"]:
        raise ValueError("the ranges overlap")
    return {**_counts(reports.statements[name]), "by_group": [most, least]}


def _representative(evidence: Sequence[Document], side: str | None, reports: Reports) -> Values:
    name, group = str(evidence[0]["id"]), str(evidence[1]["id"])
    listed = {str(entry["statement"]): entry for entry in reports.opinions["representative"][group]}
    if listed[name]["side"] != side:
        raise ValueError("the report lists the other side")
    entries = _by_group(reports.statements[name], str(side), reports)
    own = next(entry for entry in entries if str(entry["group"]) == group)
    if own["low"] <= 50:
        raise ValueError("perhaps not most of the group")
    return {"side": side, "everybody": _counts(reports.statements[name]), **own}


def _too_few(evidence: Sequence[Document], _: str | None, reports: Reports) -> Values:
    listed = {str(entry["statement"]) for entry in reports.opinions["too_few"]}
    if {str(entry["id"]) for entry in evidence} != listed:
        raise ValueError("the report lists other statements")
    return {"count": len(listed)}


def _theme(evidence: Sequence[Document], side: str | None, reports: Reports) -> Values:
    entry = reports.theme_entries[str(evidence[0]["id"])]
    if entry["kind"] != "theme" or not entry["label_terms"] or not entry["comments"]:
        raise ValueError("not a theme")
    if entry["size"] != len(entry["comments"]):
        raise ValueError("the size is not the number of comments")
    if side_of(entry["stance"]) != side:
        raise ValueError("the theme belongs to another answer")
    stated = {} if side is None else {"side": side}
    return {**stated, "stances": dict(entry["stances"]), **_counted(entry, reports)}


def _minority(evidence: Sequence[Document], _: str | None, reports: Reports) -> Values:
    entry = reports.minorities[str(evidence[0]["id"])]
    return _counted({**entry, "size": len(entry["comments"])}, reports)


def _counted(entry: Document, reports: Reports) -> Values:
    values = {"terms": list(entry["label_terms"]), "size": int(entry["size"])}
    people = reports.people(entry)
    return values if people is None else {**values, "people": people}


def _theme_quote(evidence: Sequence[Document], _: str | None, reports: Reports) -> Values:
    entry = reports.theme_entries[str(evidence[0]["id"])]
    return {"terms": list(entry["label_terms"]), "quote": _quoted(evidence[1], entry, reports)}


def _minority_quote(evidence: Sequence[Document], _: str | None, reports: Reports) -> Values:
    entry = reports.minorities[str(evidence[0]["id"])]
    return {"terms": list(entry["label_terms"]), "quote": _quoted(evidence[1], entry, reports)}


def _quoted(cited: Document, entry: Document, reports: Reports) -> str:
    """Return the words at the cited place; the report must quote them there."""
    place = (str(cited["id"]), int(cited["start"]), int(cited["end"]))
    quoted = {(str(q["comment"]), int(q["start"]), int(q["end"])) for q in entry["quotes"]}
    if place not in quoted:
        raise ValueError("the report does not quote this place")
    return reports.comments[place[0]][place[1] : place[2]]


def _campaign(evidence: Sequence[Document], _: str | None, reports: Reports) -> Values:
    cited = evidence[0]
    template = str(cited["id"])
    entry = next(c for c in reports.campaigns.values() if str(c["template"]) == template)
    if entry["size"] != len(entry["comments"]):
        raise ValueError("the size is not the number of comments")
    people = reports.people(entry)
    senders = {} if people is None else {"people": people}
    return {"size": int(entry["size"]), **senders, **_quote_of(cited, reports)}


def _quote_of(cited: Document, reports: Reports) -> Values:
    if "start" not in cited:
        return {}
    return {"quote": reports.comments[str(cited["id"])][int(cited["start"]) : int(cited["end"])]}


_FACTS: dict[str, Callable[[Sequence[Document], str | None, Reports], Values]] = {
    "votes_cast": _votes_cast,
    "comments_from_people": _comments_from_people,
    "comments_received": _comments_received,
    "comments_without_text": _comments_without_text,
    "groups": _groups,
    "groups_unstable": _groups_unstable,
    "consensus_every_group": _consensus_every_group,
    "consensus_overall": _consensus_overall,
    "difference": _difference,
    "representative": _representative,
    "too_few": _too_few,
    "theme": _theme,
    "theme_of_side": _theme,
    "theme_quote": _theme_quote,
    "minority": _minority,
    "minority_quote": _minority_quote,
    "campaign": _campaign,
    "campaign_unquoted": _campaign,
}
