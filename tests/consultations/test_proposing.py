"""Statements: one sentence, numbered, not said twice, labelled by origin."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import proposing
from consultations.models import Consultation, ModerationPolicy, Origin, Stage, Visibility
from core.actor import ANONYMOUS, Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from moderation.rules import screen
from tests.factories import make_actor, make_consultation, make_draft, make_statement


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


@pytest.fixture
def officer(session: Session, keyring: Keyring, consultation: Consultation) -> Actor:
    return make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)


def propose(session: Session, actor: Actor, consultation: Consultation, body: str, key: str = ""):
    return proposing.propose(
        session, actor, consultation.id, body=body, clause_key=key, screen=screen
    )


def test_a_proposal_is_labelled_and_can_be_voted_on(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    statement = propose(session, citizen, consultation, "ควรเก็บค่าธรรมเนียม\nน้อยลง")
    assert statement.body == "ควรเก็บค่าธรรมเนียม น้อยลง"
    assert (statement.origin, statement.language) == (Origin.PARTICIPANT, "th")
    assert statement.visibility is Visibility.PUBLISHED
    assert statement.participant_id is not None


def test_statements_are_numbered_in_their_consultation(
    session: Session, keyring: Keyring, consultation: Consultation, citizen: Actor
) -> None:
    other = make_consultation(session, keyring)
    make_statement(session, other, number=40)
    numbers = [propose(session, citizen, consultation, f"ประโยค {n}").number for n in range(3)]
    assert numbers == [1, 2, 3]


def test_the_same_sentence_leads_to_the_one_that_is_there(
    session: Session, consultation: Consultation, citizen: Actor, officer: Actor
) -> None:
    first = propose(session, citizen, consultation, "ให้นํ้าประปาฟรี ๑๐ หน่วย")
    for again in (propose, lambda *args: proposing.seed(*args[:2], args[2].id, body=args[3])):
        actor = citizen if again is propose else officer
        with pytest.raises(proposing.StatementExistsError) as refusal:
            again(session, actor, consultation, "ให้น้ำประปาฟรี  10 หน่วย")
        assert refusal.value.details["reference"] == first.reference


def test_the_same_sentence_elsewhere_does_not_matter(
    session: Session, keyring: Keyring, consultation: Consultation, citizen: Actor
) -> None:
    propose(session, citizen, make_consultation(session, keyring), "เหมือนกัน")
    assert propose(session, citizen, consultation, "เหมือนกัน").number == 1


@pytest.mark.parametrize("visibility", [Visibility.PENDING, Visibility.HELD])
def test_a_sentence_that_waits_is_not_taken_twice(
    session: Session, consultation: Consultation, citizen: Actor, visibility: Visibility
) -> None:
    propose(session, citizen, consultation, "รอก่อน").visibility = visibility
    session.flush()
    with pytest.raises(InvalidError, match=r"statement\.waiting"):
        propose(session, citizen, consultation, "รอก่อน")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Visibility.HIDDEN, Visibility.PENDING),
        (Visibility.WITHDRAWN, Visibility.PUBLISHED),
    ],
)
def test_a_hidden_sentence_does_not_come_back_by_itself(
    session: Session,
    consultation: Consultation,
    citizen: Actor,
    before: Visibility,
    after: Visibility,
) -> None:
    propose(session, citizen, consultation, "ซ้ำอีก").visibility = before
    session.flush()
    assert propose(session, citizen, consultation, "ซ้ำอีก").visibility is after


@pytest.mark.parametrize(
    ("body", "code"), [(" \u200b ", "text.empty"), ("ก" * 301, "text.too_long")]
)
def test_a_statement_is_one_short_sentence(
    session: Session, consultation: Consultation, citizen: Actor, body: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        propose(session, citizen, consultation, body)
    assert (refusal.value.code, refusal.value.field) == (code, "body")


def test_a_statement_of_the_greatest_length_is_taken(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    assert len(propose(session, citizen, consultation, "ก" * 300).body) == 300


def test_a_statement_can_be_about_a_clause_of_the_published_draft(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    make_draft(session, consultation)
    assert propose(session, citizen, consultation, "ก", "s2").clause_key == "s2"
    with pytest.raises(NotFoundError, match=r"clause\.unknown"):
        propose(session, citizen, consultation, "ข", "s3")


def test_a_statement_waits_where_moderators_read_first(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    consultation.moderation_policy = ModerationPolicy.BEFORE
    assert propose(session, citizen, consultation, "ก").visibility is Visibility.PENDING


def test_visitors_and_the_own_agency_cannot_propose(
    session: Session, consultation: Consultation, officer: Actor
) -> None:
    with pytest.raises(NotAllowedError, match=r"participation\.sign_in"):
        propose(session, ANONYMOUS, consultation, "ก")
    with pytest.raises(NotAllowedError, match=r"participation\.own_agency"):
        propose(session, officer, consultation, "ก")


def test_nothing_is_proposed_or_seeded_after_closing(
    session: Session, consultation: Consultation, citizen: Actor, officer: Actor
) -> None:
    with time_machine.travel(now() + timedelta(days=30)):
        with pytest.raises(ConflictError, match=r"consultation\.closed"):
            propose(session, citizen, consultation, "ก")
        with pytest.raises(ConflictError, match=r"consultation\.wrong_stage"):
            proposing.seed(session, officer, consultation.id, body="ก")


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.OPEN])
def test_an_officer_seeds_statements_that_carry_the_agencys_label(
    session: Session, consultation: Consultation, officer: Actor, stage: Stage
) -> None:
    consultation.stage = stage
    statement = proposing.seed(session, officer, consultation.id, body="Keep it", language="en")
    assert (statement.origin, statement.participant_id) == (Origin.AGENCY, None)
    assert (statement.visibility, statement.language) == (Visibility.PUBLISHED, "en")


def test_only_an_officer_of_the_agency_seeds(
    session: Session, keyring: Keyring, consultation: Consultation, citizen: Actor
) -> None:
    stranger = make_actor(
        session, keyring, Role.OFFICER, agency=make_consultation(session, keyring).agency
    )
    for actor in (citizen, stranger):
        with pytest.raises(NotAllowedError, match=r"consultation\.other_agency"):
            proposing.seed(session, actor, consultation.id, body="ก")


def test_the_ledger_holds_no_word_of_a_statement(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    statement = propose(session, citizen, consultation, "ถ้อยคำลับ")
    entry = session.scalars(select(LedgerEntry)).one()
    assert entry.action == "statement.proposed"
    assert statement.reference in entry.content
    assert "ถ้อยคำ" not in entry.content


def test_statements_that_share_words_are_offered_likest_first(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    near = make_statement(session, consultation, body="ควรเปิดห้องสมุดประชาชนวันอาทิตย์")
    nearer = make_statement(session, consultation, body="ควรเปิดห้องสมุดประชาชนทุกวัน")
    make_statement(session, consultation, body="ควรลดภาษีที่ดิน")
    make_statement(
        session, consultation, body="ควรเปิดห้องสมุดประชาชนทุกวันนะ", visibility=Visibility.HIDDEN
    )
    make_statement(session, make_consultation(session, keyring), body="ควรเปิดห้องสมุดประชาชนทุกวัน")
    found = proposing.similar_statements(session, consultation.id, "อยากให้ห้องสมุดประชาชนเปิดทุกวัน")
    assert [each.reference for each in found] == [nearer.reference, near.reference]


@pytest.mark.parametrize("body", ["", "%", "__"])
def test_nothing_is_similar_to_a_text_without_words(
    session: Session, consultation: Consultation, body: str
) -> None:
    make_statement(session, consultation)
    assert proposing.similar_statements(session, consultation.id, body) == []
