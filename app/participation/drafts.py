"""Pages to read a draft clause by clause, and to compare two versions of it."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from app.identity import ANYONE, access, current_actor
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from consultations import participation, policy
from consultations.queries import reading, trail
from core.clock import now
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("drafts", __name__, url_prefix="/consultations/<slug>")

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
        filters=_filters(slug, page, tests, chosen),
        pairs=_pairs(slug, page),
        language_of=language_of,
    )


def _draft(slug: str, number: int | None) -> str:
    consultation = load_consultation(slug)
    page = reading.draft_page(session(), consultation, number)
    return render(
        "participation/draft.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "draft"),
        page=page,
        is_newest=page.version.number == page.versions[-1].number,
        is_open=policy.is_taking_contributions(consultation, now()),
        language_of=language_of,
    )


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
