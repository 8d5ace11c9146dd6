"""Taking a proposed wording over into the next draft, with the credit of who proposed it."""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from consultations.drafting import store
from consultations.models import (
    ChangeCause,
    Clause,
    Comment,
    Consultation,
    Draft,
    Visibility,
)
from consultations.queries.promises import promising_responses
from core import notices
from core.actor import Actor
from core.errors import ConflictError, NotFoundError


def take_over(session: Session, actor: Actor, draft_id: int, key: str, reference: str) -> Clause:
    """Make a proposed wording the text of its clause, because of the answer that accepts it.

    Its author is told when the draft is published. A wording whose author only wanted to be
    counted is never taken: the credit would show it.

    Raises
    ------
    NotFoundError
        ``clause.unknown``; ``contribution.unknown``: no published comment proposes a wording for
        this clause under that reference.
    ConflictError
        ``wording.not_accepted``: no answer accepts it, wholly or in part; or as for every other
        change of a draft.
    """
    draft = store.open_draft(session, actor, draft_id)
    clause = next((each for each in draft.clauses if each.key == key), None)
    if clause is None:
        raise NotFoundError("clause.unknown")
    comment = _proposal(session, draft, key, reference)
    responses = promising_responses(session, draft.consultation_id, comment.id)
    if not responses:
        raise ConflictError("wording.not_accepted")
    response_id = responses[0]
    # A clause has one text: an earlier credit, and an earlier "own initiative", no longer hold.
    session.execute(
        delete(ChangeCause).where(
            ChangeCause.draft_id == draft.id,
            ChangeCause.clause_key == key,
            or_(
                ChangeCause.taken_from_id.is_not(None),
                ChangeCause.response_id.is_(None),
                ChangeCause.response_id == response_id,
            ),
        )
    )
    clause.body = comment.proposed_wording
    session.add(
        ChangeCause(
            draft_id=draft.id,
            clause_key=key,
            response_id=response_id,
            taken_from_id=comment.id,
        )
    )
    store.sign(session, draft, actor)
    return clause


def credits_of(session: Session, draft: Draft, key: str) -> tuple[dict[int, int], list[int]]:
    """Return the comment that each response credits, and the responses that stay named.

    They stay while the clause still has the wording; then nobody can take the credit away.
    """
    text = next((clause.body for clause in draft.clauses if clause.key == key), "")
    rows = session.execute(
        select(ChangeCause.response_id, Comment.id, Comment.proposed_wording == text)
        .join(Comment, Comment.id == ChangeCause.taken_from_id)
        .where(
            ChangeCause.draft_id == draft.id,
            ChangeCause.clause_key == key,
        )
    ).all()
    credited = {response: comment for response, comment, _same in rows if response is not None}
    return credited, [row[0] for row in rows if row[2] and row[0] is not None]


def tell_authors(
    session: Session, consultation: Consultation, draft: Draft, causes: Sequence[ChangeCause]
) -> list[str]:
    """Tell each author whose wording stands in the draft; return the comments' references."""
    taken = {cause.taken_from_id: cause.clause_key for cause in causes if cause.taken_from_id}
    names = {clause.key: clause.number or clause.heading or clause.key for clause in draft.clauses}
    comments = session.scalars(
        select(Comment)
        .where(Comment.id.in_(taken), Comment.visibility == Visibility.PUBLISHED)
        .order_by(Comment.id)
    ).all()
    for comment in comments:
        if comment.participant_id is not None:
            notices.notify(
                session,
                comment.participant_id,
                "draft.wording_taken",
                consultation=consultation.slug,
                draft=draft.number,
                reference=comment.reference,
                clause=names.get(taken[comment.id], taken[comment.id]),
            )
    return [comment.reference for comment in comments]


def _proposal(session: Session, draft: Draft, key: str, reference: str) -> Comment:
    found = session.scalars(
        select(Comment).where(
            Comment.reference == reference,
            Comment.consultation_id == draft.consultation_id,
            Comment.clause_key == key,
            Comment.visibility == Visibility.PUBLISHED,
            Comment.proposed_wording != "",
        )
    ).first()
    if found is None:
        raise NotFoundError("contribution.unknown")
    return found
