"""Open questions before a draft: written in order, answered as comments, never voted on."""

import pytest
from sqlalchemy.orm import Session

from consultations import clause_voting, commenting, drafting, supporting
from consultations.comment_words import Words
from consultations.drafting import Question
from consultations.drafting.questions import IDEAS
from consultations.models import Choice, Comment, Consultation, DraftState, Kind, Stage
from consultations.queries import catalogue, listening
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from moderation import rules
from tests.consultations.drafts import Desk, imported, preparing, stored
from tests.factories import make_actor

ASKED = (Question("ปัญหาคืออะไร", "What is the problem?"), Question("ควรแก้อย่างไร"))


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    made = preparing(session, keyring)
    made.consultation.kind = Kind.PRINCIPLE
    return made


def write(session: Session, desk: Desk, *asked: Question, takes_ideas: bool = True) -> None:
    drafting.write_questions(
        session,
        desk.staff.officer,
        desk.consultation.id,
        questions=asked,
        takes_ideas=takes_ideas,
    )


def opened(session: Session, desk: Desk) -> Consultation:
    """Publish the questions and open the consultation."""
    write(session, desk, *ASKED)
    draft = drafting.store.working_draft(session, desk.consultation.id)
    assert draft is not None
    draft.state, draft.published_at = DraftState.PUBLISHED, now()
    desk.consultation.stage = Stage.OPEN
    session.flush()
    return desk.consultation


def answer(session: Session, keyring: Keyring, where: Consultation, key: str) -> Comment:
    return commenting.submit(
        session,
        make_actor(session, keyring),
        where.id,
        clause_key=key,
        words=Words(body=f"คำตอบของ {key}"),
        quote=None,
        screen=rules.screen,
    )


def test_questions_stand_in_order_and_can_be_written_anew(session: Session, desk: Desk) -> None:
    write(session, desk, *ASKED)
    write(session, desk, ASKED[1], ASKED[0], takes_ideas=False)
    write(session, desk, *ASKED)
    draft = drafting.store.working_draft(session, desk.consultation.id)
    assert draft is not None
    assert [(each.key, each.body_en) for each in stored(session, draft)][:2] == [
        ("q1", "What is the problem?"),
        ("q2", ""),
    ]
    assert stored(session, draft)[2].key == IDEAS


def test_only_an_officer_asks_and_only_before_there_is_a_draft(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    with pytest.raises(InvalidError, match=r"questions\.none"):
        write(session, desk)
    with pytest.raises(InvalidError, match=r"questions\.too_many"):
        write(session, desk, *(ASKED * 11))
    with pytest.raises(InvalidError, match=r"text\.too_long"):
        write(session, desk, Question("ก" * 501))
    with pytest.raises(NotAllowedError, match="other_agency"):
        drafting.write_questions(
            session,
            make_actor(session, keyring),
            desk.consultation.id,
            questions=ASKED,
            takes_ideas=True,
        )
    imported(session, desk)
    with pytest.raises(ConflictError, match=r"questions\.has_draft"):
        write(session, desk, *ASKED)


def test_answers_are_counted_and_shown_by_question(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    elsewhere = opened(session, preparing(session, keyring))
    answer(session, keyring, elsewhere, "q1")
    where = opened(session, desk)
    first, second = (answer(session, keyring, where, "q1") for _ in range(2))
    answer(session, keyring, where, IDEAS)
    supporter: Actor = make_actor(session, keyring)
    supporting.support(session, supporter, second.reference)
    rows = listening.questions(session, where.id)
    assert [(row.clause.key, row.answers, row.people, row.supports) for row in rows] == [
        ("q1", 2, 2, 1),
        ("q2", 0, 0, 0),
        (IDEAS, 1, 1, 0),
    ]
    assert [each.reference for each in rows[0].most_supported] == [
        second.reference,
        first.reference,
    ]
    overview = catalogue.overview(session, where)
    assert overview.listens
    assert overview.has_asked


def test_nobody_votes_on_a_question(session: Session, keyring: Keyring, desk: Desk) -> None:
    where = opened(session, desk)
    with pytest.raises(NotFoundError, match=r"clause\.unknown"):
        clause_voting.cast(session, make_actor(session, keyring), where.id, 1, "q1", Choice.AGREE)
