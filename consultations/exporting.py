"""Service: the files by which anyone can recompute a published result, and open data."""

import zlib
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from consultations import snapshots
from consultations.models import (
    AnalysisRun,
    Consultation,
    Contribution,
    OpenFile,
    RunState,
    SealedWords,
    Snapshot,
    Visibility,
)
from consultations.open_tables import Built, Material
from consultations.queries import checking, open_data
from core import jobs, ledger
from core.actor import Actor
from core.clock import now
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

    Comments that are counted without being shown, or of which a moderator has covered words since,
    keep their row and lose their words. How many
    there are stands in ``run.json``; with one or more the file no longer has the frozen digest.

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
    files["comments.csv"], withheld = _shown_only(session, consultation_id, files["comments.csv"])
    if snapshot.supports_csv:
        files["supports.csv"] = zlib.decompress(snapshot.supports_csv)
    files |= {name: zlib.decompress(getattr(run, column)) for name, column in _REPORTS.items()}
    if len(runs) > 1 and runs[1].themes_json:
        files["themes-before.json"] = zlib.decompress(runs[1].themes_json)
    files["run.json"] = ledger.canonical_json(
        {"comments_withheld": withheld, **_about(run, snapshot)}
    ).encode()
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


def _shown_only(session: Session, consultation_id: int, comments: bytes) -> tuple[bytes, int]:
    """Return the comments without the words of those that nobody may be shown, and their number."""
    counted = snapshots.counted_only(session, consultation_id)
    covered = set(
        session.scalars(
            select(Contribution.reference)
            .join(SealedWords, SealedWords.contribution_id == Contribution.id)
            .where(Contribution.consultation_id == consultation_id)
        )
    )
    rows = snapshots.csv_rows(comments)
    withheld = [row for row in rows if row["comment"] in counted | covered]
    if not withheld:
        return comments, 0
    for row in withheld:
        row["text"] = ""
    columns = snapshots.COMMENT_COLUMNS
    packed = ([row[name] for name in columns] for row in rows)
    return snapshots.csv_bytes(columns, packed), len(withheld)


def _about(run: AnalysisRun, snapshot: Snapshot) -> dict[str, object]:
    return {
        "comments_sha256": snapshot.comments_digest,
        "contributions_erased": snapshot.erased,
        "engine": run.engine_version,
        "parameters": run.parameters,
        "report_sha256": run.report_digest,
        "statements_sha256": snapshot.statements_digest,
        "supports_sha256": snapshot.supports_digest,
        "taken_at": snapshot.taken_at.strftime("%Y-%m-%dT%H:%MZ"),
        "votes_sha256": snapshot.votes_digest,
    }


def open_material(session: Session, consultation_id: int) -> Material | None:
    """Return what a consultation's open data is made from; None before a run has finished."""
    run = session.scalars(
        select(AnalysisRun)
        .where(AnalysisRun.consultation_id == consultation_id, AnalysisRun.state == RunState.DONE)
        .order_by(AnalysisRun.id.desc())
        .limit(1)
        .options(undefer(AnalysisRun.opinions_json), undefer(AnalysisRun.themes_json))
    ).first()
    if run is None:
        return None
    options = [undefer(getattr(Snapshot, name)) for name in _TABLES.values()]
    snapshot = session.get_one(Snapshot, run.snapshot_id, options=options)
    consultation = session.get_one(Consultation, consultation_id)
    counted = snapshots.counted_only(session, consultation_id)
    published = session.execute(
        select(Contribution.reference, Contribution.body, Contribution.origin).where(
            Contribution.consultation_id == consultation_id,
            Contribution.visibility == Visibility.PUBLISHED,
            Contribution.created_at <= snapshot.taken_at,
        )
    ).all()
    return Material(
        consultation_id=consultation_id,
        run_id=run.id,
        taken_at=snapshot.taken_at,
        votes=snapshot.votes_csv,
        statements=snapshot.statements_csv,
        comments=snapshot.comments_csv,
        days=snapshot.activity.get("days", ()),
        opinions=run.opinions_json or b"",
        themes=run.themes_json or b"",
        published={row.reference: row.body for row in published if row.reference not in counted},
        open_votes=consultation.open_votes,
        about={"consultation": consultation.slug, **_about(run, snapshot)},
        words_state=open_data.words_state(session, consultation_id, snapshot.taken_at),
        check=checking.open_rows(session, consultation_id),
        channels={row.reference: row.origin.value for row in published},
    )


def store_open_files(session: Session, material: Material, files: list[Built]) -> None:
    """Keep the files in place of those before; not if a newer run's are kept already."""
    newest = session.scalar(
        select(OpenFile.run_id).where(OpenFile.consultation_id == material.consultation_id).limit(1)
    )
    if newest is not None and newest > material.run_id:
        return
    if session.get(AnalysisRun, material.run_id) is None:
        return
    session.execute(delete(OpenFile).where(OpenFile.consultation_id == material.consultation_id))
    session.add_all(
        OpenFile(
            consultation_id=material.consultation_id,
            run_id=material.run_id,
            name=file.name,
            digest=file.digest,
            size=file.size,
            rows=file.rows,
            words_state=material.words_state,
            made_at=now(),
            content=file.content,
        )
        for file in files
    )
    session.flush()


def remake_stale(session: Session) -> int:
    """Ask for the files anew whose words were changed or hidden since; return how many sets."""
    stale = open_data.stale(session)
    for consultation_id, run_id, state in stale:
        payload = {"consultation_id": consultation_id}
        jobs.enqueue(session, "open_data.make", payload, key=f"open_data.make:{run_id}:{state}")
    return len(stale)
