"""Pages of the discussion: comments with replies, one thread, replying and supporting."""

import secrets
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, SIGNED_IN, access, current_actor
from app.participation.cards import clause_name
from app.participation.context import consultation_nav, lead_htmx, load_consultation
from app.participation.discussion_view import Choices, choices_made
from app.participation.forms import ReplyForm
from app.participation.thread_cards import (
    Addresses,
    ThreadCards,
    stubs_in,
    thread_words,
)
from app.redirects import safe_target
from app.rendering import render
from app.transactions import session
from app.words.discussion import ORDER_EXPLANATIONS
from app.words.names import options
from consultations import participation, policy, replying, supporting
from consultations.queries import catalogue, threads
from consultations.queries.discussion_order import Reading, Where
from core.clock import now
from core.errors import InvalidError, NotFoundError
from moderation import rules
from moderation.queries import around, history

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("discussion", __name__, url_prefix="/consultations/<slug>")
blueprint.after_request(lead_htmx)

_SEEDS = 2**30


def show_discussion(slug: str) -> str | Response:
    """Show one page of the comments as they were asked for, or the thread of a reply."""
    consultation = load_consultation(slug)
    where = Where(*(request.args.get(part, "") for part in ("after", "before", "at")))
    chosen = choices_made()
    reading = Reading(consultation.id, chosen.order, chosen.filters, _seed(), _own_id(consultation))
    try:
        page = threads.discussion_page(session(), reading, where)
    except NotFoundError:
        return _thread_of_reply(consultation, where.at)
    has_draft = bool(page.everything) or catalogue.has_published_draft(session(), consultation.id)
    return render(
        "participation/discussion.html",
        **_page(consultation, has_draft=has_draft),
        page=page,
        chosen=chosen,
        cards=_cards(slug, page.threads),
        has_draft=has_draft,
        pages=_pages(slug, chosen, page),
        name_options=options,
        clause_words=lambda facet: clause_name(facet.key, facet.number, facet.heading),
        order_explanation=lambda order: str(ORDER_EXPLANATIONS[order]),
    )


@blueprint.route("/discussion/<reference>", methods=["GET", "POST"])
@access(ANYONE, limit="contribute")
def thread(slug: str, reference: str) -> str | tuple[str, int] | Response:
    """Show a comment with all its replies, and take a reply."""
    form = ReplyForm()
    consultation = load_consultation(slug, reference if request.method == "POST" else "")
    if form.submitted():
        try:
            return _replied(consultation, reference, form)
        except InvalidError as error:
            form.show(error)
    own_id = _own_id(consultation)
    found = threads.thread_at(session(), consultation.id, reference, own_id)
    page = render(
        "participation/thread.html",
        **_page(consultation),
        form=form,
        found=found,
        card=_cards(slug, [found])[0],
        speaks_as=str(replying.speaks_as(current_actor(), consultation)),
        may_reply=replying.may_reply(current_actor(), consultation),
    )
    return page, form.status


@blueprint.post("/contributions/<reference>/support")
@access(ANYONE, limit="vote")
def support(slug: str, reference: str) -> str | Response:
    """Support a comment, or take the support back."""
    load_consultation(slug, reference)
    gives = request.form.get("support") != "withdraw"
    deed = supporting.support if gives else supporting.withdraw
    deed(session(), current_actor(), reference)
    if "HX-Request" in request.headers:
        return render(
            "participation/_support.html",
            card={
                "reference": reference,
                "supports": threads.support_count(session(), reference),
                "is_supported": gives,
                "href": Addresses(slug).of(reference),
            },
            words=thread_words(),
        )
    flash(_("We have your support.") if gives else _("Your support is withdrawn."), "success")
    target = safe_target(request.form.get("back"))
    return redirect(f"{target.partition('#')[0]}#c-{reference}", 303)


@blueprint.post("/contributions/<reference>/withdraw-reply")
@access(SIGNED_IN, limit="change")
def withdraw(slug: str, reference: str) -> Response:
    """Take back one's own reply."""
    load_consultation(slug, reference)
    replying.withdraw(session(), current_actor(), reference)
    flash(_("Your reply is withdrawn. Others see that there was one, not what it said."), "success")
    return redirect(url_for("comments.discussion", slug=slug, at=reference), 303)


def _thread_of_reply(consultation: "Consultation", reference: str) -> Response:
    comment = threads.comment_of_reply(session(), consultation.id, reference)
    if comment is None:
        raise NotFoundError("contribution.unknown")
    address = url_for("discussion.thread", slug=consultation.slug, reference=comment)
    return redirect(f"{address}#c-{reference}")


def _page(consultation: "Consultation", *, has_draft: bool | None = None) -> dict[str, object]:
    moment = now()
    stage = policy.current_stage(consultation, moment)
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, "discussion", has_draft=has_draft),
        "is_open": stage in policy.TAKING_STAGES,
        "has_closed": policy.has_closed(stage),
        "words": thread_words(),
        "works_here": policy.may_prepare(current_actor(), consultation),
    }


def _cards(slug: str, shown: "tuple[threads.Thread, ...] | list[threads.Thread]") -> list[object]:
    stubs = stubs_in(shown)
    decisions = history.decisions_on(session(), stubs) if stubs else {}
    numbers = [each.number for thread in shown for each in (thread.said, *thread.replies)]
    drawn = ThreadCards(slug, decisions, around.labels_of(session(), numbers))
    return [drawn.card(each) for each in shown]


def _pages(slug: str, chosen: Choices, page: threads.DiscussionPage) -> dict[str, object]:
    """Return the links to the pages around this one, for the ``pagination`` component."""

    def href(**key: str) -> str:
        values: dict[str, Any] = {**chosen.arguments, **key}
        return url_for("comments.discussion", slug=slug, **values)

    return {
        "count": 2 if page.before or page.after else 1,
        "previous_href": href(before=page.before) if page.before else None,
        "next_href": href(after=page.after) if page.after else None,
        "items": [],
    }


def _replied(consultation: "Consultation", reference: str, form: ReplyForm) -> Response:
    made = replying.reply(
        session(), current_actor(), reference, body=form.body.data or "", screen=rules.screen
    )
    words = {
        "published": _("Your reply is published. Its number is %(reference)s."),
        "pending": _("We have your reply, number %(reference)s. A moderator reads it first."),
    }
    flash(words[made.visibility] % {"reference": made.reference}, "success")
    address = url_for("discussion.thread", slug=consultation.slug, reference=reference)
    return redirect(f"{address}#c-{made.reference}", 303)


def _own_id(consultation: "Consultation") -> str | None:
    participant = participation.find_participant(session(), current_actor(), consultation)
    return participant.id if participant else None


def _seed() -> int:
    """Return this browser's own number: its random order stays the same from page to page."""
    if "shuffle" not in browser:
        browser["shuffle"] = secrets.randbelow(_SEEDS)
    return int(browser["shuffle"])
