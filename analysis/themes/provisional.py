"""Place comments that arrive between two runs into the themes of the last one, provisionally."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.single_thread import single_threaded
from analysis.texts.comment_files import COLUMNS, CommentTable
from analysis.texts.comment_units import Unit, prepare
from analysis.texts.parameters import ThemeParameters
from analysis.themes.comment_space import make_space
from analysis.themes.report import require_schema
from analysis.themes.spherical import means


def assign_provisionally(
    new: CommentTable,
    known: CommentTable,
    report: Mapping[str, Any],
    parameters: ThemeParameters | None = None,
) -> dict[str, str | None]:
    """Return the theme to which each new comment probably belongs, until the next full run.

    The space is built again with the new comments in it, which measured better than placing them
    in the old one; the themes stay where their known comments lie. A near-duplicate of a known
    comment takes its theme.

    Parameters
    ----------
    new, known : CommentTable
        Comments since the last run, and those that it saw; no id is in both.
    report : mapping
        The theme report of that run (``sarn.themes/1``).

    Returns
    -------
    themes : dict of str to (str or None)
        None where the comment says nothing or its language and answer have no theme yet.

    Raises
    ------
    MalformedCommentsError
        If an id is in both tables or the report is of another schema.
    """
    require_schema(report)
    parameters = parameters or ThemeParameters()
    themes = {c: theme["id"] for theme in report["themes"] for c in theme["comments"]}
    joined = _joined(known, new)
    found: dict[str, str | None] = dict.fromkeys(new.comments)
    with single_threaded():
        groups: dict[str, list[Unit]] = defaultdict(list)
        for unit in prepare(joined, parameters).units:
            if unit.members:
                groups[unit.language].append(unit)
        for _, units in sorted(groups.items()):
            _place(units, joined.comments, themes, found, parameters)
    return found


def _joined(known: CommentTable, new: CommentTable) -> CommentTable:
    columns = zip(*known.rows(), strict=True), zip(*new.rows(), strict=True)
    empty: list[tuple[str, ...]] = [()] * len(COLUMNS)
    first, second = (list(rows) or empty for rows in columns)
    return CommentTable(*(one + other for one, other in zip(first, second, strict=True)))


def _place(
    units: Sequence[Unit],
    ids: Sequence[str],
    themes: Mapping[str, str],
    found: dict[str, str | None],
    parameters: ThemeParameters,
) -> None:
    """Fill in the themes of the new comments of one language."""
    own = [_theme_of([ids[index] for index in unit.members], themes) for unit in units]
    by_stance: dict[str, list[int]] = defaultdict(list)
    for row, unit in enumerate(units):
        by_stance[unit.stance].append(row)
    points = make_space([unit.normalised for unit in units], parameters).points
    for rows in by_stance.values():
        known = [row for row in rows if own[row] is not None]
        names = sorted({str(own[row]) for row in known})
        if not names:
            continue
        numbers = np.array([names.index(str(own[row])) for row in known], dtype=np.intp)
        centres = means(points[known], numbers, len(names))
        for row in rows:
            nearest = names[int((centres @ points[row]).argmax())]
            for index in units[row].members:
                if ids[index] in found:
                    found[ids[index]] = own[row] or nearest


def _theme_of(comments: Sequence[str], themes: Mapping[str, str]) -> str | None:
    counts = Counter(themes[comment] for comment in comments if comment in themes)
    return min(counts, key=lambda theme: (-counts[theme], theme), default=None)
