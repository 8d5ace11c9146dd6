"""A small conversation with planted opinions: two groups, shared ground, comments on two subjects."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultations import analysing
from consultations.models import (
    AnalysisRun,
    Comment,
    Consultation,
    Draft,
    Participant,
    Stage,
    Stance,
    Statement,
    Vote,
)
from core.accounts.models import Agency
from core.actor import system_actor
from core.clock import now
from core.keyring import Keyring
from tests.factories import (
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
)

PEOPLE = 36
#: What the two groups say to each statement: they share the last two and differ on the others.
CHOICES = ((1, -1), (1, -1), (-1, 1), (1, -1), (-1, 1), (1, -1), (1, 1), (1, 1))
SUBJECTS = (
    "The ferry timetable should have later boats for night workers in the harbour district",
    "Parking fees near the market are too high for small traders and their customers",
)


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
        make_statement(session, consultation, body=f"Statement {n} of the plan", language="en")
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
            body=f"{SUBJECTS[n % 2]}, as I saw myself on {n + 1} days of the past month.",
            language="en",
            stance=Stance.SUPPORT if n % 2 else Stance.OPPOSE,
            participant_id=people[n % PEOPLE].id,
        )
        for n in range(comments)
    ]
    return Planted(consultation, draft, statements, people, written)


def analyse(session: Session, consultation: Consultation) -> AnalysisRun:
    """Run the engine on what is published now, as the worker does."""
    run = analysing.request_run(session, system_actor(), consultation.id)
    outcome = analysing.compute(analysing.load(session, run.id), lambda _step: None)
    return analysing.store(session, run.id, outcome)
