"""A large dialogue, led through the services to the point where the browser takes over."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.identity import keyring
from app.transactions import transaction
from consultations import (
    commenting,
    convening,
    dissenting,
    drafting,
    proposing,
    ratifying,
    rehearsing,
    responding,
)
from consultations.announcement import Announcement
from consultations.comment_words import Words
from consultations.drafting import ClauseWords
from consultations.lifecycle import Event
from consultations.models import (
    Choice,
    Consultation,
    Finding,
    Kind,
    OfficialResponse,
    Summary,
)
from consultations.outline import Line
from consultations.queries import answer_desk
from consultations.responding import Answer
from core.accounts import authenticating
from core.actor import Actor, Role, system_actor
from core.clock import BANGKOK, now
from moderation import rules
from moderation.rehearsing import let_days_pass
from tests.journeys.site import Site
from tests.journeys.walk_texts import FIRST_CLAUSE, SUBJECTS, Written, comments, draft_text

SLUG = "local-buses"
PEOPLE = 240
GROUPS = 3
#: The clauses that the second draft changes, by their subject.
CHANGED = (0, 1, 2, 5, 7)
ANSWERS = ("accepted", "partly", "not_accepted", "already_covered")


@dataclass(frozen=True)
class Walk:
    """The site's application, and who acts in the dialogue."""

    app: Flask
    password: str

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a transaction on the served site's database."""
        with self.app.app_context(), transaction() as session:
            yield session

    def staff(self, session: Session, role: str) -> Actor:
        """Return an account of the site as it signs in."""
        email = f"{role}@example.org"
        account = authenticating.authenticate(
            session, keyring(), email=email, password=self.password
        )
        return authenticating.actor_of(account, keyring(), email)


def open_walk(site: Site, password: str) -> Walk:
    """Open the served site's database in this process."""
    return Walk(create_app(Config.from_environment(site.environment)), password)


def person(who: int) -> Actor:
    """Return one of the people who take part, without an account."""
    tag = keyring().email_person_tag(f"walk-{who}@participants.invalid")
    return Actor(roles=frozenset({Role.PARTICIPANT}), person_tag=tag, keyring=keyring())


def consultation_of(session: Session) -> Consultation:
    return session.scalars(select(Consultation).where(Consultation.slug == SLUG)).one()


def lead_to_the_closing(walk: Walk) -> None:
    """Publish the draft, put up 40 statements, and let people write 600 comments and vote."""
    with walk.session() as session:
        consultation = _announce(walk, session)
        votable = {
            statement: proposing.seed(
                session, walk.staff(session, "officer"), consultation.id, body=statement
            ).reference
            for subject in SUBJECTS
            for statement in subject.statements
        }
        convening.take_step(session, walk.staff(session, "officer"), consultation.id, Event.SUBMIT)
        convening.take_step(
            session, walk.staff(session, "approver"), consultation.id, Event.APPROVE
        )
        let_days_pass(session, consultation, 2)
        convening.advance_due(session, system_actor())
    # In small steps: the served site writes as well, and nobody waits long for the other.
    everything = list(enumerate(comments()))
    for begin in range(0, len(everything), 50):
        with walk.session() as session:
            _write(session, consultation_of(session), everything[begin : begin + 50])
    with walk.session() as session:
        _vote(session, consultation_of(session), votable)
    with walk.session() as session:
        let_days_pass(session, consultation_of(session), 20)
        convening.advance_due(session, system_actor())


def _announce(walk: Walk, session: Session) -> Consultation:
    officer = walk.staff(session, "officer")
    today = datetime.combine(now().astimezone(BANGKOK).date(), time.min, BANGKOK)
    announcement = Announcement(
        kind=Kind.BILL,
        title_th="ร่างพระราชบัญญัติรถโดยสารท้องถิ่น",
        title_en="Local Buses Bill",
        summary_th="กำหนดเวลาเดินรถ ค่าโดยสาร รถที่ทุกคนขึ้นได้ และผู้กำกับดูแล",
        scope_th="แก้ได้ทุกมาตรา",
        affected_th="ผู้โดยสาร ผู้ขับรถ และผู้ประกอบการเดินรถ",
        opens_at=today + timedelta(days=1),
        closes_at=today + timedelta(days=20),
        answers_due_on=(today + timedelta(days=60)).date(),
    )
    consultation = convening.create(session, officer, SLUG, announcement)
    lines = [Line(line) for line in draft_text().split("\n")]
    drafting.import_lines(session, officer, consultation.id, lines)
    return consultation


def clause_key(subject: int) -> str:
    """Return the key of the clause that a subject is about."""
    return f"s{FIRST_CLAUSE + subject}"


def _write(
    session: Session, consultation: Consultation, batch: Iterable[tuple[int, Written]]
) -> None:
    for place, written in batch:
        commenting.submit(
            session,
            person(place % PEOPLE),
            consultation.id,
            clause_key=clause_key(written.subject),
            words=Words(written.body, "oppose", "", written.wording),
            quote=None,
            screen=rules.screen,
        )


def _vote(session: Session, consultation: Consultation, votable: dict[str, str]) -> None:
    """Vote as three groups, which share two statements of each subject and differ on the others."""
    draw = Random(20261121)  # noqa: S311 - planted, not secret
    leaning = {
        (statement, group): 0.85 if place < 2 else draw.choice((0.1, 0.9))
        for subject in SUBJECTS
        for place, statement in enumerate(subject.statements)
        for group in range(GROUPS)
    }
    for who in range(PEOPLE):
        chosen = [each for each in votable if draw.random() < 0.7]
        choices = {
            votable[statement]: Choice.AGREE
            if draw.random() < leaning[statement, who % GROUPS]
            else Choice.DISAGREE
            for statement in chosen
        }
        rehearsing.cast_votes(session, person(who), consultation, choices)


def check_the_summary(walk: Walk) -> None:
    """Let 60 people check the summary and some contradict it; then the week is over."""
    with walk.session() as session:
        consultation = consultation_of(session)
        newest = select(Summary.id).where(Summary.consultation_id == consultation.id)
        findings = session.scalars(
            select(Finding.id).where(Finding.summary_id.in_(newest)).order_by(Finding.position)
        ).all()
        for who in range(60):
            for finding in (None, findings[who % len(findings)]):
                verdict = "misses" if who % 9 == 0 else "wrong" if who % 23 == 0 else "reflects"
                ratifying.answer(
                    session, person(who), consultation.id, finding_id=finding, verdict=verdict
                )
        for who in (0, 9, 18):
            dissenting.write(
                session,
                person(who),
                consultation.id,
                finding_id=None,
                body=f"สรุปไม่ได้พูดถึงชุมชนนอกเมืองที่ไม่มีรถเลยสักสาย หมู่ที่ {who + 1}",
                screen=rules.screen,
            )
        let_days_pass(session, consultation, 9)
        ratifying.close_due(session, system_actor())


def answer_everything(walk: Walk) -> None:
    """Answer every item that must be answered, and a proposed wording for each changed clause."""
    with walk.session() as session:
        consultation = consultation_of(session)
        officer, approver = walk.staff(session, "officer"), walk.staff(session, "approver")
        desk = answer_desk.answer_desk(session, consultation.id)
        worded = {_subject_of(session, row): row for row in desk.offered}
        rows = [*desk.required, *(worded[subject] for subject in CHANGED if subject in worded)]
        for place, row in enumerate(row for row in rows if row.response is None):
            subject = _subject_of(session, row)
            kind = ANSWERS[0] if subject in CHANGED else ANSWERS[place % len(ANSWERS)]
            key = clause_key(subject) if subject is not None else ""
            given = Answer(kind, "citizen_interest", _reason(kind, subject), clause_key=key)
            response = responding.answer(
                session, officer, consultation.id, item=row.item, given=given
            )
            responding.approve(session, approver, response.id)


def _subject_of(session: Session, row: answer_desk.DeskRow) -> int | None:
    """Return the subject that most of the voices behind an item speak of."""
    words = " ".join(voice.words for voice in answer_desk.voices(session, row.item, limit=20))
    counts = [
        sum(
            words.count(part) for part in (*subject.openings, *subject.reasons, *subject.statements)
        )
        for subject in SUBJECTS
    ]
    return counts.index(max(counts)) if any(counts) else None


def _reason(kind: str, subject: int | None) -> str:
    about = SUBJECTS[subject].clause if subject is not None else "ร่างทั้งฉบับ"
    does = "จึงแก้ร่าง" if kind == "accepted" else "จึงยังคงร่างเดิมไว้"
    return f"พิจารณาความเห็นเรื่อง “{about}” แล้ว {does} เพราะคำนึงถึงผู้โดยสารและงบประมาณของท้องถิ่น"


def revise(walk: Walk) -> int:
    """Write the second draft, and say of each change which responses caused it."""
    with walk.session() as session:
        consultation = consultation_of(session)
        officer = walk.staff(session, "officer")
        draft = drafting.open_next(session, officer, consultation.id)
        for subject in CHANGED:
            key = clause_key(subject)
            words = ClauseWords(
                number=f"มาตรา {FIRST_CLAUSE + subject}", body=SUBJECTS[subject].changed
            )
            drafting.write_clause(session, officer, draft.id, key, words)
            causes = session.scalars(
                select(OfficialResponse.id).where(
                    OfficialResponse.consultation_id == consultation.id,
                    OfficialResponse.clause_key == key,
                )
            ).all()
            drafting.explain_change(session, officer, draft.id, key, response_ids=causes)
        return draft.number
