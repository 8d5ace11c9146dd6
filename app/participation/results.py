"""Pages of results, summary and responses, for anyone."""

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, request, url_for
from werkzeug.wrappers import Response

from app.identity import ANYONE, access, current_actor
from app.participation.cards import change_link, parts
from app.participation.context import consultation_nav, load_consultation
from app.participation.picture_page import picture_context
from app.participation.summary_view import check_context
from app.rendering import render
from app.transactions import session
from app.words.results import DISPOSITION_COLOURS, group_name, stability_words
from consultations import participation, policy
from consultations.answer_clock import answer_clock
from consultations.queries import answer_voices, answers, findings, results
from core.clock import now

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("results", __name__, url_prefix="/consultations/<slug>")

MOST_PAGES = 10_000
_UNFINISHED = ("queued", "running")


@blueprint.get("/results")
@access(ANYONE)
def picture(slug: str) -> str:
    """Show the results at a glance, with the ways to their parts."""
    return _picture(slug, "overview")


@blueprint.get("/results/<any(agreement, groups, themes, clauses, people, method):part>")
@access(ANYONE)
def part(slug: str, part: str) -> str:
    """Show one part of the results in full."""
    return _picture(slug, part)


@blueprint.get("/results/progress")
@access(ANYONE)
def progress(slug: str) -> Response:
    """Show how far the newest run is; once it has ended the browser loads the page anew."""
    consultation = load_consultation(slug)
    newest = results.latest_run(session(), consultation.id)
    running = newest if newest and newest.state in _UNFINISHED else None
    answer = make_response(
        render("participation/_progress.html", consultation=consultation, running=running)
    )
    if running is None:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/summary")
@access(ANYONE)
def summary(slug: str) -> str:
    """Show the published summary, each sentence with its evidence."""
    consultation = load_consultation(slug)
    page = findings.summary_page(session(), consultation.id)
    return render(
        "participation/summary.html",
        **_page(consultation, "summary"),
        page=page,
        **(check_context(session(), consultation, page, now()) if page else {}),
    )


@blueprint.get("/responses")
@access(ANYONE)
def responses(slug: str) -> str:
    """Show the agency's published answers, and what each changed in the draft."""
    consultation = load_consultation(slug)
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    found, total = answers.responses_page(session(), consultation.id, page=page)
    numbers = [row.response.id for row in found]
    return render(
        "participation/responses.html",
        **_page(consultation, "responses"),
        responses=found,
        total=total,
        pages=parts(
            page,
            max(1, -(-total // answers.PAGE_SIZE)),
            lambda each: url_for(".responses", slug=slug, page=each),
        ),
        left_open=answers.left_open(session(), consultation),
        clock=answer_clock(consultation, now(), is_answered=total > 0),
        replies=answer_voices.reply_counts(session(), numbers),
        ratings=answer_voices.ratings(session(), numbers),
        colours=DISPOSITION_COLOURS,
        change_link=partial(change_link, slug),
    )


def _picture(slug: str, part: str) -> str:
    consultation = load_consultation(slug)
    shown = results.latest_picture(session(), consultation.id)
    newest = results.latest_run(session(), consultation.id)
    return render(
        f"participation/picture_{part}.html",
        **_page(consultation, "results"),
        picture=shown,
        **(picture_context(session(), consultation, shown, part, now()) if shown else {}),
        may_tell=bool(participation.taken_part_in(session(), current_actor(), [consultation])),
        running=newest if newest and newest.state in _UNFINISHED else None,
        failed=newest is not None and newest.state == "failed",
        stability_words=stability_words,
    )


def _page(consultation: "Consultation", current: str) -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, current),
        "group_name": group_name,
        "has_report": policy.has_answered(consultation),
    }
