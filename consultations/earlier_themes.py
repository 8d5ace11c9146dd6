"""Reads: what a run or a summary takes over from earlier ones about themes."""

import json
import zlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import AnalysisRun, RunState, Summary, Theme


def last_report(session: Session, consultation_id: int) -> dict[str, Any] | None:
    """Return the last themes, which the next ones start from and take their identifiers from."""
    packed = session.scalars(
        select(AnalysisRun.themes_json)
        .where(AnalysisRun.consultation_id == consultation_id, AnalysisRun.state == RunState.DONE)
        .order_by(AnalysisRun.id.desc())
        .limit(1)
    ).first()
    if packed is None:
        return None
    found: dict[str, Any] = json.loads(zlib.decompress(packed))
    return found


def wordings(session: Session, consultation_id: int) -> dict[str, tuple[str, str]]:
    """Return what people called themes, Thai and English, by the engine's identifier.

    The newest wording counts.
    """
    rows = session.execute(
        select(Theme.key, Theme.label_th, Theme.label_en)
        .join(Summary, Summary.id == Theme.summary_id)
        .where(Summary.consultation_id == consultation_id, Theme.label_th != "")
        .order_by(Summary.number, Theme.key)
    )
    return {key: (thai, english) for key, thai, english in rows}
