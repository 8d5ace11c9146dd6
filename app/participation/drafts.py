"""Pages to read a draft clause by clause, and to compare two versions of it."""

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from app.identity import ANYONE, access
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from consultations import policy
from consultations.queries import reading
from core.clock import now
from core.languages import language_of

blueprint = Blueprint("drafts", __name__, url_prefix="/consultations/<slug>")

#: What a reader of a comparison can ask to see.
FILTERS = ("changed", "comments", "all")


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
    chosen = request.args.get("show", "changed")
    shown = [clause for clause in page.clauses if _is_shown(clause, chosen)]
    return render(
        "participation/compare.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "draft"),
        page=page,
        clauses=shown,
        chosen=chosen if chosen in FILTERS else "changed",
        filters=_filters(slug, page),
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


def _is_shown(clause: reading.ChangedClause, chosen: str) -> bool:
    if chosen == "all":
        return True
    return clause.is_changed and (chosen != "comments" or clause.is_because_of_comments)


def _filters(slug: str, page: reading.ComparisonPage) -> list[dict[str, object]]:
    names = (_("All changes"), _("Because of comments"), _("The whole text"))
    return [
        {
            "text": name,
            "href": url_for(
                "drafts.compare",
                slug=slug,
                before=page.before.number,
                after=page.after.number,
                show=code,
            ),
            "current": request.args.get("show", "changed") == code,
            "count": sum(_is_shown(clause, code) for clause in page.clauses),
        }
        for code, name in zip(FILTERS, names, strict=True)
    ]
