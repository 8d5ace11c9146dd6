"""Pages on which an agency lets an invited panel read prototype clauses."""

import re
from typing import TYPE_CHECKING, cast

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.forms import BaseForm, DayField, at_most, required
from app.identity import AGENCY_STAFF, access, current_actor, keyring
from app.mail.office import sends_mail
from app.rendering import render
from app.transactions import session
from consultations import prototyping
from consultations.prototyping import LONGEST_CLAUSE, LONGEST_TITLE, MOST_CLAUSES, Prototype
from consultations.queries import panels
from core.errors import InvalidError
from core.languages import language_of

if TYPE_CHECKING:
    from datetime import date

blueprint = Blueprint(
    "authoring_panels", __name__, url_prefix="/workspace/consultations/<slug>/panels"
)


class PrototypeForm(BaseForm):
    """What the panel reads, and until when."""

    title_th = StringField(
        _l("Name of the test in Thai"),
        [required(_l("Give the test a name in Thai.")), at_most(LONGEST_TITLE)],
    )
    title_en = StringField(_l("Name in English"), [Optional(), at_most(LONGEST_TITLE)])
    clauses = TextAreaField(
        _l("Prototype clauses, with an empty line between two"),
        [required(_l("Write at least one clause.")), at_most(MOST_CLAUSES * LONGEST_CLAUSE)],
    )
    closes_on = DayField(_l("Last day to answer"), [required(_l("Choose the last day."))])

    @property
    def given(self) -> Prototype:
        """Return what was typed."""
        parts = re.split(r"\n\s*\n", (self.clauses.data or "").replace("\r\n", "\n"))
        return Prototype(
            title_th=self.title_th.data or "",
            title_en=self.title_en.data or "",
            closes_on=cast("date", self.closes_on.data),
            clauses=[part for part in parts if part.strip()],
        )


class PanelInviteForm(BaseForm):
    """Whom to invite."""

    addresses = TextAreaField(
        _l("E-mail addresses, one on each line"),
        [required(_l("Enter at least one e-mail address.")), at_most(20_000)],
        description=_l("Each gets one letter; the addresses are kept nowhere else."),
    )


@blueprint.get("")
@access(AGENCY_STAFF)
def desk(slug: str) -> str:
    """Show the panels of a consultation."""
    consultation = own_consultation(slug)
    found = panels.panels_of(session(), consultation.id)
    return render("authoring/panels.html", **_page(slug), panels=found)


@blueprint.route("/new", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def begin(slug: str) -> tuple[str, int] | Response:
    """Begin a panel."""
    consultation = own_consultation(slug)
    form = PrototypeForm()
    if form.submitted():
        try:
            made = prototyping.begin(session(), current_actor(), consultation.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The panel is ready. Now invite people to it."), "success")
            return redirect(url_for(".show", slug=slug, number=made.number), 303)
    return render("authoring/panel_form.html", **_page(slug), form=form), form.status


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def show(slug: str, number: int) -> tuple[str, int] | Response:
    """Show how far a panel is, and invite people to it."""
    consultation = own_consultation(slug)
    panel = panels.panel_numbered(session(), consultation.id, number)
    form = PanelInviteForm()
    if form.submitted():
        try:
            tokens = prototyping.invite(
                session(),
                current_actor(),
                keyring(),
                panel.id,
                addresses=(form.addresses.data or "").split(),
                by_letter=sends_mail(),
            )
        except InvalidError as error:
            error.field = "addresses"
            form.show(error)
        else:
            flash(_invited(tokens), "success")
            return redirect(url_for(".show", slug=slug, number=number), 303)
    why_not = why_not_approve(current_actor(), consultation, panel.begun_by_id)
    shown = {"page": panels.panel_page(session(), panel), "why_not": why_not, "form": form}
    return render("authoring/panel.html", **_page(slug), **shown), form.status


@blueprint.post("/<int:number>/publish")
@access(AGENCY_STAFF)
def publish(slug: str, number: int) -> Response:
    """Make the results public that somebody else asked for."""
    consultation = own_consultation(slug)
    panel = panels.panel_numbered(session(), consultation.id, number)
    prototyping.publish(session(), current_actor(), panel.id)
    flash(_("The results are public, marked as those of a panel."), "success")
    return redirect(url_for(".show", slug=slug, number=number), 303)


def _invited(tokens: list[str]) -> str:
    if sends_mail():
        return _("The invitations go out by e-mail: %(count)s.", count=len(tokens))
    links = [url_for("panels.invitation", token=token, _external=True) for token in tokens]
    return _("This site sends no e-mail. Hand these links over: %(links)s", links=" ".join(links))


def _page(slug: str) -> dict[str, object]:
    consultation = own_consultation(slug)
    nav = workspace_nav(consultation, "panels")
    return {"consultation": consultation, "nav": nav, "language_of": language_of}
