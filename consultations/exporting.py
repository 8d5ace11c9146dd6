"""Service: the files by which anyone can recompute a published result."""

import zlib
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from consultations.models import AnalysisRun, Consultation, RunState, Snapshot
from core import ledger
from core.actor import Actor
from core.errors import ConflictError, NotFoundError

#: Files of a bundle that the engine made, by the column that keeps them.
_REPORTS = {
    "opinions.json": "opinions_json",
    "themes.json": "themes_json",
    "summary.json": "summary_json",
}
#: Files of a bundle that were frozen for the run, by the column that keeps them.
_TABLES = {
    "votes.csv": "votes_csv",
    "statements.csv": "statements_csv",
    "comments.csv": "comments_csv",
}


def run_bundle(session: Session, actor: Actor, slug: str) -> Mapping[str, bytes]:
    """Return the files of a consultation's newest finished run: what went in and what came out.

    Votes carry the labels that were made for the snapshot, never a participant's identifier. They
    still show all choices of each label, by which people with unusual choices could be recognised:
    who takes the bundle decides whether it may be published.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    ConflictError
        ``analysis.none_done``: no run has finished.
    """
    consultation_id = session.scalar(select(Consultation.id).where(Consultation.slug == slug))
    if consultation_id is None:
        raise NotFoundError("consultation.unknown")
    runs = session.scalars(
        select(AnalysisRun)
        .where(AnalysisRun.consultation_id == consultation_id, AnalysisRun.state == RunState.DONE)
        .order_by(AnalysisRun.id.desc())
        .limit(2)
        .options(*(undefer(getattr(AnalysisRun, name)) for name in _REPORTS.values()))
    ).all()
    if not runs:
        raise ConflictError("analysis.none_done")
    run = runs[0]
    wanted = (*_TABLES.values(), "supports_csv")
    options = [undefer(getattr(Snapshot, name)) for name in wanted]
    snapshot = session.get_one(Snapshot, run.snapshot_id, options=options)
    files = {name: zlib.decompress(getattr(snapshot, column)) for name, column in _TABLES.items()}
    if snapshot.supports_csv:
        files["supports.csv"] = zlib.decompress(snapshot.supports_csv)
    files |= {name: zlib.decompress(getattr(run, column)) for name, column in _REPORTS.items()}
    if len(runs) > 1 and runs[1].themes_json:
        files["themes-before.json"] = zlib.decompress(runs[1].themes_json)
    files["run.json"] = ledger.canonical_json(_about(run, snapshot)).encode()
    ledger.record(
        session,
        actor,
        "analysis.exported",
        consultation_id=consultation_id,
        subject=f"run:{run.id}",
        detail={"report": run.report_digest},
    )
    session.flush()
    return files


def _about(run: AnalysisRun, snapshot: Snapshot) -> dict[str, object]:
    return {
        "comments_sha256": snapshot.comments_digest,
        "engine": run.engine_version,
        "parameters": run.parameters,
        "report_sha256": run.report_digest,
        "statements_sha256": snapshot.statements_digest,
        "supports_sha256": snapshot.supports_digest,
        "taken_at": snapshot.taken_at.strftime("%Y-%m-%dT%H:%MZ"),
        "votes_sha256": snapshot.votes_digest,
    }
