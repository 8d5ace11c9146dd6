"""What the page of a consultation shows: its plan, its facts, and the ways to take part in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import date_long, date_short, datetime_long, number
from app.rendering import pick
from app.words import name
from consultations import policy
from consultations.announcement import last_day, last_moment
from consultations.lifecycle import ORDER
from consultations.subjects import PROVINCES, TOPICS
from core.actor import ANONYMOUS
from core.clock import now

if TYPE_CHECKING:
    from consultations.models import Consultation, Stage, StageChange
    from consultations.queries.catalogue import Overview

#: First stage of each part of the plan, in order.
_PARTS = ("scheduled", "open", "closed", "ratification", "answering", "concluded")
_ORDER = [str(stage) for stage in ORDER]

#: Name, value, address and words of a link, as the ``summary_list`` component draws them.
Fact = tuple[str, str, str | None, str | None]


@dataclass(frozen=True)
class Way:
    """One way to take part, as the ``way_card`` component draws it."""

    href: str
    title: str
    text: str
    count: tuple[int, str] | None = None


@dataclass(frozen=True)
class Document:
    """Something to read about a consultation."""

    href: str
    title: str
    note: str


def stage_plan(
    consultation: "Consultation",
    stage: "Stage",
    history: Sequence["StageChange"],
    *,
    listens: bool = False,
) -> list[dict[str, object]]:
    """Return the parts of the plan for the ``stage_bar`` component.

    Parameters
    ----------
    stage : Stage
        The stage that holds now.
    history : sequence of StageChange
        Its first entries may be missing, as those of an imported consultation are.
    listens : bool
        Whether people answer open questions, because there is no draft yet.
    """
    names = (
        _("Announced"),
        _("Open questions and ideas") if listens else _("Comments and votes"),
        _("Summary"),
        _("Checking the summary"),
        _("Answers"),
        _("Conclusion"),
    )
    current = sum(_ORDER.index(part) <= _ORDER.index(stage) for part in _PARTS) - 1
    dates = _dates(consultation, history)
    return [
        {
            "name": words,
            "date": dates.get(part),
            "state": "done" if index < current else "current" if index == current else "next",
        }
        for index, (part, words) in enumerate(zip(_PARTS, names, strict=True))
    ]


def ways(consultation: "Consultation", overview: "Overview", stage: "Stage") -> list[Way]:
    """Return the ways to take part now, the weightiest first; after closing, what to read."""
    is_open = stage in policy.TAKING_STAGES
    found = _draft(consultation, overview, is_open=is_open)
    if is_open:
        found += _votes(consultation, overview)
    elif policy.has_closed(stage):
        title, text = _("See the results"), _("What people share and where they differ.")
        found.append(Way(url_for("results.picture", slug=consultation.slug), title, text))
    slug, counts = consultation.slug, overview.counts
    if counts.comments:
        found.append(
            Way(
                url_for("comments.discussion", slug=slug),
                _("Read the discussion"),
                _("What others wrote, clause by clause."),
                (counts.comments, ngettext("comment", "comments", counts.comments)),
            )
        )
    if overview.groups:
        count = (overview.groups, ngettext("working group", "working groups", overview.groups))
        text = _("Members of several sectors decide together; read what and how.")
        found.append(Way(url_for("groups.listing", slug=slug), _("Working groups"), text, count))
    if policy.is_checking(consultation, now()):
        title = _("Check the summary")
        text = _("Say whether it reflects you, and what it misses.")
        found.insert(0, Way(url_for("checking.check", slug=slug), title, text))
    if overview.has_summary:
        title, text = _("Read the summary"), _("Every sentence leads to what it rests on.")
        found.insert(0, Way(url_for("results.summary", slug=slug), title, text))
    if overview.responses:
        count = (overview.responses, ngettext("answer", "answers", overview.responses))
        title, text = _("Read the agency's answers"), _("Point by point, each with its reason.")
        found.insert(0, Way(url_for("results.responses", slug=slug), title, text, count))
    return found


def documents(consultation: "Consultation", overview: "Overview") -> list[Document]:
    """Return what there is to read, the newest draft first."""
    slug, latest = consultation.slug, overview.draft_number
    found: list[Document] = []
    for draft in reversed(overview.drafts):
        href = url_for("drafts.read_number", slug=slug, number=draft.number)
        words = _("Open questions") if draft.asks else _("Draft %(number)s", number=draft.number)
        note = pick(draft, "note").text
        day = date_short(draft.published_at) if draft.published_at else ""
        found.append(Document(href, words, " · ".join(filter(None, (day, note)))))
    if latest is not None and latest > 1:
        href = url_for("drafts.compare", slug=slug, before=latest - 1, after=latest)
        found.append(Document(href, _("What changed in the latest draft"), ""))
    for panel in overview.panels:
        href = url_for("panels.results", slug=slug, number=panel.number)
        found.append(Document(href, pick(panel, "title").text, _("Test with an invited panel")))
    if overview.has_asked:
        href = url_for("listening.results", slug=slug)
        found.append(Document(href, _("What people answered before there was a draft"), ""))
    if overview.has_summary:
        href = url_for("results.summary", slug=slug)
        found.append(Document(href, _("Summary of what people said"), ""))
    if overview.responses:
        href = url_for("results.responses", slug=slug)
        found.append(Document(href, _("The agency's answers"), ""))
    if overview.responses or consultation.stage in policy.ENDED_STAGES:
        href = url_for("report.show", slug=slug)
        found.append(Document(href, _("Results report"), ""))
    return found


def facts(consultation: "Consultation", overview: "Overview") -> list[Fact]:
    """Return what to know before taking part, for the ``summary_list`` component."""
    due, counts = consultation.answers_due_on, overview.counts
    rows: list[tuple[str, str]] = [
        (_("Open"), _open_times(consultation)),
        (_("Why the time is short"), consultation.short_reason),
        (_("Who can take part"), _admission(consultation)),
        (_("Checking the summary"), _check_time(consultation)),
        (
            _("Answers due"),
            _("by %(day)s", day=date_long(due)) if due else _("The agency has not named a day."),
        ),
        (
            _("So far"),
            _(
                "%(people)s people, %(comments)s comments, %(votes)s votes",
                people=number(counts.participants),
                comments=number(counts.comments),
                votes=number(counts.votes),
            ),
        ),
        (_("Source and licence"), consultation.source),
    ]
    if consultation.topic in TOPICS:
        rows.insert(0, (_("Topic"), pick(TOPICS[consultation.topic], "name").text))
    if consultation.province in PROVINCES:
        rows.insert(1, (_("Where"), pick(PROVINCES[consultation.province], "name").text))
    moderation = name("moderation_policy", consultation.moderation_policy)
    return [
        *((key, value, None, None) for key, value in rows if value),
        (_("Moderation"), moderation, url_for("site.rules"), _("Read the rules")),
    ]


def _admission(consultation: "Consultation") -> str:
    if policy.is_admitted(ANONYMOUS, consultation):
        return _(
            "Anyone with an e-mail account on this site; each account has one vote on "
            "each statement."
        )
    return _(
        "People whom an identity provider has verified; each person has one vote on each "
        "statement. Organisations state their positions in comments."
    )


def _open_times(consultation: "Consultation") -> str:
    if consultation.opens_at is None or consultation.closes_at is None:
        return _("The agency has not named the days.")
    first = datetime_long(consultation.opens_at)
    last = datetime_long(last_moment(consultation.closes_at))
    return _("from %(first)s until %(last)s", first=first, last=last)


def _check_time(consultation: "Consultation") -> str:
    if consultation.check_ends_at is not None:
        return _("until %(last)s", last=datetime_long(last_moment(consultation.check_ends_at)))
    return ngettext(
        "%(num)s full day after the summary is published",
        "%(num)s full days after the summary is published",
        consultation.check_days,
    )


def _draft(consultation: "Consultation", overview: "Overview", *, is_open: bool) -> list[Way]:
    if overview.draft_number is None:
        return []
    href = url_for("drafts.read", slug=consultation.slug)
    if overview.listens:
        text = _("There is no draft yet: say what it should hold, and support what others say.")
        answered = Way(
            url_for("listening.results", slug=consultation.slug),
            _("See what people answer"),
            _("Question by question, with what most people support."),
        )
        ask = [Way(href, _("Answer the open questions"), text)] if is_open else []
        return [*ask, answered]
    if is_open:
        text = _("Comment on a clause, or on words of it, and propose your own wording.")
        return [Way(href, _("Read the draft and comment"), text)]
    return [Way(href, _("Read the draft"), _("Clause by clause."))]


def _votes(consultation: "Consultation", overview: "Overview") -> list[Way]:
    slug, statements = consultation.slug, overview.counts.statements
    title, text = _("Propose a statement"), _("One short sentence that everyone can vote on.")
    propose = Way(url_for("statements.propose", slug=slug), title, text)
    if not statements:
        return [propose]
    title = _("Vote on statements")
    text = _("Short sentences, one at a time: agree, disagree or unsure. A few minutes are enough.")
    count = (statements, ngettext("statement", "statements", statements))
    return [Way(url_for("statements.vote", slug=slug), title, text, count), propose]


def _dates(
    consultation: "Consultation", history: Sequence["StageChange"]
) -> dict[str, str | datetime]:
    """Dates of the parts of the plan: when they came, or when they are announced for."""
    dates: dict[str, str | datetime] = {
        str(change.to_stage): change.changed_at for change in history if change.to_stage in _PARTS
    }
    if consultation.opens_at and consultation.closes_at:
        first, last = (
            date_short(consultation.opens_at),
            date_short(last_day(consultation.closes_at)),
        )
        dates["open"] = _("%(first)s to %(last)s", first=first, last=last)
    if consultation.check_ends_at and "answering" not in dates:
        day = date_short(last_day(consultation.check_ends_at))
        dates["ratification"] = _("until %(last)s", last=day)
    if consultation.answers_due_on and "concluded" not in dates:
        day = date_short(consultation.answers_due_on)
        dates["answering"] = _("by %(day)s", day=day)
    return dates
