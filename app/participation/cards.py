"""What the ``comment_card`` component needs of a comment, and links to the parts of a long list."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.i18n import date_long
from app.words import name
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.queries.clause_changes import ClauseChange
    from consultations.queries.discussion import PublishedComment

#: Pages that are linked on each side of the present one.
_NEIGHBOURS = 2
#: The card speaks of stances as of votes.
_STANCES = {"support": "agree", "oppose": "disagree", "unsure": "pass"}


def author_name(code: str, origin: str) -> str:
    """Return what stands in the place of an author's name."""
    if code:
        return _("Participant %(code)s", code=code)
    return _("The agency") if origin == "agency" else _("Unknown author")


def badges(origin: str, tier: str | None) -> list[tuple[str, str]]:
    """Return where a contribution comes from, and how well its author is known, as tags."""
    if origin != "participant":
        return [(name("origin", origin), "purple")]
    return [(name("tier", tier), "grey")] if tier else []


def stance_of(stance: str | None) -> str | None:
    """Return a comment's stance in the words of the ``comment_card`` component."""
    return _STANCES.get(stance or "")


def clause_name(key: str, number: str, heading: str) -> str:
    """Return what people call the clause; without key it is the draft as a whole."""
    if not key:
        return _("The draft as a whole")
    return " ".join(filter(None, (number, heading))) or _("Clause without a number")


def comment_card(slug: str, comment: "PublishedComment") -> dict[str, object]:
    """Return a published comment as the ``comment_card`` component draws it."""
    return {
        "anchor": f"c-{comment.reference}",
        "reference": comment.reference,
        "author": comment.organisation or author_name(comment.author, comment.origin),
        "badges": badges(comment.origin, comment.tier),
        "date": date_long(comment.created_at),
        "edited": comment.is_edited,
        "is_own": comment.is_own,
        "body": comment.body,
        "language": comment.language,
        "stance": stance_of(comment.stance),
        "quote": comment.quote,
        "quote_language": language_of(comment.quote),
        "clause": clause_name(comment.clause_key, comment.clause_number, comment.clause_heading),
        "clause_href": clause_href(slug, comment.draft_number, comment.clause_key),
        "reason": comment.reason,
        "proposed_wording": comment.proposed_wording,
        "href": url_for("trail.contribution", slug=slug, reference=comment.reference),
    }


def clause_href(slug: str, draft_number: int, key: str) -> str:
    """Return the address of a clause in the draft with this number."""
    anchor = f"clause-{key}" if key else None
    return url_for("drafts.read_number", slug=slug, number=draft_number, _anchor=anchor)


def change_link(slug: str, change: "ClauseChange") -> tuple[str, str]:
    """Return what a changed clause is called with its draft, and where it can be seen.

    A removed clause has the name that it had before; only the comparison still shows it.
    """
    after, before = change.draft_number, change.draft_number - 1
    clause = clause_name(change.clause_key, change.clause_number, change.clause_heading)
    if not change.is_removed:
        words = _("Draft %(number)s: %(clause)s", number=after, clause=clause)
        return words, clause_href(slug, after, change.clause_key)
    words = _(
        "Draft %(number)s: removed %(clause)s of draft %(before)s",
        number=after,
        clause=clause,
        before=before,
    )
    anchor = f"clause-{change.clause_key}"
    return words, url_for("drafts.compare", slug=slug, before=before, after=after, _anchor=anchor)


def parts(number: int, count: int, href: Callable[[int], str]) -> dict[str, object]:
    """Return the links of the ``pagination`` component.

    Parameters
    ----------
    number, count : int
        Present part, from 1, and how many there are.
    href : callable
        From a part's number to its address.
    """
    near = range(number - _NEIGHBOURS, number + _NEIGHBOURS + 1)
    shown = sorted({1, count, *(each for each in near if 1 <= each <= count)})
    items: list[dict[str, object] | None] = []
    for previous, each in zip([0, *shown], shown, strict=False):
        if each > previous + 1:
            items.append(None)
        items.append({"number": each, "href": href(each), "current": each == number})
    return {
        "number": number,
        "count": count,
        "previous_href": href(number - 1) if number > 1 else None,
        "next_href": href(number + 1) if number < count else None,
        "items": items,
    }
