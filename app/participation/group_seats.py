"""The page on which somebody accepts or declines a seat in a working group."""

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.identity import SIGNED_IN, access, current_actor, keyring
from app.participation.group_forms import AcceptForm
from app.rendering import render
from app.transactions import session
from consultations import forming
from consultations.queries import groups
from core.errors import InvalidError

blueprint = Blueprint("group_seats", __name__, url_prefix="/invitations/groups")


@blueprint.route("/<token>", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def answer(token: str) -> BaseResponse | tuple[str, int]:
    """Show what the seat is for; take it, or refuse it."""
    seat, group = forming.invitation(session(), keyring(), token)
    consultation = groups.consultation_of(session(), group)
    if request.method == "POST" and request.form.get("answer") == "decline":
        forming.decline(session(), current_actor(), keyring(), token)
        flash(_("You have declined the seat."), "success")
        return redirect(url_for("site.finder"), 303)
    form = AcceptForm()
    if form.submitted():
        words = {each: form[each].data or "" for each in ("shown_name", "shown_organisation")}
        try:
            forming.accept(session(), current_actor(), token, **words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("You are a member of the group now."), "success")
            where = url_for("groups.show", slug=consultation.slug, number=group.number)
            return redirect(where, 303)
    page = groups.group_page(session(), group)
    shown = {"form": form, "seat": seat, "consultation": consultation, "page": page}
    return render("participation/group_invitation.html", **shown), form.status


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nothing between the reader and the site keep a copy, nor other pages see the address."""
    response = make_response(response)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
