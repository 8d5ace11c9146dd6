"""Pages on which the register of those affected comes in as a table, and goes out as one."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.authoring.consultations import OFFICERS
from app.authoring.context import own_consultation, workspace_nav
from app.authoring.hearing_forms import ImportGroupsForm
from app.identity import access, current_actor, keyring
from app.rendering import render
from app.transactions import session
from app.words import problem
from consultations import policy, stakeholder_files, stakeholding
from consultations.queries import stakeholders
from consultations.stakeholder_files import MOST_BYTES, Entry, ReadRow
from core.errors import InvalidError

blueprint = Blueprint(
    "authoring_stakeholder_tables",
    __name__,
    url_prefix="/workspace/consultations/<slug>/stakeholders",
)

#: Purpose of the sealed note in which the rows travel through the preview.
_PURPOSE = "stakeholder-rows"
_KEPT = timedelta(hours=1)


@blueprint.route("/import", methods=["GET", "POST"])
@access(OFFICERS, limit="upload")
def take_in(slug: str) -> tuple[str, int]:
    """Read a table, and show what becomes of each row before anything is kept."""
    consultation = own_consultation(slug)
    policy.require_officer(current_actor(), consultation)
    form, rows = ImportGroupsForm(), list[ReadRow]()
    if form.submitted():
        try:
            rows = stakeholder_files.read(form.file.data.read(MOST_BYTES + 1))
        except InvalidError as error:
            form.show(error)
    good = [vars(row.entry) for row in rows if not row.problem]
    note = {"consultation": consultation.id, "rows": good}
    page = render(
        "authoring/stakeholder_import.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "stakeholders"),
        form=form,
        rows=[(row, problem(row.problem) if row.problem else "") for row in rows],
        good=len(good),
        sealed=keyring().seal_note(_PURPOSE, note) if good else "",
    )
    return page, form.status


@blueprint.post("/import/confirm")
@access(OFFICERS)
def confirm(slug: str) -> Response:
    """Keep the rows that were shown."""
    consultation = own_consultation(slug)
    note = keyring().open_note(_PURPOSE, request.form.get("sealed", ""), within=_KEPT)
    if note is None or note["consultation"] != consultation.id:
        flash(problem("stakeholders.preview_old"), "error")
        return redirect(url_for(".take_in", slug=slug), 303)
    entries = [Entry(**row) for row in note["rows"]]
    try:
        added = stakeholding.add(session(), current_actor(), consultation.id, entries)
    except InvalidError as error:
        flash(problem(error.code, error.details), "error")
        return redirect(url_for(".take_in", slug=slug), 303)
    flash(ngettext("%(num)s group is added.", "%(num)s groups are added.", added), "success")
    return redirect(url_for("authoring_stakeholders.register", slug=slug), 303)


@blueprint.get("/register.csv")
@access(OFFICERS)
def take_out(slug: str) -> Response:
    """Give out the register with its contacts, for officers of the agency alone."""
    consultation, actor = own_consultation(slug), current_actor()
    groups = [line.group for line in stakeholders.register(session(), consultation.id).lines]
    known = stakeholding.contacts(session(), actor, consultation, groups)
    entries = [
        Entry(
            each.kind.value, each.name, each.effect_th, each.effect_en, **vars(known[each.number])
        )
        for each in groups
    ]
    response = Response(stakeholder_files.write(entries), content_type="text/csv; charset=utf-8")
    saved = f"{slug}-stakeholders.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{saved}"'
    return response
