"""Pages on which an agency sees its working groups and founds another one."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, workspace_nav
from app.authoring.group_forms import FoundingForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import forming
from consultations.queries import groups
from core.errors import InvalidError

blueprint = Blueprint(
    "authoring_groups", __name__, url_prefix="/workspace/consultations/<slug>/groups"
)


@blueprint.get("")
@access(AGENCY_STAFF)
def desk(slug: str) -> str:
    """Show the working groups of a consultation."""
    consultation = own_consultation(slug)
    return render(
        "authoring/groups.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "groups"),
        groups=groups.groups_of(session(), consultation.id),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def found(slug: str) -> str | tuple[str, int] | Response:
    """Found a working group."""
    consultation = own_consultation(slug)
    form = FoundingForm()
    if form.submitted():
        try:
            made = forming.found(session(), current_actor(), consultation.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The group is founded. Now invite its members."), "success")
            return redirect(url_for("groups.show", slug=slug, number=made.number), 303)
    nav = workspace_nav(consultation, "groups")
    return render("authoring/group_form.html", consultation=consultation, nav=nav, form=form), (
        form.status
    )
