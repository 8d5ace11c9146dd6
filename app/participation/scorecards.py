"""Pages of the scorecard: of a consultation, of all agencies, and what stands behind a figure."""

import csv
import io
import json
from typing import TYPE_CHECKING

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.identity import ANYONE, access
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from app.words.scorecard import SCORECARD
from consultations import scorecard
from consultations.queries import scorecard as facts
from consultations.scorecard import GOOD_GOVERNANCE, NEW_PUBLIC_SERVICE, Figure, Principle
from core.errors import NotFoundError

if TYPE_CHECKING:
    from consultations.models import Consultation
    from core.accounts.models import Agency

blueprint = Blueprint("scorecards", __name__)

SCHEMA = "sarn.scorecard/1"
_COLUMNS = ("scope", "principle", "value", "low", "high", "of", "total", "small")


@blueprint.get("/consultations/<slug>/scorecard")
@access(ANYONE)
def consultation(slug: str) -> str:
    """Show the figures of one consultation."""
    found = load_consultation(slug)
    return render("participation/scorecard.html", **_page(found), figures=_figures_of(found))


@blueprint.get("/consultations/<slug>/scorecard/<any(csv, json):extension>")
@access(ANYONE)
def consultation_file(slug: str, extension: str) -> Response:
    """Give out the figures of one consultation."""
    found = load_consultation(slug)
    return _file(extension, f"scorecard-{slug}", [(slug, _figures_of(found))])


@blueprint.get("/consultations/<slug>/scorecard/behind/<code>")
@access(ANYONE)
def behind(slug: str, code: str) -> str:
    """Show what a figure counts, and the ledger entries that it is counted from."""
    found = load_consultation(slug)
    if code not in set(Principle):
        raise NotFoundError("scorecard.unknown")
    principle, number = Principle(code), max(1, request.args.get("page", 1, type=int))
    entries, total = facts.entries_behind(session(), found.id, principle, number)
    return render(
        "participation/scorecard_behind.html",
        **_page(found),
        figure=next(each for each in _figures_of(found) if each.principle is principle),
        entries=entries,
        total=total,
        number=number,
        pages=max(1, -(-total // facts.ENTRIES_PAGE)),
    )


@blueprint.get("/scorecards")
@access(ANYONE)
def agencies() -> str:
    """Show the figures of all agencies beside each other; nobody is ranked."""
    return render(
        "participation/scorecards.html", **_words(), rows=_agency_figures(), principles=Principle
    )


@blueprint.get("/scorecards/<any(csv, json):extension>")
@access(ANYONE)
def agencies_file(extension: str) -> Response:
    """Give out the figures of all agencies."""
    return _file(extension, "scorecards", [(row[0].slug, row[2]) for row in _agency_figures()])


def _agency_figures() -> list[tuple["Agency", int, list[Figure]]]:
    """Return every agency with its consultations; of the sample while there are no others."""
    found = facts.agencies(session(), samples=False) or facts.agencies(session(), samples=True)
    each = facts.facts_of(session(), [number for _, numbers in found for number in numbers])
    return [
        (
            agency,
            len(numbers),
            scorecard.figures(scorecard.together(each[number] for number in numbers)),
        )
        for agency, numbers in found
    ]


def _figures_of(found: "Consultation") -> list[Figure]:
    return scorecard.figures(facts.facts_of(session(), [found.id])[found.id])


def _words() -> dict[str, object]:
    return {
        "words": SCORECARD,
        "new_public_service": NEW_PUBLIC_SERVICE,
        "good_governance": GOOD_GOVERNANCE,
        "in_days": scorecard.IN_DAYS,
        "least": scorecard.LEAST_COMPARED,
    }


def _page(found: "Consultation") -> dict[str, object]:
    nav = consultation_nav(found, "scorecard")
    return {"consultation": found, "nav": nav, **_words()}


def _file(kind: str, name: str, scopes: list[tuple[str, list[Figure]]]) -> Response:
    rows = [
        (scope, each.principle.value, each.value, each.low, each.high, each.of, each.total,
         each.is_small)
        for scope, figures in scopes
        for each in figures
    ]  # fmt: skip
    if kind == "json":
        listed = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        text, mimetype = json.dumps({"schema": SCHEMA, "figures": listed}), "application/json"
    else:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows(("" if cell is None else cell for cell in row) for row in rows)
        text, mimetype = out.getvalue(), "text/csv; charset=utf-8"
    answer = Response(text, content_type=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
