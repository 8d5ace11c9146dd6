"""Reads: which news concerns which account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union_all
from sqlalchemy.orm import Session, joinedload

from consultations.models import Consultation, Following, News
from core.accounts.models import Account, AccountStatus, RoleGrant
from core.actor import AGENCY_ROLES, Role
from core.mailing.kinds import FOLLOWED, Channel, NewsKind
from core.mailing.models import MailChoice, MailSettings

#: Whom the tasks of staff concern.
_MODERATORS = (Role.MODERATOR, Role.SENIOR_MODERATOR)


@dataclass(frozen=True)
class Addressed:
    """One piece of news that concerns one account."""

    account_id: int
    news_id: int
    kind: NewsKind
    created_at: datetime


def _of_agency(kind: NewsKind, roles: Collection[Role]) -> Select[int, int]:
    return (
        select(RoleGrant.account_id, News.id.label("news_id"))
        .join(Consultation, Consultation.agency_id == RoleGrant.agency_id)
        .join(News, News.consultation_id == Consultation.id)
        .where(News.kind == kind, RoleGrant.role.in_(roles))
    )


_FOLLOWERS = (
    select(Following.account_id, News.id.label("news_id"))
    .join(News, News.consultation_id == Following.consultation_id)
    .where(News.kind.in_(FOLLOWED))
)
_MODERATING = select(RoleGrant.account_id, News.id.label("news_id")).join(
    News, and_(News.kind == NewsKind.QUEUE, RoleGrant.role.in_(_MODERATORS))
)
_ALL = union_all(
    _FOLLOWERS,
    _MODERATING,
    _of_agency(NewsKind.REVIEW, [Role.APPROVER]),
    _of_agency(NewsKind.OVERDUE, AGENCY_ROLES),
    _of_agency(NewsKind.PROMISE, AGENCY_ROLES),
).subquery("addressed")


def accounts_told(session: Session, news_id: int, *, after: int, limit: int) -> list[int]:
    """Return the next accounts, by number, whom a piece of news concerns and letters can reach."""
    found = session.scalars(
        select(_ALL.c.account_id)
        .join(Account, Account.id == _ALL.c.account_id)
        .where(_ALL.c.news_id == news_id, _ALL.c.account_id > after, *reachable())
        .distinct()
        .order_by(_ALL.c.account_id)
        .limit(limit)
    )
    return list(found)


def reachable() -> tuple[ColumnElement[bool], ...]:
    """Conditions of accounts that letters may go to: in use, with a confirmed address."""
    return (Account.status == AccountStatus.ACTIVE, Account.email_confirmed_on.is_not(None))


def news_between(
    session: Session, account_ids: Collection[int], begin: datetime, end: datetime
) -> list[Addressed]:
    """Return what concerns the accounts and happened after ``begin`` until ``end``; one query."""
    rows = session.execute(
        select(_ALL.c.account_id, News.id, News.kind, News.created_at)
        .join(News, News.id == _ALL.c.news_id)
        .where(_ALL.c.account_id.in_(account_ids), News.created_at > begin, News.created_at <= end)
        .distinct()
        .order_by(News.id)
    )
    return [Addressed(*row) for row in rows]


def newest_news(
    session: Session, account_id: int, kinds: Collection[NewsKind], *, limit: int
) -> Sequence[News]:
    """Return the newest news that concerns an account, with their consultations; one query."""
    mine = select(_ALL.c.news_id).where(_ALL.c.account_id == account_id)
    return session.scalars(
        select(News)
        .where(News.id.in_(mine), News.kind.in_(kinds))
        .order_by(News.id.desc())
        .limit(limit)
        .options(joinedload(News.consultation))
    ).all()


def unread_news(session: Session, account_id: int, since: datetime) -> int:
    """How much news came since a moment that the account wants to see and has not; one query."""
    mine = select(_ALL.c.news_id).where(_ALL.c.account_id == account_id)
    unwanted = exists().where(
        MailChoice.account_id == account_id,
        MailChoice.kind == News.kind,
        MailChoice.channel == Channel.NONE,
    )
    seen = exists().where(
        MailSettings.account_id == account_id, MailSettings.news_read_at >= News.created_at
    )
    counted = select(func.count(News.id)).where(
        News.id.in_(mine), News.created_at > since, ~unwanted, ~seen
    )
    return session.scalar(counted) or 0


def news_numbered(session: Session, numbers: Collection[int]) -> Sequence[News]:
    """Return news with their consultations, oldest first; one query."""
    return session.scalars(
        select(News)
        .where(News.id.in_(numbers))
        .order_by(News.id)
        .options(joinedload(News.consultation))
    ).all()
