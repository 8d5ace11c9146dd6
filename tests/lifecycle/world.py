"""One consultation, everybody in it, and a clock that moves."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from consultations import convening, drafting, proposing, ratifying
from consultations.announcement import Announcement
from consultations.models import Clause, Consultation, Contribution, Kind, Stage, Statement
from consultations.outline import Line
from core.accounts.models import Account, Agency, RoleGrant
from core.actor import AGENCY_ROLES, Actor, Role, system_actor
from core.clock import now
from core.errors import PlatformError
from core.keyring import Keyring

#: A Monday; every play begins at it.
BEGIN = datetime(2026, 3, 2, 2, tzinfo=UTC)
CITIZENS = 8
DRAFT = ("มาตรา 1 ให้มีคณะกรรมการ", "มาตรา 2 คณะกรรมการประชุมทุกเดือน", "มาตรา 3 ให้เปิดเผยรายงานการประชุม")
#: Staff by name: mailbox, role, and whether they work for the agency that holds the consultation.
STAFF = {
    "officer": ("somchai@example.org", Role.OFFICER, True),
    "colleague": ("malee@example.org", Role.OFFICER, True),
    "approver": ("prani@example.org", Role.APPROVER, True),
    # A second account of the person who is the officer.
    "officer-as-approver": ("somchai+2@example.org", Role.APPROVER, True),
    "stranger": ("anan@example.org", Role.APPROVER, False),
    "moderator": ("kamon@example.org", Role.MODERATOR, False),
    "colleague-moderator": ("suda@example.org", Role.MODERATOR, False),
    "senior": ("wichai@example.org", Role.SENIOR_MODERATOR, False),
    "other-senior": ("nida@example.org", Role.SENIOR_MODERATOR, False),
}
AGENCY_STAFF = ("officer", "colleague", "approver", "officer-as-approver", "stranger")
MODERATORS = ("moderator", "colleague-moderator", "senior", "other-senior", "officer")

_UNDER_WAY = (Stage.SCHEDULED, Stage.OPEN, Stage.EXTENDED)
_TOO_EARLY_OR_LATE = ("consultation.closed", "consultation.not_open_yet")


@dataclass
class World:
    """What a play needs: the rows, the people, the clock, and what was done and refused."""

    session: Session
    keyring: Keyring
    clock: time_machine.Traveller
    people: dict[str, Actor]
    citizens: list[Actor]
    consultation_id: int
    keys: list[str]
    #: Votes that were acknowledged and not taken back, by statement and citizen.
    votes: dict[tuple[str, int], int] = field(default_factory=dict)
    #: Accounts that wrote and that approved, for each thing that takes two persons.
    pairs: list[tuple[str, int, int]] = field(default_factory=list)
    #: Accounts that had a hand in what waits for its approval.
    hands: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Acts of people that were taken or refused at the wrong time.
    mistimed: list[str] = field(default_factory=list)
    #: How often each act was done and each refusal was given.
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _numbers: int = 0

    @property
    def consultation(self) -> Consultation:
        """The consultation as it is stored now."""
        return self.session.get_one(Consultation, self.consultation_id, populate_existing=True)

    def do(self, name: str, act: Callable[[Session], object]) -> str:
        """Do something in a transaction of its own; return why it was refused, or nothing.

        Only the domain's own errors are refusals: anything else ends the play.
        """
        try:
            act(self.session)
            self.session.commit()
        except PlatformError as refusal:
            self.session.rollback()
            self.refused[refusal.code] += 1
            return refusal.code
        self.done[name] += 1
        return ""

    def pass_time(self, span: timedelta) -> None:
        """Move the clock, and do what it asks for."""
        self.clock.shift(span)
        convening.advance_due(self.session, system_actor())
        ratifying.close_due(self.session, system_actor())
        self.session.commit()
        self.done["time passes"] += 1

    def timed(self, name: str, act: Callable[[Session], object]) -> str:
        """Do what people may do only while the consultation is open, and check that it was."""
        here, moment = self.consultation, now()
        assert here.opens_at is not None
        assert here.closes_at is not None
        is_open = here.stage in _UNDER_WAY and here.opens_at <= moment < here.closes_at
        refusal = self.do(name, act)
        if refusal in _TOO_EARLY_OR_LATE if is_open else not refusal:
            self.mistimed.append(f"{name} at {moment}: {refusal or 'taken'}")
        return refusal

    def note_pair(self, what: str, author: int | None, approver: Actor) -> None:
        """Remember who approved whose work."""
        assert author is not None
        self.pairs.append((what, author, self.account_of(approver)))

    def account_of(self, actor: Actor) -> int:
        """Return the account of somebody who is signed in."""
        assert actor.account_id is not None
        return actor.account_id

    def next_number(self) -> int:
        """Return a number that no words have had."""
        self._numbers += 1
        return self._numbers

    def clause_key(self, place: int) -> str:
        """Return the key of a clause of the first draft."""
        return self.keys[place % len(self.keys)]

    def pick(self, kind: type[Contribution], place: int) -> str:
        """Return the reference of one contribution of a kind, the newest for 0."""
        found = self.session.scalars(select(kind.reference).order_by(kind.id.desc())).all()
        return found[place % len(found)] if found else "none"

    def pick_id(self, column: Any, place: int) -> int:
        """Return one number of a table, the newest for 0; 0 while it is empty."""
        found = self.session.scalars(select(column).order_by(column.desc())).all()
        return int(found[place % len(found)]) if found else 0

    def statements(self) -> list[str]:
        """Return the references of the statements."""
        return list(self.session.scalars(select(Statement.reference).order_by(Statement.id)))

    def forget_votes_of(self, who: int) -> None:
        """Votes of somebody who erased everything are taken back, or belong to nobody."""
        for key in [key for key in self.votes if key[1] == who]:
            del self.votes[key]


def begin(engine: Engine, keyring: Keyring, clock: time_machine.Traveller) -> World:
    """Make the people, and a consultation that its officer has prepared."""
    session = Session(engine, expire_on_commit=False)
    agencies = {own: _agency(session, own) for own in (True, False)}
    people = {
        name: _person(session, keyring, mailbox, role, agencies[own])
        for name, (mailbox, role, own) in STAFF.items()
    }
    citizens = [
        _person(session, keyring, f"citizen{number}@example.org", None, None)
        for number in range(CITIZENS)
    ]
    officer = people["officer"]
    announcement = Announcement(
        kind=Kind.BILL,
        title_th="ร่างพระราชบัญญัติทดสอบ",
        summary_th="สรุปสาระ",
        scope_th="แก้ได้ทุกมาตรา",
        opens_at=now() + timedelta(days=2),
        closes_at=now() + timedelta(days=20),
        answers_due_on=now().date() + timedelta(days=60),
    )
    consultation = convening.create(session, officer, "test", announcement)
    drafting.import_lines(session, officer, consultation.id, [Line(text) for text in DRAFT])
    for number in range(3):
        proposing.seed(session, officer, consultation.id, body=f"ประโยคของหน่วยงานที่ {number}")
    session.commit()
    keys = session.scalars(
        select(Clause.key).where(Clause.body != "").order_by(Clause.position)
    ).all()
    return World(session, keyring, clock, people, citizens, consultation.id, list(keys))


def _agency(session: Session, own: bool) -> Agency:
    slug = "own" if own else "other"
    agency = Agency(slug=slug, name_th=f"หน่วยงาน {slug}", name_en=slug)
    session.add(agency)
    session.flush()
    return agency


def _person(
    session: Session, keyring: Keyring, mailbox: str, role: Role | None, agency: Agency | None
) -> Actor:
    roles = {Role.PARTICIPANT, *([role] if role else [])}
    agency_id = agency.id if agency and role in AGENCY_ROLES else None
    account = Account(
        email_sealed=keyring.seal_email(mailbox),
        email_index=keyring.email_index(mailbox),
        password_hash="not a hash",
        created_on=now().date(),
        grants=[
            RoleGrant(role=each, agency_id=agency_id if each in AGENCY_ROLES else None)
            for each in sorted(roles)
        ],
    )
    session.add(account)
    session.flush()
    tag = keyring.email_person_tag(mailbox)
    return Actor(account.id, frozenset(roles), agency_id, tag, keyring)
