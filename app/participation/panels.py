"""Pages of panels: the results for anyone; invitation and prototype for who was invited."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, at_most, choices
from app.identity import ANYONE, SIGNED_IN, access, current_actor, keyring
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from app.words import NAMES
from consultations import prototyping
from consultations.prototyping import LONGEST_CHANGE, Said
from consultations.queries import panels
from core.errors import InvalidError
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.models import PanelAnswer, PanelClause

blueprint = Blueprint("panels", __name__)
_DEGREES = choices(NAMES["degree"].items())


class ClauseAnswerForm(BaseForm):
    """What a member says to one clause."""

    understood = RadioField(_l("Do you understand it?"), [Optional()], choices=_DEGREES)
    workable = RadioField(_l("Can it be carried out?"), [Optional()], choices=_DEGREES)
    change = TextAreaField(
        _l("What would you change?"),
        [Optional(), at_most(LONGEST_CHANGE)],
        description=_l("Only the agency reads this, without your name."),
    )


@blueprint.get("/consultations/<slug>/panels/<int:number>")
@access(ANYONE)
def results(slug: str, number: int) -> str:
    """Show what the members of a panel said to prototype clauses, once it is public."""
    consultation = load_consultation(slug)
    panel = panels.panel_numbered(session(), consultation.id, number, public_only=True)
    return render(
        "participation/panel.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "panels"),
        page=panels.panel_page(session(), panel),
        language_of=language_of,
    )


@blueprint.route("/invitations/panels/<token>", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def invitation(token: str) -> BaseResponse | str:
    """Show what the panel is for; take the place, or refuse it."""
    _seat, panel = prototyping.invitation(session(), keyring(), token)
    if request.method == "POST":
        accepts = request.form.get("answer") == "accept"
        prototyping.reply(session(), current_actor(), token, accepts=accepts)
        if accepts:
            return redirect(url_for(".answer", number=panel.id), 303)
        flash(_("You have declined the invitation."), "success")
        return redirect(url_for("site.finder"), 303)
    return render("participation/panel_invitation.html", panel=panel)


@blueprint.route("/panels/<int:number>", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def answer(number: int) -> BaseResponse | tuple[str, int]:
    """Show the prototype to a member, clause by clause, and take the answers."""
    panel, consultation = panels.panel_of_seat(session(), number)
    seat = prototyping.own_seat(session(), current_actor(), consultation, panel)
    clauses, kept = panels.clauses_of(session(), panel), panels.answers_of(session(), seat)
    forms = [(clause, _form(clause, kept.get(clause.id))) for clause in clauses]
    is_valid = [form.validate() for _clause, form in forms] if request.method == "POST" else [False]
    if all(is_valid):
        said = [each for clause, form in forms if (each := _said(clause, form))]
        try:
            prototyping.answer(session(), current_actor(), panel.id, said=said)
        except InvalidError as error:
            forms[0][1].show(error)
        else:
            flash(_("Your answers are saved. You can change them until the last day."), "success")
            return redirect(url_for(".answer", number=number), 303)
    shown = {"panel": panel, "forms": forms, "language_of": language_of}
    status = max(form.status for _clause, form in forms)
    return render("participation/panel_answer.html", **shown), status


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nothing between a member and the site keep a copy, nor other pages see the address."""
    response = make_response(response)
    if request.endpoint != "panels.results":
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _form(clause: "PanelClause", kept: "PanelAnswer | None") -> ClauseAnswerForm:
    return ClauseAnswerForm(obj=kept, prefix=f"c{clause.position}-")


def _said(clause: "PanelClause", form: ClauseAnswerForm) -> Said | None:
    """Return what was sent about a clause; None if nothing was."""
    understood, workable, change = (
        each.data or "" for each in (form.understood, form.workable, form.change)
    )
    if not (understood or workable or change.strip()):
        return None
    return Said(clause.id, understood, workable, change)
