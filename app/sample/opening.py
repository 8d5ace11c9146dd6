"""The sample's first act: an agency announces a consultation, and it opens."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.sample import hearing, texts
from app.sample.people import Cast
from app.sample.texts import Entry
from consultations import convening, drafting, proposing, rehearsing, rescheduling
from consultations.announcement import Announcement, Kind
from consultations.drafting import ClauseWords
from consultations.lifecycle import Event
from consultations.queries.preparation import Step
from core.actor import system_actor
from core.clock import BANGKOK, now
from moderation.rehearsing import let_days_pass

if TYPE_CHECKING:
    from consultations.models import Consultation

#: Days from the announcement to the opening, in the steps that the agency takes.
BEFORE_REVIEW, IN_REVIEW, ANNOUNCED = 3, 4, 3
#: Why the officer proposes to move the closing back.
MORE_TIME = "ชุมชนริมคลองขอเวลาเพิ่ม เพราะเพิ่งได้รับเอกสารเมื่อสัปดาห์ก่อน"


@dataclass(frozen=True)
class Play:
    """One sample consultation while it is played.

    Parameters
    ----------
    session : Session
    cast : Cast
    consultation : Consultation
    keys : dict of int to str
        Key of each clause by its place in the text, from 1.
    statements : dict of str to str
        Reference of each statement that was put up, by its words.
    """

    session: Session
    cast: Cast
    consultation: "Consultation"
    keys: dict[int, str]
    statements: dict[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Short name of the consultation, and of the folder with its texts."""
        return self.consultation.slug

    def wait(self, days: int) -> None:
        """Let days pass, and what the announced times ask for happen."""
        let_days_pass(self.session, self.consultation, days)
        convening.advance_due(self.session, system_actor())

    def step(self, who: str, event: Event) -> None:
        """Take a step of the life cycle as a named account."""
        convening.take_step(self.session, self.cast[who], self.consultation.id, event)

    def propose_more_time(self) -> None:
        """Leave a proposal for whoever tries the approver's part."""
        closes_at = self.consultation.closes_at
        if closes_at is not None:
            rescheduling.propose(
                self.session,
                self.cast["officer"],
                self.consultation.id,
                Event.EXTEND,
                reason=MORE_TIME,
                closes_at=closes_at + timedelta(days=7),
            )


def open_consultation(session: Session, cast: Cast, slug: str, *, days: int) -> Play:
    """Announce, review, approve and open a sample consultation of so many days."""
    officer = cast["officer"]
    begun = _announcement(slug, days)
    consultation = convening.create(session, officer, slug, begun, steps=list(Step))
    rehearsing.mark_as_sample(session, consultation)
    keys = _write_first_draft(session, cast, consultation)
    hearing.prepare(session, officer, consultation)
    play = Play(session, cast, consultation, keys)
    for entry in texts.read(slug, "statements")["statements"]:
        if entry["origin"] == "agency":
            seeded = proposing.seed(
                session,
                officer,
                consultation.id,
                body=entry["body"],
                clause_key=keys[entry["clause"]],
            )
            play.statements[entry["body"]] = seeded.reference
    play.wait(BEFORE_REVIEW)
    play.step("officer", Event.SUBMIT)
    play.wait(IN_REVIEW)
    play.step("approver", Event.APPROVE)
    play.wait(ANNOUNCED)
    return play


def _announcement(slug: str, days: int) -> Announcement:
    given = dict(texts.read(slug, "consultation"))
    today = datetime.combine(now().astimezone(BANGKOK).date(), time.min, BANGKOK)
    opens_at = today + timedelta(days=BEFORE_REVIEW + IN_REVIEW + ANNOUNCED)
    closes_at = opens_at + timedelta(days=days)
    answers_due_on = closes_at.date() + timedelta(days=given.pop("answers_due_after_days"))
    return Announcement(
        **{**given, "kind": Kind(given["kind"])},
        opens_at=opens_at,
        closes_at=closes_at,
        answers_due_on=answers_due_on,
    )


def _write_first_draft(
    session: Session, cast: Cast, consultation: "Consultation"
) -> dict[int, str]:
    """Import the draft as a document, then add its translation; return the clauses' keys."""
    units = texts.read(consultation.slug, "draft-1")["units"]
    officer = cast["officer"]
    draft = drafting.import_lines(session, officer, consultation.id, texts.document(units))
    stored = [(clause.key, clause.number, clause.heading, clause.body) for clause in draft.clauses]
    keys: dict[int, str] = {}
    for unit, (key, number, heading, body) in zip(units, stored, strict=True):
        words = ClauseWords(number=number, heading=heading, body=body, **translation(unit))
        drafting.write_clause(session, officer, draft.id, key, words)
        if unit["kind"] == "clause":
            keys[len(keys) + 1] = key
    return keys


def translation(unit: Entry) -> dict[str, str]:
    """Return a clause's words beside its text: English, and plain words in both languages."""
    fields = ("heading_en", "body_en", "explanation_th", "explanation_en")
    return {field: unit.get(field, "") for field in fields}
