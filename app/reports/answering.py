"""Parts of the report on what the agency did: explanations, answers, changes, next steps."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import date_long, number
from app.reports.phrases import picked
from app.words import NAMES, name
from consultations.reporting.document import (
    Block,
    bullets,
    heading,
    paragraph,
    paragraphs,
    run,
    table,
)

if TYPE_CHECKING:
    from consultations.reporting.deeds import Change, Disposed, NextSteps
    from consultations.reporting.structure import ResultsReport

#: What was used, and what was not.
_USED, _NOT_USED = ("accepted", "partly", "already_covered"), ("not_accepted", "out_of_scope")
#: Longest beginning of what is answered that stands in a list; the annex has it whole.
_SHORT = 220


def explanations(report: "ResultsReport") -> Iterable[Block]:
    """Give what the agency said about its drafts, and how often it answered in the discussion."""
    noted = [draft for draft in report.methods.drafts if draft.note]
    for draft in noted:
        day = date_long(draft.published_on) if draft.published_on else ""
        title = _("Draft %(number)s", number=draft.number)
        yield heading(" · ".join(filter(None, (title, day))))
        yield from paragraphs(picked(draft.note))
    replies = report.methods.agency_replies
    if replies:
        yield paragraph(
            ngettext(
                "The agency replied %(num)d time in the discussion.",
                "The agency replied %(num)d times in the discussion.",
                replies,
            )
        )
    if not noted and not replies:
        yield paragraph(_("The agency gave no explanation beside its answers."))


def outcome(report: "ResultsReport") -> Iterable[Block]:
    """Count the answers by what was done, and list used and not used, each with its reason."""
    if not report.answers:
        yield paragraph(_("The agency has published no answers yet."))
        return
    counted = Counter(answer.disposition for answer in report.answers)
    rows = [(name("disposition", code), number(counted[code])) for code in NAMES["disposition"]]
    head = (_("What the agency did"), _("Answers"))
    yield table(_("Answers by what was done"), head, rows, (1,))
    for title, codes in ((_("Used"), _USED), (_("Not used"), _NOT_USED)):
        yield heading(title)
        listed = [answer for answer in report.answers if answer.disposition in codes]
        if not listed:
            yield paragraph(_("Nothing."))
            continue
        yield bullets(
            (
                f"{answer_name(answer.number)} ({name('disposition', answer.disposition)}):",
                *short(answer),
                "–",
                picked(answer.reason),
            )
            for answer in listed
        )


def answer_name(place: int) -> str:
    """Return how the report calls an answer."""
    return _("Answer %(number)s", number=place)


def answered(answer: "Disposed") -> tuple[object, ...]:
    """Return what is answered, whole."""
    if answer.said:
        return (run(answer.said, answer.language),)
    words = picked(answer.words)
    if answer.kind == "theme" and not words.text:
        marked = f"({_('Words chosen by the machine')})"
        words = run(answer.terms, answer.language)
        return (_("Theme"), words, marked) if words.text else (_("Theme"),)
    if answer.kind == "theme":
        return (_("Theme"), words)
    if answer.kind == "comment":
        return (_("A comment that is no longer published"),)
    withheld = _("A sentence that repeats words that are no longer published")
    return (words if words.text else withheld,)


def short(answer: "Disposed") -> tuple[object, ...]:
    """Return what is answered, its last words shortened."""
    *before, last = answered(answer)
    words = run(last) if isinstance(last, str) else last
    text = getattr(words, "text", "")
    if len(text) <= _SHORT:
        return (*before, words)
    return (*before, run(f"{text[:_SHORT].rstrip()}…", getattr(words, "lang", "")))


def changes(report: "ResultsReport") -> Iterable[Block]:
    """List each changed clause with the answers, or the initiative, that changed it."""
    if not report.changes:
        yield paragraph(_("No changed draft has been published."))
        return
    head = (_("Draft"), _("Clause"), _("Because of"), _("Note of the agency"))
    rows = (
        (
            _("Draft %(number)s", number=change.draft),
            _changed(change),
            ", ".join(answer_name(place) for place in change.because_of)
            or _("The agency's own initiative"),
            tuple(picked(note) for note in change.notes),
        )
        for change in report.changes
    )
    yield table(_("Changed clauses"), head, rows, ())


def _changed(change: "Change") -> str:
    clause = change.clause or _("Clause without a number")
    return _("%(clause)s (removed)", clause=clause) if change.is_removed else clause


def next_steps(report: "ResultsReport") -> Iterable[Block]:
    """Say where the consultation stands, what comes next and by when."""
    steps = report.next_steps
    stage = name("stage", steps.stage)
    yield paragraph(_("The consultation stands at: %(stage)s.", stage=stage))
    told = picked(steps.text)
    yield from paragraphs(told)
    if steps.by:
        yield paragraph(_("By %(day)s.", day=date_long(steps.by)))
    if not (told.text or steps.promises or steps.law):
        yield paragraph(_("The agency has named no further step."))
    yield from _promises(steps)


def _promises(steps: "NextSteps") -> Iterable[Block]:
    """List the commitments with owner and day, and the stages that the law has reached."""
    if steps.promises:
        head = (_("Commitment"), _("Who answers for it"), _("By"), _("How far"), _("Because of"))
        rows = (
            (
                picked(promise.text),
                run(promise.owner),
                date_long(promise.due_on),
                name("commitment_state", promise.state),
                answer_name(promise.because_of) if promise.because_of else "",
            )
            for promise in steps.promises
        )
        yield table(_("Commitments of the agency"), head, rows, ())
    if steps.law:
        stages = (_("Stage of the law"), _("Day"), _("Note of the agency"))
        reached = (
            (name("law_stage", point.stage), date_long(point.on), picked(point.note))
            for point in steps.law
        )
        yield table(_("The way of the law"), stages, reached, ())


def checking(report: "ResultsReport") -> Iterable[Block]:
    """Say when participants could check the summary, and what dissent is on record."""
    known = report.checking
    if known is None:
        yield paragraph(_("The summary was not put to participants for checking."))
        return
    since = date_long(known.since)
    if known.until is None:
        yield paragraph(_("Participants can check the summary since %(day)s.", day=since))
    else:
        words = _(
            "Participants could check the summary from %(first)s to %(last)s.",
            first=since,
            last=date_long(known.until),
        )
        yield paragraph(words)
    yield paragraph(
        _(
            "%(answered)s of the %(eligible)s people who had voted or written have answered.",
            answered=number(known.answered),
            eligible=number(known.eligible),
        )
    )
    if not known.dissents:
        yield paragraph(_("No dissent is on record with this report."))
    for voice in known.dissents:
        yield heading(
            ngettext("%(num)s dissent", "%(num)s dissents that say much the same", voice.count)
        )
        yield from paragraphs(run(voice.body, voice.language))
        if voice.answer:
            yield paragraph(_("Answer of the agency"), ": ", picked(voice.answer))
        else:
            yield paragraph(_("The agency has not answered it; it is printed as it was said."))
