"""What the pages of moderation show of a contribution, of the queue's tabs and of the figures."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from app.i18n import BUDDHIST_ERA, current_language
from app.identity import current_actor
from app.transactions import session
from app.words import name
from core.actor import Role
from core.languages import language_of
from moderation.queries import appeals
from moderation.queries import queue as queues

if TYPE_CHECKING:
    from consultations.models import Comment, Statement
    from moderation.queries.queue import Entry, Queue
    from moderation.queries.register import Figures, Register

#: The card speaks of stances as of votes.
_STANCES = {"support": "agree", "oppose": "disagree", "unsure": "pass"}


def nav(current: str) -> list[dict[str, object]]:
    """Return the links of the moderators' pages, from anywhere but the queue."""
    return queue_nav(queues.tab_counts(session(), current_actor()), current)


def queue_nav(counts: dict, current: str) -> list[dict[str, object]]:
    """Return the links of the moderators' pages for the ``subnav`` component."""
    tabs = [
        {
            "text": name("queue_tab", tab),
            "href": url_for("moderating.queue", tab=str(tab)),
            "current": tab == current,
            "count": count,
        }
        for tab, count in counts.items()
    ]
    actor = current_actor()
    waiting: dict[str, object] = {
        "text": _("Appeals"),
        "href": url_for("moderating_appeals.waiting"),
        "current": current == "appeals",
        "count": appeals.waiting_count(session(), actor),
    }
    public = {
        "text": _("Public register"),
        "href": url_for("moderating_register.page"),
        "current": False,
    }
    opinions: dict[str, object] = {
        "text": _("Second opinions"),
        "href": url_for("moderating_reviews.waiting"),
        "current": current == "reviews",
    }
    watch: dict[str, object] = {
        "text": _("How moderators decide"),
        "href": url_for("moderating_reviews.fairness"),
        "current": current == "watch",
    }
    is_senior = actor.has(Role.SENIOR_MODERATOR)
    return [*tabs[:-1], waiting, tabs[-1], opinions, *([watch] if is_senior else []), public]


def card(entry: "Entry", tab: str, now: datetime) -> dict[str, object]:
    """Return a contribution as the ``comment_card`` component draws it, without its author."""
    work = entry.contribution
    href = url_for("moderating.item", reference=work.reference, tab=str(tab))
    shown: dict[str, object] = {
        "anchor": f"c-{work.reference}",
        "reference": work.reference,
        "revision": work.revision,
        "author": name("origin", work.origin),
        "date": work.created_at,
        "body": work.body,
        "language": work.language,
        "badges": _badges(entry),
        "href": href,
        "consultation": entry.consultation,
        "waiting": waiting_words(entry.waiting_since, now),
        "risks": [(name("signal", code), name("signal_meaning", code)) for code in entry.signals],
    }
    if work.kind == "comment":
        comment = cast("Comment", work)
        shown.update(
            stance=_STANCES.get(comment.stance or ""),
            quote=comment.quote_exact,
            quote_language=language_of(comment.quote_exact),
            reason=comment.reason,
            proposed_wording=comment.proposed_wording,
        )
    return shown


def waiting_words(since: datetime | None, now: datetime) -> str:
    """Return for how long something has waited; empty when it does not wait."""
    if since is None:
        return ""
    return _("Waiting for %(time)s", time=span(max(now - since, timedelta(0))))


def span(length: timedelta) -> str:
    """Write a length of time, rounded to its largest unit, at least a minute."""
    return format_timedelta(max(length, timedelta(minutes=1)), granularity="minute")


def page_links(found: "Queue") -> dict[str, object]:
    """Return the links of the ``pagination`` component: the pages before and after."""

    def href(page: int) -> str:
        return url_for("moderating.queue", tab=str(found.tab), page=page)

    return {
        "number": found.page,
        "count": found.page_count,
        "previous_href": href(found.page - 1) if found.page > 1 else None,
        "next_href": href(found.page + 1) if found.page < found.page_count else None,
        "items": [{"number": found.page, "href": href(found.page), "current": True}],
    }


def month_name(month: date) -> str:
    """Write a month briefly: พ.ย. 2569, or Nov 2026."""
    language = current_language()
    year = month.year + (BUDDHIST_ERA if language == "th" else 0)
    first = datetime(month.year, month.month, 1, tzinfo=UTC)
    return f"{format_skeleton('MMM', first, locale=language)} {year}"


def month_rows(register: "Register") -> list[list[object]]:
    """Return the rows of the table of months, newest first."""
    pairs = zip(register.months, register.by_month, strict=True)
    return [[month_name(month), *_cells(figures)] for month, figures in reversed(list(pairs))]


def rule_rows(register: "Register") -> list[list[object]]:
    """Return the rows of the table of rules: one column for each month, newest first, and a sum."""
    return [
        [name("rule", each.rule), each.total, *reversed(each.counts)] for each in register.by_rule
    ]


def _cells(figures: "Figures") -> list[object]:
    wait = figures.median_wait
    return [
        figures.published,
        figures.held,
        figures.hidden,
        figures.covered,
        figures.reversed,
        "–" if wait is None else span(wait),
    ]


def _badges(entry: "Entry") -> list[tuple[str, str]]:
    work = entry.contribution
    if work.kind == "comment":
        badges = [(_("Comment"), "grey")]
    elif work.kind == "reply":
        badges = [(_("Reply"), "grey")]
    elif work.kind == "dissent":
        badges = [(_("Dissent from the summary"), "grey")]
    elif work.kind == "answer_reply":
        badges = [(_("Reply to an answer"), "grey")]
    else:
        badges = [(_("Statement %(n)s", n=cast("Statement", work).number), "grey")]
    if work.visibility != "pending":
        badges.append((name("visibility", work.visibility), "blue"))
    if entry.flag_count:
        words = ngettext("%(num)s report", "%(num)s reports", entry.flag_count)
        badges.append((words, "red"))
    badges += [(name("signal", code), "amber") for code in entry.signals]
    return badges
