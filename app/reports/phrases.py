"""Phrases that several parts of the results report share."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.i18n import LANGUAGES, current_language, number, percent
from app.words import name
from app.words.results import group_name
from consultations.reporting.document import Run, Table, run, table

if TYPE_CHECKING:
    from consultations.queries.picture_themes import Words
    from consultations.queries.results import GroupShare, StatementRow
    from consultations.reporting.deeds import Both


def picked(text: "Both") -> Run:
    """Return a text in the reader's language where there is one, else in the other."""
    first = current_language()
    for code in (first, *(code for code in LANGUAGES if code != first)):
        words: str = getattr(text, code)
        if words.strip():
            return run(words, "" if code == first else code)
    return Run("")


def said(words: "Words") -> Run:
    """Return somebody's own words in their own language."""
    return run(words.text, words.language)


def share_words(group: "GroupShare") -> str:
    """Return a group's share of agreement with its range, as a sentence."""
    return _(
        "%(group)s: %(share)s agree; as far as %(seen)s votes can tell, between %(low)s and "
        "%(high)s.",
        group=group_name(group.group),
        share=percent(group.share),
        seen=number(group.seen),
        low=percent(group.low),
        high=percent(group.high),
    )


def statement_table(caption: str, rows: "Iterable[StatementRow]") -> Table:
    """Return statements with everybody's votes, and each group's share in words."""
    head = (
        _("Statement"),
        *(name("choice", choice) for choice in ("agree", "disagree", "pass")),
        _("By group"),
    )
    lines = (
        (
            said(row.words),
            *(number(count) for count in (row.agree, row.disagree, row.passed)),
            "\n".join(share_words(group) for group in row.groups)
            or _("Too few votes to tell by group"),
        )
        for row in rows
    )
    return table(caption, head, lines, (1, 2, 3))
