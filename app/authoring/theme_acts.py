"""Deeds on the theme workbench that need a page of their own, each with its reason."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation
from app.authoring.theme_forms import (
    MergeForm,
    RewordForm,
    SeenForm,
    ThemeReasonForm,
    ThemeWordsForm,
    theme_choices,
)
from app.authoring.themes import changed_meanwhile, theme_page
from app.i18n import current_language
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import theme_choosing, theme_sorting
from consultations.queries import workbench
from core.errors import ConflictError, InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint(
    "authoring_theme_acts", __name__, url_prefix="/workspace/consultations/<slug>/themes"
)


@blueprint.route("/new", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def create(slug: str) -> tuple[str, int] | Response:
    """Make a theme by hand."""
    consultation, form = own_consultation(slug), ThemeWordsForm()

    def deed() -> None:
        theme_choosing.create(session(), current_actor(), consultation.id, form.wording)

    if form.submitted() and _tried(form, deed):
        flash(_("The theme is made. Put comments into it while you read."), "success")
        return redirect(url_for("authoring_themes.desk", slug=slug), 303)
    return _shown("word", consultation, form, theme=None)


@blueprint.route("/<int:number>/word", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def word(slug: str, number: int) -> tuple[str, int] | Response:
    """Give a chosen theme other words."""
    consultation = own_consultation(slug)
    theme = workbench.own_theme(session(), consultation.id, number)
    form = RewordForm(obj=theme, seen=theme.revision)

    def deed() -> None:
        theme_choosing.word(
            session(),
            current_actor(),
            number,
            seen=form.seen_revision,
            wording=form.wording,
            reason=form.reason.data or "",
        )

    if form.submitted() and _tried(form, deed, number):
        return _to_theme(slug, number)
    return _shown("word", consultation, form, theme=_anew(number))


@blueprint.route("/<int:number>/merge", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def merge(slug: str, number: int) -> tuple[str, int] | Response:
    """Let another theme take this one in."""
    consultation = own_consultation(slug)
    theme = workbench.own_theme(session(), consultation.id, number)
    form = MergeForm(seen=theme.revision)
    others = [each for each in workbench.chosen(session(), consultation.id) if each.id != number]
    form.target.choices = theme_choices(others, current_language())

    def deed() -> None:
        target, reason = form.target.data or 0, form.reason.data or ""
        seen = form.seen_revision
        theme_sorting.merge(
            session(), current_actor(), number, seen=seen, target=target, reason=reason
        )

    if form.submitted() and _tried(form, deed, number):
        flash(_("Merged. Every comment and every support is kept."), "success")
        return redirect(url_for("authoring_themes.desk", slug=slug), 303)
    return _shown("merge", consultation, form, theme=_anew(number), others=others)


@blueprint.route("/<int:number>/drop", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def drop(slug: str, number: int) -> tuple[str, int] | Response:
    """Choose a theme no longer."""
    consultation = own_consultation(slug)
    theme = workbench.own_theme(session(), consultation.id, number)
    form = ThemeReasonForm(seen=theme.revision)

    def deed() -> None:
        seen, reason = form.seen_revision, form.reason.data or ""
        theme_choosing.drop(session(), current_actor(), number, seen=seen, reason=reason)

    if form.submitted() and _tried(form, deed, number):
        flash(_("The theme is no longer chosen. The history keeps it."), "success")
        return redirect(url_for("authoring_themes.desk", slug=slug), 303)
    return _shown("reason", consultation, form, act="drop", theme=_anew(number))


@blueprint.post("/<int:number>/pin")
@access(AGENCY_STAFF)
def pin(slug: str, number: int) -> Response:
    """Ask later analyses to keep the machine theme together, or let go of it."""
    theme = workbench.own_theme(session(), own_consultation(slug).id, number)
    theme_choosing.pin(session(), current_actor(), number, pinned=not theme.is_pinned)
    return _to_theme(slug, number)


@blueprint.post("/<int:number>/take-in")
@access(AGENCY_STAFF)
def take_in(slug: str, number: int) -> Response:
    """Take in what the latest analysis adds to the machine theme."""
    theme = workbench.own_theme(session(), own_consultation(slug).id, number)
    theme_sorting.take_in(session(), current_actor(), number, seen=theme.revision)
    flash(_("The new comments stand in the theme, as suggestions of the machine."), "success")
    return _to_theme(slug, number)


@blueprint.route("/changes/<int:number>/undo", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def undo(slug: str, number: int) -> tuple[str, int] | Response:
    """Undo something that was done on the workbench."""
    consultation, form = own_consultation(slug), ThemeReasonForm()
    change = workbench.own_change(session(), consultation.id, number)

    def deed() -> None:
        reason = form.reason.data or ""
        theme_sorting.undo(session(), current_actor(), number, reason=reason)

    if form.submitted() and _tried(form, deed):
        flash(_("Undone."), "success")
        return redirect(url_for("authoring_themes.history", slug=slug), 303)
    return _shown("reason", consultation, form, act="undo", change=change)


@blueprint.route("/show", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def show(slug: str) -> tuple[str, int] | Response:
    """Let everyone see the chosen themes, or the machine's again."""
    consultation, form = own_consultation(slug), ThemeReasonForm()
    bench = workbench.workbench(session(), consultation.id)
    wanted = bench.shown_at is None

    def deed() -> None:
        theme_choosing.show(
            session(), current_actor(), consultation.id, shown=wanted, reason=form.reason.data or ""
        )

    if form.submitted() and _tried(form, deed):
        return redirect(url_for("authoring_themes.desk", slug=slug), 303)
    return _shown("reason", consultation, form, act="show" if wanted else "unshow", bench=bench)


def _tried(form: SeenForm, deed: Callable[[], object], number: int | None = None) -> bool:
    """Try a deed; where it does not hold the form says why, with what was typed."""
    try:
        deed()
    except InvalidError as error:
        form.show(error)
    except ConflictError as error:
        changed_meanwhile(form, error)
        if number is not None:
            form.seen.data = str(_anew(number).revision)
    else:
        return True
    return False


def _anew(number: int) -> Any:
    return workbench.theme_now(session(), number)


def _to_theme(slug: str, number: int) -> Response:
    return redirect(url_for("authoring_themes.theme", slug=slug, number=number), 303)


def _shown(
    part: str, consultation: "Consultation", form: SeenForm, **values: Any
) -> tuple[str, int]:
    page = {**theme_page(consultation), "form": form, **values}
    status = 409 if form.form_errors and form.seen.data else form.status
    return render(f"authoring/workbench_{part}.html", **page), status
