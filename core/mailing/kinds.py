"""What people can be told of, and the ways of telling them."""

from enum import StrEnum


class NewsKind(StrEnum):
    """What happened. The part before the dot says who hears of it."""

    #: A moderator decided on one's own contribution, or on one that one had flagged.
    DECIDED = "own.decided"
    ANSWERED = "own.answered"
    QUOTED = "own.quoted"
    CHANGED = "own.changed"
    OPENED = "followed.opened"
    CLOSING = "followed.closing"
    DEADLINE = "followed.deadline"
    SUMMARY = "followed.summary"
    ANSWERS = "followed.answers"
    DRAFT = "followed.draft"
    RESULTS = "followed.results"
    REPORT = "followed.report"
    COMMITMENT = "followed.commitment"
    GROUP = "followed.group"
    #: A consultation waits for an approver.
    REVIEW = "staff.review"
    #: Contributions have waited long for a moderator.
    QUEUE = "staff.queue"
    #: Answers are due soon, or late.
    OVERDUE = "staff.overdue"
    #: A promise to the public is due soon, or late.
    PROMISE = "staff.promise"


class Channel(StrEnum):
    """How somebody wants to hear of a kind of news."""

    #: On the site's own pages only.
    SITE = "site"
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


def _kinds(group: str) -> tuple[NewsKind, ...]:
    return tuple(kind for kind in NewsKind if kind.startswith(f"{group}."))


OWN = _kinds("own")
FOLLOWED = _kinds("followed")
STAFF = _kinds("staff")

MAILED = frozenset({Channel.AT_ONCE, Channel.DAILY, Channel.WEEKLY})
DIGESTS = frozenset({Channel.DAILY, Channel.WEEKLY})

#: Mail about one's own contributions is asked for, never assumed.
DEFAULTS: dict[NewsKind, Channel] = {
    **dict.fromkeys(OWN, Channel.SITE),
    **dict.fromkeys(FOLLOWED, Channel.DAILY),
    **dict.fromkeys(STAFF, Channel.DAILY),
}

_OF_NOTICE = {
    "decision": NewsKind.DECIDED,
    "flag": NewsKind.DECIDED,
    "response": NewsKind.ANSWERED,
    "dissent": NewsKind.ANSWERED,
    "summary": NewsKind.QUOTED,
    "draft": NewsKind.CHANGED,
}


def channels_of(kind: NewsKind) -> tuple[Channel, ...]:
    """Return the ways of hearing of a kind; news of one's own contributions cannot be hidden."""
    return tuple(channel for channel in Channel if kind not in OWN or channel is not Channel.NONE)


def kind_of_notice(code: str) -> NewsKind:
    """Return which kind of news the code of a participant's message is."""
    return _OF_NOTICE.get(code.partition(".")[0], NewsKind.DECIDED)
