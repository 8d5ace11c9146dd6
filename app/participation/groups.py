"""Pages of working groups that everyone reads, and what a member does with their own seat."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, SIGNED_IN, access, current_actor
from app.participation.context import load_consultation
from app.participation.group_forms import PositionForm
from app.participation.group_pages import context, load_group
from app.rendering import render
from app.transactions import session
from consultations import chartering, forming
from consultations.queries import groups
from core.clock import now

blueprint = Blueprint("groups", __name__, url_prefix="/consultations/<slug>/groups")


@blueprint.get("")
@access(ANYONE)
def listing(slug: str) -> str:
    """Show the working groups of a consultation."""
    consultation = load_consultation(slug)
    found = groups.groups_of(session(), consultation.id)
    return render("participation/groups.html", **context(consultation), groups=found)


@blueprint.get("/<int:number>")
@access(ANYONE)
def show(slug: str, number: int) -> str:
    """Show who sits in a group, how it decides, and what it has done."""
    consultation, group = load_group(slug, number)
    page = groups.group_page(session(), group)
    return render("participation/group.html", **context(consultation, group), page=page)


@blueprint.get("/<int:number>/proposals/<int:proposal>")
@access(ANYONE)
def proposal(slug: str, number: int, proposal: int) -> str:
    """Show a proposal with its rounds, and the form to answer it."""
    consultation, group = load_group(slug, number)
    row = groups.proposal_numbered(session(), group, proposal)
    page = context(consultation, group)
    form = PositionForm(obj=row.latest.said_by(page["seat"]))
    shown = {"row": row, "form": form, "moment": now()}
    return render("participation/group_proposal.html", **page, **shown)


@blueprint.post("/<int:number>/agree")
@access(SIGNED_IN, limit="change")
def agree(slug: str, number: int) -> Response:
    """Agree to the charter."""
    _consultation, group = load_group(slug, number)
    version = request.form.get("version", "", type=str)
    chartering.agree(
        session(), current_actor(), group.id, int(version) if version.isdecimal() else 0
    )
    flash(_("You have agreed to the charter."), "success")
    return redirect(url_for(".show", slug=slug, number=number, _anchor="charter"), 303)


@blueprint.post("/<int:number>/leave")
@access(SIGNED_IN, limit="change")
def leave(slug: str, number: int) -> Response:
    """Give one's seat up."""
    _consultation, group = load_group(slug, number)
    forming.leave(session(), current_actor(), group.id)
    flash(_("You have left the group. What you said in it stays on record."), "success")
    return redirect(url_for(".show", slug=slug, number=number), 303)
