"""Drafts of any size with comments and votes, and someone who reads them, for the benchmark."""

import random
import time
from datetime import timedelta

from flask import Flask

from app.identity import keyring
from app.transactions import transaction
from consultations.models import (
    Choice,
    Clause,
    ClauseVote,
    Comment,
    Consultation,
    Draft,
    DraftState,
    Kind,
    Participant,
    Stage,
    Stance,
    Visibility,
)
from core.accounts import registering, sessions
from core.accounts.models import Agency
from core.clock import now

#: Parts of sentences, as laws and citizens write them; drawn without order they compress worse
#: than real text does, so that the weight is not flattered.
PARTS = (
    "ให้หน่วยงานของรัฐจัดให้มีการรับฟังความคิดเห็นของผู้เกี่ยวข้อง",
    "ภายในสามสิบวันนับแต่วันที่ประกาศในราชกิจจานุเบกษา",
    "เว้นแต่กรณีจำเป็นเร่งด่วนเพื่อประโยชน์สาธารณะ",
    "ผู้ใดฝ่าฝืนต้องระวางโทษปรับไม่เกินห้าพันบาท",
    "โดยคำนึงถึงผู้สูงอายุ คนพิการ และผู้มีรายได้น้อย",
    "ควรเปิดเผยงบประมาณและผลการดำเนินงานทุกไตรมาส",
    "ชาวบ้านในตลาดเดือดร้อนเพราะไม่มีที่จอดรถ",
    "ระยะทางจากโรงเรียนถึงป้ายรถประจำทางไกลเกินไป",
    "คณะกรรมการต้องมีผู้แทนชุมชนอย่างน้อยกึ่งหนึ่ง",
    "ค่าธรรมเนียมที่กำหนดไว้สูงเกินกว่าที่ผู้ค้ารายย่อยจะจ่ายได้",
    "ขอให้เพิ่มไฟส่องสว่างและกล้องบริเวณทางข้าม",
    "เอกสารที่ต้องยื่นมีมากเกินความจำเป็น",
)
NAME = "reader@example.org"


def make(clauses: int, comments: int) -> str:
    """Make an open consultation with one draft; return its slug."""
    chance = random.Random(clauses)  # noqa: S311
    slug = f"draft-{clauses}"
    with transaction() as session:
        agency = Agency(slug=f"agency-{clauses}", name_th="หน่วยงานทดสอบ", name_en="Agency")
        session.add(agency)
        session.flush()
        consultation = Consultation(
            slug=slug,
            agency_id=agency.id,
            kind=Kind.BILL,
            stage=Stage.OPEN,
            title_th="ร่างพระราชบัญญัติที่ยาวพอสมควร",
            title_en="A draft of some length",
            opens_at=now() - timedelta(days=1),
            closes_at=now() + timedelta(days=14),
            sealed_key=keyring().new_consultation_key(),
            created_at=now(),
        )
        session.add(consultation)
        session.flush()
        draft = Draft(
            consultation_id=consultation.id,
            number=1,
            state=DraftState.PUBLISHED,
            created_at=now(),
            published_at=now(),
            clauses=[_clause(chance, place) for place in range(clauses)],
        )
        session.add(draft)
        session.flush()
        people = [
            Participant(consultation_id=consultation.id, joined_on=now().date()) for _ in range(40)
        ]
        session.add_all(people)
        session.flush()
        keys = [clause.key for clause in draft.clauses if clause.body]
        session.add_all(
            _comment(chance, draft, people[number % 40], keys[number % len(keys)])
            for number in range(comments)
        )
        session.add_all(
            ClauseVote(
                clause_id=clause.id,
                participant_id=person.id,
                choice=int(chance.choice(list(Choice))),
                voted_on=now().date(),
            )
            for clause in draft.clauses
            for person in people[: chance.randint(0, 40)]
        )
    return slug


def signed_in(app: Flask) -> tuple[str, str]:
    """Make an account, and return the cookie of a browser that is signed in with it."""
    password = "a password for measurements"  # noqa: S105
    with transaction() as session:
        account = registering.register(session, keyring(), email=NAME, password=password)
        session.flush()
        key = sessions.begin(session, account.id)
    client = app.test_client()
    with client.session_transaction() as browser:
        browser["_user_id"], browser["_fresh"] = key, True
        browser["seen"] = int(time.time())
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    if cookie is None:
        raise RuntimeError("no session")
    return cookie.key, cookie.value


def _clause(chance: random.Random, place: int) -> Clause:
    if place % 10 == 0:
        return Clause(
            key=f"h{place}",
            position=place,
            kind="chapter",
            number=f"หมวด {place // 10 + 1}",
            heading="บททั่วไป",
        )
    return Clause(
        key=f"c{place}",
        parent_key=f"h{place // 10 * 10}",
        position=place,
        kind="section",
        number=f"มาตรา {place}",
        body=_words(chance, 4),
        body_en="Agencies shall hear those affected before they propose a law. " * 3,
        explanation_th=_words(chance, 1),
    )


def _comment(chance: random.Random, draft: Draft, author: Participant, key: str) -> Comment:
    return Comment(
        consultation_id=draft.consultation_id,
        draft_id=draft.id,
        participant_id=author.id,
        clause_key=key,
        body=_words(chance, 2),
        language="th",
        stance=chance.choice([None, *Stance]),
        visibility=Visibility.PUBLISHED,
        created_at=now() - timedelta(minutes=chance.randint(0, 10_000)),
    )


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(PARTS, k=count)) + f" {chance.randint(1, 999)}"
