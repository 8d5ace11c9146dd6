"""Which dissents say the same, found by the engine from their words alone."""

from collections.abc import Mapping
from typing import Final

from analysis.texts.comment_files import CommentTable
from analysis.texts.near_duplicates import find_near_duplicates
from analysis.texts.normalising import is_substantive, normalise
from analysis.themes.pipeline import analyse_comments

#: From so many dissents on one sentence, their themes are looked for; of fewer only copies.
LEAST_FOR_THEMES: Final = 30


def alike(texts: Mapping[str, str]) -> list[list[str]]:
    """Return groups of two or more texts that say the same, by their names.

    Near-duplicates always; of ``LEAST_FOR_THEMES`` texts or more also what forms a theme, as far as
    the engine finds themes in so few.
    """
    groups = _copies(texts)
    if len(texts) >= LEAST_FOR_THEMES:
        groups += _themes(texts)
    return _joined(groups)


def _copies(texts: Mapping[str, str]) -> list[list[str]]:
    plain = {name: normalise(text) for name, text in texts.items()}
    names = [name for name, text in plain.items() if is_substantive(text)]
    labels = find_near_duplicates([plain[name] for name in names])
    found: dict[int, list[str]] = {}
    for name, label in zip(names, labels.tolist(), strict=True):
        found.setdefault(label, []).append(name)
    return [group for group in found.values() if len(group) > 1]


def _themes(texts: Mapping[str, str]) -> list[list[str]]:
    report = analyse_comments(CommentTable(tuple(texts), tuple(texts.values())))
    return [
        list(theme["comments"])
        for theme in report.to_dict()["themes"]
        if theme["kind"] == "theme" and len(theme["comments"]) > 1
    ]


def _joined(groups: list[list[str]]) -> list[list[str]]:
    """Join groups that share a text."""
    joined: list[list[str]] = []
    for group in groups:
        touching = [other for other in joined if not set(other).isdisjoint(group)]
        joined = [other for other in joined if other not in touching]
        joined.append(
            list(dict.fromkeys([*(name for other in touching for name in other), *group]))
        )
    return joined
