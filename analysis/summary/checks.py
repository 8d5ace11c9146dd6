"""Whether a sentence of a summary is supported by what it cites: counts, sides, groups, quotes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.opinions.polis_statistics import (
    GroupCounts,
    group_aware_consensus,
    representativeness,
)
from analysis.proportions import credible_interval
from analysis.summary.facts import Document, Reports, facts_of
from analysis.summary.rewording import rewording_problems, verbatim_parts
from analysis.summary.wording import LANGUAGES, render, templates

SECTIONS = (
    "participation",
    "common_ground",
    "differences",
    "themes",
    "minority",
    "campaigns",
    "too_few",
)
#: Sections that speak of comments, where a share of people would be a false claim.
_OF_COMMENTS = frozenset({"themes", "minority", "campaigns"})
_SHARE = re.compile(r"%|percent|per cent|ร้อยละ|เปอร์เซ็นต์|of 100|ใน 100")
_TOLERANCE = 1e-6


def check_sentence(
    sentence: Document,
    opinions: Document,
    themes: Document,
    comments: Mapping[str, str],
    *,
    statements: Mapping[str, str] | None = None,
) -> list[str]:
    """Return what is wrong with a sentence, in plain words; nothing when it is supported.

    Every value is computed again from the evidence, the text is written again from those
    values, and the cited statements are checked for figures that contradict their own counts.

    Parameters
    ----------
    sentence : mapping
        An entry of ``sentences`` of a summary.
    opinions, themes : mapping
        The reports; either may be empty.
    comments : mapping of str to str
        The original text of each comment.
    statements : mapping of str to str, optional
        The text of each statement; without it the words of statements are taken from the
        opinion report where it has them.
    """
    reports = Reports(opinions, themes, comments)
    shape = _shape_problems(sentence)
    if shape:
        return shape
    found = _value_problems(sentence, reports)
    found += _side_problems(sentence)
    found += _statement_text_problems(sentence, reports, statements)
    for cited in sentence["evidence"]:
        if cited["kind"] == "statement":
            found += statement_problems(str(cited["id"]), reports)
    for language, words in sentence.get("rewording", {}).items():
        found += rewording_problems(sentence, words, language=language)
    if sentence["section"] in _OF_COMMENTS:
        found += _share_problems(sentence)
    return found


def statement_problems(name: str, reports: Reports) -> list[str]:
    """Return how the figures of a statement contradict its counts."""
    entry = reports.statements.get(name)
    if entry is None:
        return [f"statement {name}: not in the report"]
    parts = [entry, *entry["by_group"]]
    if any(part["agree"] + part["disagree"] + part["pass"] != part["seen"] for part in parts):
        return [f"statement {name}: the counts do not add up"]
    found = [
        f"statement {name}: groups have more {side} than everybody"
        for side in ("agree", "disagree", "pass")
        if sum(group[side] for group in entry["by_group"]) > entry[side]
    ]
    if entry["by_group"]:
        found += _group_problems(name, entry, reports)
    return found + _list_problems(name, entry, reports)


def _shape_problems(sentence: Document) -> list[str]:
    needed = ("id", "section", "template", "values", "text", "evidence")
    missing = [key for key in needed if key not in sentence]
    if missing:
        return [f"the part {missing[0]} is missing"]
    if sentence["template"] not in templates():
        return [f"the template {sentence['template']!r} is unknown"]
    if sentence["section"] not in SECTIONS:
        return [f"the section {sentence['section']!r} is unknown"]
    if sorted(sentence["text"]) != sorted(LANGUAGES):
        return ["the text is not in Thai and English"]
    return []


def _value_problems(sentence: Document, reports: Reports) -> list[str]:
    stated = dict(sentence["values"])
    evidence: Sequence[Document] = sentence["evidence"]
    try:
        computed = facts_of(sentence["template"], evidence, sentence.get("side"), reports)
    except (KeyError, ValueError, IndexError, TypeError, StopIteration) as error:
        return [f"the evidence does not support it: {error}"]
    found = [
        f"{key} is {stated.get(key)!r} but the evidence gives {value!r}"
        for key, value in computed.items()
        if stated.get(key) != value
    ]
    found += [f"{key} has no evidence" for key in stated if key not in {*computed, "statement"}]
    written = {**computed, **{k: v for k, v in stated.items() if k == "statement"}}
    for language in LANGUAGES:
        if _rendered(sentence["template"], written, language) != sentence["text"][language]:
            found.append(f"the text ({language}) is not what the evidence says")
    return found


def _rendered(template: str, values: Mapping[str, Any], language: str) -> str | None:
    try:
        return render(template, values, language)
    except KeyError:
        return None


def _side_problems(sentence: Document) -> list[str]:
    groups = [entry["group"] for entry in sentence["values"].get("by_group", ())]
    found = []
    if sentence.get("side") != sentence["values"].get("side"):
        found.append("the side is not the side of the values")
    if groups and sentence.get("groups") != groups:
        found.append("the groups are not the groups of the values")
    return found


def _statement_text_problems(
    sentence: Document, reports: Reports, statements: Mapping[str, str] | None
) -> list[str]:
    if "statement" not in sentence["values"]:
        return []
    name = str(sentence["evidence"][0]["id"]) if sentence["evidence"] else ""
    known = (statements or {}).get(name) or reports.statements.get(name, {}).get("text")
    if known and known != sentence["values"]["statement"]:
        return [f"statement {name}: the words are not the statement's"]
    return []


def _share_problems(sentence: Document) -> list[str]:
    """Refuse any share in a sentence about comments, outside of what is quoted."""
    for text in sentence["text"].values():
        bare = text
        for words in verbatim_parts(sentence):
            bare = bare.replace(words, "")
        if _SHARE.search(bare):
            return ["a count of comments is told as a share of people"]
    return []


def _group_problems(name: str, entry: Document, reports: Reports) -> list[str]:
    groups = entry["by_group"]
    counts = GroupCounts(
        *(np.array([[group[key]] for group in groups]) for key in ("agree", "disagree", "seen"))
    )
    table = representativeness(counts)
    low, high = credible_interval(counts.agree, counts.seen, reports.interval)
    columns = {
        "p_agree": table.agree_share,
        "low": low,
        "high": high,
        "representativeness": table.ratio,
    }
    wrong = {
        key
        for key, values in columns.items()
        for group, value in zip(groups, values[:, 0].tolist(), strict=True)
        if key in group and abs(group[key] - value) > _TOLERANCE
    }
    sides = np.where(table.agrees[:, 0], "agree", "disagree").tolist()
    if any(group.get("side", side) != side for group, side in zip(groups, sides, strict=True)):
        wrong.add("side")
    product = entry.get("group_aware_consensus")
    if product is not None and abs(product - group_aware_consensus(counts)[0]) > _TOLERANCE:
        wrong.add("group_aware_consensus")
    return [f"statement {name}: {key} contradicts the counts" for key in sorted(wrong)]


def _list_problems(name: str, entry: Document, reports: Reports) -> list[str]:
    """Check the entries of the lists that the statement is on."""
    found = _other_list_problems(name, entry, reports.opinions)
    listed = reports.consensus.get(name)
    if listed is None:
        return found
    side = listed["side"]
    if entry["agree" if side == "agree" else "disagree"] * 2 <= entry["agree"] + entry["disagree"]:
        found.append(f"statement {name}: listed on the side of the fewer")
    key = "bridging_low" if side == "agree" else "bridging_disagree_low"
    score = entry.get(key)
    if score is not None and abs(score - listed["bridging_low"]) > _TOLERANCE:
        found.append(f"statement {name}: the score is not that of the side")
    groups = entry["by_group"]
    if len(listed["by_group_low"]) != len(groups):
        return [*found, f"statement {name}: the bounds are not one per group"]
    for group, stated in zip(groups, listed["by_group_low"], strict=True):
        counted = credible_interval(
            np.array([group[side]]), np.array([group["seen"]]), reports.interval
        )
        if abs(float(counted[0][0]) - stated) > _TOLERANCE:
            found.append(f"statement {name}: a bound contradicts the counts of its group")
    return found


def _other_list_problems(name: str, entry: Document, opinions: Document) -> list[str]:
    """Check differences, representative and majority statements against the counts."""
    shares = {
        str(group["group"]): {
            side: (group[side] + 1) / (group["seen"] + 2) for side in ("agree", "disagree")
        }
        for group in entry["by_group"]
    }
    agreeing = [share["agree"] for share in shares.values()]
    wrong = {
        "the listed shares contradict the counts": any(
            _apart(listed["p_agree"], agreeing)
            for listed in _listed(name, opinions.get("differences", ()))
        ),
        "the listed share is not that of the side": any(
            _apart([listed["p"]], [shares[group][listed["side"]]])
            for group, entries in opinions.get("representative", {}).items()
            for listed in _listed(name, entries)
            if group in shares
        ),
        "listed as a majority on the side of the fewer": any(
            name in opinions.get("majority", {}).get(side, ()) and entry[side] <= entry[other]
            for side, other in (("agree", "disagree"), ("disagree", "agree"))
        ),
    }
    return [f"statement {name}: {problem}" for problem, holds in wrong.items() if holds]


def _listed(name: str, entries: Sequence[Document]) -> list[Document]:
    return [entry for entry in entries if str(entry["statement"]) == name]


def _apart(stated: Sequence[float], counted: Sequence[float]) -> bool:
    return len(stated) != len(counted) or any(
        abs(one - other) > _TOLERANCE for one, other in zip(stated, counted, strict=True)
    )
