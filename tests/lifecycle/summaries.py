"""A working summary in place of what the engine would find: findings, a theme, their evidence."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import (
    COUNTING,
    Comment,
    Evidence,
    EvidenceKind,
    Finding,
    Section,
    Stage,
    Statement,
    Summary,
    SummaryState,
    Theme,
    ThemeComment,
)
from core.actor import Actor
from core.clock import now
from tests.consultations.published_summary import make_run
from tests.lifecycle.world import World


def write_summary(session: Session, world: World, actor: Actor) -> None:
    """Put a working summary in place of an earlier working one, under the service's rules."""
    consultation = world.consultation
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), Stage.CLOSED, Stage.SUMMARY)
    own = Summary.consultation_id == consultation.id
    session.execute(delete(Summary).where(own, Summary.state == SummaryState.WORKING))
    highest = session.scalar(select(func.max(Summary.number)).where(own))
    summary = Summary(
        consultation_id=consultation.id,
        number=(highest or 0) + 1,
        run_id=make_run(session, consultation).id,
        prepared_by_id=actor.account_id,
        hands=policy.with_hand((), actor),
        created_at=now(),
    )
    session.add(summary)
    session.flush()
    comments = session.scalars(
        select(Comment.id).where(Comment.visibility.in_(COUNTING)).order_by(Comment.id)
    ).all()
    theme = Theme(
        summary_id=summary.id,
        key="t1",
        position=0,
        terms="ประชุม",
        comment_count=len(comments),
        people_count=len(comments),
    )
    session.add(theme)
    session.flush()
    session.add_all(ThemeComment(theme_id=theme.id, comment_id=number) for number in comments)
    statement = session.scalars(select(Statement.id).order_by(Statement.id)).first()
    session.add_all(
        [
            _finding(summary, 0, Evidence(kind=EvidenceKind.STATEMENT, contribution_id=statement)),
            _finding(summary, 1, Evidence(kind=EvidenceKind.THEME, theme_id=theme.id)),
        ]
    )
    session.flush()


def _finding(summary: Summary, position: int, evidence: Evidence) -> Finding:
    section = (Section.COMMON_GROUND, Section.DIFFERENCES)[position]
    return Finding(
        summary_id=summary.id,
        position=position,
        section=section,
        sentence={"values": {}},
        text_th=f"ข้อค้นพบ {position}",
        text_en=f"Finding {position}",
        evidence=[evidence],
    )
