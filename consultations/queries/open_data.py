"""Reads: the files of open data, and whether they still hold only what is published."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, distinct, func, select
from sqlalchemy.orm import Session, undefer

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import AnalysisRun, Consultation, Contribution, OpenFile, Snapshot
from core.errors import ConflictError, NotFoundError

PAGE_SIZE = 50


@dataclass(frozen=True)
class Listed:
    """A consultation with open data."""

    consultation: Consultation
    files: int
    size: int
    made_at: datetime


@dataclass(frozen=True)
class OpenData:
    """The files of one consultation with the run they were made from."""

    files: Sequence[OpenFile]
    run: AnalysisRun | None
    snapshot: Snapshot | None
    #: Words were changed or hidden since; the files are being made anew and are not given out.
    is_stale: bool


def listed(session: Session, page: int) -> tuple[Sequence[Listed], int]:
    """Return consultations with open data, the newest files first, and how many there are."""
    grouped = (
        select(
            OpenFile.consultation_id,
            func.count(OpenFile.id).label("files"),
            func.sum(OpenFile.size).label("size"),
            func.max(OpenFile.made_at).label("made_at"),
        )
        .group_by(OpenFile.consultation_id)
        .subquery()
    )
    shown = Consultation.stage.not_in(PRIVATE_STAGES)
    query = (
        select(Consultation, grouped.c.files, grouped.c.size, grouped.c.made_at)
        .join(grouped, grouped.c.consultation_id == Consultation.id)
        .where(shown)
        .order_by(grouped.c.made_at.desc(), Consultation.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    number = (
        select(func.count(distinct(OpenFile.consultation_id)))
        .join(Consultation, Consultation.id == OpenFile.consultation_id)
        .where(shown)
    )
    rows = [Listed(*row) for row in session.execute(query)]
    return rows, session.scalar(number) or 0


def open_data(session: Session, consultation_id: int) -> OpenData:
    """Return the files of a consultation; at most four queries."""
    files = session.scalars(
        select(OpenFile).where(OpenFile.consultation_id == consultation_id).order_by(OpenFile.id)
    ).all()
    if not files:
        return OpenData((), None, None, is_stale=False)
    run = session.get_one(AnalysisRun, files[0].run_id)
    snapshot = session.get_one(Snapshot, run.snapshot_id)
    state = words_state(session, consultation_id, snapshot.taken_at)
    return OpenData(files, run, snapshot, is_stale=state != files[0].words_state)


def file_content(session: Session, consultation_id: int, name: str) -> tuple[OpenFile, bytes]:
    """Return a file and its bytes.

    Raises
    ------
    NotFoundError
        ``open_data.unknown``.
    ConflictError
        ``open_data.being_made``: words were changed or hidden since it was made.
    """
    file = session.scalars(
        select(OpenFile)
        .options(undefer(OpenFile.content))
        .where(OpenFile.consultation_id == consultation_id, OpenFile.name == name)
    ).first()
    if file is None:
        raise NotFoundError("open_data.unknown")
    taken_at = session.scalar(
        select(Snapshot.taken_at)
        .join(AnalysisRun, AnalysisRun.snapshot_id == Snapshot.id)
        .where(AnalysisRun.id == file.run_id)
    )
    if taken_at is None or file.words_state != words_state(session, consultation_id, taken_at):
        raise ConflictError("open_data.being_made")
    return file, zlib.decompress(file.content)


def words_state(session: Session, consultation_id: int, taken_at: datetime) -> str:
    """Return what changes whenever words of before a moment are changed or hidden; one query."""
    number, revisions = session.execute(
        select(func.count(Contribution.id), func.sum(Contribution.revision)).where(
            Contribution.consultation_id == consultation_id, Contribution.created_at <= taken_at
        )
    ).one()
    return f"{number}.{revisions or 0}"


def stale(session: Session) -> list[tuple[int, int, str]]:
    """Return consultation, run and present state of each set of files that is out of date."""
    state = (
        cast(func.count(Contribution.id), String)
        + "."
        + cast(func.coalesce(func.sum(Contribution.revision), 0), String)
    )
    made = select(OpenFile.consultation_id, OpenFile.run_id, OpenFile.words_state).distinct()
    files = made.subquery()
    rows = session.execute(
        select(files.c.consultation_id, files.c.run_id, files.c.words_state, state)
        .join(AnalysisRun, AnalysisRun.id == files.c.run_id)
        .join(Snapshot, Snapshot.id == AnalysisRun.snapshot_id)
        .outerjoin(
            Contribution,
            (Contribution.consultation_id == files.c.consultation_id)
            & (Contribution.created_at <= Snapshot.taken_at),
        )
        .group_by(files.c.consultation_id, files.c.run_id, files.c.words_state)
    )
    return [(number, run, now) for number, run, before, now in rows if now != before]
