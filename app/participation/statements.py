"""Pages to vote on statements one at a time, and to propose one."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, access, current_actor
from app.participation.context import consultation_nav, lead_htmx, load_consultation
from app.participation.forms import ProposeForm
from app.rendering import render
from app.transactions import session
from consultations import participation, policy, proposing, voting
from consultations.queries import voting_page
from core.clock import now
from core.errors import InvalidError
from moderation import rules

if TYPE_CHECKING:
    from consultations.models import Consultation, Statement

blueprint = Blueprint("statements", __name__, url_prefix="/consultations/<slug>/vote")
blueprint.after_request(lead_htmx)

#: How many of one's own votes stand below the statement; the trail has them all.
VOTES_SHOWN = 5


@blueprint.get("")
@access(ANYONE)
def vote(slug: str) -> str:
    """Show one statement to vote on: a chosen one, or the next."""
    consultation = load_consultation(slug)
    return render(
        "participation/vote.html",
        nav=consultation_nav(consultation, "vote"),
        **_card(consultation, request.args.get("statement", "")),
    )


@blueprint.post("/<reference>")
@access(ANYONE, limit="vote")
def cast(slug: str, reference: str) -> str | Response:
    """Store a vote and show the next statement."""
    consultation = load_consultation(slug)
    choice = voting.choice_named(request.form.get("choice", ""))
    voting.cast(session(), current_actor(), reference, choice)
    return _go_on(consultation)


@blueprint.post("/<reference>/withdraw")
@access(ANYONE, limit="vote")
def withdraw_vote(slug: str, reference: str) -> str | Response:
    """Take back a vote."""
    load_consultation(slug)
    voting.withdraw(session(), current_actor(), reference)
    flash(_("Your vote is withdrawn."), "info")
    return redirect(url_for("statements.vote", slug=slug, statement=reference), 303)


@blueprint.route("/propose", methods=["GET", "POST"])
@access(ANYONE, limit="contribute")
def propose(slug: str) -> str | tuple[str, int] | Response:
    """Propose a statement, after seeing those that say much the same."""
    consultation = load_consultation(slug)
    form = ProposeForm(data={"clause_key": request.args.get("clause", "")})
    similar: list[Statement] = []
    if form.submitted():
        similar = _not_yet_compared(form, consultation)
        try:
            if not similar:
                return _proposed(consultation, form)
        except InvalidError as error:
            form.show(error)
        except proposing.StatementExistsError as error:
            form.show(InvalidError(error.code, field="body"))
            similar = [voting_page.published_statement(session(), consultation.id, error.reference)]
    page = {**_page(consultation), "nav": consultation_nav(consultation, "vote")}
    return render("participation/propose.html", form=form, similar=similar, **page), form.status


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "is_open": policy.is_taking_contributions(consultation, now()),
    }


def _card(consultation: "Consultation", reference: str = "") -> dict[str, object]:
    """Return what the card shows: a statement, how far one is, and one's latest votes."""
    participant = participation.find_participant(session(), current_actor(), consultation)
    if reference:
        statement: Statement | None = voting_page.published_statement(
            session(), consultation.id, reference
        )
    else:
        statement = voting.next_statement(session(), participant, consultation)
    choice = None
    if participant and statement:
        choice = voting_page.own_choice(session(), participant.id, statement.id)
    votes = (
        voting_page.latest_votes(session(), participant.id, limit=VOTES_SHOWN)
        if participant
        else []
    )
    return {
        **_page(consultation),
        "statement": statement,
        "choice": None if choice is None else voting.NAMES[choice],
        "choice_names": voting.NAMES,
        "progress_made": voting.progress(session(), participant, consultation),
        "votes": votes,
    }


def _go_on(consultation: "Consultation") -> str | Response:
    if "HX-Request" in request.headers:
        return render("participation/_vote_card.html", **_card(consultation))
    return redirect(url_for("statements.vote", slug=consultation.slug), 303)


def _not_yet_compared(form: ProposeForm, consultation: "Consultation") -> "list[Statement]":
    """Return similar statements that the author has not been shown beside this sentence."""
    if form.compared.data == form.body.data:
        return []
    similar = proposing.similar_statements(session(), consultation.id, form.body.data or "")
    form.compared.data = form.body.data
    return similar


def _proposed(consultation: "Consultation", form: ProposeForm) -> Response:
    statement = proposing.propose(
        session(),
        current_actor(),
        consultation.id,
        body=form.body.data or "",
        clause_key=form.clause_key.data or "",
        screen=rules.screen,
    )
    words = {
        "published": _("Your statement is published. Others can vote on it now."),
        "pending": _("We have received your statement. A moderator reads it before it appears."),
    }
    flash(words[statement.visibility], "success")
    address = url_for("trail.contribution", slug=consultation.slug, reference=statement.reference)
    return redirect(address, 303)
