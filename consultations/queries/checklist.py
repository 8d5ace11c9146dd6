"""Reads: the publication checklist of a consultation, as its template asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.announcement import last_day
from consultations.kind_templates import IMPACT, CheckPoint, KindTemplate, Need, template_of
from consultations.models import Consultation, HearingForm, Stakeholder, StakeholderNotice
from core.accounts.models import Account, AccountStatus, RoleGrant
from core.actor import Role
from core.clock import BANGKOK


@dataclass(frozen=True)
class Checked:
    """One point with whether it is fulfilled."""

    point: CheckPoint
    done: bool

    @property
    def blocks(self) -> bool:
        """Whether the consultation cannot be published because of it."""
        return not self.done and self.point.need is Need.REQUIRED

    @property
    def problem(self) -> str:
        """Code of the sentence that says what is missing."""
        return f"hearing.{self.point.code if self.point.is_computed else 'unconfirmed'}"


def answered(form: HearingForm | None, code: str) -> bool:
    """Whether a field of the form has words in Thai."""
    return bool(form and form.answers.get(code, {}).get("th"))


def unfilled(template: KindTemplate, form: HearingForm | None) -> list[str]:
    """Return the codes of required fields that have no words in Thai."""
    return [
        field.code
        for field in template.fields
        if field.need is Need.REQUIRED and not answered(form, field.code)
    ]


def checked_points(session: Session, consultation: Consultation, at: datetime) -> Sequence[Checked]:
    """Return the points of a consultation's own checklist in order; at most 5 queries."""
    template = template_of(consultation)
    form = session.get(HearingForm, consultation.id)
    groups, told = _told(session, consultation.id)
    impacts = [each.code for each in template.fields if each.code.startswith(IMPACT)]
    fulfilled = {
        "announced": _is_announced(consultation, template, at),
        "affected": bool(consultation.affected_th),
        "contact": bool(consultation.contact_th),
        "form": not unfilled(template, form),
        "analysis": all(answered(form, code) for code in impacts),
        "stakeholders": groups > 0,
        "notices": 0 < groups == told,
        "answers_due": consultation.answers_due_on is not None,
        "answers_in_time": _answers_in_time(consultation, template),
        "approver": _has_approver(session, consultation),
        "offline": bool(consultation.offline_th),
        "english": bool(consultation.title_en and consultation.summary_en),
    }
    confirmed = set(form.confirmed) if form else set()
    return [
        Checked(point, fulfilled.get(point.code, point.code in confirmed))
        for point in template.items
    ]


def _is_announced(consultation: Consultation, template: KindTemplate, at: datetime) -> bool:
    """Whether it opens at least so many days in Bangkok after today."""
    if consultation.opens_at is None:
        return False
    opening = consultation.opens_at.astimezone(BANGKOK).date()
    return opening - at.astimezone(BANGKOK).date() >= timedelta(days=template.announced_days)


def _answers_in_time(consultation: Consultation, template: KindTemplate) -> bool:
    due, closes_at = consultation.answers_due_on, consultation.closes_at
    if due is None or closes_at is None:
        return False
    return due <= last_day(closes_at) + timedelta(days=template.answer_days)


def _told(session: Session, consultation_id: int) -> tuple[int, int]:
    """Return how many groups there are, and to how many a notice is planned or given."""
    row = session.execute(
        select(
            func.count(func.distinct(Stakeholder.id)),
            func.count(func.distinct(StakeholderNotice.stakeholder_id)),
        )
        .outerjoin(StakeholderNotice, StakeholderNotice.stakeholder_id == Stakeholder.id)
        .where(Stakeholder.consultation_id == consultation_id)
    ).one()
    return row[0], row[1]


def _has_approver(session: Session, consultation: Consultation) -> bool:
    """Whether somebody of the agency can approve besides who sent it, or besides one officer."""
    approvers = set(
        session.scalars(
            select(RoleGrant.account_id)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(
                RoleGrant.agency_id == consultation.agency_id,
                RoleGrant.role == Role.APPROVER,
                Account.status == AccountStatus.ACTIVE,
            )
        )
    )
    return bool(approvers - {consultation.submitted_by_id})
