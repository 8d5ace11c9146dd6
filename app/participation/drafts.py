"""Pages to read a draft clause by clause, and to compare two versions of it."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, access, current_actor
from app.participation.cards import author_name
from app.participation.context import consultation_nav, lead_htmx, load_consultation
from app.participation.reader import (
    clause_addresses,
    language_at_start,
    reading_view,
    text_views,
)
from app.rendering import render
from app.transactions import session
from consultations import clause_voting, participation, policy, voting
from consultations.queries import behind, credits, margins, reading, trail
from core.clock import now
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("drafts", __name__, url_prefix="/consultations/<slug>")

blueprint.after_request(lead_htmx)

Test = Callable[[reading.ChangedClause], bool]


@blueprint.get("/draft")
@access(ANYONE)
def read(slug: str) -> str:
    """Show the newest published draft."""
    return _draft(slug, None)


@blueprint.get("/draft/<int:number>")
@access(ANYONE)
def read_number(slug: str, number: int) -> str:
    """Show one published draft."""
    return _draft(slug, number)


@blueprint.get("/compare/<int:before>/<int:after>")
@access(ANYONE)
def compare(slug: str, before: int, after: int) -> str:
    """Show what changed between two drafts, why, and because of whom."""
    consultation = load_consultation(slug)
    page = reading.comparison_page(session(), consultation, before, after)
    mine = _changed_by_me(consultation)
    tests = _tests(mine)
    chosen = request.args.get("show", "changed")
    chosen = chosen if chosen in tests else "changed"
    return render(
        "participation/compare.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "draft"),
        page=page,
        clauses=[clause for clause in page.clauses if tests[chosen](clause)],
        mine=mine,
        chosen=chosen,
        marks=Counter(mark for clause in page.clauses for mark in clause.marks or ("unchanged",)),
        behind=behind.contributions_behind(session(), page.response_ids),
        credits=credits.credits(session(), consultation.id, range(before + 1, after + 1)),
        author_name=author_name,
        filters=_filters(slug, page, tests, chosen),
        pairs=_pairs(slug, page),
        language_of=language_of,
    )


@blueprint.post("/draft/<int:number>/clauses/<key>/vote")
@access(ANYONE, limit="vote")
def vote(slug: str, number: int, key: str) -> str | Response:
    """Vote on a clause, change one's vote or take it back; then show the clause's votes."""
    consultation = load_consultation(slug)
    where, choice = (consultation.id, number, key), request.form.get("choice", "")
    if choice == "withdraw":
        clause_voting.withdraw(session(), current_actor(), *where)
        words = _("Your vote is withdrawn.")
    else:
        clause_voting.cast(session(), current_actor(), *where, voting.choice_named(choice))
        words = _("We have your vote.")
    if "HX-Request" in request.headers:
        return _clause_vote(consultation, number, key, words)
    flash(words, "success")
    address = url_for("drafts.read_number", slug=slug, number=number, text=reading_view()[0])
    return redirect(f"{address}#clause-{key}", 303)


@blueprint.get("/draft/clauses/<key>/comments")
@access(ANYONE)
def comments_beside(slug: str, key: str) -> str | Response:
    """Return the newest comments on a clause, to stand beside it; without htmx its discussion."""
    consultation = load_consultation(slug)
    if "HX-Request" not in request.headers:
        return redirect(url_for("comments.discussion", slug=slug, clause=key))
    comments = margins.comments_beside(session(), consultation.id, key)
    return render("participation/_beside.html", comments=comments, slug=slug)


def _draft(slug: str, number: int | None) -> str:
    consultation = load_consultation(slug)
    page = reading.draft_page(session(), consultation, number)
    text, _is_chosen = reading_view()
    keys = [clause.key for clause in page.clauses]
    return render(
        "participation/draft.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "draft"),
        page=page,
        margins=margins.margins(session(), consultation.id, page.clauses, _own_id(consultation)),
        is_newest=page.version.number == page.versions[-1].number,
        is_open=policy.is_taking_contributions(consultation, now()),
        addresses=clause_addresses(slug, page.version.number, keys),
        text=text,
        views=text_views(slug, page, text),
        choice_names=voting.NAMES,
        language_of=language_at_start,
    )


def _clause_vote(consultation: "Consultation", number: int, key: str, words: str) -> str:
    clause = reading.published_clause(session(), consultation.id, number, key)
    return render(
        "participation/_clause_vote.html",
        clause=clause,
        margin=margins.margin_of(session(), clause, _own_id(consultation)),
        address=clause_addresses(consultation.slug, number, [key])[key],
        choice_names=voting.NAMES,
        said=words,
    )


def _own_id(consultation: "Consultation") -> str | None:
    participant = participation.find_participant(session(), current_actor(), consultation)
    return participant.id if participant else None


def _changed_by_me(consultation: "Consultation") -> frozenset[str]:
    """Return the keys of clauses that changed because of what the reader wrote."""
    participant = participation.find_participant(session(), current_actor(), consultation)
    if participant is None:
        return frozenset()
    traces = trail.traces_of(session(), consultation, participant.id)
    return frozenset(change.clause_key for trace in traces for change in trace.changes)


def _tests(mine: Collection[str]) -> dict[str, Test]:
    """Return what a reader can ask to see, and which clauses that is."""
    tests: dict[str, Test] = {
        "changed": lambda clause: clause.is_changed,
        "comments": lambda clause: clause.is_changed and clause.is_because_of_comments,
        "all": lambda _clause: True,
    }
    if mine:
        tests["mine"] = lambda clause: clause.is_changed and clause.change.key in mine
    return tests


def _filters(
    slug: str, page: reading.ComparisonPage, tests: dict[str, Test], chosen: str
) -> list[dict[str, object]]:
    names = {
        "changed": _("All changes"),
        "comments": _("Because of comments"),
        "mine": _("Because of what you wrote"),
        "all": _("The whole text"),
    }
    before, after = page.before.number, page.after.number
    return [
        {
            "text": name,
            "href": url_for("drafts.compare", slug=slug, before=before, after=after, show=code),
            "current": code == chosen,
            "count": sum(map(tests[code], page.clauses)),
        }
        for code, name in names.items()
        if code in tests
    ]


def _pairs(slug: str, page: reading.ComparisonPage) -> list[dict[str, object]]:
    """Return links to compare the newer draft with each one before it; none if there is one."""
    after = page.after.number
    numbers = [version.number for version in page.versions if version.number < after]
    return [
        {
            "text": _("Since draft %(number)s", number=number),
            "href": url_for("drafts.compare", slug=slug, before=number, after=after),
            "current": number == page.before.number,
        }
        for number in numbers
        if len(numbers) > 1
    ]
