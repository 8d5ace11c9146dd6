"""Reads: whether moderators treat one stance more strictly than another, and agree with each other.

What each moderator reads is not drawn by lot, so a difference is a reason to look, not a verdict.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Comment, Stance, Visibility
from moderation import cases
from moderation.fairness import NOTICEABLE, Agreement, Share, gwet_ac1, one_sidedness, wilson
from moderation.models import Decision, DecisionKind, Review

#: How far back decisions are looked at.
WINDOW: Final = timedelta(days=365)
#: Decisions on what was not taken away yet; a second look at something held is left out.
_FIRST_LOOKS = (Visibility.PENDING, Visibility.PUBLISHED, Visibility.COUNTED)
_REMOVALS = (DecisionKind.HOLD, DecisionKind.HIDE)

Counts = Counter[tuple[int, Stance, bool]]


@dataclass(frozen=True)
class Watched:
    """One moderator's decisions on comments."""

    #: Code of the moderator.
    code: str
    decided: int
    #: Share that was held or hidden, of comments of each stance.
    removed: dict[Stance, Share]
    #: Supporting against opposing comments, compared with all others; None where too few.
    z: float | None

    @property
    def is_noticeable(self) -> bool:
        """Whether the difference is larger than chance explains."""
        return self.z is not None and abs(self.z) > NOTICEABLE


@dataclass(frozen=True)
class Watch:
    """Everything that the page shows."""

    moderators: tuple[Watched, ...]
    #: Over all moderators together.
    removed: dict[Stance, Share]
    #: First and second readers of the same contribution; None before there was any.
    agreement: Agreement | None
    reviews_waiting: int


def load(session: Session, at: datetime, code_of: Callable[[int], str]) -> Watch:
    """Return the figures of the last year, in three queries.

    Parameters
    ----------
    session : Session
    at : datetime
    code_of : callable
        Gives the code of an account.
    """
    rows = session.execute(
        select(Decision.decided_by_id, Comment.stance, Decision.kind)
        .join(Comment, Comment.id == Decision.contribution_id)
        .where(
            Decision.decided_at >= at - WINDOW,
            Decision.kind.in_(list(cases.OUTCOMES)),
            Decision.visibility_before.in_(_FIRST_LOOKS),
            Comment.stance.is_not(None),
        )
    )
    counts: Counts = Counter(
        (account, stance, kind in _REMOVALS) for account, stance, kind in rows if stance
    )
    accounts = sorted({account for account, _stance, _removed in counts})
    watched = (_watched(counts, account, code_of(account)) for account in accounts)
    open_reviews = select(Review.id).where(Review.answered_at.is_(None))
    return Watch(
        moderators=tuple(sorted(watched, key=lambda each: each.code)),
        removed={stance: _share(counts, stance) for stance in Stance},
        agreement=_agreement(session, at),
        reviews_waiting=len(session.scalars(open_reviews).all()),
    )


def _watched(counts: Counts, account: int, code: str) -> Watched:
    own: Counts = Counter({key: number for key, number in counts.items() if key[0] == account})
    others = counts - own
    pair = (Stance.SUPPORT, Stance.OPPOSE)
    mine = _numbers(own, pair[0]), _numbers(own, pair[1])
    theirs = _numbers(others, pair[0]), _numbers(others, pair[1])
    return Watched(
        code=code,
        decided=sum(own.values()),
        removed={stance: _share(own, stance) for stance in Stance},
        z=one_sidedness(mine, theirs),
    )


def _numbers(counts: Counts, stance: Stance) -> tuple[int, int]:
    removed = sum(number for key, number in counts.items() if key[1:] == (stance, True))
    kept = sum(number for key, number in counts.items() if key[1:] == (stance, False))
    return removed, removed + kept


def _share(counts: Counts, stance: Stance) -> Share:
    return wilson(*_numbers(counts, stance))


def _agreement(session: Session, at: datetime) -> Agreement | None:
    rows = session.execute(
        select(Decision.kind, Review.kind)
        .join(Decision, Decision.id == Review.decision_id)
        .where(Review.answered_at.is_not(None), Decision.decided_at >= at - WINDOW)
    )
    pairs = [(first.value, second.value) for first, second in rows if second]
    return gwet_ac1(pairs, [kind.value for kind in cases.OUTCOMES])
