"""What the ``thread`` component needs of a comment with its replies."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.i18n import date_long
from app.participation.cards import clause_name, stance_of
from app.words import name
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.queries.threads import Said, Thread
    from moderation.queries.item import PastDecision

#: Stands for a reference, a clause's key and a draft's number while addresses are made once.
_ANY = "REFERENCE"
_ANY_KEY, _ANY_NUMBER = "any-key", 987_654_321
_COLOURS = {
    "agency": "blue",
    "facilitator": "green",
    "imported": "purple",
    **dict.fromkeys(("paper", "phone", "meeting"), "amber"),
}
#: Characters of a quote that tell its language.
_TELLING = 200

Decisions = Mapping[int, Sequence["PastDecision"]]
#: Codes of what moderators tell readers, by the number of the contribution.
Labels = Mapping[int, Sequence[str]]


class Addresses:
    """Addresses in a discussion, made once and filled in for each contribution."""

    def __init__(self, slug: str) -> None:
        def of(endpoint: str) -> str:
            return url_for(endpoint, slug=slug, reference=_ANY)

        self._patterns = {
            "page": of("trail.contribution"),
            "thread": of("discussion.thread"),
            "support": of("discussion.support"),
            "withdraw": of("discussion.withdraw"),
            "flag": of("comments.flag"),
            "statement": url_for("statements.propose", slug=slug, comment=_ANY),
            "sign_in": url_for(
                "accounts.sign_in", next=url_for("comments.discussion", slug=slug, at=_ANY)
            ),
        }
        self._clause = url_for(
            "drafts.read_number", slug=slug, number=_ANY_NUMBER, _anchor=f"clause-{_ANY_KEY}"
        )

    def of(self, reference: str) -> dict[str, str]:
        """Return the addresses of one contribution by their names."""
        return {key: each.replace(_ANY, reference) for key, each in self._patterns.items()}

    def clause(self, draft_number: int, key: str) -> str:
        """Return the address of a clause; without key of the whole draft."""
        address = self._clause.replace(str(_ANY_NUMBER), str(draft_number))
        return address.replace(_ANY_KEY, key) if key else address.partition("#")[0]


def thread_words() -> dict[str, object]:
    """Return what the component says, translated once for a page instead of once for a comment."""
    return {
        "on": _("On"),
        "reason": _("Reason"),
        "because": _("Reason:"),
        "wording": _("Proposed wording"),
        "reply": _("Reply"),
        "replies": _("Replies"),
        "vote": _("Put it to the vote"),
        "report": _("Report"),
        "withdraw": _("Withdraw it"),
        "edited": _("edited"),
        "rules": _("Read the rules"),
        "support": _("Support"),
        "supported": _("Supported"),
        "sign_in": _("sign in first"),
        "answered": _("Answered by the agency"),
        "stances": {
            "agree": (_("Agrees"), "blue"),
            "disagree": (_("Disagrees"), "amber"),
            "pass": (_("Unsure"), "grey"),
        },
        "stubs": {code: name("stub", code) for code in ("hidden", "held", "withdrawn", "pending")},
    }


def stubs_in(threads: Iterable["Thread"]) -> list[int]:
    """Return the numbers of what a moderator has taken away, to look up rule and reason."""
    said = [each for thread in threads for each in (thread.said, *thread.replies)]
    return [each.number for each in said if each.visibility in ("held", "hidden")]


class ThreadCards:
    """Draws threads; what is the same for many is written once."""

    def __init__(self, slug: str, decisions: Decisions, labels: Labels) -> None:
        self._addresses = Addresses(slug)
        self._decisions = decisions
        self._labels = labels
        self._days: dict[datetime, str] = {}
        # Translated once; a page says them hundreds of times.
        self._comment_by = _("Comment by %(author)s")
        self._reply_by = _("Reply by %(author)s")
        self._participant = _("Participant %(code)s")
        self._offices = {"agency": _("The agency"), "facilitator": _("The facilitator")}

    def card(self, thread: "Thread") -> dict[str, object]:
        """Return a comment with its replies as the ``thread`` component draws it."""
        quote = thread.quote
        return {
            **self._said(thread.said, self._comment_by),
            "clause": clause_name(thread.clause_key, thread.clause_number, thread.clause_heading),
            "clause_href": self._addresses.clause(thread.draft_number, thread.clause_key),
            "quote": quote,
            "quote_language": language_of(quote[:_TELLING]) if quote else "",
            "stance": stance_of(thread.stance),
            "reason": thread.reason,
            "proposed_wording": thread.proposed_wording,
            "edited": thread.is_edited,
            "supports": thread.supports,
            "is_supported": thread.is_supported,
            "reply_count": thread.reply_count,
            "is_answered": thread.answers > 0,
            "replies": [self._said(each, self._reply_by) for each in thread.replies],
        }

    def _said(self, said: "Said", label: str) -> dict[str, object]:
        author = self._author(said)
        return {
            "reference": said.reference,
            "author": author,
            "label": label % {"author": author} if said.body else name("stub", said.visibility),
            "badges": [*_badges(said), *self._told(said)],
            "is_official": said.origin == "agency",
            "date": self._day(said.created_at),
            "body": said.body,
            "language": said.language,
            "visibility": str(said.visibility),
            "is_own": said.is_own,
            "taken_away": self._taken_away(said),
            "href": self._addresses.of(said.reference),
        }

    def _author(self, said: "Said") -> str:
        if said.organisation:
            return said.organisation
        if said.author:
            return self._participant % {"code": said.author}
        return self._offices.get(said.origin) or _("Unknown author")

    def _day(self, moment: datetime) -> str:
        hour = moment.replace(minute=0, second=0, microsecond=0)
        if hour not in self._days:
            self._days[hour] = date_long(moment)
        return self._days[hour]

    def _told(self, said: "Said") -> list[tuple[str, str]]:
        """Return what moderators tell readers about it."""
        codes = self._labels.get(said.number, ()) if said.body else ()
        return [(name("label", code), "purple") for code in codes]

    def _taken_away(self, said: "Said") -> "PastDecision | None":
        """Return the decision that explains a stub."""
        made = self._decisions.get(said.number, ())
        return made[-1] if made and said.visibility in ("held", "hidden") else None


def _badges(said: "Said") -> list[tuple[str, str]]:
    if not said.body:
        return []
    if said.origin == "agency":
        return [(_("Official reply"), _COLOURS["agency"])]
    if said.origin != "participant":
        return [(name("origin", said.origin), _COLOURS[said.origin])]
    # An e-mail account is the usual case; it is told on the comment's own page.
    shown = said.tier not in (None, "email")
    return [(name("tier", said.tier), "purple")] if shown else []
