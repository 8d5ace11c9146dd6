"""An imported document before it becomes the draft: keep it, mend its split, take it or drop it."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from consultations import import_split
from consultations.drafting import store as drafts
from consultations.import_split import Split
from consultations.models import ImportPreview
from core import jobs
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotAllowedError, NotFoundError

#: Documents of more bytes are read by a job, with progress; smaller ones take under two seconds.
LARGE: Final = 400_000
#: How long an import that nobody finished is kept.
KEPT: Final = timedelta(days=30)
_PARTS = (ImportPreview.lines, ImportPreview.units, ImportPreview.before)


def begin(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    filename: str,
    data: bytes,
    split: Split | None,
) -> ImportPreview:
    """Keep a document for its officer to check, in place of one that they had not finished.

    Parameters
    ----------
    data : bytes
        The document, read by a job when ``split`` is None.
    split : Split or None
        The document as it was read and split already.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    """
    drafts.writable(session, actor, consultation_id)
    if actor.account_id is None:
        raise NotAllowedError("consultation.other_agency")
    earlier = preview_of(session, actor, consultation_id)
    if earlier is not None:
        discard(session, actor, consultation_id)
    preview = ImportPreview(
        consultation_id=consultation_id,
        account_id=actor.account_id,
        filename=filename[-200:],
        created_at=now(),
    )
    session.add(preview)
    if split is not None:
        _keep(preview, split)
        session.flush()
        return preview
    preview.source = zlib.compress(data)
    session.flush()
    jobs.enqueue(
        session,
        "draft.read",
        {"preview_id": preview.id},
        key=job_key(preview.id),
        requested_by_id=actor.account_id,
        consultation_id=consultation_id,
    )
    return preview


def job_key(preview_id: int) -> str:
    """Return the key of the job that reads a preview's document."""
    return f"draft.read:{preview_id}"


def preview_of(session: Session, actor: Actor, consultation_id: int) -> ImportPreview | None:
    """Return the import that the actor has not finished; None if there is none. One query."""
    return session.scalars(
        select(ImportPreview)
        .where(
            ImportPreview.consultation_id == consultation_id,
            ImportPreview.account_id == actor.account_id,
        )
        .options(*(undefer(part) for part in _PARTS))
        .execution_options(populate_existing=True)
    ).first()


def split_of(preview: ImportPreview) -> Split:
    """Return a preview's split; ConflictError ``import.not_read`` while its document is read."""
    if preview.losses is None:
        raise ConflictError("import.not_read")
    return import_split.from_rows(preview.lines or [], preview.units or [], preview.losses)


def mend(
    session: Session,
    actor: Actor,
    consultation_id: int,
    revision: int,
    mending: Callable[[Split], Split],
) -> ImportPreview:
    """Change how the document is split; the mend before can no longer be taken back.

    Raises
    ------
    NotFoundError
        ``import.gone``, or as the mend.
    ConflictError
        ``import.changed``: the page shows an earlier state; ``import.not_read``.
    InvalidError
        As the mend.
    """
    preview = _own(session, actor, consultation_id, revision)
    before = preview.units
    _keep(preview, mending(split_of(preview)))
    preview.before = before
    preview.revision += 1
    session.flush()
    return preview


def undo(session: Session, actor: Actor, consultation_id: int, revision: int) -> ImportPreview:
    """Take the last mend back.

    Raises
    ------
    NotFoundError
        ``import.gone``.
    ConflictError
        ``import.changed`` or ``import.nothing_to_undo``.
    """
    preview = _own(session, actor, consultation_id, revision)
    if preview.before is None:
        raise ConflictError("import.nothing_to_undo")
    preview.units, preview.before = preview.before, None
    preview.unit_count = len(preview.units)
    preview.revision += 1
    session.flush()
    return preview


def require_seen(session: Session, actor: Actor, consultation_id: int, revision: int) -> None:
    """Raise as ``mend`` unless the actor has the present state before them."""
    _own(session, actor, consultation_id, revision)


def discard(session: Session, actor: Actor, consultation_id: int) -> None:
    """Drop the import that the actor has not finished; nothing of the draft changes."""
    preview = preview_of(session, actor, consultation_id)
    if preview is None:
        return
    job = session.scalar(select(jobs.Job.id).where(jobs.Job.key == job_key(preview.id)))
    if job is not None:
        jobs.cancel(session, job)
    session.delete(preview)
    session.flush()


def load_source(session: Session, preview_id: int) -> tuple[bytes, str]:
    """Return a document that waits to be read, and its name.

    Raises
    ------
    NotFoundError
        ``import.gone``: it was dropped meanwhile.
    """
    preview = session.get(ImportPreview, preview_id, options=[undefer(ImportPreview.source)])
    if preview is None or preview.source is None:
        raise NotFoundError("import.gone")
    return zlib.decompress(preview.source), preview.filename


def store(session: Session, preview_id: int, split: Split) -> None:
    """Keep what a document was split into; nothing if it was dropped meanwhile."""
    preview = session.get(ImportPreview, preview_id)
    if preview is not None:
        _keep(preview, split)
        session.flush()


def forget_old(session: Session) -> None:
    """Drop imports that nobody finished in time."""
    session.execute(delete(ImportPreview).where(ImportPreview.created_at < now() - KEPT))


def _own(session: Session, actor: Actor, consultation_id: int, revision: int) -> ImportPreview:
    drafts.writable(session, actor, consultation_id)
    preview = preview_of(session, actor, consultation_id)
    if preview is None:
        raise NotFoundError("import.gone")
    if preview.revision != revision:
        raise ConflictError("import.changed")
    return preview


def _keep(preview: ImportPreview, split: Split) -> None:
    preview.source = None
    preview.lines, preview.losses = list(split.lines), dict(split.losses)
    preview.units = import_split.to_rows(split)
    preview.unit_count = len(split.outline)
