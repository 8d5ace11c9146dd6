"""Pages to vote on statements one at a time, and to propose one."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, access, current_actor
from app.participation import vote_area
from app.participation.context import consultation_nav, lead_htmx, load_consultation
from app.participation.forms import ProposeForm
from app.rendering import render
from app.transactions import session
from consultations import policy, proposing, voting
from consultations.queries import threads, voting_page
from core.clock import now
from core.errors import InvalidError
from moderation import rules

if TYPE_CHECKING:
    from consultations.models import Consultation, Statement

blueprint = Blueprint("statements", __name__, url_prefix="/consultations/<slug>/vote")
blueprint.after_request(lead_htmx)


@blueprint.get("")
@access(ANYONE)
def vote(slug: str) -> str:
    """Show one statement to vote on: a chosen one, or the next."""
    consultation = load_consultation(slug)
    return render(
        "participation/vote.html",
        nav=consultation_nav(consultation, "vote"),
        **vote_area.vote_area(consultation, request.args.get("statement", "")),
    )


@blueprint.post("/<reference>")
@access(ANYONE, limit="vote")
def cast(slug: str, reference: str) -> str | Response:
    """Store a vote and show the next statement."""
    consultation = load_consultation(slug, reference)
    choice = voting.choice_named(request.form.get("choice", ""))
    voting.cast(session(), current_actor(), reference, choice)
    return _go_on(consultation)


@blueprint.post("/<reference>/withdraw")
@access(ANYONE, limit="vote")
def withdraw_vote(slug: str, reference: str) -> str | Response:
    """Take back a vote."""
    load_consultation(slug, reference)
    voting.withdraw(session(), current_actor(), reference)
    flash(_("Your vote is withdrawn."), "info")
    return redirect(url_for("statements.vote", slug=slug, statement=reference), 303)


@blueprint.route("/propose", methods=["GET", "POST"])
@access(ANYONE, limit="contribute")
def propose(slug: str) -> str | tuple[str, int] | Response:
    """Propose a statement, after seeing those that say much the same."""
    consultation = load_consultation(slug)
    form = ProposeForm(data=_begun(consultation))
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


@blueprint.post("/similar")
@access(ANYONE, limit="similar")
def similar(slug: str) -> str:
    """Return the statements that say much the same as what is being typed."""
    consultation = load_consultation(slug)
    typed = request.form.get("body", "")[: proposing.STATEMENT_LENGTH]
    found = proposing.similar_statements(session(), consultation.id, typed) if typed else []
    return render("participation/_similar_statements.html", **_page(consultation), similar=found)


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "is_open": policy.is_taking_contributions(consultation, now()),
        "works_here": policy.may_prepare(current_actor(), consultation),
    }


def _go_on(consultation: "Consultation") -> str | Response:
    if "HX-Request" in request.headers:
        return render("participation/_vote_reply.html", **vote_area.vote_reply(consultation))
    return redirect(url_for("statements.vote", slug=consultation.slug), 303)


def _begun(consultation: "Consultation") -> dict[str, str]:
    """Return what the form begins with: the clause, or the words of the comment it comes from."""
    begun = {"clause_key": request.args.get("clause", "")}
    reference = request.args.get("comment", "")
    if reference:
        words = threads.published_words(session(), consultation.id, reference)
        begun |= {"comment": reference, "body": " ".join(words.split())}
    return begun


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
        comment=form.comment.data or "",
        screen=rules.screen,
    )
    words = {
        "published": _("Your statement is published. Others can vote on it now."),
        "pending": _("We have received your statement. A moderator reads it before it appears."),
    }
    flash(words[statement.visibility], "success")
    address = url_for("trail.contribution", slug=consultation.slug, reference=statement.reference)
    return redirect(address, 303)
