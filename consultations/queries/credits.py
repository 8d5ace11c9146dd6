"""Reads: whose proposed wordings were taken over into published drafts, as everybody sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from consultations.models import (
    ChangeCause,
    Clause,
    Comment,
    Draft,
    DraftState,
    Participant,
    Visibility,
)
from consultations.pseudonyms import pseudonym


@dataclass(frozen=True)
class Credit:
    """A clause that has, or began with, the wording of a published comment.

    Attributes
    ----------
    author, organisation : str
        As published beside the comment: a pseudonym, or the organisation.
    is_verbatim : bool
        Whether the clause has the wording as it was proposed.
    """

    draft_number: int
    clause_key: str
    reference: str
    author: str
    organisation: str
    is_verbatim: bool


def credits(session: Session, consultation_id: int, numbers: Sequence[int]) -> Mapping[str, Credit]:
    """Return the credits of some drafts by the clause's key, the newest draft's; one query."""
    found = _credits(
        session, and_(Draft.consultation_id == consultation_id, Draft.number.in_(numbers))
    )
    return {credit.clause_key: credit for credit in found}


def credits_of_comments(
    session: Session, comment_ids: Sequence[int]
) -> Mapping[str, Sequence[Credit]]:
    """Return where the wordings of some comments were taken over, by reference; one query."""
    found: dict[str, list[Credit]] = {}
    for credit in _credits(session, Comment.id.in_(comment_ids)):
        found.setdefault(credit.reference, []).append(credit)
    return found


def _credits(session: Session, condition: ColumnElement[bool]) -> list[Credit]:
    """Return credits; a comment that is no longer published, whose words are gone, has none."""
    rows = session.execute(
        select(Draft.number, ChangeCause.clause_key, Comment, Participant.organisation, Clause.body)
        .join(ChangeCause, ChangeCause.draft_id == Draft.id)
        .join(Comment, Comment.id == ChangeCause.taken_from_id)
        .outerjoin(Participant, Participant.id == Comment.participant_id)
        .outerjoin(Clause, and_(Clause.draft_id == Draft.id, Clause.key == ChangeCause.clause_key))
        .where(
            condition,
            Draft.state == DraftState.PUBLISHED,
            Comment.visibility == Visibility.PUBLISHED,
        )
        .order_by(Draft.number, ChangeCause.id)
    )
    return [
        Credit(
            draft_number=number,
            clause_key=key,
            reference=comment.reference,
            author=pseudonym(comment.participant_id) if comment.participant_id else "",
            organisation=organisation or "",
            is_verbatim=comment.proposed_wording == body,
        )
        for number, key, comment, organisation, body in rows
    ]
