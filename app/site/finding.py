"""What the finder's pages draw around their lists: tabs, filters in use, addresses."""

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import number
from app.rendering import pick
from app.site.cards import dates, days_left_words
from app.site.forms import called_by_code
from app.words import name
from consultations.queries.facets import CHOICES
from consultations.queries.filters import Filters, Mine
from consultations.queries.standing import Standing
from core.actor import Actor

if TYPE_CHECKING:
    from consultations.queries.finder import Found, Listing

#: Open consultations that the front page names at once.
SHOWN_AT_ONCE = 2
#: Name of each filter in the address.
_NAMES = {
    "words": "q",
    "standing": "stage",
    "mine": "mine",
    "agency": "agency",
    "topic": "topic",
    "province": "province",
    "kind": "kind",
}


def address(filters: Filters, page: int = 1) -> str:
    """Return the address of a search, without what is not looked for."""
    given: dict[str, Any] = {
        _NAMES[field]: value for field, value in vars(filters).items() if value
    }
    if page > 1:
        given["page"] = page
    return url_for("site.finder", **given)


def tabs(filters: Filters, found: "Found", actor: Actor) -> list[dict[str, object]]:
    """Return the standings with their counts, and what is one's own, for ``subnav``."""
    everything = filters.without("standing").without("mine")
    entries: list[tuple[str, Filters, int | None]] = [
        (_("All"), everything, None if filters.mine else sum(found.totals.values()))
    ]
    for standing in Standing:
        count = _total(found, standing)
        if count or filters.standing is standing:
            chosen = Filters(**{**vars(everything), "standing": standing})
            entries.append((name("standing", standing), chosen, None if filters.mine else count))
    if actor.account_id is not None:
        for mine, words in (
            (Mine.TOOK_PART, _("You took part")),
            (Mine.FOLLOWING, _("You follow")),
        ):
            entries.append((words, Filters(**{**vars(everything), "mine": mine}), None))
    return [
        {"text": text, "href": address(each), "current": each == filters, "count": count}
        for text, each, count in entries
    ]


def open_now(found: "Found") -> dict[str, object]:
    """Return what is open, the first to close in front, as the ``welcome`` component draws it.

    Where nothing is open it is what opens next.
    """
    listed = [*found.of(Standing.CLOSING_SOON), *found.of(Standing.OPEN_NOW)]
    total = _total(found, Standing.OPEN_NOW)
    heading = ngettext(
        "%(count)s consultation is open now",
        "%(count)s consultations are open now",
        total,
        count=number(total),
    )
    if not total:
        listed = found.of(Standing.OPENS_SOON)
        heading = _("Opens soon") if listed else _("No consultation is open now")
    more = total > SHOWN_AT_ONCE
    return {
        "heading": heading,
        "entries": [_entry(listing) for listing in listed[:SHOWN_AT_ONCE]],
        "href": url_for("site.finder", stage=Standing.OPEN_NOW) if more else None,
        "more": _("Show all that are open"),
    }


def _entry(listing: "Listing") -> tuple[str, str, str, str]:
    title = pick(listing.consultation, "title")
    note = dates(listing.consultation, listing.standing)
    if listing.days_left is not None:
        note = days_left_words(listing.days_left)
    address_ = url_for("consultations.home", slug=listing.consultation.slug)
    return title.text, title.lang, address_, note


def in_use(filters: Filters, found: "Found") -> list[tuple[str, str]]:
    """Return the filters that hold, in words, each with the address of the search without it."""
    agencies = {facet.value: facet for facet in found.facets.get("agency", ())}
    used: list[tuple[str, str]] = []
    if filters.words:
        used.append((_("“%(words)s”", words=filters.words), address(filters.without("words"))))
    for field in CHOICES:
        value = str(getattr(filters, field) or "")
        if value:
            known = agencies.get(value) if field == "agency" else None
            words = pick(known, "name").text if known else called_by_code(field, value)
            used.append((words, address(filters.without(field))))
    return used


def _total(found: "Found", standing: Standing) -> int:
    """How many a standing would show; what closes soon is open too."""
    soon = found.totals.get(Standing.CLOSING_SOON, 0) if standing is Standing.OPEN_NOW else 0
    return found.totals.get(standing, 0) + soon
