"""Two reports made by the engine itself from votes and comments of the tests."""

from functools import cache
from typing import Any

import numpy as np

from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable
from analysis.summary.writing import StatementText
from analysis.texts.comment_files import CommentTable
from analysis.themes.pipeline import analyse_comments
from tests.analysis.text_samples import THAI, comments_on, table_of

#: Chance of agreeing in the first and in the second group, by statement.
CHANCES = {
    "pier": (0.97, 0.95),
    "fees": (0.03, 0.05),
    "dam": (0.97, 0.2),
    "road": (0.15, 0.9),
    "park": (0.8, 0.7),
    "bus": (0.9, 0.2),
    "market": (0.5, 0.5),
    "light": (0.85, 0.9),
}
STATEMENTS = {
    "pier": StatementText("ควรเปิดท่าเรือถึงสามทุ่ม", "th"),
    "fees": StatementText("Parking fees should double", "en"),
    "dam": StatementText("Build the sea wall", "en"),
    "road": StatementText("ขยายถนนเลียบชายหาด", "th"),
    "park": StatementText("Plant trees along the canal", "en"),
    "bus": StatementText("Run the bus all night", "en"),
    "market": StatementText("ย้ายตลาดนัดไปวันเสาร์", "th"),
    "light": StatementText("Repair the street lights first", "en"),
    "new": StatementText("A statement that hardly anybody saw", "en"),
}
CAMPAIGN = "ขอคัดค้านการสร้างเขื่อนกันคลื่นหน้าหาดเพราะทำลายแหล่งวางไข่เต่าทะเลและอาชีพประมงพื้นบ้านของเรา"


@cache
def votes() -> VoteTable:
    """Return the votes of two groups of sixty people."""
    source = np.random.default_rng(5)
    rows = [("p0", "new", 1)]
    for person in range(120):
        for statement, chances in CHANCES.items():
            chance = chances[person % 2]
            choice = 0 if source.random() < 0.04 else 1 if source.random() < chance else -1
            rows.append((f"p{person}", statement, choice))
    return VoteTable.from_rows(*(list(column) for column in zip(*rows, strict=True)))


@cache
def opinion_report() -> dict[str, Any]:
    """Return the opinion report of these votes."""
    return analyse_votes(votes()).to_dict()


@cache
def comment_texts() -> dict[str, str]:
    """Return the comments by id."""
    texts, _ = comments_on(THAI)
    return {f"c{place}": text for place, text in enumerate([*texts, *[CAMPAIGN] * 12, "🙂"])}


@cache
def comment_table() -> CommentTable:
    """Return the comments marked as agreeing or disagreeing."""
    texts = list(comment_texts().values())
    stances = ["agree" if place % 2 else "disagree" for place in range(len(texts))]
    authors = [f"a{place // 2}" for place in range(len(texts))]
    return table_of(texts, stances=stances, authors=authors)


@cache
def theme_report() -> dict[str, Any]:
    """Return the theme report of these comments."""
    return analyse_comments(comment_table()).to_dict()
