"""Annexes of the results report: all answers, moderation, limits, and how to check it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from app.addresses import public_url
from app.i18n import date_long, datetime_long, number
from app.reports.answering import answer_name, answered
from app.reports.phrases import picked
from app.words import name
from consultations.reporting.document import Block, bullets, paragraph, table

if TYPE_CHECKING:
    from consultations.reporting.deeds import Disposed
    from consultations.reporting.structure import ResultsReport


def answers(report: "ResultsReport", part: slice | None = None) -> Iterable[Block]:
    """List all answers with ground and reason; a part of them where the page shows parts."""
    if not report.answers:
        yield paragraph(_("The agency has published no answers yet."))
        return
    rows = report.answers[part] if part else report.answers
    head = (_("Answer"), _("What is answered"), _("What the agency did, and why"), _("About"))
    yield table(_("All answers"), head, (_row(answer) for answer in rows), ())
    yield paragraph(
        _(
            "The file contributions.csv names, for each published contribution, the answers that "
            "concern it."
        ),
        kind="note",
    )


def _row(answer: "Disposed") -> tuple[object, ...]:
    behind = ""
    if answer.comments:
        behind = f"· {ngettext('%(num)d comment', '%(num)d comments', answer.comments)}"
    wording: tuple[str, ...] = ()
    if answer.proposed_wording:
        wording = (f"\n{_('Proposed wording')}: {answer.proposed_wording}",)
    day = date_long(answer.published_on) if answer.published_on else ""
    done = f"{name('disposition', answer.disposition)} ({name('ground', answer.ground)}):"
    return (
        answer_name(answer.number),
        (*answered(answer), *wording, behind),
        (done, picked(answer.reason)),
        "\n".join(filter(None, (answer.clause, day))),
    )


def moderation(report: "ResultsReport") -> Iterable[Block]:
    """Count the moderators' decisions in this consultation."""
    found = report.moderation
    if not (found.published or found.held or found.hidden or found.covered or found.waiting):
        yield paragraph(_("No moderator had to decide anything in this consultation."))
        return
    rows = [
        (_("Published after reading"), number(found.published)),
        (_("Held for a change by the author"), number(found.held)),
        (_("Hidden"), number(found.hidden)),
        (_("Single words covered"), number(found.covered)),
        (_("Put back after a hold or a hiding"), number(found.reversed)),
        (_("Waiting now"), number(found.waiting)),
    ]
    if found.median_wait is not None:
        wait = format_timedelta(found.median_wait, granularity="minute")
        rows.append((_("Half of the decisions were made within"), wait))
    yield table(_("Decisions of moderators"), (_("What"), _("How many")), rows, (1,))
    if found.rules:
        reasons = [(name("rule", code), number(count)) for code, count in found.rules]
        head = (_("Rule"), _("Times"))
        yield table(_("Rules that were the reason to hold, hide or cover"), head, reasons, (1,))


def limits(report: "ResultsReport") -> Iterable[Block]:
    """Say in plain words what the figures cannot tell."""
    if report.method is None:
        yield paragraph(_("No analysis has finished, so there is no method to speak of."))
        return
    yield bullets((name("limit", code),) for code in report.method.limits)
    yield paragraph(
        _(
            "The groups come from a statistical model of the votes, the themes from the words of "
            "the comments. No language model writes anything here: sentences are templates, quotes "
            "are verbatim. The same votes give the same result on any machine."
        )
    )


def verify(report: "ResultsReport") -> Iterable[Block]:
    """Name the run, its digests, and where the data can be had."""
    method, slug = report.method, report.about.slug
    page = public_url("report.show", slug=slug)
    yield paragraph(_("This report on the site, with its files:"), page)
    if method is None:
        return
    data = public_url("open_data.files", slug=slug)
    yield paragraph(_("Open data, and the commands that compute the figures again:"), data)
    labels = {
        "votes": _("Votes (SHA-256)"),
        "statements": _("Statements (SHA-256)"),
        "comments": _("Comments (SHA-256)"),
        "report": _("Report (SHA-256)"),
    }
    rows = [
        (_("Votes and comments up to"), datetime_long(method.taken_at)),
        (_("Analysed"), datetime_long(method.analysed_at) if method.analysed_at else ""),
        (_("Analysis number"), str(method.run)),
        (_("Engine (votes / comments)"), method.engine),
        *((words, method.digests[key]) for key, words in labels.items()),
    ]
    yield table(_("What the figures rest on"), (_("What"), _("Value")), rows, ())
