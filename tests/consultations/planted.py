"""A small conversation with planted opinions: two groups, shared ground, two subjects."""

from dataclasses import dataclass
from itertools import product

from sqlalchemy.orm import Session

from consultations import analysing, summarising
from consultations.models import (
    AnalysisRun,
    Comment,
    Consultation,
    Draft,
    Participant,
    Stage,
    Stance,
    Statement,
    Summary,
    Vote,
)
from consultations.snapshots import csv_rows
from core.accounts.models import Agency
from core.actor import Actor, Role, system_actor
from core.clock import now
from core.keyring import Keyring
from tests.factories import (
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
)

PEOPLE = 36
#: What the two groups say to each statement: they share the last two and differ on the others.
CHOICES = ((1, -1), (1, -1), (-1, 1), (1, -1), (-1, 1), (1, -1), (1, 1), (1, 1))
#: Pieces of comments on two subjects; no two comments share more than one piece.
PIECES = (
    (
        ("Ferry boats stop far too early.", "Evening sailings were cut last spring."),
        ("The harbour pier is dark.", "Nurses finish their shift at midnight."),
        ("Waiting passengers stand in rain.", "Tickets cost as much as a taxi."),
        ("Please sail until one o'clock.", "Put a second boat on the river."),
        ("The timetable is printed wrongly.", "Bicycles are refused on board."),
        ("Islanders depend on this crossing.", "My daughter swims better than it sails."),
    ),
    (
        ("Parking fees ruin small traders.", "Market stalls lose their customers."),
        ("The machine swallows coins.", "Wardens fine people within minutes."),
        ("Farmers unload vegetables at dawn.", "A free first hour would help shops."),
        ("Elderly buyers cannot walk so far.", "The multi-storey garage stays empty."),
        ("Spend the revenue on pavements.", "Residents need permits near home."),
        ("Delivery vans block the square.", "Meters should accept phones and cards."),
    ),
)
_outcomes: dict[object, analysing.Outcome] = {}


@dataclass(frozen=True)
class Staff:
    """An agency and the people who work for it."""

    agency: Agency
    officer: Actor
    approver: Actor


@dataclass(frozen=True)
class Planted:
    """Rows of the conversation."""

    consultation: Consultation
    draft: Draft
    statements: list[Statement]
    people: list[Participant]
    comments: list[Comment]


def plant(
    session: Session,
    keyring: Keyring,
    *,
    agency: Agency | None = None,
    stage: Stage = Stage.SUMMARY,
    comments: int = 8,
) -> Planted:
    """Make the conversation."""
    consultation = make_consultation(
        session, keyring, **({"agency": agency} if agency else {}), stage=stage
    )
    draft = make_draft(session, consultation)
    statements = [
        make_statement(
            session,
            consultation,
            body=f"Statement {n} of the plan",
            language="en",
            reference=f"S{n:011}",
        )
        for n, _ in enumerate(CHOICES, 1)
    ]
    people = [make_participant(session, consultation) for _ in range(PEOPLE)]
    session.add_all(
        Vote(
            statement_id=statement.id,
            participant_id=person.id,
            choice=choices[place % 2] if (place + number) % 11 else 0,
            voted_on=now().date(),
        )
        for place, person in enumerate(people)
        for number, (statement, choices) in enumerate(zip(statements, CHOICES, strict=True))
    )
    session.flush()
    written = [
        make_comment(
            session,
            draft,
            body=body,
            language="en",
            stance=Stance.SUPPORT if n % 2 else Stance.OPPOSE,
            participant_id=people[n % PEOPLE].id,
            reference=f"C{n:011}",
        )
        for n, body in enumerate(bodies(comments))
    ]
    return Planted(consultation, draft, statements, people, written)


def bodies(count: int) -> list[str]:
    """Return up to 72 different comments, of the two subjects in turn."""
    made = []
    for first, second in product(range(6), repeat=2):
        for pieces in PIECES:
            third = pieces[(first + 2 * second) % 6][first % 2]
            made.append(f"{pieces[first][0]} {pieces[second][1]} {third}")
    return made[:count]


def analyse(session: Session, consultation: Consultation) -> AnalysisRun:
    """Run the engine on what is published now, as the worker does.

    Equal words and votes are computed once in a test run: only labels of people differ, and those
    change no result.
    """
    run = analysing.request_run(session, system_actor(), consultation.id)
    inputs = analysing.load(session, run.id)
    votes = sorted(line.split(b",", 1)[1] for line in inputs.votes.splitlines())
    words = [(row["comment"], row["text"]) for row in csv_rows(inputs.comments)]
    groups = sorted(row["imported_group"] for row in csv_rows(inputs.participants))
    key = repr((votes, words, groups, inputs.statements, inputs.tiers, inputs.supports))
    if key not in _outcomes:
        _outcomes[key] = analysing.compute(inputs, lambda _step: None)
    return analysing.store(session, run.id, _outcomes[key])


def published_summary(
    session: Session, keyring: Keyring, *, comments: int = 0
) -> tuple[Planted, Staff, Summary]:
    """Make the conversation with a published summary, at the stage of answering."""
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, comments=comments)
    run = analyse(session, planted.consultation)
    summary = summarising.prepare(session, staff.officer, planted.consultation.id, run.id)
    summarising.publish(session, staff.approver, summary.id)
    planted.consultation.stage = Stage.ANSWERING
    session.flush()
    return planted, staff, summary


def make_staff(session: Session, keyring: Keyring) -> Staff:
    """Make an agency with one officer and one approver."""
    agency = make_agency(session)
    return Staff(
        agency,
        make_actor(session, keyring, Role.OFFICER, agency=agency),
        make_actor(session, keyring, Role.APPROVER, agency=agency),
    )
