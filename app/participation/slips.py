"""Pages for whoever holds the slip of a paper form: look, let votes count once, erase."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, SIGNED_IN, access, current_actor, keyring
from app.rendering import render
from app.transactions import session
from app.words import problem
from consultations import erasing
from consultations.offline import codes, reconciling
from consultations.queries import offline
from core.errors import ConflictError, NotAllowedError, NotFoundError

Page = str | tuple[str, int] | Response

blueprint = Blueprint("slips", __name__, url_prefix="/slips")


@blueprint.route("", methods=["GET", "POST"])
@access(ANYONE, limit="receipt")
def look() -> Page:
    """Ask for the code of a slip, and show what it opens. The code is never in an address."""
    code = codes.normal_code(request.form.get("code", ""))[:40]
    if not code:
        return render("participation/slip_look_up.html", code="", wrong="")
    return _shown(code)


@blueprint.post("/match")
@access(SIGNED_IN, limit="change")
def match() -> Page:
    """Let the votes on the slip and those on the site count once."""
    code = codes.normal_code(request.form.get("code", ""))[:40]
    try:
        reconciling.match(session(), current_actor(), code)
    except (NotFoundError, ConflictError, NotAllowedError) as error:
        return _shown(code, problem(error.code, error.details))
    flash(_("Done. Each of your votes counts once now."), "success")
    return _shown(code)


@blueprint.post("/erase")
@access(ANYONE, limit="change")
def erase() -> Page:
    """Erase what stands on the slip; the agency's paper itself is not reached from here."""
    code = codes.normal_code(request.form.get("code", ""))[:40]
    if "sure" not in request.form:
        return _shown(code, _("Tick the box if you are sure."))
    try:
        participant = reconciling.erasable(session(), keyring(), code)
    except (NotFoundError, ConflictError) as error:
        return _shown(code, problem(error.code, error.details))
    erasing.erase_participant(session(), current_actor(), participant)
    flash(_("Erased. Nothing here leads to you any more."), "success")
    return redirect(url_for(".look"), 303)


def _shown(code: str, wrong: str = "") -> Page:
    try:
        entry = reconciling.entry_of_slip(session(), keyring(), code)
    except NotFoundError as error:
        page = render(
            "participation/slip_look_up.html", code=code, wrong=wrong or problem(error.code)
        )
        return page, 404
    found = offline.behind_slip(session(), entry)
    g.sample_notice = found.consultation.is_sample
    page = render("participation/slip.html", entry=entry, code=code, wrong=wrong, found=found)
    return page, 422 if wrong else 200
