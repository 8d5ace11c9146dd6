"""Service: an author appeals against a decision, and a senior moderator decides on the appeal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Visibility
from consultations.participation import find_participant
from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.text import plain_text
from moderation import appeals, cases, covers, verdicts
from moderation.models import Appeal, AppealOutcome, Decision, DecisionKind, Flag
from moderation.verdicts import Verdict

#: Longest words of an author, in characters.
WORDS_LENGTH: Final = 2000
#: How long a senior moderator has to answer.
TIME_TO_ANSWER: Final = timedelta(days=7)


def appeal(session: Session, actor: Actor, reference: str, *, words: str) -> Appeal:
    """Appeal against the decision that stands against one's own contribution.

    Possible once for each decision and for 30 days after it, whether the consultation is still
    open or not.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is someone else's.
    ConflictError
        ``appeal.nothing``: no decision stands against it; ``appeal.exists``; ``appeal.too_late``.
    InvalidError
        ``text.empty`` or ``text.too_long`` on ``words``.
    """
    contribution, consultation = cases.locked_contribution(session, reference)
    participant = find_participant(session, actor, consultation)
    if participant is None or contribution.participant_id != participant.id:
        raise NotFoundError("contribution.unknown")
    decision = appeals.standing_decision(session, contribution)
    if decision is None:
        raise ConflictError("appeal.nothing")
    moment = now()
    if session.scalar(select(exists().where(Appeal.decision_id == decision.id))):
        raise ConflictError("appeal.exists")
    if moment > appeals.last_moment(decision):
        raise ConflictError("appeal.too_late")
    made = Appeal(
        decision_id=decision.id,
        contribution_id=contribution.id,
        words=plain_text(words, max_length=WORDS_LENGTH, field="words"),
        appealed_at=moment,
        due_at=moment + TIME_TO_ANSWER,
    )
    session.add(made)
    _record(session, actor, "appeal.made", contribution, {"against": decision.kind.value})
    session.flush()
    return made


def answer(session: Session, actor: Actor, appeal_id: int, *, outcome: str, reply: str) -> Appeal:
    """Uphold or reverse a decision, with a reply to the author.

    A reversal gives back what was taken away: a contribution that is published again has its
    votes, its place and its receipt as before, and covered words are shown. Where the author has
    replaced the words since, there is nothing left to give back.

    Parameters
    ----------
    session : Session
    actor : Actor
        A senior moderator who did not take the decision, wrote or flagged nothing of it, and does
        not serve the agency.
    appeal_id : int
    outcome : str
        A value of ``AppealOutcome``.
    reply : str
        Words to the author.

    Raises
    ------
    NotFoundError
        ``appeal.unknown``.
    NotAllowedError
        As ``appeals.objection``.
    ConflictError
        ``appeal.answered``.
    InvalidError
        ``appeal.outcome_unknown`` on ``outcome``; ``text.empty`` or ``text.too_long`` on ``reply``.
    """
    found = appeals.locked_appeal(session, appeal_id)
    decision = session.get_one(Decision, found.decision_id)
    contribution = session.get_one(Contribution, found.contribution_id)
    contribution, consultation = cases.locked_contribution(session, contribution.reference)
    objection = appeals.objection(session, actor, contribution, consultation, decision)
    if objection:
        raise NotAllowedError(objection)
    if found.decided_at is not None:
        raise ConflictError("appeal.answered")
    if outcome not in list(AppealOutcome):
        raise InvalidError("appeal.outcome_unknown", field="outcome")
    found.reply = verdicts.reason_words(reply, "reply")
    found.outcome = AppealOutcome(outcome)
    found.decided_by_id, found.decided_at = actor.account_id, now()
    if found.outcome is AppealOutcome.REVERSED:
        _give_back(session, actor, contribution, decision)
    _tell(session, contribution, decision, found)
    _record(session, actor, "appeal.decided", contribution, {"outcome": outcome})
    session.flush()
    return found


def _give_back(
    session: Session, actor: Actor, contribution: Contribution, decision: Decision
) -> None:
    """Undo a decision, as far as it still stands."""
    if decision.kind is DecisionKind.COVER:
        _uncover(session, actor, contribution, decision)
        return
    if contribution.visibility is not decision.visibility_after:
        return
    outcome = contribution.visibility_if_approved
    verdict = Verdict(DecisionKind.PUBLISH, outcome, is_told=False)
    verdicts.take(session, actor, contribution, verdict)


def _uncover(
    session: Session, actor: Actor, contribution: Contribution, decision: Decision
) -> None:
    if actor.keyring is None:
        raise NotAllowedError("decision.moderators_only")
    before = covers.original_of(session, actor.keyring, contribution)
    if decision.id not in before.decisions or contribution.visibility is Visibility.WITHDRAWN:
        return
    after = before.without(decision.id)
    digest = covers.put(session, actor.keyring, contribution, before, after)
    verdict = Verdict(DecisionKind.UNCOVER, contribution.visibility, is_told=False)
    verdicts.take(session, actor, contribution, verdict)
    verdicts.record_words(session, actor, contribution, digest)


def _tell(session: Session, contribution: Contribution, decision: Decision, found: Appeal) -> None:
    """Leave a message for the author, and for those whose flags the decision had settled."""
    outcome = found.outcome.value if found.outcome else ""
    if contribution.participant_id is not None:
        notices.notify(
            session,
            contribution.participant_id,
            f"appeal.{outcome}",
            reference=contribution.reference,
            rule=decision.rule,
            reply=found.reply,
        )
    for participant_id in _flaggers(session, decision):
        notices.notify(
            session,
            participant_id,
            f"appeal.flagged_{outcome}",
            reference=contribution.reference,
            rule=decision.rule,
        )


def _flaggers(session: Session, decision: Decision) -> Sequence[str]:
    return session.scalars(
        select(Flag.participant_id)
        .where(
            Flag.contribution_id == decision.contribution_id,
            Flag.settled_at == decision.decided_at,
        )
        .order_by(Flag.id)
    ).all()


def _record(
    session: Session,
    actor: Actor,
    action: str,
    contribution: Contribution,
    detail: dict[str, object],
) -> None:
    ledger.record(
        session,
        actor,
        action,
        consultation_id=contribution.consultation_id,
        subject=contribution.reference,
        detail={"revision": contribution.revision, **detail},
    )
