"""The public register of moderation: as a page, and every decision as a file."""

import csv
import io
import json
from dataclasses import asdict

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from app.identity import ANYONE, access, keyring
from app.moderating import cards
from app.rendering import render
from app.transactions import session
from app.words import name
from consultations.spreadsheets import guarded
from core.clock import now
from moderation.colleagues import moderator_code
from moderation.queries import register as registers
from moderation.queries import register_rows
from moderation.queries.register_rows import COLUMNS, RegisterRow

blueprint = Blueprint("moderating_register", __name__, url_prefix="/moderation")


@blueprint.get("/register")
@access(ANYONE)
def page() -> str:
    """Show everyone how often moderators decided what, and how fast."""
    found = registers.load(session(), now())
    return render(
        "moderating/register.html",
        register=found,
        months=[cards.month_name(month) for month in reversed(found.months)],
        month_rows=cards.month_rows(found),
        rule_rows=cards.rule_rows(found),
        median=cards.span(found.total.median_wait) if found.total.median_wait else None,
        columns=[(column, name("register_column", column)) for column in COLUMNS],
    )


@blueprint.get("/register.csv")
@access(ANYONE)
def as_csv() -> Response:
    """Give every decision as a table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in register_rows.cells(row)] for row in _rows())
    answer = make_response(out.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="sarn-moderation.csv"'
    return answer


@blueprint.get("/register.json")
@access(ANYONE)
def as_json() -> Response:
    """Give every decision as data."""
    content = {"schema": "sarn.moderation/1", "decisions": [asdict(row) for row in _rows()]}
    answer = make_response(json.dumps(content, ensure_ascii=False))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    return answer


def _rows() -> list[RegisterRow]:
    keys = keyring()
    codes: dict[int, str] = {}

    def code_of(account_id: int) -> str:
        if account_id not in codes:
            codes[account_id] = moderator_code(keys, account_id)
        return codes[account_id]

    return register_rows.rows(session(), now(), code_of)
