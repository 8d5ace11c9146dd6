"""Parts of the results report on how the hearing was held and who took part."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import date_long, datetime_long, number
from app.reports.phrases import picked
from app.words import name
from consultations.announcement import last_moment
from consultations.reporting.document import Block, bullets, heading, paragraph, paragraphs, table

if TYPE_CHECKING:
    from consultations.reporting.structure import People, ResultsReport


def methods(report: "ResultsReport") -> Iterable[Block]:
    """Say by which ways people could take part, on the site and beside it."""
    done = report.methods
    yield bullets(
        [
            (_("Comments on each clause of the draft, with proposals for its wording."),),
            (_("Votes on short statements: agree, disagree or unsure."),),
            (_("Statements that participants proposed themselves."),),
            (_("Moderation"), name("moderation_policy", done.moderation)),
        ]
    )
    offline, outside = picked(done.offline), picked(done.outside)
    if offline.text:
        yield heading(_("Ways to take part without this site, as announced"))
        yield from paragraphs(offline)
    yield heading(_("What was done beside this site"))
    if outside.text:
        yield from paragraphs(outside)
    else:
        yield paragraph(_("The agency has named no other channel."))


def dates(report: "ResultsReport") -> Iterable[Block]:
    """Name the announced days, how long it was open, and every public step with its day."""
    known, missing = report.dates, _("Not announced")
    opens, closes = known.opens_at, known.closes_at
    days = ngettext("%(num)d day", "%(num)d days", known.days) if known.days else missing
    rows = [
        (_("Announced on"), date_long(known.announced_on) if known.announced_on else missing),
        (_("Opened"), datetime_long(opens) if opens else missing),
        (_("Closed"), datetime_long(last_moment(closes)) if closes else missing),
        (_("Length"), days),
        (_("Answers due"), date_long(known.answers_due_on) if known.answers_due_on else missing),
        (
            _("Answers published"),
            date_long(known.answered_on) if known.answered_on else _("Not yet"),
        ),
    ]
    if known.short_reason:
        rows.append((_("Why the time is short"), known.short_reason))
    yield table(_("Days"), (_("What"), _("When")), rows, ())
    if known.steps:
        head = (_("Day"), _("Step"), _("Reason"))
        steps = (
            (date_long(step.on), name("event", step.event), step.reason) for step in known.steps
        )
        yield table(_("Steps of the process"), head, steps, ())


def affected(report: "ResultsReport") -> Iterable[Block]:
    """Name those concerned as announced, and what participants told of themselves."""
    announced = picked(report.about.affected)
    yield from paragraphs(announced)
    if not announced.text:
        yield paragraph(_("The announcement named no groups of people in particular."))
    strata = report.people.strata if report.people else ()
    if not strata:
        yield paragraph(_("Too little is known of who took part to say more without harm."))
    for stratum in strata:
        question = stratum["name"]
        shown = [cell for cell in stratum["cells"] if cell["people"] is not None]
        rows = [(name(question, cell["value"]), number(cell["people"])) for cell in shown]
        head = (_("Answer"), _("People, at least"))
        yield table(name("question", question), head, rows, (1,))
    if strata:
        yield paragraph(
            _(
                "People told this of their own will. Numbers are rounded down to a multiple of "
                "five, and smaller ones are not shown, so that nobody can be recognised."
            ),
            kind="note",
        )


def numbers(report: "ResultsReport") -> Iterable[Block]:
    """Count people, votes and contributions, by tier and by channel."""
    if report.people is None:
        yield paragraph(_("No analysis has finished, so there are no counts of people yet."))
    else:
        yield from _people(report.people)
    if not report.channels:
        yield paragraph(_("Nobody has sent in a comment or a statement."))
        return
    rows = (
        (name("origin", channel.origin), number(channel.comments), number(channel.statements))
        for channel in report.channels
    )
    head = (_("Channel"), _("Comments"), _("Statements to vote on"))
    yield table(_("Contributions by channel"), head, rows, (1, 2))
    if report.possible_doubles:
        yield paragraph(_doubles(report.possible_doubles), kind="note")
    yield paragraph(
        _("This counts what stands on the day of this report; what moderators hid is not in it."),
        kind="note",
    )


def _doubles(count: int) -> str:
    """Say how many people may at most be counted twice."""
    return ngettext(
        "At most %(count)s other person may be counted twice: nobody can tell without knowing "
        "names.",
        "At most %(count)s other people may be counted twice: nobody can tell without knowing "
        "names.",
        count,
        count=number(count),
    )


def _people(people: "People") -> Iterable[Block]:
    labels = {
        "participants": _("People who took part"),
        "voters": _("People who voted"),
        "commenters": _("People who commented"),
        "votes": _("Votes"),
        "statements": _("Statements to vote on"),
        "comments": _("Comments"),
    }
    rows = [(words, number(people.counts[key])) for key, words in labels.items()]
    yield table(_("Numbers at the analysis"), (_("What"), _("How many")), rows, (1,))
    head = (_("Known as"), _("Took part"), _("Voted"), _("Commented"))
    keys = ("participants", "voters", "commenters")
    tiers = [
        (name("tier", tier), *(number(counts[key]) for key in keys))
        for tier, counts in people.tiers.items()
    ]
    if tiers:
        yield table(_("People by how well they are known"), head, tiers, (1, 2, 3))
