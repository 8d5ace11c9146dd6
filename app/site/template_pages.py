"""Pages on which an administrator reads and edits what consultations of each kind begin with."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import access, current_actor
from app.rendering import render
from app.site.keeping import ADMINISTRATORS
from app.site.template_forms import FieldForm, PointForm, RulesForm, TemplateForm
from app.transactions import session
from app.words import name
from consultations import kind_editing, kind_versions
from consultations.announcement import Kind
from consultations.kind_templates import TEMPLATES, CheckPoint, FormField, KindTemplate, read_json
from core.errors import InvalidError, NotFoundError

Page = str | tuple[str, int] | Response

blueprint = Blueprint("templates", __name__, url_prefix="/administration/templates")


@blueprint.get("")
@access(ADMINISTRATORS)
def index() -> str:
    """List the kinds with the version that holds now."""
    rows = [(kind, *_held(kind)) for kind in Kind]
    return render("site/templates.html", rows=rows)


@blueprint.get("/<kind>")
@access(ADMINISTRATORS)
def show(kind: str) -> str:
    """Show a template with its earlier versions; ``?version=`` shows one of those."""
    which = _kind(kind)
    number, template = _held(which)
    versions = kind_versions.versions(session(), which)
    asked = request.args.get("version", number, type=int)
    old = next((each for each in versions if each.number == asked != number), None)
    return render(
        "site/template.html",
        kind=which,
        number=old.number if old else number,
        template=read_json(old.content) if old else template,
        is_old=old is not None,
        versions=versions,
        is_delivered=template == TEMPLATES[which],
    )


@blueprint.route("/<kind>/rules", methods=["GET", "POST"])
@access(ADMINISTRATORS, fresh=True)
def rules(kind: str) -> Page:
    """Edit clocks and first words."""
    which = _kind(kind)
    number, template = _held(which)
    form = RulesForm(obj=template, since=str(number))
    if form.submitted() and _changed(which, form, form.changed(template)):
        return redirect(url_for(".show", kind=kind), 303)
    return _form_page(which, form, _("Clocks and first words"))


@blueprint.route("/<kind>/field", methods=["GET", "POST"])
@access(ADMINISTRATORS, fresh=True)
def field(kind: str) -> Page:
    """Edit the field that ``?code=`` names, or add one."""
    which = _kind(kind)
    number, template = _held(which)
    was = request.args.get("code", "")
    known = _field(template, was) if was else None
    place = template.fields.index(known) + 1 if known else None
    form = FieldForm(obj=known, place=place, since=str(number))
    if form.submitted():
        place = min(max(form.place.data or 0, 0), len(template.fields) + 1)
        edited = kind_editing.with_field(template, form.field, was=was, place=place)
        if _changed(which, form, edited):
            return redirect(url_for(".show", kind=kind), 303)
    return _form_page(which, form, _("Field of the form"))


@blueprint.route("/<kind>/point", methods=["GET", "POST"])
@access(ADMINISTRATORS, fresh=True)
def point(kind: str) -> Page:
    """Edit the point of the checklist that ``?code=`` names, or add one."""
    which = _kind(kind)
    number, template = _held(which)
    was = request.args.get("code", "")
    known = _point(template, was) if was else None
    form = PointForm(obj=known, since=str(number)).fit(known)
    if form.submitted():
        edited = kind_editing.with_point(template, form.point(was), was=was)
        if _changed(which, form, edited):
            return redirect(url_for(".show", kind=kind), 303)
    return _form_page(which, form, _("Point of the checklist"))


@blueprint.route("/<kind>/<any(field, point):what>/<part>/without", methods=["GET", "POST"])
@access(ADMINISTRATORS, fresh=True)
def without(kind: str, what: str, part: str) -> Page:
    """Take away a field of the form, or a point of the checklist."""
    which = _kind(kind)
    number, template = _held(which)
    form = TemplateForm(since=str(number))
    named: FormField | CheckPoint
    if what == "field":
        named, edited = _field(template, part), kind_editing.without_field(template, part)
    else:
        named, edited = _point(template, part), kind_editing.without_point(template, part)
    if form.submitted() and _changed(which, form, edited):
        return redirect(url_for(".show", kind=kind), 303)
    return _form_page(which, form, _("Take it away"), named)


@blueprint.route("/<kind>/restore", methods=["GET", "POST"])
@access(ADMINISTRATORS, fresh=True)
def restore(kind: str) -> Page:
    """Go back to the template as it is delivered."""
    which = _kind(kind)
    number, _template = _held(which)
    form = TemplateForm(since=str(number))
    if form.submitted() and _changed(which, form, TEMPLATES[which]):
        return redirect(url_for(".show", kind=kind), 303)
    return _form_page(which, form, _("Back to the delivered template"))


def _kind(kind: str) -> Kind:
    if kind not in set(Kind):
        raise NotFoundError("page.unknown")
    return Kind(kind)


def _held(kind: Kind) -> tuple[int, KindTemplate]:
    """Return the number of the newest version, 0 while none is kept, and what holds now."""
    newest = kind_versions.newest(session(), kind)
    return newest.number if newest else 0, kind_versions.present(session(), kind)


def _field(template: KindTemplate, code: str) -> FormField:
    found = template.field(code)
    if found is None:
        raise NotFoundError("template.unknown")
    return found


def _point(template: KindTemplate, code: str) -> CheckPoint:
    found = template.point(code)
    if found is None:
        raise NotFoundError("template.unknown")
    return found


def _changed(kind: Kind, form: TemplateForm, edited: KindTemplate) -> bool:
    """Keep an edited template, or put what is wrong with it on the form."""
    reason, since = form.reason.data or "", form.version
    try:
        made = kind_editing.change(
            session(), current_actor(), kind, edited, reason=reason, since=since
        )
    except InvalidError as error:
        form.show(error)
        return False
    flash(_("Version %(number)s holds from now on.", number=made.number), "success")
    return True


def _form_page(
    kind: Kind, form: TemplateForm, title: str, part: FormField | CheckPoint | None = None
) -> tuple[str, int]:
    words = name("kind", kind)
    page = render("site/template_form.html", kind=kind, form=form, title=title, part=part, of=words)
    return page, form.status
