"""A working group with seats of several sectors, for tests."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultations import chartering, deliberating, forming
from consultations.chartering import CharterWords
from consultations.deliberating import ProposalWords
from consultations.forming import Founding, Seat
from consultations.models import (
    Consultation,
    DecisionRule,
    GroupMember,
    GroupProposal,
    Sector,
    Stage,
    WorkingGroup,
)
from core.actor import Actor, Role
from core.keyring import Keyring
from tests.consultations.drafts import preparing
from tests.consultations.planted import Staff
from tests.factories import make_actor

FOUNDING = Founding("คณะทำงานขยะ", "ร่วมออกแบบการแยกขยะ", "Waste group", "Design sorting together")
WORDS = ProposalWords("Collect twice a week", "Wet waste is collected twice a week.")
SECTORS = (Sector.AGENCY, Sector.BUSINESS, Sector.CITIZENS)


@dataclass
class Table:
    """A group, who convenes it, and who sits in it."""

    consultation: Consultation
    staff: Staff
    group: WorkingGroup
    people: list[Actor]
    facilitator: Actor


def seated(
    session: Session, keyring: Keyring, table: Table, actor: Actor, sector: Sector, **seat: bool
) -> GroupMember:
    """Let somebody be invited and accept."""
    number = actor.account_id
    given = Seat(f"seat{number}@example.org", sector.value, f"Seat {number}", **seat)
    _, token = forming.invite(session, table.staff.officer, keyring, table.group.id, given=given)
    return forming.accept(
        session, actor, token, shown_name=f"Member {number}", shown_organisation="Org"
    )


def convened(
    session: Session,
    keyring: Keyring,
    rule: DecisionRule = DecisionRule.CONSENT,
    *,
    quorum: int = 60,
    sectors: tuple[Sector, ...] = SECTORS,
) -> Table:
    """Make a group whose members have agreed to a charter."""
    desk = preparing(session, keyring, Stage.OPEN)
    group = forming.found(session, desk.staff.officer, desk.consultation.id, given=FOUNDING)
    facilitator = make_actor(session, keyring, Role.FACILITATOR)
    table = Table(desk.consultation, desk.staff, group, [], facilitator)
    seated(session, keyring, table, facilitator, Sector.CITIZENS, is_facilitator=True)
    for sector in sectors:
        person = make_actor(session, keyring)
        seated(session, keyring, table, person, sector)
        table.people.append(person)
    given = CharterWords("We listen first.", rule.value, quorum, 7)
    charter = chartering.write(session, facilitator, group.id, given=given)
    for person in table.people:
        chartering.agree(session, person, group.id, charter.version)
    return table


def proposed(session: Session, table: Table, given: ProposalWords = WORDS) -> GroupProposal:
    """Let the first member propose something."""
    return deliberating.propose(session, table.people[0], table.group.id, given=given)


def say(
    session: Session,
    table: Table,
    who: int,
    proposal: GroupProposal,
    position: str,
    number: int = 1,
) -> None:
    """Let a member answer, with a reason where one is needed."""
    reason = "It costs too much" if position in ("objection", "reservation") else ""
    person = table.people[who]
    deliberating.declare(session, person, proposal.id, number, position=position, reason=reason)
