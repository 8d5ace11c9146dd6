"""Pages on which officers read comments one at a time, with keys or without."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from app import single_keys
from app.authoring.context import own_consultation
from app.authoring.theme_forms import ReadForm, numbers
from app.authoring.themes import theme_page
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import roll_back, session
from app.words import problem
from consultations import theme_reading as reading
from consultations.queries import theme_reading, workbench
from core.errors import ConflictError, InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint(
    "authoring_theme_reading", __name__, url_prefix="/workspace/consultations/<slug>/themes/read"
)

#: What a form can do nothing about but show how things stand now, with the choice kept.
_STALE = frozenset({"theme.read_meanwhile", "theme.gone"})


@blueprint.get("/")
@access(AGENCY_STAFF)
def begin(slug: str) -> str | Response:
    """Go to the comment that comes next, or say that all are read."""
    consultation = own_consultation(slug)
    chosen = workbench.chosen(session(), consultation.id)
    page = theme_page(consultation)
    following = _next(consultation) if chosen and page["is_working"] else None
    if following is not None:
        address = url_for(".read", slug=slug, reference=following, **_as())
        return redirect(address, 303)
    progress = workbench.progress(session(), consultation.id)
    values = {"themes": chosen, "progress": progress, "is_second": _is_second()}
    return render("authoring/workbench_read_done.html", **page, **values)


@blueprint.route("/<reference>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def read(slug: str, reference: str) -> tuple[str, int] | Response:
    """Show one comment, and take what the reader says of it; then comes the next one."""
    consultation, form = own_consultation(slug), ReadForm()
    message, status = "", 0
    if form.submitted():
        try:
            _say(consultation, form, reference)
        except InvalidError as error:
            form.show(error)
            message = problem(error.code)
        except ConflictError as error:
            if error.code not in _STALE:
                raise
            roll_back()
            message, status = problem(error.code), 409
        else:
            return redirect(url_for(".begin", slug=slug, **_as()), 303)
    return _page(consultation, form, reference, message), status or form.status


@blueprint.post("/keys")
@access(AGENCY_STAFF)
def keys(slug: str) -> Response:
    """Turn single keys on or off in this browser."""
    own_consultation(slug)
    return single_keys.remember(redirect(url_for(".begin", slug=slug, **_as()), 303))


def _say(consultation: "Consultation", form: ReadForm, reference: str) -> None:
    if form.outcome.data not in reading.OUTCOMES:
        raise InvalidError("theme.choose_read")
    said = reading.Said(
        outcome=reading.OUTCOMES[form.outcome.data],
        themes=numbers("themes") if form.outcome.data == "placed" else (),
        seen=form.seen_revision,
        is_second=_is_second(),
    )
    reading.read(session(), current_actor(), consultation.id, reference, said)


def _page(consultation: "Consultation", form: ReadForm, reference: str, message: str) -> str:
    themes = workbench.chosen(session(), consultation.id)
    known = [theme.id for theme in themes]
    shown = theme_reading.to_read(session(), consultation.id, reference, known, second=_is_second())
    ticked = set(numbers("themes")) if request.method == "POST" else set(shown.chosen)
    form.seen.data = str(shown.seen)
    return render(
        "authoring/workbench_read.html",
        **theme_page(consultation),
        form=form,
        message=message,
        shown=shown,
        themes=themes,
        ticked=ticked,
        is_second=_is_second(),
        as_second=_as(),
        progress=workbench.progress(session(), consultation.id),
        has_shortcuts=single_keys.are_on(),
    )


def _next(consultation: "Consultation") -> str | None:
    find = theme_reading.next_second if _is_second() else theme_reading.next_reference
    return find(session(), consultation.id, current_actor().account_id)


def _is_second() -> bool:
    return request.args.get("as") == "second"


def _as() -> dict[str, Any]:
    """Return what the addresses of the second reader carry."""
    return {"as": "second"} if _is_second() else {}
