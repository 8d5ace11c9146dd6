"""The frozen input of a run as plain data."""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from consultations.models import AnalysisRun, Consultation, PopulationTable, RunState, Snapshot
from core.errors import NotFoundError

Report = dict[str, Any]


@dataclass(frozen=True)
class RunInputs:
    """The snapshot's files and counts, what names the themes, and who lives there."""

    votes: bytes
    statements: bytes
    comments: bytes
    participants: bytes
    tiers: dict[str, dict[str, int]]
    activity: Report
    population: dict[str, dict[str, float]]
    population_source: str
    title: str
    previous_themes: Report | None


def get_run(session: Session, run_id: int) -> AnalysisRun:
    """Return a run; raises NotFoundError ``analysis.unknown``."""
    run = session.get(AnalysisRun, run_id, populate_existing=True)
    if run is None:
        raise NotFoundError("analysis.unknown")
    return run


def load(session: Session, run_id: int) -> RunInputs:
    """Return the input of a run as plain data, so that it can be computed without a transaction.

    Raises
    ------
    NotFoundError
        ``analysis.unknown``.
    """
    run = get_run(session, run_id)
    files = (
        Snapshot.votes_csv,
        Snapshot.statements_csv,
        Snapshot.comments_csv,
        Snapshot.participants_csv,
    )
    options = [undefer(file) for file in files]
    snapshot = session.get_one(Snapshot, run.snapshot_id, options=options)
    consultation = session.get_one(Consultation, run.consultation_id)
    population = session.get(PopulationTable, run.consultation_id)
    return RunInputs(
        votes=zlib.decompress(snapshot.votes_csv),
        statements=zlib.decompress(snapshot.statements_csv),
        comments=zlib.decompress(snapshot.comments_csv),
        participants=zlib.decompress(snapshot.participants_csv),
        tiers=snapshot.tier_counts,
        activity=snapshot.activity,
        population=population.shares if population else {},
        population_source=population.source if population else "",
        title=f"{consultation.title_th} {consultation.title_en}".strip(),
        previous_themes=_previous_themes(session, run.consultation_id),
    )


def _previous_themes(session: Session, consultation_id: int) -> Report | None:
    """Return the last themes, which the next ones start from and take their identifiers from."""
    packed = session.scalars(
        select(AnalysisRun.themes_json)
        .where(AnalysisRun.consultation_id == consultation_id, AnalysisRun.state == RunState.DONE)
        .order_by(AnalysisRun.id.desc())
        .limit(1)
    ).first()
    if packed is None:
        return None
    found: Report = json.loads(zlib.decompress(packed))
    return found
