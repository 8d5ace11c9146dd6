"""The frozen input of a run as plain data."""

import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, undefer

from consultations import earlier_themes, snapshots
from consultations.models import AnalysisRun, Consultation, PopulationTable, Snapshot
from core.errors import NotFoundError

Report = dict[str, Any]


@dataclass(frozen=True)
class RunInputs:
    """The snapshot's files and counts, what names the themes, and who lives there."""

    votes: bytes
    statements: bytes
    comments: bytes
    participants: bytes
    supports: bytes
    tiers: dict[str, dict[str, int]]
    activity: Report
    population: dict[str, dict[str, float]]
    population_source: str
    title: str
    previous_themes: Report | None
    worded_themes: dict[str, tuple[str, str]]
    #: References of comments that are counted without being shown.
    unquoted: frozenset[str] = frozenset()


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
        Snapshot.supports_csv,
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
        supports=zlib.decompress(snapshot.supports_csv) if snapshot.supports_csv else b"",
        tiers=snapshot.tier_counts,
        activity=snapshot.activity,
        population=population.shares if population else {},
        population_source=population.source if population else "",
        title=f"{consultation.title_th} {consultation.title_en}".strip(),
        previous_themes=earlier_themes.last_report(session, run.consultation_id),
        worded_themes=earlier_themes.held(session, run.consultation_id),
        unquoted=snapshots.counted_only(session, run.consultation_id),
    )
