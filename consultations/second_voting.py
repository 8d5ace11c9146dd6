"""Service: put another wording of a contested sentence to the participants who checked the first.

No vote is ever written to the ledger: it would tie it to a time.
"""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import news, participation, policy, summary_check, wordings
from consultations.announcement import check_end
from consultations.ballots import store_single
from consultations.models import (
    Choice,
    Consultation,
    Dissent,
    Finding,
    RevisedFinding,
    RevisedVote,
    Stage,
    Summary,
    Visibility,
)
from consultations.queries import checking
from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError

#: Full days that a second vote can last.
LEAST_DAYS, MOST_DAYS = 3, 30
_STAGES = (Stage.RATIFICATION, Stage.ANSWERING)


def propose(
    session: Session, actor: Actor, finding_id: int, *, text_th: str, text_en: str
) -> RevisedFinding:
    """Write another wording of a contested sentence, or change it until its vote begins.

    It is held against the evidence like every wording.

    Raises
    ------
    NotFoundError
        ``finding.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``, ``finding.not_contested``, ``second_vote.begun``.
    InvalidError
        ``second_vote.same`` on ``text_th``, or as ``wordings.checked_wording``.
    """
    finding, consultation = _contested(session, finding_id)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *_STAGES)
    wording = wordings.checked_wording(finding.sentence, text_th=text_th, text_en=text_en)
    if (wording.text_th, wording.text_en) == (finding.text_th, finding.text_en):
        raise InvalidError("second_vote.same", field="text_th")
    revised = _of(session, finding_id)
    if revised is None:
        revised = RevisedFinding(finding_id=finding_id)
        session.add(revised)
    elif revised.opened_at is not None:
        raise ConflictError("second_vote.begun")
    revised.text_th, revised.text_en = wording.text_th, wording.text_en
    revised.unchecked = list(wording.unchecked)
    revised.proposed_by_id, revised.proposed_at = actor.account_id, now()
    session.flush()
    return revised


def begin(session: Session, actor: Actor, finding_id: int, *, days: int) -> RevisedFinding:
    """Let participants vote on the wording that somebody else wrote, for so many full days.

    Raises
    ------
    NotFoundError
        ``finding.unknown`` or ``second_vote.unknown``.
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``finding.not_contested``, ``second_vote.begun``.
    InvalidError
        ``second_vote.days``.
    """
    finding, consultation = _contested(session, finding_id)
    revised = _of(session, finding_id)
    if revised is None:
        raise NotFoundError("second_vote.unknown")
    policy.require_approver(actor, consultation, revised.proposed_by_id)
    policy.require_stage(consultation, now(), *_STAGES)
    if revised.opened_at is not None:
        raise ConflictError("second_vote.begun")
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise InvalidError("second_vote.days", field="days", least=LEAST_DAYS, most=MOST_DAYS)
    moment = now()
    revised.opened_at, revised.ends_at = moment, check_end(moment, days)
    _tell(session, actor, consultation, finding, revised)
    return revised


def cast(session: Session, actor: Actor, finding_id: int, choice: Choice) -> None:
    """Say whether the new wording says it better; the last choice counts.

    Raises
    ------
    NotFoundError
        ``finding.unknown`` or ``second_vote.unknown``.
    ConflictError
        ``second_vote.over``.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency`` or ``check.take_part_first``.
    """
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise NotFoundError("finding.unknown")
    summary = session.get_one(Summary, finding.summary_id)
    consultation = participation.locked_consultation(session, summary.consultation_id)
    policy.require_visible(actor, consultation)
    policy.require_can_take_part(actor, consultation)
    revised = _of(session, finding_id)
    moment = now()
    if revised is None or revised.opened_at is None:
        raise NotFoundError("second_vote.unknown")
    if revised.ends_at is None or revised.ends_at <= moment:
        raise ConflictError("second_vote.over")
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or not checking.may_check(session, participant.id):
        raise NotAllowedError("check.take_part_first")
    key = {"revised_id": revised.id, "participant_id": participant.id}
    group = checking.own_group(session, summary, participant.id)
    store_single(session, RevisedVote, key, {"choice": int(choice)}, first={"opinion_group": group})


def _contested(session: Session, finding_id: int) -> tuple[Finding, Consultation]:
    """Return a finding that its check has found contested, and its locked consultation."""
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise NotFoundError("finding.unknown")
    summary = session.get_one(Summary, finding.summary_id)
    consultation = participation.locked_consultation(session, summary.consultation_id)
    newest = summary_check.checked_summary(session, consultation.id)
    checked = checking.checked(summary)
    if newest is not summary or checked is None or finding_id not in checked.contested:
        raise ConflictError("finding.not_contested")
    return finding, consultation


def _of(session: Session, finding_id: int) -> RevisedFinding | None:
    return session.scalars(
        select(RevisedFinding).where(RevisedFinding.finding_id == finding_id)
    ).first()


def _tell(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    finding: Finding,
    revised: RevisedFinding,
) -> None:
    """Write the beginning into the ledger and the feeds, and tell those who dissented."""
    words = f"{revised.text_th}\n{revised.text_en}"
    ledger.record(
        session,
        actor,
        "second_vote.begun",
        consultation_id=consultation.id,
        subject=f"finding:{finding.id}",
        detail={
            "ends_at": revised.ends_at.isoformat() if revised.ends_at else "",
            "sha256": hashlib.sha256(words.encode()).hexdigest(),
        },
    )
    dissenters = session.scalars(
        select(Dissent.participant_id)
        .where(Dissent.finding_id == finding.id, Dissent.visibility == Visibility.PUBLISHED)
        .distinct()
        .order_by(Dissent.participant_id)
    )
    for author in dissenters.all():
        notices.notify(session, str(author), "summary.second_vote", consultation=consultation.slug)
    session.flush()
    news.announce(session, None, consultation, f"revised {revised.id}", code="summary.second_vote")
