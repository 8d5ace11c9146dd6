"""The page of one answer: what it is about, the words behind it, and what their authors say."""

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, SIGNED_IN, access, current_actor
from app.participation.cards import author_name, change_link, clause_name, parts
from app.participation.context import consultation_nav, load_consultation
from app.participation.forms import AnswerReplyForm
from app.rendering import render
from app.transactions import session
from app.words.results import DISPOSITION_COLOURS
from consultations import answer_replying, participation, policy, rating
from consultations.personal_data import personal_details
from consultations.queries import answer_voices, answers, behind, own_answer
from consultations.rating import Rating
from core.clock import now
from core.errors import InvalidError, NotFoundError
from moderation import rules

if TYPE_CHECKING:
    from consultations.models import AnswerReply, Consultation
    from consultations.queries.answers import ResponseRow

blueprint = Blueprint(
    "answers", __name__, url_prefix="/consultations/<slug>/responses/<int:number>"
)

_MOST_PAGES = 10_000


@blueprint.get("")
@access(ANYONE)
def show(slug: str, number: int) -> str:
    """Show an answer with the words behind it, replies and ratings."""
    consultation = load_consultation(slug)
    row = _row(consultation, number)
    page = min(max(request.args.get("page", 1, type=int), 1), _MOST_PAGES)
    words, total = behind.contributions_page(session(), number, page=page)
    count = max(1, -(-total // behind.PAGE_SIZE))
    return render(
        "participation/answer.html",
        **_page(consultation),
        row=row,
        behind=behind.contributions_behind(session(), [number]).get(number),
        words=words,
        pages=parts(
            page, count, lambda each: url_for(".show", slug=slug, number=number, page=each)
        ),
        replies=answer_voices.replies(session(), number),
        ratings=answer_voices.ratings(session(), [number]).get(number, answer_voices.NOTHING),
        **_own(consultation, number),
        change_link=partial(change_link, slug),
        colours=DISPOSITION_COLOURS,
        author_name=author_name,
        clause_name=clause_name,
    )


@blueprint.post("/rate")
@access(SIGNED_IN, limit="vote")
def rate(slug: str, number: int) -> Response:
    """Store what the reader makes of the answer, or take it back."""
    _row(load_consultation(slug), number)
    given = {name: request.form.get(name, "") for name in answer_voices.QUESTIONS}
    if "take_back" in request.form:
        rating.rate(session(), current_actor(), number, None)
        flash(_("Your rating is taken back."), "success")
    elif not set(given.values()) <= {"yes", "no"}:
        raise InvalidError("rating.incomplete")
    else:
        chosen = Rating(**{name: value == "yes" for name, value in given.items()})
        rating.rate(session(), current_actor(), number, chosen)
        flash(_("Your rating is saved. Only totals are ever shown."), "success")
    return redirect(url_for(".show", slug=slug, number=number, _anchor="rating"), 303)


@blueprint.route("/reply", methods=["GET", "POST"])
@access(SIGNED_IN, limit="contribute")
def reply(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Reply once to an answer about one's own words."""
    consultation = load_consultation(slug)
    row, form = _row(consultation, number), AnswerReplyForm()
    details = personal_details(form.body.data or "") if request.method == "POST" else []
    if form.submitted() and (not details or form.is_warned):
        try:
            written = answer_replying.reply(
                session(), current_actor(), number, body=form.body.data or "", screen=rules.screen
            )
        except InvalidError as error:
            form.show(error)
        else:
            return _received(written)
    form.note(warned=bool(details))
    shown = {"form": form, "row": row, "details": [] if form.errors else details}
    own = _own(consultation, number)
    return render(
        "participation/answer_reply.html", **_page(consultation), **shown, **own
    ), form.status


@blueprint.post("/withdraw")
@access(SIGNED_IN, limit="change")
def withdraw(slug: str, number: int) -> Response:
    """Take back one's own reply."""
    _row(load_consultation(slug), number)
    answer_replying.withdraw(session(), current_actor(), request.form.get("reference", ""))
    flash(_("Your reply is withdrawn. Nobody else can see it any more."), "success")
    return redirect(url_for(".show", slug=slug, number=number, _anchor="replies"), 303)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nothing between a signed-in reader and the site keep a copy."""
    if not current_actor().is_anonymous:
        response = make_response(response)
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _row(consultation: "Consultation", number: int) -> "ResponseRow":
    found = answers.published_response(session(), consultation.id, number)
    if found is None:
        raise NotFoundError("response.unknown")
    return found


def _own(consultation: "Consultation", number: int) -> dict[str, Any]:
    """Return whether the answer is about the reader's words, and what they said to it."""
    participant = participation.find_participant(session(), current_actor(), consultation)
    is_about_me = participant is not None and bool(
        own_answer.answers_to(session(), participant.id, [number])
    )
    voice = own_answer.NOTHING
    if participant is not None and is_about_me:
        voice = own_answer.own_voice(session(), participant.id, number)
    stage = policy.current_stage(consultation, now())
    return {
        "is_about_me": is_about_me,
        "own": voice,
        "may_speak": is_about_me and stage in policy.COMMITTING_STAGES,
        "questions": answer_voices.QUESTIONS,
        "may_rate": not current_actor().organisation,
    }


def _received(written: "AnswerReply") -> Response:
    waits = written.visibility == "pending"
    flash(
        _("We have received it. A moderator reads it before it appears beside the answer.")
        if waits
        else _("We have received it. It stands beside the answer now."),
        "success",
    )
    return redirect(url_for("receipts.show", code=written.reference), 303)


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "slug": consultation.slug,
        "nav": consultation_nav(consultation, "responses"),
    }
