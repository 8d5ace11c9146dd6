"""Votes on clauses: one for each person and each wording, changeable until the deadline."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import clause_voting
from consultations.models import Choice, Clause, ClauseVote, Consultation, Draft, Stage
from consultations.queries.margins import margins
from core.actor import ANONYMOUS, Actor, Role
from core.clock import now
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_consultation,
    make_draft,
)


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    noise = make_draft(session, make_consultation_beside(session, consultation))
    session.add(noise)
    return make_draft(session, consultation)


def make_consultation_beside(session: Session, consultation: Consultation) -> Consultation:
    """Another consultation with clauses of the same keys."""
    other = Consultation(
        **{
            column.key: getattr(consultation, column.key)
            for column in Consultation.__table__.columns
            if column.key not in ("id", "slug")
        },
        slug="beside",
    )
    session.add(other)
    session.flush()
    return other


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


def clauses_of(session: Session, draft: Draft) -> list[Clause]:
    found = select(Clause).where(Clause.draft_id == draft.id).order_by(Clause.position)
    return list(session.scalars(found))


def stored(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(
        select(Clause.key, ClauseVote.choice)
        .join(Clause, Clause.id == ClauseVote.clause_id)
        .order_by(ClauseVote.id)
    )
    return [(key, choice) for key, choice in rows]


def test_the_last_vote_counts_and_stays_one_row(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    for choice in (Choice.AGREE, Choice.PASS, Choice.DISAGREE):
        assert clause_voting.cast(session, citizen, consultation.id, 1, "s1", choice) is choice
    assert stored(session) == [("s1", -1)]


def test_each_clause_has_its_own_tally(
    session: Session, consultation: Consultation, draft: Draft, keyring: Keyring
) -> None:
    for choice in (Choice.AGREE, Choice.AGREE, Choice.DISAGREE, Choice.PASS):
        voter = make_actor(session, keyring)
        clause_voting.cast(session, voter, consultation.id, 1, "s2", choice)
    beside = margins(session, consultation.id, clauses_of(session, draft))
    assert vars(beside["s2"].tally) == {"agree": 2, "disagree": 1, "unsure": 1}
    assert beside["s1"].tally.total == 0


def test_a_vote_can_be_withdrawn_and_given_again(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    where = (consultation.id, 1, "s1")
    assert not clause_voting.withdraw(session, citizen, *where)
    clause_voting.cast(session, citizen, *where, Choice.AGREE)
    assert clause_voting.withdraw(session, citizen, *where)
    assert not clause_voting.withdraw(session, citizen, *where)
    assert stored(session) == []
    clause_voting.cast(session, citizen, *where, Choice.PASS)
    assert stored(session) == [("s1", 0)]


def test_a_vote_stays_with_the_words_that_it_was_given_on(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    for key in ("s1", "s2"):
        clause_voting.cast(session, citizen, consultation.id, 1, key, Choice.AGREE)
    second = make_draft(
        session, consultation, ["ให้มีคณะกรรมการสองคณะ", "คณะกรรมการประชุมทุกเดือน"], number=2
    )
    own = joined(session, citizen, consultation).id
    beside = margins(session, consultation.id, clauses_of(session, second), own)
    assert [beside[key].tally.total for key in ("s1", "s2")] == [0, 0]
    assert [beside[key].own for key in ("s1", "s2")] == [None, None]
    earlier = [beside[key].earlier for key in ("s1", "s2")]
    assert [(vote.draft_number, vote.is_changed) for vote in earlier if vote] == [
        (1, True),
        (1, False),
    ]
    with pytest.raises(ConflictError) as refused:
        clause_voting.cast(session, citizen, consultation.id, 1, "s1", Choice.AGREE)
    assert refused.value.code == "clause.newer_draft"
    clause_voting.cast(session, citizen, consultation.id, 2, "s1", Choice.DISAGREE)
    now_beside = margins(session, consultation.id, clauses_of(session, second), own)["s1"]
    assert (now_beside.own, now_beside.earlier) == (Choice.DISAGREE, None)
    assert margins(session, consultation.id, clauses_of(session, draft))["s1"].tally.agree == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"closes_at": timedelta(seconds=-1)}, "consultation.closed"),
        ({"stage": Stage.CLOSED}, "consultation.closed"),
        ({"stage": Stage.SCHEDULED, "opens_at": timedelta(days=1)}, "consultation.not_open_yet"),
    ],
)
def test_votes_are_taken_only_while_it_is_open(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    citizen: Actor,
    change: dict[str, object],
    code: str,
) -> None:
    for name, value in change.items():
        is_time = isinstance(value, timedelta)
        setattr(consultation, name, now() + value if is_time else value)
    session.flush()
    for deed in (
        lambda: clause_voting.cast(session, citizen, consultation.id, 1, "s1", Choice.AGREE),
        lambda: clause_voting.withdraw(session, citizen, consultation.id, 1, "s1"),
    ):
        with pytest.raises(ConflictError) as refused:
            deed()
        assert refused.value.code == code
    assert stored(session) == []


def test_what_cannot_be_voted_on_is_unknown(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    session.add(Clause(draft_id=draft.id, key="c1", position=9, kind="chapter", heading="หมวด"))
    session.flush()
    for number, key in ((1, "c1"), (1, "nowhere"), (7, "s1")):
        with pytest.raises(NotFoundError):
            clause_voting.cast(session, citizen, consultation.id, number, key, Choice.AGREE)


def test_visitors_and_the_agencys_own_people_cannot_vote(
    session: Session, draft: Draft, consultation: Consultation, keyring: Keyring
) -> None:
    agency = make_agency(session)
    consultation.agency_id = agency.id
    officer = make_actor(session, keyring, Role.OFFICER, agency=agency)
    for actor in (ANONYMOUS, officer):
        with pytest.raises(NotAllowedError):
            clause_voting.cast(session, actor, consultation.id, 1, "s1", Choice.AGREE)


def test_no_vote_is_written_to_the_ledger(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    clause_voting.cast(session, citizen, consultation.id, 1, "s1", Choice.AGREE)
    assert session.scalars(select(LedgerEntry)).all() == []
