"""Service: put short sentences up for voting: a citizen's own, and the agency's to begin with."""

from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from consultations import commitments, participation, policy, similarity
from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import (
    Clause,
    Comment,
    Consultation,
    ContributionKind,
    Draft,
    DraftState,
    Origin,
    Stage,
    Statement,
    Visibility,
)
from consultations.screening import Screen
from core import ledger, text
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.languages import language_of

#: Longest statement, in characters: one sentence that can be read at a glance.
STATEMENT_LENGTH = 300
#: Stages at which the agency may still add statements.
_SEEDING_STAGES = PRIVATE_STAGES | policy.TAKING_STAGES | {Stage.SCHEDULED}
#: Of the words of a sentence, the longest so many choose what it is compared with.
_TELLING_WORDS = 8
_MOST_COMPARED = 30


class StatementExistsError(ConflictError):
    """``statement.exists``: the same sentence is being voted on; ``reference`` names it."""

    def __init__(self, reference: str) -> None:
        super().__init__("statement.exists", reference=reference)
        self.reference = reference


def propose(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    body: str,
    clause_key: str = "",
    comment: str = "",
    screen: Screen,
) -> Statement:
    """Propose a sentence for others to vote on.

    A sentence that a moderator has hidden before waits for a moderator when it comes again.

    Parameters
    ----------
    comment : str
        Reference of the comment that the sentence is taken from; may be empty.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``clause.unknown`` or ``contribution.unknown``.
    StatementExistsError
        ``statement.exists``: people are voting on the same sentence already.
    ConflictError
        ``consultation.closed`` or ``consultation.not_open_yet``.
    NotAllowedError
        ``participation.sign_in`` or ``participation.own_agency``.
    InvalidError
        ``text.empty``, ``text.too_long``, or ``statement.waiting``: the same sentence waits for a
        moderator.
    """
    consultation = participation.locked_consultation(
        session, consultation_id, participation.Hold.CHANGE
    )
    policy.require_visible(actor, consultation)
    moment = now()
    policy.require_taking_contributions(consultation, moment)
    policy.require_can_take_part(actor, consultation)
    sentence = text.single_line(body, max_length=STATEMENT_LENGTH, field="body")
    _require_clause(session, consultation_id, clause_key, DraftState.PUBLISHED)
    same = _same(session, consultation_id, sentence)
    _require_new(same)
    visibility = screen(sentence, consultation.moderation_policy).visibility
    if Visibility.HIDDEN in same.values() and visibility is Visibility.PUBLISHED:
        visibility = Visibility.PENDING
    source = _source(session, consultation_id, comment)
    statement = _add(session, consultation, sentence, clause_key, moment)
    statement.comment_id = source
    statement.participant_id = participation.join(session, actor, consultation).id
    statement.visibility = visibility
    return _recorded(session, actor, "statement.proposed", statement)


def seed(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    body: str,
    language: str = "",
    clause_key: str = "",
) -> Statement:
    """Add a statement of the agency's own, labelled as such, before or while people vote.

    Parameters
    ----------
    language : str
        Code of the sentence's language; found from its letters when empty.

    Raises
    ------
    NotFoundError
        ``consultation.unknown`` or ``clause.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    StatementExistsError
        ``statement.exists``.
    ConflictError
        ``consultation.wrong_stage`` after closing.
    InvalidError
        ``text.empty``, ``text.too_long`` or ``statement.waiting``.
    """
    consultation = participation.locked_consultation(
        session, consultation_id, participation.Hold.CHANGE
    )
    policy.require_officer(actor, consultation)
    moment = now()
    policy.require_stage(consultation, moment, *_SEEDING_STAGES)
    sentence = text.single_line(body, max_length=STATEMENT_LENGTH, field="body")
    _require_clause(session, consultation_id, clause_key, *DraftState)
    _require_new(_same(session, consultation_id, sentence))
    statement = _add(session, consultation, sentence, clause_key, moment)
    statement.origin = Origin.AGENCY
    statement.visibility = Visibility.PUBLISHED
    statement.language = language or statement.language
    return _recorded(session, actor, "statement.seeded", statement)


def similar_statements(
    session: Session, consultation_id: int, body: str, *, limit: int = 3
) -> list[Statement]:
    """Return published statements that share most words with a sentence, the likest first.

    Compared are the statements that hold most of the sentence's longest words, so that the number
    of statements hardly matters. One query.
    """
    wanted = sorted(similarity.content_words(body), key=lambda word: (-len(word), word))
    if not wanted:
        return []
    holds = [Statement.body.icontains(word, autoescape=True) for word in wanted[:_TELLING_WORDS]]
    held = sum((case((each, 1), else_=0) for each in holds[1:]), case((holds[0], 1), else_=0))
    found = session.scalars(
        select(Statement)
        .where(
            Statement.consultation_id == consultation_id,
            # Implied; named so that the index of the table of all contributions is used.
            Statement.kind == ContributionKind.STATEMENT,
            Statement.visibility == Visibility.PUBLISHED,
            Statement.is_meta.is_(False),
            or_(*holds),
        )
        .order_by(held.desc(), Statement.number)
        .limit(_MOST_COMPARED)
    ).all()
    return similarity.most_similar(body, [(each.body, each) for each in found], limit=limit)


def _require_clause(
    session: Session, consultation_id: int, clause_key: str, *states: DraftState
) -> None:
    if not clause_key:
        return
    latest = (
        select(func.max(Draft.number))
        .where(Draft.consultation_id == consultation_id, Draft.state.in_(states))
        .scalar_subquery()
    )
    found = session.scalar(
        select(Clause.id)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(
            Draft.consultation_id == consultation_id,
            Draft.number == latest,
            Clause.key == clause_key,
        )
    )
    if found is None:
        raise NotFoundError("clause.unknown")


def _source(session: Session, consultation_id: int, reference: str) -> int | None:
    if not reference:
        return None
    found = session.scalar(
        select(Comment.id).where(
            Comment.reference == reference,
            Comment.consultation_id == consultation_id,
            Comment.visibility == Visibility.PUBLISHED,
        )
    )
    if found is None:
        raise NotFoundError("contribution.unknown")
    return found


def _same(session: Session, consultation_id: int, sentence: str) -> dict[str, Visibility]:
    """Return the references of statements that say the same, with who sees them."""
    rows = session.execute(
        select(Statement.reference, Statement.visibility).where(
            Statement.number_in_id == consultation_id,
            Statement.matching_digest == similarity.matching_digest(sentence),
        )
    )
    return {row.reference: row.visibility for row in rows}


def _require_new(same: dict[str, Visibility]) -> None:
    for reference, visibility in same.items():
        if visibility is Visibility.PUBLISHED:
            raise StatementExistsError(reference)
    if not {Visibility.PENDING, Visibility.HELD}.isdisjoint(same.values()):
        raise InvalidError("statement.waiting", field="body")


def _add(
    session: Session, consultation: Consultation, sentence: str, clause_key: str, moment: datetime
) -> Statement:
    last = session.scalar(
        select(func.max(Statement.number)).where(Statement.number_in_id == consultation.id)
    )
    statement = Statement(
        consultation_id=consultation.id,
        number_in_id=consultation.id,
        number=(last or 0) + 1,
        body=sentence,
        language=language_of(sentence),
        clause_key=clause_key,
        matching_digest=similarity.matching_digest(sentence),
        created_at=moment,
    )
    session.add(statement)
    return statement


def _recorded(session: Session, actor: Actor, action: str, statement: Statement) -> Statement:
    session.flush()
    content = {"body": statement.body, "clause": statement.clause_key}
    ledger.record(
        session,
        actor,
        action,
        consultation_id=statement.consultation_id,
        subject=statement.reference,
        detail={"digest": commitments.digest(statement.salt, content), "revision": 1},
    )
    session.flush()
    return statement
