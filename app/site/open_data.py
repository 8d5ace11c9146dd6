"""Pages of open data: which consultations have it, their files, and how to make them again."""

from math import ceil
from typing import TYPE_CHECKING

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from app.identity import ANYONE, access
from app.participation.cards import parts
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from consultations.open_tables import TABLES
from consultations.queries import open_data

if TYPE_CHECKING:
    from consultations.queries.open_data import OpenData

blueprint = Blueprint("open_data", __name__, url_prefix="/open-data")

#: Pages beyond this cannot be asked for.
_LAST_PAGE = 10_000
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@blueprint.get("/")
@access(ANYONE)
def index() -> str:
    """Show which consultations have open data."""
    page = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    found, total = open_data.listed(session(), page)
    pages = parts(
        page,
        ceil(total / open_data.PAGE_SIZE),
        lambda number: url_for("open_data.index", page=number),
    )
    return render("site/open_data.html", found=found, total=total, pages=pages)


@blueprint.get("/<slug>/")
@access(ANYONE)
def files(slug: str) -> str:
    """Show the files of one consultation with their columns, digests and how to check them."""
    consultation = load_consultation(slug)
    found = open_data.open_data(session(), consultation.id)
    return render(
        "site/open_data_files.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "results"),
        found=found,
        tables=TABLES,
        commands=_commands(found),
    )


@blueprint.get("/<slug>/<filename>")
@access(ANYONE, limit="export")
def download(slug: str, filename: str) -> Response:
    """Give out one file."""
    consultation = load_consultation(slug)
    file, content = open_data.file_content(session(), consultation.id, filename)
    response = Response(content, content_type=_TYPES[file.name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{file.name}"'
    response.set_etag(file.digest)
    return response.make_conditional(request.environ)


def _commands(found: "OpenData") -> list[str]:
    """Return the commands that make the reports again from the tables."""
    names = {file.name for file in found.files}
    commands = ["python -m analysis themes comments.csv -o themes-again.json"]
    if "votes.csv" in names:
        commands.insert(
            0,
            "python -m analysis opinions votes.csv --statements statements.csv "
            "-o opinions-again.json && python -m analysis compare opinions.json "
            "opinions-again.json",
        )
    return commands
