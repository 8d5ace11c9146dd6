"""Service: answer item by item, and approve what somebody else wrote."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import policy, seconding
from consultations.kind_templates import has_blank
from consultations.models import (
    AnswerTemplate,
    Clause,
    Disposition,
    Draft,
    Ground,
    OfficialResponse,
    ResponseState,
)
from consultations.participation import locked_consultation
from consultations.queries.answer_duty import RESPONSE_COLUMNS, Item, require_item
from consultations.reason_texts import is_template_only
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.text import plain_text

LONGEST_REASON = 5000


@dataclass(frozen=True)
class Answer:
    """What the agency says to an item.

    Attributes
    ----------
    disposition, ground : str
        Values of ``Disposition`` and ``Ground``.
    clause_key : str
        Empty when the answer is about no clause in particular.
    """

    disposition: str
    ground: str
    reason_th: str
    reason_en: str = ""
    clause_key: str = ""


def answer(
    session: Session, actor: Actor, consultation_id: int, *, item: Item, given: Answer
) -> OfficialResponse:
    """Write the answer to an item, or change it until it is published.

    A changed answer must be approved again, by someone other than the person who changed it.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``response.item_unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``response.reason_required`` for every disposition; ``response.disposition_unknown``,
        ``response.ground_unknown``, ``response.clause_unknown``; ``text.too_long``;
        ``response.template_only`` or ``response.blank_left``: a template is no reason.
    ConflictError
        ``consultation.wrong_stage``, ``response.published``.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *policy.ANSWERING_STAGES)
    require_item(session, consultation_id, item)
    _require_valid(session, consultation_id, given)
    _require_own_words(session, consultation.agency_id, given)
    column = RESPONSE_COLUMNS[item.kind]
    response = session.scalars(select(OfficialResponse).where(column == item.number)).first()
    if response is None:
        response = OfficialResponse(consultation_id=consultation_id, **{column.key: item.number})
        session.add(response)
    elif response.state is ResponseState.PUBLISHED:
        raise ConflictError("response.published")
    response.disposition = Disposition(given.disposition)
    response.ground = Ground(given.ground)
    response.reason_th = plain_text(given.reason_th, max_length=LONGEST_REASON, field="reason_th")
    response.reason_en = _optional(given.reason_en, "reason_en")
    response.clause_key = given.clause_key
    response.state = ResponseState.WORKING
    response.drafted_by_id, response.drafted_at = actor.account_id, now()
    response.hands = policy.with_hand(response.hands or (), actor)
    session.flush()
    return response


def approve(session: Session, actor: Actor, response_id: int) -> OfficialResponse:
    """Approve an answer that somebody else wrote.

    Raises
    ------
    NotFoundError
        ``response.unknown``.
    NotAllowedError
        ``approval.approver_needed``, ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``response.published``.
    """
    response = session.get(OfficialResponse, response_id)
    if response is None:
        raise NotFoundError("response.unknown")
    consultation = locked_consultation(session, response.consultation_id)
    policy.require_approver(actor, consultation, response.drafted_by_id)
    seconding.require_no_hand(session, actor, response.hands)
    policy.require_stage(consultation, now(), *policy.ANSWERING_STAGES)
    if response.state is ResponseState.PUBLISHED:
        raise ConflictError("response.published")
    response.state = ResponseState.APPROVED
    session.flush()
    return response


def _require_valid(session: Session, consultation_id: int, given: Answer) -> None:
    """Raise unless the answer has a known disposition, ground and clause, and a reason."""
    if given.disposition not in set(Disposition):
        raise InvalidError("response.disposition_unknown", field="disposition")
    if given.ground not in set(Ground):
        raise InvalidError("response.ground_unknown", field="ground")
    if not given.reason_th.strip():
        raise InvalidError("response.reason_required", field="reason_th")
    if not given.clause_key:
        return
    known = select(Clause.id).join(Draft, Draft.id == Clause.draft_id)
    known = known.where(Draft.consultation_id == consultation_id, Clause.key == given.clause_key)
    if session.scalars(known.limit(1)).first() is None:
        raise InvalidError("response.clause_unknown", field="clause_key")


def _require_own_words(session: Session, agency_id: int, given: Answer) -> None:
    """Raise while the reason is only a template, or still has a place to fill in."""
    for language in ("th", "en"):
        reason, field = getattr(given, f"reason_{language}"), f"reason_{language}"
        if has_blank(reason):
            raise InvalidError("response.blank_left", field=field)
        column = getattr(AnswerTemplate, f"text_{language}")
        templates = session.scalars(
            select(column).where(AnswerTemplate.agency_id == agency_id, column != "")
        )
        if is_template_only(reason, templates):
            raise InvalidError("response.template_only", field=field)


def _optional(value: str, field: str) -> str:
    return plain_text(value, max_length=LONGEST_REASON, field=field) if value.strip() else ""
