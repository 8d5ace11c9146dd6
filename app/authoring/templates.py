"""Pages on which an agency keeps the words with which its answers often begin."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.answer_forms import TemplateForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import templating
from consultations.queries import desk_work
from core.errors import InvalidError

blueprint = Blueprint("authoring_templates", __name__, url_prefix="/workspace/answer-templates")

Page = str | tuple[str, int] | Response


@blueprint.get("")
@access(AGENCY_STAFF)
def index() -> str:
    """Show the templates of one's own agency."""
    found = desk_work.templates(session(), current_actor())
    return render("authoring/templates.html", templates=found)


@blueprint.route("/new", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def add() -> Page:
    """Write a new template."""
    form = TemplateForm()
    if form.submitted():
        try:
            templating.add(session(), current_actor(), form.words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The template is kept."), "success")
            return redirect(url_for(".index"), 303)
    return render("authoring/template.html", form=form, template=None), form.status


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def change(number: int) -> Page:
    """Give a template other words."""
    template = desk_work.template(session(), current_actor(), number)
    form = TemplateForm(obj=template)
    if form.submitted():
        try:
            templating.change(session(), current_actor(), number, form.words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The template is kept."), "success")
            return redirect(url_for(".index"), 303)
    return render("authoring/template.html", form=form, template=template), form.status


@blueprint.post("/<int:number>/remove")
@access(AGENCY_STAFF)
def remove(number: int) -> Response:
    """Take a template away."""
    templating.remove(session(), current_actor(), number)
    flash(_("The template is removed. Answers that began with it keep their words."), "success")
    return redirect(url_for(".index"), 303)
