"""Keeps the place of each comment in step with the comment, its replies and its answers.

Done where rows are written, so that no service can forget it. What is inserted without the mapper
gets its places from ``rebuild``.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapper, Session

from consultations.models.contribution import Comment, Origin, Visibility
from consultations.models.discussion import DiscussionPlace, Reply, Support
from consultations.models.response import OfficialResponse, ResponseState
from consultations.models.summary import Evidence, ThemeComment
from core.database import Base

_TABLES = Base.metadata.tables
_PLACE, _REPLY = _TABLES["discussion_place"], _TABLES["reply"]
_CONTRIBUTION, _COMMENT = _TABLES["contribution"], _TABLES["comment"]


def recount(session: Session, comment_ids: Collection[int]) -> None:
    """Count replies and answers of some comments anew, in two queries.

    Their places are locked first, so that what others have just written is counted.
    """
    session.flush()
    _recount(session.connection(), _PLACE.c.comment_id.in_(comment_ids))


def recount_all(session: Session, consultation_id: int) -> None:
    """Count the replies and answers of all comments of a consultation anew."""
    session.flush()
    _recount(session.connection(), _PLACE.c.consultation_id == consultation_id)


def rebuild(session: Session, consultation_id: int) -> None:
    """Make the places of a consultation anew from its comments; what a run found is lost."""
    session.flush()
    session.execute(delete(DiscussionPlace).where(_PLACE.c.consultation_id == consultation_id))
    supports = (
        select(func.count())
        .select_from(Support)
        .where(Support.comment_id == _COMMENT.c.id)
        .scalar_subquery()
    )
    kept = (
        select(
            _COMMENT.c.id,
            _CONTRIBUTION.c.consultation_id,
            _CONTRIBUTION.c.visibility,
            _COMMENT.c.clause_key,
            _COMMENT.c.stance,
            supports,
        )
        .join_from(_COMMENT, _CONTRIBUTION, _CONTRIBUTION.c.id == _COMMENT.c.id)
        .where(_CONTRIBUTION.c.consultation_id == consultation_id)
    )
    columns = ["comment_id", "consultation_id", "visibility", "clause_key", "stance", "supports"]
    session.execute(insert(_PLACE).from_select(columns, kept))
    recount_all(session, consultation_id)


@event.listens_for(Comment, "after_insert")
def _take_place(_mapper: Mapper[Comment], connection: Connection, comment: Comment) -> None:
    connection.execute(
        insert(_PLACE).values(
            comment_id=comment.id,
            consultation_id=comment.consultation_id,
            visibility=comment.visibility,
            clause_key=comment.clause_key,
            stance=comment.stance,
        )
    )


@event.listens_for(Comment, "after_update")
def _follow(_mapper: Mapper[Comment], connection: Connection, comment: Comment) -> None:
    loaded: dict[str, Any] = vars(comment)
    values = {name: loaded[name] for name in ("visibility", "stance") if name in loaded}
    connection.execute(update(_PLACE).where(_PLACE.c.comment_id == comment.id).values(values))


@event.listens_for(Reply, "after_insert")
@event.listens_for(Reply, "after_update")
def _count_reply(_mapper: Mapper[Reply], connection: Connection, reply: Reply) -> None:
    answered = select(_REPLY.c.comment_id).where(_REPLY.c.id == reply.id)
    _recount(connection, _PLACE.c.comment_id == answered.scalar_subquery())


def _recount(connection: Connection, which: ColumnElement[bool]) -> None:
    locked = connection.execute(
        select(_PLACE.c.comment_id).where(which).order_by(_PLACE.c.comment_id).with_for_update()
    )
    if not locked.all():
        return
    official = _replies().where(_CONTRIBUTION.c.origin == Origin.AGENCY)
    connection.execute(
        update(_PLACE)
        .where(which)
        .values(
            replies=_replies().scalar_subquery(),
            answers=official.scalar_subquery() + _responses().scalar_subquery(),
        )
    )


def _replies() -> Select[Any]:
    return (
        select(func.count())
        .select_from(_REPLY.join(_CONTRIBUTION, _CONTRIBUTION.c.id == _REPLY.c.id))
        .where(
            _REPLY.c.comment_id == _PLACE.c.comment_id,
            _CONTRIBUTION.c.visibility == Visibility.PUBLISHED,
        )
        .correlate(_PLACE)
    )


def _responses() -> Select[Any]:
    """Count the published responses that answer a comment: itself, its theme, or its finding."""
    themes = select(ThemeComment.theme_id).where(ThemeComment.comment_id == _PLACE.c.comment_id)
    findings = select(Evidence.finding_id).where(Evidence.contribution_id == _PLACE.c.comment_id)
    return (
        select(func.count(OfficialResponse.id))
        .where(
            OfficialResponse.state == ResponseState.PUBLISHED,
            (OfficialResponse.comment_id == _PLACE.c.comment_id)
            | OfficialResponse.theme_id.in_(themes.correlate(_PLACE))
            | OfficialResponse.finding_id.in_(findings.correlate(_PLACE)),
        )
        .correlate(_PLACE)
    )
