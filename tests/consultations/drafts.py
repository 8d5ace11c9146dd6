"""A consultation whose draft is written, for tests of drafting."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import drafting
from consultations.documents import read_document
from consultations.models import Clause, Consultation, Draft, OfficialResponse, Section, Stage
from core.keyring import Keyring
from tests.consultations.planted import Staff, make_staff
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import make_consultation, make_draft

TEXT = """ร่างระเบียบว่าด้วยการจัดการขยะ

หมวด ๑
บททั่วไป

มาตรา ๑ ระเบียบนี้ใช้บังคับในเขตเทศบาล

มาตรา ๒ ในระเบียบนี้
(๑) ขยะเปียก หมายถึง เศษอาหาร
(๒) ขยะแห้ง หมายถึง ของที่ขายได้

หมวด ๒
การเก็บ

มาตรา ๓ ให้เก็บขยะเปียกสัปดาห์ละสองครั้ง

มาตรา ๔ ผู้ใดทิ้งขยะผิดที่ต้องเสียค่าปรับห้าร้อยบาท
"""


@dataclass(frozen=True)
class Desk:
    """Where an officer writes."""

    consultation: Consultation
    staff: Staff


def preparing(session: Session, keyring: Keyring, stage: Stage = Stage.PREPARING) -> Desk:
    """Make a consultation without a draft."""
    staff = make_staff(session, keyring)
    return Desk(make_consultation(session, keyring, agency=staff.agency, stage=stage), staff)


def answering(session: Session, keyring: Keyring, bodies: list[str] | None = None) -> Desk:
    """Make a consultation at the stage of answering, with a published draft."""
    desk = preparing(session, keyring, Stage.ANSWERING)
    make_draft(session, desk.consultation, bodies)
    return desk


def imported(session: Session, desk: Desk, text: str = TEXT) -> Draft:
    """Import a text as the desk's officer."""
    lines = read_document(text.encode(), "draft.txt")
    return drafting.import_lines(session, desk.staff.officer, desk.consultation.id, lines)


def opened(session: Session, desk: Desk) -> Draft:
    """Begin the next draft."""
    return drafting.open_next(session, desk.staff.officer, desk.consultation.id)


def stored(session: Session, draft: Draft) -> list[Clause]:
    """Return the clauses as they are in the database, in order."""
    return list(
        session.scalars(
            select(Clause)
            .where(Clause.draft_id == draft.id)
            .order_by(Clause.position)
            .execution_options(populate_existing=True)
        )
    )


def keys(session: Session, draft: Draft) -> list[str]:
    """Return the keys of the stored clauses, after checking their positions."""
    clauses = stored(session, draft)
    assert [clause.position for clause in clauses] == list(range(len(clauses)))
    return [clause.key for clause in clauses]


def responses(
    session: Session, desk: Desk, count: int = 1, **overrides: object
) -> list[OfficialResponse]:
    """Make published answers to findings."""
    _, findings, _ = make_summary(session, desk.consultation, [Section.COMMON_GROUND] * count)
    return [make_response(session, desk.consultation, found, **overrides) for found in findings]
