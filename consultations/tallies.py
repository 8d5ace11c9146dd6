"""Running tallies of votes: kept in the statement's row, in the transaction of each vote.

Whoever changes votes first locks the statement's row with ``lock``, so that no two changes are
counted against the same state, and always in the order of the statements' numbers.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from consultations.models import Choice, DiscussionPlace, Statement, Support, Vote

_STATEMENT = Statement.metadata.tables["statement"]
_COLUMNS: Mapping[int, str] = {
    Choice.AGREE: "agrees",
    Choice.DISAGREE: "disagrees",
    Choice.PASS: "passes",
}


def lock(session: Session, statement_ids: Collection[int]) -> None:
    """Hold the tallies of some statements until the transaction ends. One query."""
    session.execute(
        select(_STATEMENT.c.id)
        .where(_STATEMENT.c.id.in_(statement_ids))
        .order_by(_STATEMENT.c.id)
        .with_for_update(key_share=True)
    ).all()


def shift(session: Session, statement_id: int, before: int | None, after: int | None) -> None:
    """Count that a vote on a locked statement changed; None stands for no vote. At most one query.

    Parameters
    ----------
    before, after : int or None
        Choices as in ``Choice``.
    """
    if before == after:
        return
    change = {
        _COLUMNS[choice]: _STATEMENT.c[_COLUMNS[choice]] + difference
        for choice, difference in ((before, -1), (after, 1))
        if choice is not None
    }
    session.execute(update(_STATEMENT).where(_STATEMENT.c.id == statement_id).values(change))


def recount(session: Session, consultation_id: int) -> None:
    """Count all votes of a consultation anew, after they were written in bulk. One query."""
    session.flush()
    counts = {
        column: select(func.count())
        .where(Vote.statement_id == _STATEMENT.c.id, Vote.choice == choice)
        .correlate(_STATEMENT)
        .scalar_subquery()
        for choice, column in _COLUMNS.items()
    }
    session.execute(
        update(_STATEMENT).where(_STATEMENT.c.number_in_id == consultation_id).values(counts)
    )


def take_back_all(session: Session, participant_id: str) -> int:
    """Delete all votes and supports of a participant, and count them out; return how many.

    For the erasure of a person. The rows must not go by the deletion of the participant alone:
    the tallies would not follow.
    """
    voted = session.scalars(
        select(Vote.statement_id).where(Vote.participant_id == participant_id)
    ).all()
    lock(session, voted)
    votes = session.execute(
        delete(Vote)
        .where(Vote.participant_id == participant_id)
        .returning(Vote.statement_id, Vote.choice)
    ).all()
    for statement_id, choice in votes:
        shift(session, statement_id, choice, None)
    supported = session.scalars(
        delete(Support)
        .where(Support.participant_id == participant_id)
        .returning(Support.comment_id)
    ).all()
    for comment_id in sorted(supported):
        count_support(session, comment_id, -1)
    return len(votes) + len(supported)


def count_support(session: Session, comment_id: int, difference: int) -> None:
    """Count that one more person, or one fewer, supports a comment. One query."""
    session.execute(
        update(DiscussionPlace)
        .where(DiscussionPlace.comment_id == comment_id)
        .values(supports=DiscussionPlace.supports + difference)
        .execution_options(synchronize_session=False)
    )
