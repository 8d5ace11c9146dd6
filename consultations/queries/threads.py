"""Reads: one page of a discussion: comments with their replies, and what can be filtered for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from consultations.models import (
    Clause,
    Comment,
    Contribution,
    ContributionRevision,
    DiscussionPlace,
    Draft,
    Origin,
    Participant,
    Reply,
    Stance,
    Support,
    Tier,
    Visibility,
)
from consultations.pseudonyms import pseudonym
from consultations.queries.discussion_facets import (
    ClauseFacet,
    ThemeFacet,
    clauses_of,
    count_passing,
    themes_of,
)
from consultations.queries.discussion_order import (
    Reading,
    Where,
    page_of_keys,
)
from core.errors import NotFoundError

#: Replies shown under each comment of a list; its own page has them all.
REPLIES_SHOWN = 3
#: Replies on a comment's own page.
MOST_REPLIES = 500


@dataclass(frozen=True)
class Said:
    """A comment or a reply as everyone may see it; without words unless published or one's own."""

    number: int
    reference: str
    #: Short code of its author in this consultation; empty for an office.
    author: str
    #: Whom its author speaks for; empty for a person.
    organisation: str
    tier: Tier | None
    origin: Origin
    body: str
    language: str
    created_at: datetime
    visibility: Visibility
    is_own: bool


@dataclass(frozen=True)
class Thread:
    """A comment with its first replies."""

    said: Said
    clause_key: str
    clause_number: str
    clause_heading: str
    draft_number: int
    quote: str
    stance: Stance | None
    reason: str
    proposed_wording: str
    is_edited: bool
    supports: int
    is_supported: bool
    reply_count: int
    answers: int
    replies: tuple[Said, ...]


@dataclass(frozen=True)
class DiscussionPage:
    """What the page of a discussion shows."""

    threads: tuple[Thread, ...]
    clauses: tuple[ClauseFacet, ...]
    themes: tuple[ThemeFacet, ...]
    #: Published comments in all, and those that pass the filters; None when words are looked for.
    everything: int
    found: int | None
    #: Keys of the pages before and after; empty at the ends.
    before: str
    after: str


def discussion_page(session: Session, reading: Reading, where: Where) -> DiscussionPage:
    """Return one page of a discussion; at most seven queries.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: ``where.at`` names nothing in this discussion.
    """
    number = reading.consultation_id
    clauses = clauses_of(session, number)
    page = page_of_keys(session, reading, where)
    return DiscussionPage(
        threads=tuple(threads(session, page.ids, reading.own_id)),
        clauses=clauses,
        themes=themes_of(session, number),
        everything=sum(clause.count for clause in clauses),
        found=count_passing(session, number, reading.filters, clauses),
        before=page.before,
        after=page.after,
    )


def threads(
    session: Session, ids: Sequence[int], own_id: str | None, *, replies: int = REPLIES_SHOWN
) -> list[Thread]:
    """Return comments with their first replies, in the order of the numbers. Two queries."""
    if not ids:
        return []
    under = _replies(session, ids, own_id, replies)
    rows = {row.Comment.id: row for row in session.execute(_comments(ids, own_id))}
    return [_thread(rows[number], under.get(number, ()), own_id) for number in ids]


def thread_at(session: Session, consultation_id: int, reference: str, own_id: str | None) -> Thread:
    """Return a comment with all its replies. Three queries.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, it counts without being shown, or it waits for a
        moderator and is someone else's.
    """
    found = session.execute(
        select(Comment.id, Comment.visibility, Comment.participant_id).where(
            Comment.reference == reference,
            Comment.consultation_id == consultation_id,
            Comment.visibility != Visibility.COUNTED,
        )
    ).first()
    if found is None or (
        found.visibility is Visibility.PENDING and own_id != (found.participant_id or "")
    ):
        raise NotFoundError("contribution.unknown")
    return threads(session, [found.id], own_id, replies=MOST_REPLIES)[0]


def comment_of_reply(session: Session, consultation_id: int, reference: str) -> str | None:
    """Return the reference of the comment that a reply stands under; None if it is no reply."""
    parent, here = aliased(Contribution), Reply.consultation_id == consultation_id
    found = select(parent.reference).join(Reply, Reply.comment_id == parent.id)
    return session.scalar(found.where(Reply.reference == reference, here))


def published_words(session: Session, consultation_id: int, reference: str) -> str:
    """Return the words of a published comment. One query.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    """
    body = session.scalar(
        select(Comment.body).where(
            Comment.reference == reference,
            Comment.consultation_id == consultation_id,
            Comment.visibility == Visibility.PUBLISHED,
        )
    )
    if body is None:
        raise NotFoundError("contribution.unknown")
    return body


def support_count(session: Session, reference: str) -> int:
    """Return how many people support a comment. One query."""
    counted = select(DiscussionPlace.supports).join(
        Contribution, Contribution.id == DiscussionPlace.comment_id
    )
    return session.scalar(counted.where(Contribution.reference == reference)) or 0


def _comments(ids: Sequence[int], own_id: str | None) -> Any:
    is_edited = (
        select(ContributionRevision.revision)
        .where(ContributionRevision.contribution_id == Comment.id)
        .correlate(Comment)
        .exists()
    )
    is_supported = (
        select(Support.comment_id)
        .where(Support.comment_id == Comment.id, Support.participant_id == own_id)
        .correlate(Comment)
        .exists()
    )
    return (
        select(
            Comment,
            Participant.tier,
            Participant.organisation,
            Draft.number.label("draft_number"),
            Clause.number.label("clause_number"),
            Clause.heading.label("clause_heading"),
            DiscussionPlace.supports,
            DiscussionPlace.replies,
            DiscussionPlace.answers,
            is_edited.label("is_edited"),
            (is_supported if own_id else literal(False)).label("is_supported"),
        )
        .join(DiscussionPlace, DiscussionPlace.comment_id == Comment.id)
        .join(Draft, Draft.id == Comment.draft_id)
        .outerjoin(
            Clause, and_(Clause.draft_id == Comment.draft_id, Clause.key == Comment.clause_key)
        )
        .outerjoin(Participant, Participant.id == Comment.participant_id)
        .where(Comment.id.in_(ids))
    )


def _replies(
    session: Session, ids: Sequence[int], own_id: str | None, most: int
) -> dict[int, list[Said]]:
    """Return the first replies to each comment, offices in front, then the oldest. One query."""
    is_office = case((Reply.origin.in_((Origin.AGENCY, Origin.FACILITATOR)), 0), else_=1)
    place = func.row_number().over(partition_by=Reply.comment_id, order_by=(is_office, Reply.id))
    seen: ColumnElement[bool] = Reply.visibility.in_(
        (Visibility.PUBLISHED, Visibility.HELD, Visibility.HIDDEN, Visibility.WITHDRAWN)
    )
    if own_id is not None:
        own = and_(Reply.visibility == Visibility.PENDING, Reply.participant_id == own_id)
        seen = or_(seen, own)
    ranked = (
        select(Reply.id, place.label("place")).where(Reply.comment_id.in_(ids), seen).subquery()
    )
    rows = session.execute(
        select(Reply, Participant.tier, Participant.organisation)
        .join(ranked, ranked.c.id == Reply.id)
        .outerjoin(Participant, Participant.id == Reply.participant_id)
        .where(ranked.c.place <= most)
        .order_by(Reply.comment_id, ranked.c.place)
    )
    found: dict[int, list[Said]] = {}
    for reply, tier, organisation in rows:
        said = _said(reply, tier, organisation or "", own_id)
        found.setdefault(reply.comment_id, []).append(said)
    return found


def _thread(row: Any, replies: Sequence[Said], own_id: str | None) -> Thread:
    comment: Comment = row.Comment
    said = _said(comment, row.tier, row.organisation or "", own_id)
    has_words = bool(said.body)
    return Thread(
        said=said,
        clause_key=comment.clause_key,
        clause_number=row.clause_number or "",
        clause_heading=row.clause_heading or "",
        draft_number=row.draft_number,
        quote=comment.quote_exact if has_words else "",
        stance=comment.stance if has_words else None,
        reason=comment.reason if has_words else "",
        proposed_wording=comment.proposed_wording if has_words else "",
        is_edited=row.is_edited,
        supports=row.supports,
        is_supported=bool(row.is_supported),
        reply_count=row.replies,
        answers=row.answers,
        replies=tuple(replies),
    )


def _said(row: Contribution, tier: Tier | None, organisation: str, own_id: str | None) -> Said:
    is_own = own_id is not None and row.participant_id == own_id
    is_shown = row.visibility is Visibility.PUBLISHED
    shows_words = is_shown or (is_own and row.visibility is Visibility.PENDING)
    return Said(
        number=row.id,
        reference=row.reference,
        author=pseudonym(row.participant_id) if row.participant_id and shows_words else "",
        organisation=organisation if shows_words else "",
        tier=tier if shows_words else None,
        origin=row.origin,
        body=row.body if shows_words else "",
        language=row.language,
        created_at=row.created_at,
        visibility=row.visibility,
        is_own=is_own,
    )
