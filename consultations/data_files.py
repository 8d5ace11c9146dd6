"""Service: pack what is published in a consultation for its agency, without anybody's identity."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer

from consultations import policy, seconding
from consultations.models import (
    Comment,
    Consultation,
    DataExport,
    Draft,
    Motion,
    MotionKind,
    OfficialResponse,
    ResponseState,
    Statement,
    Visibility,
    Vote,
)
from consultations.spreadsheets import guarded
from core import jobs, ledger
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import NotFoundError

#: How long a packed file is kept.
KEPT: Final = timedelta(days=7)

Table = list[Sequence[object]]


def propose_export(session: Session, actor: Actor, consultation_id: int, *, reason: str) -> Motion:
    """Ask for the file: what people wrote leaves the site only by two people's will.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``reason.needed``.
    ConflictError
        ``motion.waiting``.
    """
    consultation = _of_agency(session, actor, consultation_id)
    kind = MotionKind.EXPORT_DATA
    return seconding.propose(session, actor, consultation, kind, reason=reason)


def approve_export(session: Session, actor: Actor, motion: Motion) -> DataExport:
    """Approve what somebody else asked for; a job packs the file for them.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``consultation.unknown``; ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``motion.decided``.
    """
    consultation_id = motion.consultation_id
    consultation = _of_agency(session, actor, consultation_id)
    seconding.approve(session, actor, consultation, motion, motion.basis)
    export = DataExport(
        consultation_id=consultation_id, requested_by_id=motion.proposed_by_id, requested_at=now()
    )
    session.add(export)
    session.flush()
    jobs.enqueue(
        session,
        "data.export",
        {"export_id": export.id},
        key=f"data.export:{export.id}",
        requested_by_id=motion.proposed_by_id,
        consultation_id=consultation_id,
    )
    ledger.record(session, actor, "data.exported", consultation_id=consultation_id)
    session.flush()
    return export


def finished(session: Session, consultation_id: int, number: int) -> DataExport:
    """Return a packed file with its content; NotFoundError ``export.unknown``."""
    export = session.get(DataExport, number, options=[undefer(DataExport.content)])
    if export is None or export.consultation_id != consultation_id or export.content is None:
        raise NotFoundError("export.unknown")
    return export


def load(session: Session, export_id: int) -> dict[str, Table]:
    """Return the tables of an export: published comments, statements and answers. Four queries.

    Raises
    ------
    NotFoundError
        ``export.unknown``.
    """
    export = session.get(DataExport, export_id)
    if export is None:
        raise NotFoundError("export.unknown")
    consultation_id = export.consultation_id
    return {
        "comments.csv": _comments(session, consultation_id),
        "statements.csv": _statements(session, consultation_id),
        "answers.csv": _answers(session, consultation_id),
    }


def packed(tables: Mapping[str, Table]) -> bytes:
    """Return the tables as CSV (UTF-8 with its mark, as spreadsheets want it) in a ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
            archive.writestr(name, "\ufeff" + text.getvalue())
    return made.getvalue()


def store(session: Session, export_id: int, content: bytes) -> None:
    """Keep the packed file; nothing if the consultation is gone."""
    export = session.get(DataExport, export_id)
    if export is not None:
        export.content, export.byte_count = content, len(content)
        session.flush()


def forget_old(session: Session) -> None:
    """Drop files whose time is over."""
    session.execute(delete(DataExport).where(DataExport.requested_at < now() - KEPT))


def _of_agency(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    consultation = session.get(Consultation, consultation_id)
    if consultation is None:
        raise NotFoundError("consultation.unknown")
    policy.require_agency_staff(actor, consultation)
    return consultation


def _comments(session: Session, consultation_id: int) -> Table:
    head = (
        *("reference", "day", "draft", "clause", "stance", "language"),
        *("text", "reason", "proposed_wording", "quote", "origin"),
    )
    rows = session.execute(
        select(Comment, Draft.number)
        .join(Draft, Draft.id == Comment.draft_id)
        .where(
            Comment.consultation_id == consultation_id, Comment.visibility == Visibility.PUBLISHED
        )
        # By a random code: the order of writing would tell what one person wrote elsewhere.
        .order_by(Comment.reference)
    )
    return _table(
        head,
        (
            (
                *(comment.reference, _day(comment.created_at), number, comment.clause_key),
                *(comment.stance, comment.language, comment.body, comment.reason),
                *(comment.proposed_wording, comment.quote_exact, comment.origin),
            )
            for comment, number in rows
        ),
    )


def _statements(session: Session, consultation_id: int) -> Table:
    votes: dict[int, dict[int, int]] = {}
    counted = session.execute(
        select(Vote.statement_id, Vote.choice, func.count())
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Statement.number_in_id == consultation_id)
        .group_by(Vote.statement_id, Vote.choice)
    )
    for statement_id, choice, count in counted:
        votes.setdefault(statement_id, {})[int(choice)] = count
    rows = session.scalars(
        select(Statement)
        .where(
            Statement.consultation_id == consultation_id,
            Statement.visibility == Visibility.PUBLISHED,
        )
        .order_by(Statement.number)
    )
    head = ("reference", "number", "origin", "clause", "text", "agree", "disagree", "unsure")
    return _table(
        head,
        (
            (
                *(each.reference, each.number, each.origin, each.clause_key, each.body),
                *(votes.get(each.id, {}).get(choice, 0) for choice in (1, -1, 0)),
            )
            for each in rows
        ),
    )


def _answers(session: Session, consultation_id: int) -> Table:
    rows = session.scalars(
        select(OfficialResponse)
        .where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.state == ResponseState.PUBLISHED,
        )
        .order_by(OfficialResponse.id)
    )
    head = ("disposition", "ground", "reason_th", "reason_en", "clause", "published_on")
    return _table(
        head,
        (
            (
                *(each.disposition, each.ground, each.reason_th, each.reason_en),
                *(each.clause_key, _day(each.published_at)),
            )
            for each in rows
        ),
    )


def _table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Table:
    return [head, *rows]


def _day(moment: Any) -> str:
    return moment.astimezone(BANGKOK).date().isoformat() if moment else ""


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text if isinstance(value, int) else guarded(text)
