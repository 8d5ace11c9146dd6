"""From the results report to a document in the reader's language, in the official order."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.i18n import current_language, datetime_long
from app.reports import annexes, answering, hearing, opinions
from app.reports.phrases import picked
from app.words import name
from consultations.reporting.document import (
    Block,
    Document,
    Run,
    Section,
    paragraph,
    paragraphs,
    run,
)

if TYPE_CHECKING:
    from consultations.reporting.structure import ResultsReport

Part = tuple[str, str, Callable[["ResultsReport"], Iterable[Block]]]


def document(report: "ResultsReport", *, answers: slice | None = None) -> Document:
    """Return the report as a document.

    Parameters
    ----------
    answers : slice, optional
        Which rows of the annex of all answers; all when not given.
    """
    about = report.about
    title = _("Results of the public consultation: %(title)s", title=picked(about.title).text)
    agency = picked(about.agency)
    edition = _("Edition %(number)s", number=report.edition) if report.edition else ""
    footer = " · ".join(filter(None, (agency.text, _("Results report"), edition)))
    return Document(
        language=current_language(),
        title=run(title),
        author=agency.text,
        opening=tuple(_opening(report, agency, edition)),
        sections=tuple(_sections(report, answers)),
        footer=run(footer).text,
    )


def _opening(report: "ResultsReport", agency: Run, edition: str) -> Iterable[Block]:
    yield paragraph(agency, kind="lead")
    made = _("Put together on %(day)s", day=datetime_long(report.made_at))
    kind = name("kind", report.about.kind)
    yield paragraph(" · ".join(filter(None, (kind, edition, made))))
    if report.about.is_sample:
        yield paragraph(
            _("This consultation is an example for trying the system. It is not a real hearing."),
            kind="note",
        )


def _sections(report: "ResultsReport", answers: slice | None) -> Iterable[Section]:
    """Return the sections numbered; one in which there is nothing says so itself."""
    parts: tuple[Part, ...] = (
        ("about", _("What the consultation was about"), _about),
        ("methods", _("How people could take part"), hearing.methods),
        ("dates", _("Announced days and how long"), hearing.dates),
        ("affected", _("Whom it concerns"), hearing.affected),
        ("numbers", _("How many took part, by channel"), hearing.numbers),
        ("themes", _("Issues that people raised"), opinions.themes),
        ("views", _("Views by group: what is shared and where they differ"), opinions.views),
        ("explanations", _("Explanations by the agency"), answering.explanations),
        ("outcome", _("What was used and what was not, with reasons"), answering.outcome),
        ("changes", _("Changes to the draft, and because of what"), answering.changes),
        ("next", _("What happens next"), answering.next_steps),
        ("checking", _("Checking of the summary by participants"), answering.checking),
    )
    ends: tuple[Part, ...] = (
        ("answers", _("All answers of the agency"), lambda it: annexes.answers(it, answers)),
        ("moderation", _("Moderation in figures"), annexes.moderation),
        ("limits", _("Limits of the method"), annexes.limits),
        ("verify", _("How to check this report"), annexes.verify),
    )
    for number, (anchor, title, blocks) in enumerate(parts, start=1):
        yield Section(anchor, f"{number}. {title}", tuple(blocks(report)))
    for number, (anchor, title, blocks) in enumerate(ends, start=1):
        words = _("Annex %(number)s: %(title)s", number=number, title=title)
        yield Section(anchor, words, tuple(blocks(report)))


def _about(report: "ResultsReport") -> Iterable[Block]:
    summary, scope = picked(report.about.summary), picked(report.about.scope)
    yield from paragraphs(summary)
    if not summary.text:
        yield paragraph(_("The agency gave no summary of the subject."))
    if scope.text:
        yield paragraph(_("What could still change:"), scope)
    if report.about.source:
        yield paragraph(_("Source and licence"), run(report.about.source), kind="note")
