"""Pages of the theme workbench: what is chosen beside what the machine offers, and its quality."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, workspace_nav
from app.authoring.theme_forms import SeenForm, SortForm, ThemeReasonForm, numbers, theme_choices
from app.i18n import current_language
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import roll_back, session
from app.words import problem
from consultations import theme_choosing, theme_deeds, theme_sorting
from consultations.queries import theme_candidates, theme_comments, theme_quality, workbench
from core.errors import ConflictError, InvalidError

if TYPE_CHECKING:
    from consultations.models import ChosenTheme, Consultation

blueprint = Blueprint(
    "authoring_themes", __name__, url_prefix="/workspace/consultations/<slug>/themes"
)


@blueprint.get("/")
@access(AGENCY_STAFF)
def desk(slug: str) -> str:
    """Show the chosen themes beside the machine's."""
    consultation = own_consultation(slug)
    bench = workbench.workbench(session(), consultation.id)
    return render("authoring/workbench.html", **theme_page(consultation), bench=bench)


@blueprint.get("/history")
@access(AGENCY_STAFF)
def history(slug: str) -> str:
    """Show what was done on the workbench, by whom and why."""
    consultation = own_consultation(slug)
    count = workbench.count_changes(session(), consultation.id)
    number = min(asked_page(), max(1, -(-count // workbench.HISTORY_PAGE)))
    return render(
        "authoring/workbench_history.html",
        **theme_page(consultation),
        changes=workbench.changes(session(), consultation.id, page=number),
        pages=page_links(number, -(-count // workbench.HISTORY_PAGE), ".history", slug=slug),
    )


@blueprint.get("/quality")
@access(AGENCY_STAFF)
def quality(slug: str) -> str:
    """Show how good the themes are, as far as reading by people tells."""
    consultation = own_consultation(slug)
    found = theme_quality.quality(session(), consultation.id)
    return render("authoring/workbench_quality.html", **theme_page(consultation), quality=found)


@blueprint.route("/candidates/<key>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def candidate(slug: str, key: str) -> tuple[str, int] | Response:
    """Show a machine theme with its comments; set it aside with a reason."""
    consultation = own_consultation(slug)
    found, form = theme_candidates.candidate(session(), consultation.id, key), ThemeReasonForm()
    if form.submitted():
        reason = form.reason.data or ""
        try:
            theme_choosing.set_aside(
                session(), current_actor(), consultation.id, key, reason=reason
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The machine's theme is set aside. You can still choose it later."), "success")
            return redirect(url_for(".desk", slug=slug), 303)
    comments = theme_comments.in_candidate(session(), consultation.id, key, asked_page())
    pages = page_links(comments.page, comments.pages, ".candidate", slug=slug, key=key)
    page = {**theme_page(consultation), "candidate": found, "form": form}
    shown = render("authoring/workbench_candidate.html", **page, comments=comments, pages=pages)
    return shown, form.status


@blueprint.post("/candidates/<key>/adopt")
@access(AGENCY_STAFF)
def adopt(slug: str, key: str) -> Response:
    """Choose a machine theme."""
    consultation = own_consultation(slug)
    theme = theme_choosing.adopt(session(), current_actor(), consultation.id, key)
    flash(_("The theme is chosen. Its comments are suggestions until a person reads them."))
    return redirect(url_for(".theme", slug=slug, number=theme.id), 303)


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def theme(slug: str, number: int) -> tuple[str, int] | Response:
    """Show a chosen theme with its comments; move, split or take out those that are ticked."""
    consultation = own_consultation(slug)
    shown = workbench.own_theme(session(), consultation.id, number)
    form = _sort_form(shown)
    status = 0
    if form.submitted():
        try:
            _sort(form, number)
        except InvalidError as error:
            form.show(error)
        except ConflictError as error:
            status = changed_meanwhile(form, error)
            shown = workbench.own_theme(session(), consultation.id, number)
            form.seen.data = str(shown.revision)
        else:
            flash(_("Done. The history has it, and it can be undone there."), "success")
            return redirect(url_for(".theme", slug=slug, number=number), 303)
    return _theme_page(consultation, shown, form), status or form.status


def theme_page(consultation: "Consultation") -> dict[str, Any]:
    """Return what every page of the workbench shows."""
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "themes"),
        "is_working": theme_deeds.is_working(consultation),
        "own_id": current_actor().account_id,
    }


def changed_meanwhile(form: SeenForm, error: ConflictError) -> int:
    """Say on a form that its theme was changed meanwhile, and return the status; else raise."""
    if error.code != "theme.changed_meanwhile":
        raise error
    roll_back()
    form.form_errors.append(problem(error.code))
    return 409


def asked_page() -> int:
    """Return the page of a list that is asked for, from 1."""
    return max(1, min(request.args.get("page", 1, type=int), 10**6))


def page_links(number: int, count: int, endpoint: str, /, **values: Any) -> dict[str, object]:
    """Return the links of the ``pagination`` component: the pages before and after."""

    def href(page: int) -> str:
        return url_for(endpoint, page=page, **values)

    return {
        "number": number,
        "count": count,
        "previous_href": href(number - 1) if number > 1 else None,
        "next_href": href(number + 1) if number < count else None,
        "items": [{"number": number, "href": href(number), "current": True}],
    }


def _sort_form(shown: "ChosenTheme") -> SortForm:
    others = [
        each for each in workbench.chosen(session(), shown.consultation_id) if each.id != shown.id
    ]
    form = SortForm(seen=shown.revision)
    form.target.choices = theme_choices(others, current_language())
    return form


def _sort(form: SortForm, number: int) -> None:
    values: dict[str, Any] = {
        "seen": form.seen_revision,
        "comments": numbers("comments"),
        "reason": form.reason.data or "",
    }
    if form.act.data == "move":
        target = form.target.data or 0
        theme_sorting.move(session(), current_actor(), number, target=target, **values)
    elif form.act.data == "split":
        wording = theme_deeds.Wording(form.label_th.data or "", form.label_en.data or "")
        theme_sorting.split(session(), current_actor(), number, wording=wording, **values)
    else:
        theme_sorting.take_out(session(), current_actor(), number, **values)


def _theme_page(consultation: "Consultation", shown: "ChosenTheme", form: SortForm) -> str:
    by, words = request.args.get("by", ""), request.args.get("q", "")[:200]
    comments = theme_comments.in_theme(session(), shown.id, page=asked_page(), by=by, words=words)
    values = {"slug": consultation.slug, "number": shown.id, "by": by or None, "q": words or None}
    return render(
        "authoring/workbench_theme.html",
        **theme_page(consultation),
        theme=shown,
        form=form,
        comments=comments,
        ticked=set(numbers("comments")),
        by=by,
        words=words,
        pages=page_links(comments.page, comments.pages, ".theme", **values),
        fresh=_fresh(consultation, shown),
    )


def _fresh(consultation: "Consultation", shown: "ChosenTheme") -> int:
    """Return how many comments the latest run adds to the machine theme."""
    if not shown.machine_key:
        return 0
    key = shown.machine_key
    found = theme_candidates.candidates(session(), consultation.id, [shown], key)
    return sum(each.new_comments for each in found)
