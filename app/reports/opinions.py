"""Parts of the results report on what people said: issues, groups, common ground, differences."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import number, percent
from app.reports.phrases import picked, said, statement_table
from app.words import name
from app.words.results import group_name, listed_name, stability_words
from consultations.reporting.document import (
    Block,
    Bullets,
    bullets,
    heading,
    paragraph,
    run,
    table,
)

if TYPE_CHECKING:
    from consultations.reporting.structure import ResultsReport, Subject, Views

_STANCES = ("support", "oppose", "unsure")
#: Sections of the summary whose sentences this part repeats, under its own headings.
_SHARED, _DIFFERENT = "common_ground", "differences"


def themes(report: "ResultsReport") -> Iterable[Block]:
    """List the issues with their sizes, small but distinct voices, and campaigns."""
    if not report.subjects:
        yield paragraph(_("There were no comments in which themes could be found."))
    else:
        if any(subject.theme.origins for subject in report.subjects):
            yield paragraph(_chosen_words(report))
        head = (_("Theme"), _("Comments"), _("People"), *(name("stance", s) for s in _STANCES))
        yield table(
            _("Themes by size"),
            head,
            (
                (
                    *(subject_name(subject), number(subject.theme.size)),
                    number(subject.theme.people),
                    *(number(subject.theme.stances.get(stance, 0)) for stance in _STANCES),
                )
                for subject in report.subjects
            ),
            (1, 2, 3, 4, 5),
        )
    for subject in report.subjects:
        if subject.theme.quotes:
            yield heading(*_parts(subject_name(subject)))
            for role, words in subject.theme.quotes:
                yield paragraph(f"{name('quote_role', role)}:", said(words), kind="quote")
    yield from _minority(report)
    yield from _campaigns(report)


def _chosen_words(report: "ResultsReport") -> str:
    """Say that people chose the themes, and how many comments only the machine placed."""
    found = [subject.theme.origins for subject in report.subjects if subject.theme.origins]
    total, machine = sum(each.total for each in found), sum(each.machine for each in found)
    return _(
        "The agency chose and worded these themes. Of %(total)s places of comments in them, a "
        "person made or confirmed %(person)s; %(machine)s are suggestions of the machine that "
        "nobody has checked. A comment can stand in several themes.",
        total=number(total),
        person=number(total - machine),
        machine=number(machine),
    )


def subject_name(subject: "Subject") -> object:
    """Return what a theme is called: by a person, or the machine's words marked as such."""
    theme = subject.theme
    if theme.kind == "listed":
        return listed_name(theme.language)
    label = picked(subject.label)
    if label.text:
        return label
    terms = run(", ".join(theme.terms), theme.language)
    return (terms, f"({_('Words chosen by the machine')})") if terms.text else _("Without a name")


def views(report: "ResultsReport") -> Iterable[Block]:
    """Say what is shared and where groups differ, in the summary's sentences and in figures."""
    found = report.views
    if found is None:
        yield paragraph(_("No analysis has finished, so nothing is said about groups."))
        return
    yield from _groups(found)
    yield heading(name("section", _SHARED))
    yield from _sentences(report, _SHARED)
    if found.common:
        yield statement_table(_("Statements that every group answers the same way"), found.common)
    else:
        yield paragraph(
            _("There is no statement on which it is sure enough that people of every group agree.")
        )
    yield heading(name("section", _DIFFERENT))
    yield from _sentences(report, _DIFFERENT)
    if found.differences:
        yield statement_table(_("Statements on which groups differ"), found.differences)
    else:
        yield paragraph(_("There is no statement on which it is sure enough that groups differ."))
    yield from _uncertain(found)


def _groups(found: "Views") -> Iterable[Block]:
    if not found.groups:
        yield paragraph(_("The votes show no opinion groups."))
        return
    head = (_("Group"), _("People"), _("How stable"))
    rows = (
        (group_name(group.number), number(group.people), stability_words(group.stability))
        for group in found.groups
    )
    yield table(_("Opinion groups: people who vote alike"), head, rows, (1,))
    yield paragraph(
        _(
            "Each range below holds the true share with a probability of %(share)s. A wide range "
            "means few votes.",
            share=percent(found.interval),
        ),
        kind="note",
    )
    for group in found.groups:
        if group.apart:
            title = _("What sets %(group)s apart", group=group_name(group.number))
            yield statement_table(title, group.apart)


def _sentences(report: "ResultsReport", section: str) -> Iterable[Block]:
    shown, left_out = [], 0
    for sentence in report.sentences:
        if sentence.section != section:
            continue
        if sentence.left_out_reason is not None:
            left_out += 1
        elif sentence.withheld:
            shown.append(
                (_("A sentence that repeats words that are no longer published"),),
            )
        else:
            shown.append((picked(sentence.text),))
    if shown:
        yield bullets(shown)
    if left_out:
        yield paragraph(
            ngettext(
                "The agency left %(num)d sentence out; the summary on the site gives the reason.",
                "The agency left %(num)d sentences out; the summary on the site gives the reasons.",
                left_out,
            ),
            kind="note",
        )


def _uncertain(found: "Views") -> Iterable[Block]:
    if found.unsure:
        yield statement_table(_("Statements on which at least one in four is unsure"), found.unsure)
    if found.too_few:
        yield paragraph(
            ngettext(
                "On %(num)d statement too few people voted, so nothing is claimed about it.",
                "On %(num)d statements too few people voted, so nothing is claimed about them.",
                found.too_few,
            )
        )
    shown = len(found.common), len(found.differences)
    if shown != (found.found["consensus"], found.found["differences"]):
        yield paragraph(_("The open data have the statements that are not listed here."))


def _minority(report: "ResultsReport") -> Iterable[Block]:
    if not report.small_voices:
        return
    yield heading(name("section", "minority"))
    items = []
    for voice in report.small_voices:
        people = ngettext("%(num)d person", "%(num)d people", voice.people)
        quoted = [said(words) for _role, words in voice.quotes[:1]]
        items.append((run(", ".join(voice.terms)), f"({people})", *quoted))
    yield bullets(items)


def _campaigns(report: "ResultsReport") -> Iterable[Bullets | Block]:
    if not report.campaigns:
        return
    yield heading(name("section", "campaigns"))
    rows = (
        (said(row.words), number(row.size), number(row.people), number(row.variants))
        for row in report.campaigns
    )
    head = (_("Text"), _("Comments"), _("People"), _("Wordings"))
    yield table(name("section", "campaigns"), head, rows, (1, 2, 3))


def _parts(words: object) -> tuple[object, ...]:
    return words if isinstance(words, tuple) else (words,)
