"""What every page of a working group needs: the group, who reads it, and the page of a form."""

from typing import TYPE_CHECKING, Any

from flask import url_for

from app.identity import current_actor
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from app.words.commitments import COMMITMENT_COLOURS
from app.words.groups import OUTCOME_COLOURS, POSITION_COLOURS
from consultations import group_access
from consultations.queries import groups
from core.languages import language_of

if TYPE_CHECKING:
    from app.forms import BaseForm
    from consultations.models import Consultation, WorkingGroup


def load_group(slug: str, number: int) -> "tuple[Consultation, WorkingGroup]":
    """Return a group with its consultation.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``group.unknown``.
    """
    consultation = load_consultation(slug)
    return consultation, groups.group_numbered(session(), consultation.id, number)


def convened_group(slug: str, number: int) -> "tuple[Consultation, WorkingGroup]":
    """Return a group for whoever prepares its work; else raises as ``require_convener``."""
    consultation, group = load_group(slug, number)
    group_access.require_convener(session(), current_actor(), consultation, group.id)
    return consultation, group


def deciding_group(slug: str, number: int) -> "tuple[Consultation, WorkingGroup]":
    """Return a group for a member who decides; else raises as ``require_deciding``."""
    consultation, group = load_group(slug, number)
    group_access.require_deciding(session(), current_actor(), group.id)
    return consultation, group


def context(consultation: "Consultation", group: "WorkingGroup | None" = None) -> dict[str, Any]:
    """Return what the templates of groups draw; ``seat`` is the reader's own, or None."""
    seat = group_access.own_seat(session(), current_actor(), group.id) if group else None
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, "groups"),
        "group": group,
        "seat": seat,
        "may_convene": group_access.may_convene(current_actor(), consultation, seat),
        "outcome_colours": OUTCOME_COLOURS,
        "position_colours": POSITION_COLOURS,
        "colours": COMMITMENT_COLOURS,
        "language_of": language_of,
    }


def form_page(
    consultation: "Consultation",
    group: "WorkingGroup",
    form: "BaseForm",
    title: str,
    intro: str = "",
) -> tuple[str, int]:
    """Return the page of one form of a group, with its status."""
    back = url_for("groups.show", slug=consultation.slug, number=group.number)
    shown = {"form": form, "title": title, "intro": intro, "back": back}
    return render("participation/group_form.html", **context(consultation, group), **shown), (
        form.status
    )
