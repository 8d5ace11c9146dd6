"""A consultation with two officers of its agency, and responses that people gave elsewhere."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from consultations.models import Consultation, Draft, OfflineEntry, Participant, Statement
from consultations.offline import entering, entries
from consultations.offline.said import Provenance, Said, SaidComment
from consultations.offline.scans import Page, checked
from core.accounts.models import Agency
from core.actor import Actor, Role
from core.clock import BANGKOK, now
from core.keyring import Keyring
from moderation.rules import screen
from tests.factories import make_actor, make_agency, make_consultation, make_draft, make_statement


@dataclass(frozen=True)
class World:
    """What every test of offline responses needs; noise is a second consultation."""

    session: Session
    keyring: Keyring
    agency: Agency
    consultation: Consultation
    draft: Draft
    statements: list[Statement]
    first: Actor
    second: Actor

    @property
    def number(self) -> int:
        return self.consultation.id

    def citizen(self) -> Actor:
        return make_actor(self.session, self.keyring)

    def enter(self, said: Said | None = None, **provenance: Any) -> OfflineEntry:
        values = {"channel": "paper", "said_on": today(), "consented": True, **provenance}
        return entering.enter(
            self.session,
            self.first,
            self.number,
            provenance=Provenance(**values),
            said=said or SAID,
            pages=[scan()],
        )

    def confirm(self, entry: OfflineEntry, by: Actor | None = None) -> Participant:
        return entering.confirm(
            self.session,
            by or self.second,
            self.number,
            entry.reference,
            entry.revision,
            screen=screen,
        )

    def slip(self, entry: OfflineEntry) -> str:
        return entries.slip_of(self.keyring, self.consultation, entry)


SAID = Said(
    comments=(SaidComment("s1", "ขอให้มีผู้แทนชุมชน", "support"),),
    votes={1: "agree", 2: "disagree"},
    clause_votes={"s1": "agree"},
    profile={"age": "60_up"},
)


def make_world(session: Session, keyring: Keyring, **overrides: Any) -> World:
    noise = make_consultation(session, keyring)
    make_draft(session, noise)
    make_statement(session, noise, number=1)
    agency = make_agency(session)
    consultation = make_consultation(
        session, keyring, **{"agency": agency, "forms_printed": 20, **overrides}
    )
    return World(
        session,
        keyring,
        agency,
        consultation,
        make_draft(session, consultation),
        [make_statement(session, consultation, number=number) for number in (1, 2, 3)],
        *(make_actor(session, keyring, Role.OFFICER, agency=agency) for _ in range(2)),
    )


def today() -> date:
    return now().astimezone(BANGKOK).date()


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 80)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "white").save(written, kind)
    return written.getvalue()


def scan() -> Page:
    return checked(picture())
