"""The page on which an agency follows what comes in."""

from typing import TYPE_CHECKING

from flask import Blueprint, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, workspace_nav
from app.charts import bars
from app.i18n import date_short, number
from app.identity import AGENCY_STAFF, access
from app.rendering import render
from app.transactions import session
from app.words import name
from consultations.queries import approving
from consultations.queries import monitor as monitors
from consultations.queries import work as works
from core.clock import now
from moderation.queries import waiting as moderation_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consultations.models import Consultation

blueprint = Blueprint(
    "authoring_monitoring", __name__, url_prefix="/workspace/consultations/<slug>"
)


@blueprint.get("/monitor")
@access(AGENCY_STAFF)
def monitor(slug: str) -> str:
    """Show what came in so far, where and from whom, and what waits."""
    consultation = own_consultation(slug)
    return render("authoring/monitor.html", **_page(consultation))


@blueprint.get("/monitor/now")
@access(AGENCY_STAFF)
def current(slug: str) -> Response | str:
    """Show the figures of this moment, for the page that renews itself."""
    return render("authoring/_monitor.html", **_page(own_consultation(slug)))


def _heat(
    consultation: "Consultation", clauses: "Sequence[monitors.ClauseHeat]"
) -> list[dict[str, object]]:
    """Return the clauses as the ``heat_map`` component draws them, up to four quarters strong."""
    draft = url_for("drafts.read", slug=consultation.slug)
    most = max((clause.comments for clause in clauses), default=0) or 1
    return [
        {
            "href": f"{draft}#clause-{clause.key}",
            "name": f"{clause.number or name('unit', clause.kind)} {clause.heading}".strip(),
            "cells": [
                (count, -(-4 * count // most))
                for count in (clause.comments, clause.support, clause.oppose)
            ],
        }
        for clause in clauses
    ]


def _days(days: "Sequence[monitors.Day]") -> dict[str, object] | None:
    """Return the bars of the days with the table's rows; None before anything came in."""
    values = [day.contributions for day in days]
    if not any(values):
        return None
    names, top = [date_short(day.day) for day in days], max(values)
    busiest = names[values.index(top)]
    return {
        "path": bars(values),
        "names": names,
        "peak": _("most: %(count)s, on %(day)s", count=number(top), day=busiest),
        "rows": [
            (name_, number(day.contributions), number(day.people))
            for name_, day in zip(names, days, strict=True)
        ],
    }


def _page(consultation: "Consultation") -> dict:
    moment = now()
    found = monitors.monitor(session(), consultation, moment)
    waiting = moderation_waiting.waiting(session(), [consultation.id])[consultation.id]
    since = waiting.since
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "monitor"),
        "found": found,
        "heat": _heat(consultation, found.clauses),
        "moment": moment,
        "waiting": waiting,
        "longest": format_timedelta(moment - since, granularity="minute") if since else "",
        "days": _days(found.days),
        "exports": works.exports(session(), consultation.id),
        "motions": approving.open_motions(session(), [consultation.id]),
        "slug": consultation.slug,
    }
