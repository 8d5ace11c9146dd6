"""Pages to comment on a clause, to read what others wrote, and to flag it."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, SIGNED_IN, access, current_actor
from app.participation import writing
from app.participation.cards import clause_name
from app.participation.context import consultation_nav, load_consultation
from app.participation.discussion import show_discussion
from app.participation.forms import CommentForm, FlagForm
from app.rendering import render
from app.transactions import session
from consultations import anchoring, commenting, participation, policy
from consultations.comment_words import words_of
from consultations.personal_data import PersonalDetail
from consultations.queries import discussion as discussions
from consultations.queries import trail
from core.clock import now
from core.errors import InvalidError, NotFoundError
from core.languages import language_of
from moderation import flagging, rules

if TYPE_CHECKING:
    from consultations.models import Comment, Consultation

blueprint = Blueprint("comments", __name__, url_prefix="/consultations/<slug>")


@blueprint.route("/comment", methods=["GET", "POST"], defaults={"key": ""})
@blueprint.route("/clauses/<key>/comment", methods=["GET", "POST"])
@access(ANYONE, limit="contribute")
def write(slug: str, key: str) -> str | tuple[str, int] | Response:
    """Comment on a clause, on selected words of it, or on the draft as a whole."""
    consultation = load_consultation(slug)
    target = discussions.comment_target(session(), consultation.id, key)
    form = CommentForm(data=_selected())
    writing.offer_wording(form, target)
    details = writing.to_warn_about(form, target)
    if _is_sent(form) and not details:
        try:
            comment = commenting.submit(
                session(),
                current_actor(),
                consultation.id,
                clause_key=key,
                words=form.words,
                quote=_quote(form, target.body),
                screen=rules.screen,
            )
        except InvalidError as error:
            form.show(error)
        else:
            return _received(comment)
    return _form_page(consultation, target, form, details)


@blueprint.route("/contributions/<reference>/edit", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def edit(slug: str, reference: str) -> str | tuple[str, int] | Response:
    """Change one's own comment until the consultation closes."""
    consultation = load_consultation(slug)
    comment = _own_comment(consultation, reference)
    target = discussions.comment_target(session(), consultation.id, comment.clause_key)
    form = CommentForm(data=vars(words_of(comment)))
    writing.offer_wording(form, target)
    details = writing.to_warn_about(form, target)
    if _is_sent(form) and not details:
        try:
            commenting.edit(
                session(), current_actor(), reference, words=form.words, screen=rules.screen
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Your comment has been changed. The earlier words are kept."), "success")
            return redirect(url_for("receipts.show", code=reference), 303)
    return _form_page(consultation, target, form, details, comment)


@blueprint.post("/contributions/<reference>/withdraw")
@access(SIGNED_IN, limit="change")
def withdraw(slug: str, reference: str) -> Response:
    """Take back one's own comment."""
    load_consultation(slug, reference)
    commenting.withdraw(session(), current_actor(), reference)
    flash(_("Your comment is withdrawn. Nobody else can see it any more."), "success")
    return redirect(url_for("trail.mine", slug=slug), 303)


@blueprint.get("/discussion")
@access(ANYONE)
def discussion(slug: str) -> str | Response:
    """Show the published comments with their replies."""
    return show_discussion(slug)


@blueprint.route("/contributions/<reference>/flag", methods=["GET", "POST"])
@access(SIGNED_IN, limit="flag")
def flag(slug: str, reference: str) -> str | tuple[str, int] | Response:
    """Tell the moderators that a contribution seems to break a rule."""
    consultation = load_consultation(slug)
    found = trail.trace_at(session(), consultation, reference, None).contribution
    form = FlagForm()
    if form.submitted():
        try:
            flagging.flag(
                session(),
                current_actor(),
                reference,
                rule=form.rule.data,
                note=form.note.data or "",
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Thank you. A moderator will look at it and you will be told."), "success")
            return redirect(url_for("trail.contribution", slug=slug, reference=reference), 303)
    page = _page(consultation, "discussion")
    return render("participation/flag.html", form=form, found=found, **page), form.status


def _page(consultation: "Consultation", current: str) -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, current),
        "is_open": policy.is_taking_contributions(consultation, now()),
    }


def _selected() -> dict[str, str]:
    """Return the words that were selected in the clause, as the reader's link carries them."""
    return {f"quote_{part}": request.args.get(part, "") for part in ("exact", "prefix", "suffix")}


def _is_sent(form: CommentForm) -> bool:
    """Whether the comment is to be stored; the button to preview it only changes the page."""
    return form.submitted() and not form.asked_for("preview")


def _quote(form: CommentForm, body: str) -> anchoring.Quote | None:
    if not form.quote_exact.data:
        return None
    quote = anchoring.find_in(
        body, form.quote_exact.data, form.quote_prefix.data or "", form.quote_suffix.data or ""
    )
    if quote is None:
        raise InvalidError("quote.not_found", field="quote_exact")
    return quote


def _own_comment(consultation: "Consultation", reference: str) -> "Comment":
    participant = participation.find_participant(session(), current_actor(), consultation)
    own_id = participant.id if participant else None
    found = trail.trace_at(session(), consultation, reference, own_id).contribution
    if found.kind != "comment" or found.participant_id != own_id:
        raise NotFoundError("contribution.unknown")
    return found  # type: ignore[return-value]


def _received(comment: "Comment") -> Response:
    words = {
        "published": _("We have received your comment, and it is published."),
        "counted": _("We have received your comment. It counts without being shown."),
        "pending": _("We have received your comment. A moderator reads it before it appears."),
    }
    flash(words[comment.visibility], "success")
    return redirect(url_for("receipts.show", code=comment.reference), 303)


def _form_page(
    consultation: "Consultation",
    target: discussions.Target,
    form: CommentForm,
    details: list[PersonalDetail],
    comment: "Comment | None" = None,
) -> tuple[str, int]:
    own = comment.reference if comment else ""
    page = render(
        "participation/comment_form.html",
        **_page(consultation, "discussion"),
        form=form,
        target=target,
        clause=clause_name(target.key, target.number, ""),
        body_language=language_of(target.body),
        comment=comment,
        details=details,
        similar=writing.similar_cards(consultation, target.key, form.body.data or "", own),
        preview=form.words if form.asked_for("preview") and not form.errors else None,
        difference=writing.wording_difference(target, form.proposed_wording.data or ""),
    )
    return page, form.status
