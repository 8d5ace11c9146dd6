"""What the ``consultation_card`` component needs of a consultation in the finder."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import date_short
from app.participation.cards import clause_name
from app.rendering import pick
from app.words import name
from consultations.announcement import last_day
from consultations.queries.finder import Listing
from consultations.queries.passages import ClauseFound
from consultations.queries.standing import Standing
from consultations.search_words import WINDOW, Piece, pieces
from consultations.subjects import PROVINCES, TOPICS
from core.languages import language_of

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


def consultation_card(terms: Sequence[str], listing: Listing) -> dict[str, object]:
    """Return a consultation as the ``consultation_card`` component draws it.

    Parameters
    ----------
    terms : sequence of str
        Folded words that are looked for, to be marked.
    listing : Listing
    """
    consultation = listing.consultation
    title, summary = pick(consultation, "title"), pick(consultation, "summary")
    agency = pick(consultation.agency, "name")
    return {
        "title": title.text,
        "title_pieces": pieces(title.text, terms),
        "title_language": title.lang,
        "href": url_for("consultations.home", slug=consultation.slug),
        "agency": agency.text,
        "agency_language": agency.lang,
        "stage": name("stage", listing.stage),
        "stage_colour": _COLOURS.get(listing.standing, "grey"),
        "summary_pieces": summary_pieces(summary.text, terms),
        "summary_language": summary.lang,
        "about": about(consultation),
        "dates": dates(consultation, listing.standing),
        "days_left": listing.days_left,
        "clock": listing.clock,
        "counts": counts(listing),
        "took_part": listing.took_part,
        "is_followed": listing.is_followed,
        "clauses": [clause_found(consultation.slug, terms, clause) for clause in listing.clauses],
    }


def clause_found(slug: str, terms: Sequence[str], clause: ClauseFound) -> dict[str, object]:
    """Return a clause in which the words stand: its name, the words, and where to read it."""
    shown, heading = pieces(clause.body, terms, window=WINDOW), clause.heading
    if not any(found for _text, found in shown):
        english = pieces(clause.body_en, terms, window=WINDOW)
        if any(found for _text, found in english):
            shown, heading = english, clause.heading_en
    return {
        "name": clause_name(clause.key, clause.number, heading),
        "pieces": shown,
        "language": language_of("".join(text for text, _found in shown)),
        "href": url_for("drafts.read", slug=slug, _anchor=f"clause-{clause.key}"),
    }


def about(consultation: "Consultation") -> list[str]:
    """Return topic and province, where they are known."""
    names = (TOPICS.get(consultation.topic), PROVINCES.get(consultation.province))
    return [pick(each, "name").text for each in names if each is not None]


def summary_pieces(text: str, terms: Sequence[str]) -> tuple[Piece, ...]:
    """Return the beginning of a summary, or what stands around the words that are looked for."""
    around = pieces(text, terms, window=_BRIEF)
    if any(found for _text, found in around):
        return around
    return ((brief(text), False),)


def brief(text: str) -> str:
    """Return the first paragraph, cut between words where it is long."""
    paragraph = text.partition("\n")[0]
    if len(paragraph) <= _BRIEF:
        return paragraph
    start = paragraph[:_BRIEF]
    return (start.rpartition(" ")[0] or start) + " …"


def days_left_words(days: int) -> str:
    """Return in words how long a consultation is still open."""
    if days == 0:
        return _("Closes today")
    return ngettext("%(num)s day left", "%(num)s days left", days)


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
    """Return the numbers of people and comments with their words; none before opening."""
    if listing.standing is Standing.OPENS_SOON:
        return []
    number = listing.counts
    return [
        (
            number.participants,
            ngettext("person took part", "people took part", number.participants),
        ),
        (number.comments, ngettext("comment", "comments", number.comments)),
    ]
