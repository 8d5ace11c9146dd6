"""Replies: under the rules of comments, labelled where an office speaks, one level deep."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import replying
from consultations.models import (
    Comment,
    Consultation,
    DiscussionPlace,
    Disposition,
    Ground,
    ModerationPolicy,
    OfficialResponse,
    Origin,
    Reply,
    ResponseState,
    Stage,
    Visibility,
    places,
)
from consultations.queries import threads
from core.actor import ANONYMOUS, Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.notices import notices_for
from moderation import deciding, flagging
from moderation.rules import screen
from tests.consultations.test_voting_races import together
from tests.factories import joined, make_actor, make_comment, make_consultation, make_draft


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def comment(session: Session, consultation: Consultation) -> Comment:
    return make_comment(session, make_draft(session, consultation))


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


def place_of(session: Session, comment: Comment) -> DiscussionPlace:
    return session.get_one(DiscussionPlace, comment.id, populate_existing=True)


def say(session: Session, actor: Actor, comment: Comment, body: str = "ใช่เลย") -> Reply:
    return replying.reply(session, actor, comment.reference, body=body, screen=screen)


def test_a_reply_is_published_counted_recorded_and_told_to_the_author(
    session: Session, comment: Comment, citizen: Actor
) -> None:
    made = say(session, citizen, comment, "  ผมเห็น\u200bเหมือนกัน ")
    assert made.visibility is Visibility.PUBLISHED
    assert made.origin is Origin.PARTICIPANT
    assert (place_of(session, comment).replies, place_of(session, comment).answers) == (1, 0)
    entry = session.scalars(select(LedgerEntry)).one()
    assert entry.action == "reply.submitted"
    assert "เหมือนกัน" not in entry.content
    [notice] = notices_for(session, comment.participant_id or "")
    assert (notice.code, notice.details) == ("reply.published", {"reference": comment.reference})


@pytest.mark.parametrize(
    ("role", "origin", "answers"),
    [(Role.OFFICER, Origin.AGENCY, 1), (Role.FACILITATOR, Origin.FACILITATOR, 0)],
)
def test_an_office_is_labelled_and_has_no_participant(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    comment: Comment,
    role: Role,
    origin: Origin,
    answers: int,
) -> None:
    agency = consultation.agency if role is Role.OFFICER else None
    made = say(session, make_actor(session, keyring, role, agency=agency), comment)
    assert (made.origin, made.participant_id) == (origin, None)
    assert place_of(session, comment).answers == answers
    [thread] = threads.threads(session, [comment.id], None)
    assert [(each.origin, each.author) for each in thread.replies] == [(origin, "")]


def test_staff_of_another_agency_speak_for_themselves(
    session: Session, keyring: Keyring, comment: Comment
) -> None:
    other = make_consultation(session, keyring).agency
    made = say(session, make_actor(session, keyring, Role.OFFICER, agency=other), comment)
    assert made.origin is Origin.PARTICIPANT


def test_an_office_may_still_speak_after_closing_and_nobody_else(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    comment: Comment,
    citizen: Actor,
) -> None:
    officer = make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)
    own = say(session, citizen, comment, "ก่อนปิด")
    consultation.closes_at = now() - timedelta(seconds=1)
    session.flush()
    with pytest.raises(ConflictError, match=r"consultation\.closed"):
        say(session, citizen, comment)
    with pytest.raises(ConflictError, match=r"consultation\.closed"):
        replying.withdraw(session, citizen, own.reference)
    assert say(session, officer, comment).visibility is Visibility.PUBLISHED
    consultation.stage = Stage.ARCHIVED
    session.flush()
    with pytest.raises(ConflictError, match=r"consultation\.wrong_stage"):
        say(session, officer, comment, "อีกครั้ง")


def test_the_rules_of_comments_hold(
    session: Session, consultation: Consultation, comment: Comment, citizen: Actor
) -> None:
    consultation.moderation_policy = ModerationPolicy.BEFORE
    session.flush()
    assert say(session, citizen, comment).visibility is Visibility.PENDING
    assert place_of(session, comment).replies == 0
    with pytest.raises(InvalidError, match=r"reply\.repeated"):
        say(session, citizen, comment)
    with pytest.raises(InvalidError, match=r"text\.too_long"):
        say(session, citizen, comment, "ก" * (replying.REPLY_LENGTH + 1))
    with pytest.raises(NotAllowedError, match=r"participation\.sign_in"):
        say(session, ANONYMOUS, comment)
    comment.visibility = Visibility.HIDDEN
    session.flush()
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        say(session, citizen, comment, "อื่น")


def test_nobody_replies_to_a_reply(session: Session, comment: Comment, citizen: Actor) -> None:
    made = say(session, citizen, comment)
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        replying.reply(session, citizen, made.reference, body="ซ้อน", screen=screen)


def test_a_withdrawn_reply_leaves_a_stub_without_words(
    session: Session, keyring: Keyring, comment: Comment, citizen: Actor
) -> None:
    made = say(session, citizen, comment, "คำที่ถอน")
    with pytest.raises(NotFoundError):
        replying.withdraw(session, make_actor(session, keyring), made.reference)
    replying.withdraw(session, citizen, made.reference)
    with pytest.raises(ConflictError, match=r"comment\.settled"):
        replying.withdraw(session, citizen, made.reference)
    assert place_of(session, comment).replies == 0
    [thread] = threads.threads(session, [comment.id], None)
    [stub] = thread.replies
    assert (stub.body, stub.author, stub.visibility) == ("", "", Visibility.WITHDRAWN)


def test_a_moderator_hides_a_reply_and_brings_it_back(
    session: Session, keyring: Keyring, consultation: Consultation, comment: Comment, citizen: Actor
) -> None:
    officer = make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)
    made, moderator = say(session, officer, comment), make_actor(session, keyring, Role.MODERATOR)
    flagging.flag(session, citizen, made.reference, rule="insult")
    session.expire_all()
    for kind, replies in (("hide", 0), ("publish", 1)):
        row = session.get_one(Reply, made.id)
        deciding.decide(
            session,
            moderator,
            made.reference,
            kind=kind,
            rule="threat",
            reason="เหตุผล",
            expected_revision=row.revision,
        )
        place = place_of(session, comment)
        assert (place.replies, place.answers) == (replies, replies)


def test_a_published_response_counts_as_an_answer(
    session: Session, consultation: Consultation, comment: Comment
) -> None:
    response = OfficialResponse(
        consultation_id=consultation.id,
        comment_id=comment.id,
        disposition=Disposition.ACCEPTED,
        ground=Ground.LAW,
        reason_th="ตามกฎหมาย",
        state=ResponseState.WORKING,
        drafted_at=now(),
    )
    session.add(response)
    for state, answers in ((ResponseState.WORKING, 0), (ResponseState.PUBLISHED, 1)):
        response.state = state
        places.recount_all(session, consultation.id)
        assert place_of(session, comment).answers == answers


def test_a_place_made_anew_is_the_place_that_was_kept(
    session: Session, consultation: Consultation, comment: Comment, citizen: Actor
) -> None:
    say(session, citizen, comment)
    make_comment(session, make_draft(session, consultation, number=2), clause_key="s2")
    columns = DiscussionPlace.metadata.tables["discussion_place"].select()
    before = session.execute(columns.order_by("comment_id")).all()
    places.rebuild(session, consultation.id)
    assert session.execute(columns.order_by("comment_id")).all() == before


def test_replies_at_once_are_all_counted(fresh_session: Session, keyring: Keyring) -> None:
    session = fresh_session
    consultation = make_consultation(session, keyring)
    comment = make_comment(session, make_draft(session, consultation))
    people = [make_actor(session, keyring) for _ in range(6)]
    for actor in people:
        joined(session, actor, consultation)
    session.commit()
    together(session, [lambda own, actor=actor: say(own, actor, comment) for actor in people])
    assert place_of(session, comment).replies == 6
