"""Rows of a published summary and of answers to it, for tests of what rests on them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import (
    AnalysisRun,
    Consultation,
    Disposition,
    Finding,
    Ground,
    OfficialResponse,
    ResponseState,
    RunState,
    Section,
    Snapshot,
    Summary,
    SummaryState,
    Theme,
)
from core.clock import now


def make_run(session: Session, consultation: Consultation) -> AnalysisRun:
    """Make a finished run on an empty snapshot."""
    files = ("votes", "statements", "comments", "participants")
    snapshot = Snapshot(
        consultation_id=consultation.id,
        taken_at=now(),
        vote_count=0,
        comment_count=0,
        tier_counts={},
        **{f"{file}_digest": "0" * 64 for file in files},
        **{f"{file}_csv": b"" for file in files},
    )
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
    return run


def make_summary(
    session: Session,
    consultation: Consultation,
    sections: Sequence[Section] = (),
    themes: int = 0,
    **overrides: Any,
) -> tuple[Summary, list[Finding], list[Theme]]:
    """Make a published summary with a finding in each of the sections, and themes."""
    number = session.scalar(
        select(func.count(Summary.id)).where(Summary.consultation_id == consultation.id)
    )
    values: dict[str, Any] = {
        "consultation_id": consultation.id,
        "number": (number or 0) + 1,
        "run_id": make_run(session, consultation).id,
        "state": SummaryState.PUBLISHED,
        "created_at": now(),
        "published_at": now(),
    }
    summary = Summary(**{**values, **overrides})
    session.add(summary)
    session.flush()
    findings = [
        Finding(
            summary_id=summary.id,
            position=position,
            section=section,
            sentence={"values": {}},
            text_th=f"ข้อค้นพบ {position}",
            text_en=f"Finding {position}",
            evidence=[],
        )
        for position, section in enumerate(sections)
    ]
    subjects = [
        Theme(
            summary_id=summary.id,
            key=f"t{position}",
            position=position,
            terms="ประชุม",
            comment_count=3,
            people_count=3,
        )
        for position in range(themes)
    ]
    session.add_all([*findings, *subjects])
    session.flush()
    return summary, findings, subjects


def make_response(
    session: Session, consultation: Consultation, item: Finding | Theme, **overrides: Any
) -> OfficialResponse:
    """Make a published answer to a finding or a theme."""
    target = "finding_id" if isinstance(item, Finding) else "theme_id"
    values: dict[str, Any] = {
        "consultation_id": consultation.id,
        target: item.id,
        "disposition": Disposition.ACCEPTED,
        "ground": Ground.LAW,
        "reason_th": "เห็นด้วย",
        "state": ResponseState.PUBLISHED,
        "drafted_at": now(),
        "published_at": now(),
    }
    response = OfficialResponse(**{**values, **overrides})
    session.add(response)
    session.flush()
    return response
