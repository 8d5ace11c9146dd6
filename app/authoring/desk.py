"""What the start of the workspace shows, in words and links."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from consultations.queries.agenda import AgendaItem, Need
from consultations.queries.workspace import Task
from moderation.queries.waiting import Waiting

#: Where each need is met; the others on the consultation's own page.
_PLACES = {
    Need.ANSWERS_OVERDUE: "authoring_responses.desk",
    Need.ANSWERS_DUE: "authoring_responses.desk",
    Need.APPROVE_ANSWERS: "authoring_responses.desk",
    Need.ANSWERS_TO_WRITE: "authoring_responses.desk",
    Need.APPROVE_SUMMARY: "authoring_summaries.build",
    Need.CLOSING_SOON: "authoring_monitoring.monitor",
    Need.CHECK_IMPORT: "authoring_imports.check",
    Need.ANALYSIS_DONE: "authoring_summaries.runs",
    Need.ANALYSIS_NEEDED: "authoring_summaries.runs",
    Need.FINISH_PREPARING: "authoring_preparing.tasks",
}
#: Parts of a consultation's life under which the list stands.
_PHASES = (
    ("preparing", ("preparing", "in_review")),
    ("taking", ("scheduled", "open", "extended")),
    ("working", ("closed", "summary", "ratification", "answering")),
    ("ended", ("concluded", "monitoring", "archived")),
)


def agenda_address(item: AgendaItem) -> str:
    """Return where something to do is done."""
    slug = item.consultation.slug
    if item.need is Need.APPROVE_DRAFT:
        return url_for("authoring_drafts.edit", slug=slug, number=item.draft)
    if item.motion is not None:
        return url_for("authoring_motions.show", slug=slug, number=item.motion)
    return url_for(_PLACES.get(item.need, "authoring_consultations.overview"), slug=slug)


def clock_words(days: int | None) -> str:
    """Return how much time is left, or for how long it is over; empty without a day."""
    if days is None:
        return ""
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days)
    if days == 0:
        return _("today")
    return ngettext("%(num)s day left", "%(num)s days left", days)


def moderated(
    tasks: Sequence[Task], waiting: Mapping[int, Waiting], at: datetime
) -> list[dict[str, Any]]:
    """Return where contributions wait for a moderator, the longest wait first."""
    found = [(task, waiting[task.consultation.id]) for task in tasks]
    longest = sorted(
        ((task, each) for task, each in found if each.total and each.since),
        key=lambda pair: pair[1].since or at,
    )
    return [
        {
            "consultation": task.consultation,
            "total": each.total,
            "longest": format_timedelta(at - (each.since or at), granularity="minute"),
        }
        for task, each in longest
    ]


def by_phase(tasks: Sequence[Task]) -> list[tuple[str, list[Task]]]:
    """Return the consultations under the parts of their life; parts without any are left out."""
    grouped = [
        (phase, [task for task in tasks if task.stage.value in stages]) for phase, stages in _PHASES
    ]
    return [(phase, found) for phase, found in grouped if found]
