"""Service: participants say whether a summary reflects them. The ledger has only the counts."""

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session, aliased

from consultations import participation, summary_check
from consultations.ballots import store_single
from consultations.models import (
    Consultation,
    Dissent,
    Finding,
    FindingVerdict,
    Participant,
    Ratifier,
    Stage,
    Summary,
    Verdict,
    Visibility,
)
from consultations.queries import checking
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import InvalidError


def answer(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    finding_id: int | None,
    verdict: str,
) -> Verdict | None:
    """Say what one thinks of a sentence, or of the whole summary; the last answer counts.

    No answer is ever written to the ledger: it would tie it to a time.

    Parameters
    ----------
    finding_id : int or None
        None for the summary as a whole.
    verdict : str
        Value of ``Verdict``; empty to take the answer back.

    Returns
    -------
    Verdict or None
        As stored.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``summary.unknown`` or ``finding.unknown``.
    ConflictError
        ``check.not_open_yet`` or ``check.over``.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency``, or ``check.take_part_first``: only
        who voted or wrote can answer.
    InvalidError
        ``verdict.unknown``.
    """
    consultation = participation.locked_consultation(session, consultation_id)
    summary, participant = summary_check.checker(session, actor, consultation)
    chosen = _verdict(verdict)
    if finding_id is not None:
        checking.own_finding(session, summary, finding_id)
    # Locked, so that the answers of one person come one after the other.
    session.refresh(participant, with_for_update={"key_share": True})
    if chosen is not None:
        _store(session, summary, participant, finding_id, chosen)
    else:
        _take_back(session, summary, participant, finding_id)
    return chosen


def close_due(session: Session, actor: Actor) -> int:
    """End the checks whose time is over, and have new dissents grouped; return how many ended."""
    moment = now()
    published = aliased(Summary)
    newest = (
        select(func.max(published.id))
        .where(published.consultation_id == Consultation.id, published.published_at.is_not(None))
        .scalar_subquery()
    )
    due = session.scalars(
        select(Consultation)
        .where(
            Consultation.stage == Stage.RATIFICATION,
            Consultation.check_ends_at <= moment,
            exists().where(Summary.id == newest, Summary.checked_at.is_(None)),
        )
        .order_by(Consultation.id)
        .with_for_update(of=Consultation)
        .execution_options(populate_existing=True)
    ).all()
    ended = sum(summary_check.close(session, actor, entry, moment) for entry in due)
    _plan_groupings(session)
    return ended


def _plan_groupings(session: Session) -> None:
    """Have dissents grouped that moderators published after the others were."""
    waiting = session.execute(
        select(Dissent.summary_id, func.max(Dissent.id))
        .join(Summary, Summary.id == Dissent.summary_id)
        .where(
            Dissent.group_id.is_(None),
            Dissent.visibility == Visibility.PUBLISHED,
            Summary.checked_at.is_not(None),
        )
        .group_by(Dissent.summary_id)
    ).all()
    for summary_id, newest in waiting:
        summary_check.plan_grouping(session, session.get_one(Summary, summary_id), newest)


def _verdict(value: str) -> Verdict | None:
    if not value:
        return None
    if value not in set(Verdict):
        raise InvalidError("verdict.unknown", field="verdict")
    return Verdict(value)


def _store(
    session: Session,
    summary: Summary,
    participant: Participant,
    finding_id: int | None,
    verdict: Verdict,
) -> None:
    key = {"summary_id": summary.id, "participant_id": participant.id}
    kept = session.get(Ratifier, tuple(key.values()))
    group = kept.opinion_group if kept else checking.own_group(session, summary, participant.id)
    values: dict[str, object] = {"answered_on": now().astimezone(BANGKOK).date()}
    if finding_id is None:
        values["verdict"] = verdict
    store_single(session, Ratifier, key, values, first={"opinion_group": group})
    if kept is not None:
        session.expire(kept)
    if finding_id is not None:
        own = {"finding_id": finding_id, "participant_id": participant.id}
        store_single(session, FindingVerdict, own, {"verdict": verdict})


def _take_back(
    session: Session, summary: Summary, participant: Participant, finding_id: int | None
) -> None:
    """Delete an answer, and the trace that somebody answered at all with the last one."""
    ratifier = session.get(Ratifier, (summary.id, participant.id))
    if ratifier is None:
        return
    own = FindingVerdict.participant_id == participant.id
    if finding_id is None:
        ratifier.verdict = None
        session.flush()
    else:
        session.execute(delete(FindingVerdict).where(own, FindingVerdict.finding_id == finding_id))
    of_summary = select(Finding.id).where(Finding.summary_id == summary.id)
    left = exists().where(own, FindingVerdict.finding_id.in_(of_summary))
    if ratifier.verdict is None and not session.scalar(select(left)):
        session.delete(ratifier)
        session.flush()
