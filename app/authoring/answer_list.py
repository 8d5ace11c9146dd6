"""What the list of the answer desk shows: what was asked of it, and the ways to ask otherwise."""

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import gettext as _

from app.authoring.context import why_not_approve
from app.identity import current_actor
from app.participation.cards import parts
from app.transactions import session
from app.words import name, options
from app.words.results import DISPOSITION_COLOURS
from consultations.answer_clock import answer_clock
from consultations.queries import answer_desk, approving, desk_work
from consultations.queries.answer_desk import Asked, Order, Show, is_overdue
from consultations.queries.answer_duty import answered_ones
from core.actor import Role
from core.clock import BANGKOK, now

if TYPE_CHECKING:
    from consultations.models import Consultation

_MOST_PAGES = 10_000


def asked_of_desk(consultation: "Consultation") -> Asked:
    """Return what the address asks; what it does not know asks for nothing."""
    given = request.args
    disposition = given.get("disposition", "")
    page = given.get("page", 1, type=int)
    return Asked(
        account_id=current_actor().account_id,
        today=now().astimezone(BANGKOK).date(),
        due_on=consultation.answers_due_on,
        show=Show(given["show"]) if given.get("show", "") in set(Show) else Show.REQUIRED,
        disposition=answer_desk.disposition_named(disposition),
        order=Order(given["order"]) if given.get("order", "") in set(Order) else Order.SUMMARY,
        page=min(max(page, 1), _MOST_PAGES),
    )


def asked_values() -> dict[str, Any]:
    """Return what the address asks, to go back to the same page of the list."""
    known = ("show", "disposition", "order", "page")
    return {name: value for name, value in request.args.items() if name in known}


def desk_context(consultation: "Consultation", asked: Asked) -> dict[str, Any]:
    """Return what the template of the list needs."""
    actor, slug = current_actor(), consultation.slug
    desk = answer_desk.desk_page(session(), consultation.id, asked)
    is_answered = consultation.id in answered_ones(session(), [consultation.id])
    return {
        "desk": desk,
        "is_approver": actor.serves(consultation.agency_id, Role.APPROVER),
        "motions": [
            motion
            for motion in approving.open_motions(session(), [consultation.id])
            if motion.kind == "publish_answers"
        ],
        "why_not": why_not_approve(actor, consultation, None),
        "approvers": approving.approvers_besides(session(), actor),
        "colleagues": desk_work.colleagues(session(), actor),
        "colours": DISPOSITION_COLOURS,
        "clock": answer_clock(consultation, now(), is_answered=is_answered),
        "shows": _shows(slug, desk),
        "dispositions": [("", _("Any")), *options("disposition")],
        "orders": options("desk_order"),
        "pages": parts(
            asked.page, desk.page_count, lambda page: url_for(".desk", **_values(slug, desk, page))
        ),
        "is_late": lambda entry: is_overdue(entry, asked.today, asked.due_on),
    }


def _shows(slug: str, desk: answer_desk.Desk) -> list[dict[str, object]]:
    """Return the ways to see other items, for the ``subnav`` component."""
    return [
        {
            "text": name("desk_show", show),
            "href": url_for(".desk", slug=slug, show=show.value, order=desk.asked.order.value),
            "current": show is desk.asked.show,
            "count": desk.counts[show],
        }
        for show in Show
    ]


def _values(slug: str, desk: answer_desk.Desk, page: int) -> dict[str, Any]:
    asked = desk.asked
    values = {"slug": slug, "show": asked.show.value, "order": asked.order.value, "page": page}
    if asked.disposition is not None:
        values["disposition"] = asked.disposition.value
    return values
