"""Whether reports agree with the votes and comments that they were made from.

`check_sentence` finds a report that contradicts itself. A report in which agree and disagree are
exchanged everywhere contradicts nothing but its votes; this counts them again.
"""

from collections import Counter
from typing import Any

import numpy as np

from analysis.array_types import CountArray
from analysis.opinions.votes import AGREE, DISAGREE, PASS, VoteTable
from analysis.summary.facts import Document
from analysis.texts.comment_files import CommentTable

_CHOICES = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}


def vote_problems(opinions: Document, votes: VoteTable) -> list[str]:
    """Return where an opinion report contradicts the votes; nothing when it fits.

    Parameters
    ----------
    opinions : mapping
        Report of the schema ``sarn.opinions/1``.
    votes : VoteTable
        What it was made from.
    """
    if opinions["input"]["digest"] != votes.digest:
        return ["the report was made from other votes"]
    places = {name: place for place, name in enumerate(votes.statements)}
    own = _groups(opinions, votes)
    everybody = _counts(votes, np.zeros(votes.n_votes, dtype=np.intp), 1)
    by_group = _counts(votes, own[votes.participant_index()], len(opinions["groups"]))
    found = []
    for entry in opinions["statements"]:
        place = places.get(str(entry["id"]))
        if _differs(entry, everybody, 0, place):
            found.append(f"statement {entry['id']}: the votes give other counts")
        for part in entry["by_group"]:
            if _differs(part, by_group, int(part["group"]), place):
                found.append(
                    f"statement {entry['id']}: the votes of group {part['group']} give other counts"
                )
    return found


def comment_problems(themes: Document, comments: CommentTable) -> list[str]:
    """Return where a theme report contradicts the comments; nothing when it fits.

    Parameters
    ----------
    themes : mapping
        Report of the schema ``sarn.themes/1``.
    comments : CommentTable
        What it was made from.
    """
    if themes["input"]["digest"] != comments.digest:
        return ["the report was made from other comments"]
    stances = dict(zip(comments.comments, comments.stances, strict=True))
    found = []
    for theme in themes["themes"]:
        given = Counter(stances[name] for name in theme["comments"])
        answered = {stance: count for stance, count in given.items() if stance}
        if theme["stances"] != answered:
            found.append(f"theme {theme['id']}: the comments give other answers")
        if theme["size"] != len(theme["comments"]):
            found.append(f"theme {theme['id']}: the size is not the number of comments")
        if theme["kind"] == "theme" and set(given) - {theme["stance"]}:
            found.append(f"theme {theme['id']}: comments of another answer stand in it")
    return found


def _groups(opinions: Document, votes: VoteTable) -> Any:
    """Return each participant's group as the report has it, -1 for none."""
    named = {str(row["id"]): row["group"] for row in opinions["participants"]}
    groups = [named.get(name) for name in votes.participants]
    return np.array([-1 if group is None else int(group) for group in groups], dtype=np.intp)


def _counts(votes: VoteTable, groups: Any, count: int) -> dict[str, CountArray]:
    """Return the votes for each choice, shape (count, n_statements)."""
    found = {}
    for name, choice in _CHOICES.items():
        cast = (votes.choices == choice) & (groups >= 0)
        cell = groups[cast] * votes.n_statements + votes.statement_index[cast]
        size = count * votes.n_statements
        found[name] = np.bincount(cell, minlength=size).reshape(count, votes.n_statements)
    return found


def _differs(entry: Document, counts: dict[str, CountArray], group: int, place: int | None) -> bool:
    """Tell whether counts of an entry are not those of the votes; nobody saw an unknown one."""
    counted = {
        name: int(values[group, place]) if place is not None else 0
        for name, values in counts.items()
    }
    return any(entry[name] != value for name, value in counted.items())
