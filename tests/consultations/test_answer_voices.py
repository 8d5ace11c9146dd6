"""What people say to an answer about their own words: one reply, and ratings told in sum."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import answer_replying, erasing, rating
from consultations.models import (
    AnswerReply,
    ModerationPolicy,
    OfficialResponse,
    ResponseRating,
    ResponseState,
    Stage,
    ThemeComment,
    Visibility,
)
from consultations.queries import answer_voices, own_answer, own_data, receipts, trail
from consultations.rating import Rating
from core.actor import Actor, Role
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from moderation import deciding, rules
from tests.consultations.drafts import Desk, answering
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import joined, make_actor, make_comment, make_draft

YES = Rating(understood=True, reasoned=True, agrees=False)


@dataclass(frozen=True)
class Answered:
    """A published answer to a theme, and those whose comments the theme holds."""

    desk: Desk
    response: OfficialResponse
    people: list[Actor]


@pytest.fixture
def answered(session: Session, keyring: Keyring) -> Answered:
    desk = answering(session, keyring)
    draft = make_draft(session, desk.consultation, number=3)
    _, _, [theme] = make_summary(session, desk.consultation, themes=1)
    people = [make_actor(session, keyring) for _ in range(6)]
    desk.consultation.stage = Stage.OPEN
    for actor in people:
        author = joined(session, actor, desk.consultation)
        comment = make_comment(session, draft, participant_id=author.id)
        session.add(ThemeComment(theme_id=theme.id, comment_id=comment.id))
    make_comment(session, draft)
    desk.consultation.stage = Stage.ANSWERING
    response = make_response(session, desk.consultation, theme)
    return Answered(desk, response, people)


def reply(session: Session, answered: Answered, who: Actor, body: str) -> AnswerReply:
    return answer_replying.reply(session, who, answered.response.id, body=body, screen=rules.screen)


def test_an_author_replies_once_with_a_receipt(session: Session, answered: Answered) -> None:
    made = reply(session, answered, answered.people[0], "ยังไม่ได้ตอบเรื่องค่าใช้จ่าย")
    assert made.visibility is Visibility.PUBLISHED
    with pytest.raises(ConflictError, match=r"response\.replied"):
        reply(session, answered, answered.people[0], "อีกครั้ง")
    [row] = answer_voices.replies(session, answered.response.id)
    assert (row.reference, row.body) == (made.reference, made.body)
    receipt = receipts.receipt(session, made.reference)
    assert [entry.action for entry in receipt.entries] == ["answer_reply.submitted"]
    assert receipt.is_intact
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "answer_reply.submitted")
    ).one()
    assert made.body not in entry.content


def test_a_withdrawn_reply_is_not_replaced(session: Session, answered: Answered) -> None:
    author, other = answered.people[:2]
    made = reply(session, answered, author, "ยังไม่ได้ตอบ")
    with pytest.raises(NotFoundError, match="unknown"):
        answer_replying.withdraw(session, other, made.reference)
    answer_replying.withdraw(session, author, made.reference)
    assert answer_voices.replies(session, answered.response.id) == []
    with pytest.raises(ConflictError, match=r"response\.replied"):
        reply(session, answered, author, "อีกครั้ง")


def test_a_reply_is_screened_and_moderated_like_every_contribution(
    session: Session, keyring: Keyring, answered: Answered
) -> None:
    answered.desk.consultation.moderation_policy = ModerationPolicy.BEFORE
    made = reply(session, answered, answered.people[0], "ยังไม่ได้ตอบ")
    assert made.visibility is Visibility.PENDING
    assert answer_voices.reply_counts(session, [answered.response.id]) == {}
    moderator = make_actor(session, keyring, Role.MODERATOR)
    deciding.decide(session, moderator, made.reference, kind="publish", expected_revision=1)
    assert answer_voices.reply_counts(session, [answered.response.id]) == {answered.response.id: 1}


def test_only_those_whose_words_are_answered_reply_and_rate(
    session: Session, keyring: Keyring, answered: Answered
) -> None:
    stranger, desk = make_actor(session, keyring), answered.desk
    for who, code in ((stranger, "not_yours"), (desk.staff.officer, "own_agency")):
        with pytest.raises(NotAllowedError, match=code):
            reply(session, answered, who, "ยังไม่ได้ตอบ")
        with pytest.raises(NotAllowedError, match=code):
            rating.rate(session, who, answered.response.id, YES)
    answered.response.state = ResponseState.APPROVED
    with pytest.raises(NotFoundError, match=r"response\.unknown"):
        rating.rate(session, answered.people[0], answered.response.id, YES)
    answered.response.state = ResponseState.PUBLISHED
    desk.consultation.stage = Stage.ARCHIVED
    with pytest.raises(ConflictError, match="wrong_stage"):
        rating.rate(session, answered.people[0], answered.response.id, YES)


def test_ratings_are_told_in_sum_from_five_people_with_intervals(
    session: Session, answered: Answered
) -> None:
    number = answered.response.id
    for actor in answered.people[:4]:
        rating.rate(session, actor, number, YES)
    rating.rate(session, answered.people[0], number, Rating(False, True, False))
    assert answer_voices.ratings(session, [number]) == {}
    rating.rate(session, answered.people[4], number, YES)
    told = answer_voices.ratings(session, [number])[number]
    understood = told.shares["understood"]
    assert told.total == 5
    assert (understood.share, told.shares["agrees"].share) == (0.8, 0.0)
    assert understood.low is not None
    assert understood.low < 0.8 < (understood.high or 0)
    rating.rate(session, answered.people[0], number, None)
    assert answer_voices.ratings(session, [number]) == {}
    rated = session.scalars(select(LedgerEntry.action)).all()
    assert not any("rat" in action.split(".")[0] for action in rated)


def test_ones_own_data_hold_reply_and_rating_and_erasing_takes_them_away(
    session: Session, answered: Answered
) -> None:
    who, consultation = answered.people[0], answered.desk.consultation
    made = reply(session, answered, who, "ยังไม่ได้ตอบ")
    rating.rate(session, who, answered.response.id, YES)
    assert made.participant_id is not None
    person = made.participant_id
    [place] = own_data.own_data(session, {consultation.id: person})
    assert [each["agree"] for each in place["ratings_of_answers"]] == [False]
    assert {each["kind"] for each in place["contributions"]} == {"comment", "answer_reply"}
    assert {t.contribution.kind for t in trail.traces_of(session, consultation, person)} == {
        "comment",
        "answer_reply",
    }
    voice = own_answer.own_voice(session, person, answered.response.id)
    assert voice.rating is not None
    erasing.erase_everything(session, who)
    session.expire_all()
    assert session.scalars(select(ResponseRating)).all() == []
    assert made.body == ""
    assert answer_voices.replies(session, answered.response.id) == []
