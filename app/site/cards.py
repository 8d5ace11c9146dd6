"""What the ``consultation_card`` component needs of a consultation in the finder."""

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import date_short
from app.rendering import pick
from app.words import name
from consultations.announcement import last_day
from consultations.queries.finder import Listing, Standing

if TYPE_CHECKING:
    from consultations.models import Consultation

_COLOURS = {
    Standing.CLOSING_SOON: "amber",
    Standing.OPEN_NOW: "green",
    Standing.OPENS_SOON: "blue",
    Standing.RESULTS_OUT: "blue",
}
#: Longest summary on a card, in characters.
_BRIEF = 200


def consultation_card(listing: Listing) -> dict[str, object]:
    """Return a consultation as the ``consultation_card`` component draws it."""
    consultation = listing.consultation
    title, summary = pick(consultation, "title"), pick(consultation, "summary")
    agency = pick(consultation.agency, "name")
    return {
        "title": title.text,
        "title_language": title.lang,
        "href": url_for("consultations.home", slug=consultation.slug),
        "agency": agency.text,
        "agency_language": agency.lang,
        "stage": name("stage", listing.stage),
        "stage_colour": _COLOURS.get(listing.standing, "grey"),
        "summary": brief(summary.text),
        "summary_language": summary.lang,
        "dates": dates(consultation, listing.standing),
        "days_left": listing.days_left,
        "counts": counts(listing),
        "took_part": listing.took_part,
    }


def brief(text: str) -> str:
    """Return the first paragraph, cut between words where it is long."""
    paragraph = text.partition("\n")[0]
    if len(paragraph) <= _BRIEF:
        return paragraph
    start = paragraph[:_BRIEF]
    return (start.rpartition(" ")[0] or start) + " …"


def dates(consultation: "Consultation", standing: Standing) -> str:
    """Return the date that matters now, in words; empty while undecided."""
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    if standing is Standing.OPENS_SOON:
        return _("Opens on %(day)s", day=date_short(opens_at)) if opens_at else ""
    if closes_at is None:
        return ""
    day = date_short(last_day(closes_at))
    if standing in (Standing.CLOSING_SOON, Standing.OPEN_NOW):
        return _("Open until %(day)s", day=day)
    return _("Closed on %(day)s", day=day)


def counts(listing: Listing) -> list[tuple[int, str]]:
    """Return the numbers of people, comments and votes with their words; none before opening."""
    if listing.standing is Standing.OPENS_SOON:
        return []
    number = listing.counts
    return [
        (
            number.participants,
            ngettext("person took part", "people took part", number.participants),
        ),
        (number.comments, ngettext("comment", "comments", number.comments)),
        (number.votes, ngettext("vote", "votes", number.votes)),
    ]
