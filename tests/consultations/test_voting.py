"""Votes: one for each person and statement, changed or withdrawn until the closing instant."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import analysing, voting
from consultations.models import (
    Choice,
    Consultation,
    Participant,
    Stage,
    Visibility,
    Vote,
)
from consultations.queries import voting_page
from core.actor import ANONYMOUS, Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.factories import (
    joined,
    make_actor,
    make_consultation,
    make_participant,
    make_statement,
    make_vote,
)


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


def votes(session: Session) -> list[tuple[int, int]]:
    rows = session.execute(select(Vote.statement_id, Vote.choice).order_by(Vote.id))
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize(("name", "number"), [("agree", 1), ("disagree", -1), ("pass", 0)])
def test_each_choice_is_stored_by_its_number(
    session: Session, consultation: Consultation, citizen: Actor, name: str, number: int
) -> None:
    statement = make_statement(session, consultation)
    stored = voting.cast(session, citizen, statement.reference, voting.choice_named(name))
    assert stored == number
    assert votes(session) == [(statement.id, number)]


@pytest.mark.parametrize("name", ["", "AGREE", "1", "abstain"])
def test_anything_else_is_no_choice(name: str) -> None:
    with pytest.raises(InvalidError, match=r"vote\.choice_unknown"):
        voting.choice_named(name)


def test_a_later_vote_replaces_the_earlier_one(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    statement = make_statement(session, consultation)
    for choice in (Choice.AGREE, Choice.DISAGREE, Choice.PASS):
        voting.cast(session, citizen, statement.reference, choice)
    assert votes(session) == [(statement.id, Choice.PASS)]


def test_two_people_have_a_vote_each(
    session: Session, keyring: Keyring, consultation: Consultation, citizen: Actor
) -> None:
    statement = make_statement(session, consultation)
    voting.cast(session, citizen, statement.reference, Choice.AGREE)
    voting.cast(session, make_actor(session, keyring), statement.reference, Choice.DISAGREE)
    assert sorted(choice for _, choice in votes(session)) == [-1, 1]


def test_a_withdrawn_vote_is_gone(
    session: Session, keyring: Keyring, consultation: Consultation, citizen: Actor
) -> None:
    statement = make_statement(session, consultation)
    kept = make_vote(session, statement, make_participant(session, consultation), 1)
    voting.cast(session, citizen, statement.reference, Choice.AGREE)
    assert voting.withdraw(session, citizen, statement.reference)
    assert not voting.withdraw(session, citizen, statement.reference)
    assert not voting.withdraw(session, make_actor(session, keyring), statement.reference)
    assert votes(session) == [(statement.id, kept.choice)]


@pytest.mark.parametrize(
    "visibility", [each for each in Visibility if each is not Visibility.PUBLISHED]
)
def test_a_statement_that_is_not_published_cannot_be_voted_on(
    session: Session, consultation: Consultation, citizen: Actor, visibility: Visibility
) -> None:
    statement = make_statement(session, consultation, visibility=visibility)
    for deed in (
        lambda: voting.cast(session, citizen, statement.reference, Choice.AGREE),
        lambda: voting.withdraw(session, citizen, statement.reference),
    ):
        with pytest.raises(NotFoundError, match=r"statement\.unknown"):
            deed()


def test_an_unknown_or_administrative_statement_cannot_be_voted_on(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    administrative = make_statement(session, consultation, is_meta=True)
    for reference in ("NONE00000000", administrative.reference):
        with pytest.raises(NotFoundError, match=r"statement\.unknown"):
            voting.cast(session, citizen, reference, Choice.AGREE)


def test_votes_count_from_the_opening_instant_to_just_before_the_closing_instant(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    reference = make_statement(session, consultation).reference
    opening, closing = consultation.opens_at, consultation.closes_at
    assert opening is not None
    assert closing is not None
    consultation.stage = Stage.SCHEDULED
    session.flush()
    instant = timedelta(microseconds=1)
    for moment in (opening, closing - instant):
        with time_machine.travel(moment, tick=False):
            voting.cast(session, citizen, reference, Choice.AGREE)
    for moment, code in (
        (opening - instant, "consultation.not_open_yet"),
        (closing, "consultation.closed"),
    ):
        with time_machine.travel(moment, tick=False), pytest.raises(ConflictError, match=code):
            voting.cast(session, citizen, reference, Choice.DISAGREE)
    with time_machine.travel(closing, tick=False), pytest.raises(ConflictError):
        voting.withdraw(session, citizen, reference)
    assert [choice for _, choice in votes(session)] == [Choice.AGREE]


def test_visitors_and_the_own_agency_have_no_vote(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    reference = make_statement(session, consultation).reference
    officer = make_actor(session, keyring, Role.APPROVER, agency=consultation.agency)
    for actor, code in (
        (ANONYMOUS, "participation.sign_in"),
        (officer, "participation.own_agency"),
    ):
        with pytest.raises(NotAllowedError, match=code):
            voting.cast(session, actor, reference, Choice.AGREE)
        with pytest.raises(NotAllowedError, match=code):
            voting.withdraw(session, actor, reference)


def test_no_vote_reaches_the_ledger(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    reference = make_statement(session, consultation).reference
    voting.cast(session, citizen, reference, Choice.AGREE)
    voting.withdraw(session, citizen, reference)
    assert session.scalar(select(func.count(LedgerEntry.id))) == 0


def next_reference(
    session: Session, consultation: Consultation, participant: Participant | None
) -> str | None:
    identity = participant.id if participant else None
    ballot = voting_page.ballot(session, consultation, identity)
    return next(
        iter(ballot.upcoming(analysing.next_statement, identity or "visitor", count=1)), None
    )


def test_the_statement_with_the_fewest_votes_comes_first(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    statements = [make_statement(session, consultation) for _ in range(4)]
    for statement, count in zip(statements, (3, 1, 0, 2), strict=True):
        for _ in range(count):
            make_vote(session, statement, make_participant(session, consultation), 1)
    participant = joined(session, citizen, consultation)
    references = [statement.reference for statement in statements]
    shown = []
    while (reference := next_reference(session, consultation, participant)) is not None:
        shown.append(references.index(reference))
        voting.cast(session, citizen, reference, Choice.PASS)
    assert shown == [2, 1, 3, 0]


def test_after_enough_votes_what_divides_people_most_is_shown_most(
    session: Session, consultation: Consultation
) -> None:
    dull, dividing = (make_statement(session, consultation) for _ in range(2))
    for statement, extremity in ((dull, 0.0), (dividing, 9.0)):
        statement.agrees, statement.disagrees, statement.extremity = 30, 30, extremity
    session.flush()
    people = [make_participant(session, consultation) for _ in range(40)]
    shown = [next_reference(session, consultation, person) for person in people]
    assert shown.count(dividing.reference) > 30


def test_what_is_on_its_way_is_not_shown_again(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    references = {make_statement(session, consultation).reference for _ in range(3)}
    ballot = voting_page.ballot(session, consultation, joined(session, citizen, consultation).id)
    first, second = ballot.upcoming(analysing.next_statement, "me", count=2)
    rest = ballot.upcoming(analysing.next_statement, "me", besides=[first, second], count=2)
    assert {first, second, *rest} == references
    assert len(rest) == 1


def test_only_what_can_be_voted_on_is_shown(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    make_statement(session, make_consultation(session, keyring))
    make_statement(session, consultation, visibility=Visibility.HIDDEN)
    make_statement(session, consultation, is_meta=True)
    assert next_reference(session, consultation, None) is None
    assert voting_page.ballot(session, consultation, None).total == 0


def test_equal_statements_come_in_an_order_of_each_participants_own(
    session: Session, consultation: Consultation
) -> None:
    for _ in range(8):
        make_statement(session, consultation)
    people = [make_participant(session, consultation) for _ in range(12)]
    first = [next_reference(session, consultation, each) for each in people]
    again = [next_reference(session, consultation, each) for each in people]
    assert first == again
    assert len(set(first)) > 1


def test_progress_counts_votes_on_what_can_be_voted_on(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    statements = [make_statement(session, consultation) for _ in range(3)]
    participant = joined(session, citizen, consultation)
    for statement in statements[:2]:
        make_vote(session, statement, participant, 0)
    make_vote(session, statements[2], make_participant(session, consultation), 1)
    ballot = voting_page.ballot(session, consultation, participant.id)
    assert (len(ballot.voted), ballot.total) == (2, 3)
    statements[0].visibility = Visibility.HIDDEN
    session.flush()
    ballot = voting_page.ballot(session, consultation, participant.id)
    assert (len(ballot.voted), ballot.total) == (1, 2)


def test_a_vote_keeps_the_day_in_bangkok_and_no_more(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    reference = make_statement(session, consultation).reference
    evening = (now() + timedelta(days=1)).replace(hour=20, minute=0)
    with time_machine.travel(evening, tick=False):
        voting.cast(session, citizen, reference, Choice.AGREE)
    vote = session.scalars(select(Vote)).one()
    assert vote.voted_on == (evening + timedelta(days=1)).date()
