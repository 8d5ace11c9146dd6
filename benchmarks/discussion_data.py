"""One large consultation, written in bulk."""

import random
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from consultations import tallies
from consultations.models import (
    Clause,
    Consultation,
    Draft,
    DraftState,
    Kind,
    Participant,
    Stage,
    Statement,
    places,
)
from core.accounts import registering
from core.actor import system_actor
from core.keyring import Keyring

WORDS = ("pavement", "narrow", "because", "stalls", "stand", "way", "wheelchairs", "crossing")
SUBJECTS = ("ทางเท้าแคบเกินไปสำหรับรถเข็น", "ควรให้ผู้ค้ามีส่วนร่วมในการจัดพื้นที่", "ค่าปรับสูงเกินไป")
CLAUSES, BLOCK = 40, 50_000
_BASE = Statement.metadata.tables
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Made:
    """References of what was written."""

    comments: list[str]
    statements: list[str]


def fill(
    session: Session, keys: Keyring, comments: int, replies: int, statements: int, votes: int
) -> Made:
    """Write the consultation with so many comments, replies, statements and votes."""
    chance = random.Random(1)  # noqa: S311
    agency = registering.create_agency(
        session, system_actor(), slug="bench", name_th="วัดผล", name_en="Bench"
    )
    session.flush()
    consultation = Consultation(
        slug="large",
        agency_id=agency.id,
        kind=Kind.BILL,
        stage=Stage.OPEN,
        title_th="ร่างใหญ่",
        title_en="Large draft",
        opens_at=NOW - timedelta(days=3),
        closes_at=NOW + timedelta(days=30),
        sealed_key=keys.new_consultation_key(),
        created_at=NOW,
    )
    session.add(consultation)
    session.flush()
    draft = _draft(session, consultation)
    people = _people(session, consultation.id, -(-votes // statements))
    said = _comments(session, chance, consultation.id, draft.id, people, comments)
    _replies(session, chance, consultation.id, people, range(1, comments + 1), replies)
    places.rebuild(session, consultation.id)
    _order(session, chance, comments)
    asked = _statements(session, consultation.id, statements)
    _votes(session)
    tallies.recount(session, consultation.id)
    return Made(said, asked)


def _draft(session: Session, consultation: Consultation) -> Draft:
    draft = Draft(
        consultation_id=consultation.id,
        number=1,
        state=DraftState.PUBLISHED,
        created_at=NOW,
        published_at=NOW,
        clauses=[
            Clause(key=f"s{n}", position=n, kind="section", number=f"มาตรา {n}", body="ข้อความ")
            for n in range(1, CLAUSES + 1)
        ],
    )
    session.add(draft)
    session.flush()
    return draft


def _people(session: Session, consultation_id: int, count: int) -> list[str]:
    people = [secrets.token_hex(16) for _ in range(count)]
    rows = [
        {
            "id": person,
            "consultation_id": consultation_id,
            "tier": "email",
            "joined_on": NOW.date(),
        }
        for person in people
    ]
    _insert(session, Participant.__table__, rows)
    return people


def _contribution(number: int, kind: str, consultation_id: int, **values: Any) -> dict[str, Any]:
    return {
        "id": number,
        "kind": kind,
        "reference": f"{kind[0].upper()}{number:011}",
        "consultation_id": consultation_id,
        "origin": "participant",
        "language": "th",
        "visibility": "published",
        "created_at": NOW,
        "revision": 1,
        "salt": b"0" * 16,
        "participant_id": None,
        **values,
    }


def _words(chance: random.Random) -> str:
    return f"{chance.choice(SUBJECTS)} {' '.join(chance.choices(WORDS, k=10))}"


def _comments(
    session: Session,
    chance: random.Random,
    consultation_id: int,
    draft_id: int,
    people: list[str],
    count: int,
) -> list[str]:
    rows = [
        _contribution(
            number,
            "comment",
            consultation_id,
            body=_words(chance),
            participant_id=chance.choice(people),
        )
        for number in range(1, count + 1)
    ]
    _insert(session, _BASE["contribution"], rows)
    own = [
        {
            "id": number,
            "draft_id": draft_id,
            "clause_key": f"s{chance.randint(1, CLAUSES)}",
            "stance": chance.choice(("support", "oppose", "unsure", None)),
            "reason": "",
            "proposed_wording": "",
            "quote_exact": "",
            "quote_prefix": "",
            "quote_suffix": "",
        }
        for number in range(1, count + 1)
    ]
    _insert(session, _BASE["comment"], own)
    return [row["reference"] for row in rows]


def _replies(
    session: Session,
    chance: random.Random,
    consultation_id: int,
    people: list[str],
    comments: range,
    count: int,
) -> None:
    """Write replies, half of them under the newest comments, so that the first page is full."""
    first = comments.stop
    numbers = range(first, first + count)
    newest = comments[-count // 6 :]
    rows = [
        _contribution(
            number,
            "reply",
            consultation_id,
            body=_words(chance),
            participant_id=chance.choice(people),
        )
        for number in numbers
    ]
    _insert(session, _BASE["contribution"], rows)
    under = [
        {"id": number, "comment_id": chance.choice(newest if number % 2 else comments)}
        for number in numbers
    ]
    _insert(session, _BASE["reply"], under)


def _order(session: Session, chance: random.Random, comments: int) -> None:
    """Give the places supports and scores, as people and a run would have."""
    table = _BASE["discussion_place"]
    rows = [
        (
            int(chance.expovariate(0.2)),
            chance.randint(0, 400_000),
            f"t{chance.randint(1, 12)}",
            number,
        )
        for number in range(1, comments + 1)
    ]
    session.connection().exec_driver_sql(
        f"UPDATE {table.name} SET supports = ?, bridging = ?, theme_key = ? WHERE comment_id = ?",  # noqa: S608
        rows,
    )


def _statements(session: Session, consultation_id: int, count: int) -> list[str]:
    rows = [
        Statement(
            consultation_id=consultation_id,
            number_in_id=consultation_id,
            number=number,
            reference=f"S{number:011}",
            body=f"ข้อความที่ {number} ควรทำหรือไม่",
            language="th",
            visibility="published",
            created_at=NOW,
            extremity=number % 7,
        )
        for number in range(1, count + 1)
    ]
    session.add_all(rows)
    session.flush()
    return [row.reference for row in rows]


def _votes(session: Session) -> None:
    """Let everyone vote on every statement."""
    session.connection().exec_driver_sql(
        "INSERT INTO vote (statement_id, participant_id, choice, voted_on)"
        " SELECT s.id, p.id, (s.id * 31 + p.rowid * 17) % 3 - 1, p.joined_on"
        " FROM participant p CROSS JOIN statement s"
    )


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BLOCK):
        session.connection().execute(insert(table), rows[start : start + BLOCK])
