"""Functions that make a published summary, answers and what leads to them, without an analysis."""

from typing import Any

from sqlalchemy.orm import Session

from consultations import snapshots
from consultations.models import (
    AnalysisRun,
    Comment,
    Consultation,
    Disposition,
    Evidence,
    EvidenceKind,
    Finding,
    Ground,
    OfficialResponse,
    ResponseState,
    RunState,
    Section,
    Summary,
    SummaryState,
    Theme,
    ThemeComment,
)
from core.clock import now


def make_summary(session: Session, consultation: Consultation, **overrides: Any) -> Summary:
    snapshot = snapshots.freeze(session, consultation.id)
    session.add(snapshot)
    session.flush()
    run = AnalysisRun(
        consultation_id=consultation.id,
        snapshot_id=snapshot.id,
        state=RunState.DONE,
        queued_at=now(),
    )
    session.add(run)
    session.flush()
    values = {"number": 1, "state": SummaryState.PUBLISHED, "created_at": now(), **overrides}
    summary = Summary(consultation_id=consultation.id, run_id=run.id, **values)
    session.add(summary)
    session.flush()
    return summary


def make_finding(session: Session, summary: Summary, text: str, position: int = 1) -> Finding:
    finding = Finding(
        summary_id=summary.id,
        position=position,
        section=Section.COMMON_GROUND,
        sentence={"values": {}},
        text_th=text,
        text_en=text,
    )
    session.add(finding)
    session.flush()
    return finding


def make_response(session: Session, consultation: Consultation, **item: Any) -> OfficialResponse:
    values = {"state": ResponseState.PUBLISHED, "reason_th": "เห็นด้วยกับข้อเสนอ", **item}
    response = OfficialResponse(
        consultation_id=consultation.id,
        disposition=Disposition.ACCEPTED,
        ground=Ground.EVIDENCE,
        drafted_at=now(),
        **values,
    )
    session.add(response)
    session.flush()
    return response


def add_theme(session: Session, summary: Summary, comment: Comment, label: str) -> Theme:
    theme = Theme(
        summary_id=summary.id,
        key=label,
        position=0,
        terms="terms",
        label_en=label,
        comment_count=1,
        people_count=1,
    )
    session.add(theme)
    session.flush()
    session.add(ThemeComment(theme_id=theme.id, comment_id=comment.id))
    return theme


def add_evidence(session: Session, finding: Finding, **of: Any) -> None:
    kind = EvidenceKind.THEME if "theme_id" in of else EvidenceKind.COMMENT
    session.add(Evidence(finding_id=finding.id, kind=kind, **of))
