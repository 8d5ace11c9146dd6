"""Service: tell people of what the clock brings: closings that come near, answers that are due."""

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from consultations import news, policy
from consultations.models import SETTLED, Commitment, Consultation, News, Stage
from core.clock import BANGKOK, now
from core.mailing.kinds import NewsKind

#: Followers hear of a closing this long before.
CLOSING_NEAR: Final = timedelta(days=3)
#: The agency hears of a promised day this long before, and again once it is over.
DUE_NEAR: Final = timedelta(days=3)
#: Stages in which a promise to answer is not kept yet.
_UNANSWERED: Final = (Stage.CLOSED, Stage.SUMMARY, Stage.RATIFICATION, Stage.ANSWERING)


def remind(session: Session) -> int:
    """Announce what became due since the last time; return how many."""
    return sum(
        1
        for told in (*_closings(session), *_answers(session), *_commitments(session))
        if told is not None
    )


def _closings(session: Session) -> list[News | None]:
    moment = now()
    near = session.scalars(
        select(Consultation).where(
            or_(
                Consultation.stage.in_(policy.TAKING_STAGES),
                and_(Consultation.stage == Stage.SCHEDULED, Consultation.opens_at <= moment),
            ),
            Consultation.closes_at > moment,
            Consultation.closes_at <= moment + CLOSING_NEAR,
        )
    ).all()
    code = "consultation.closing_soon"
    return [
        news.announce(session, NewsKind.CLOSING, each, each.closes_at, code=code) for each in near
    ]


def _answers(session: Session) -> list[News | None]:
    today = now().astimezone(BANGKOK).date()
    near = session.scalars(
        select(Consultation).where(
            Consultation.stage.in_(_UNANSWERED),
            Consultation.answers_due_on <= today + DUE_NEAR,
        )
    ).all()
    told = []
    for each in near:
        is_late = each.answers_due_on is not None and each.answers_due_on < today
        occasion = f"{'late' if is_late else 'near'}:{each.answers_due_on}"
        told.append(news.announce(session, NewsKind.OVERDUE, each, occasion))
    return told


def _commitments(session: Session) -> list[News | None]:
    today = now().astimezone(BANGKOK).date()
    near = session.execute(
        select(Commitment, Consultation)
        .join(Consultation, Consultation.id == Commitment.consultation_id)
        .where(
            Commitment.promised_at.is_not(None),
            Commitment.state.not_in(SETTLED),
            Commitment.due_on <= today + DUE_NEAR,
        )
    ).all()
    told = []
    for commitment, consultation in near:
        when = "late" if commitment.due_on < today else "near"
        occasion = f"{commitment.number}:{when}:{commitment.due_on}"
        told.append(news.announce(session, NewsKind.PROMISE, consultation, occasion))
    return told
