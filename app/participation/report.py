"""Pages of the results report, for anyone: the report itself, and its files."""

from math import ceil
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from app.identity import ANYONE, access
from app.participation.cards import parts
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.reports.wording import document
from app.transactions import session
from consultations.queries import report_editions
from consultations.reporting import editions
from consultations.reporting.gathering import gather
from moderation.queries import consultation_figures

if TYPE_CHECKING:
    from consultations.models import Consultation, ReportEdition, ReportFile

blueprint = Blueprint("report", __name__, url_prefix="/consultations/<slug>/report")

#: Answers in one part of the annex, and the last part that can be asked for.
_PART, _LAST_PART = 50, 10_000
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("")
@access(ANYONE)
def show(slug: str) -> str:
    """Show the report as things stand, with the files of the edition that the agency published."""
    consultation = load_consultation(slug)
    page = {
        "consultation": consultation,
        "nav": consultation_nav(consultation, "report"),
    }
    if not report_editions.is_public(session(), consultation):
        return render("participation/report.html", **page, report=None)
    found = report_editions.editions(session(), consultation.id, working=False)
    edition = found.newest
    return render(
        "participation/report.html",
        **page,
        **report_page(consultation, edition, "report.show"),
        edition=edition,
        files=found.files,
        being_made=bool(edition and report_editions.has_other_words(session(), edition)),
    )


@blueprint.get("/<filename>")
@access(ANYONE)
def download(slug: str, filename: str) -> Response:
    """Give out a file of the published edition."""
    consultation = load_consultation(slug)
    return file_response(
        consultation, report_editions.file_content(session(), consultation.id, filename)
    )


def report_page(
    consultation: "Consultation", edition: "ReportEdition | None", endpoint: str
) -> dict[str, Any]:
    """Return the report in words, in parts where there are many answers."""
    figures = consultation_figures.of_consultation(session(), consultation.id)
    report = gather(
        session(),
        consultation,
        figures,
        told=editions.told(edition),
        edition=edition.number if edition else 0,
    )
    count = max(1, ceil(len(report.answers) / _PART))
    part = min(max(request.args.get("part", 1, type=int), 1), count, _LAST_PART)
    made = document(report, answers=slice((part - 1) * _PART, part * _PART))
    pages = parts(
        part,
        count,
        lambda number: url_for(endpoint, slug=consultation.slug, part=number, _anchor="answers"),
    )
    return {"report": made, "pages": pages}


def file_response(consultation: "Consultation", file: "ReportFile") -> Response:
    """Return a file to be saved, not shown."""
    response = Response(file.content, content_type=_TYPES[file.name.rpartition(".")[2]])
    name = f"{consultation.slug}-{file.name}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(file.digest)
    return response.make_conditional(request.environ)
