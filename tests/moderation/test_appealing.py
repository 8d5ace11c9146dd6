import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Comment, Consultation, DiscussionPlace, Stage, Visibility
from consultations.queries.receipts import receipt
from consultations.supporting import support
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.notices import notices_for
from moderation.appealing import answer, appeal
from moderation.deciding import decide
from moderation.flagging import flag
from moderation.models import Appeal, AppealOutcome, Decision
from moderation.redacting import cover
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
)

WORDS = {"rule": "threat", "reason": "ข้อความข่มขู่"}


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def author(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


@pytest.fixture
def senior(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.SENIOR_MODERATOR)


@pytest.fixture
def comment(session: Session, consultation: Consultation, author: Actor) -> Comment:
    draft = make_draft(session, consultation)
    participant = joined(session, author, consultation)
    return make_comment(
        session, draft, participant_id=participant.id, body="โทรหาผมที่ 081-234-5678 ได้เลย"
    )


@pytest.fixture
def hidden(session: Session, moderator: Actor, comment: Comment) -> Comment:
    """A comment that a moderator has hidden."""
    decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    return comment


def actions(session: Session, comment: Comment) -> list[str]:
    rows = session.scalars(
        select(LedgerEntry.action)
        .where(LedgerEntry.subject == comment.reference)
        .order_by(LedgerEntry.id)
    )
    return list(rows)


@pytest.mark.parametrize("kind", ["hold", "hide"])
def test_an_author_appeals_and_is_answered_within_seven_days(
    session: Session, author: Actor, moderator: Actor, comment: Comment, kind: str
) -> None:
    decide(session, moderator, comment.reference, kind=kind, **WORDS, expected_revision=1)

    made = appeal(session, author, comment.reference, words="เป็นความเห็นโดยสุจริต")

    assert made.due_at == made.appealed_at + timedelta(days=7)
    assert made.outcome is None
    assert actions(session, comment)[-1] == "appeal.made"


def test_an_appeal_is_possible_once(session: Session, author: Actor, hidden: Comment) -> None:
    appeal(session, author, hidden.reference, words="ขออุทธรณ์")

    with pytest.raises(ConflictError, match=r"appeal\.exists"):
        appeal(session, author, hidden.reference, words="ขออุทธรณ์อีก")


def test_another_decision_can_be_appealed_again(
    session: Session, author: Actor, moderator: Actor, senior: Actor, hidden: Comment
) -> None:
    first = appeal(session, author, hidden.reference, words="ขออุทธรณ์")
    answer(session, senior, first.id, outcome="reversed", reply="ไม่ผิดกติกา")
    decide(session, moderator, hidden.reference, kind="hold", **WORDS, expected_revision=3)

    assert appeal(session, author, hidden.reference, words="ขออุทธรณ์").id != first.id


def test_it_is_still_possible_after_the_consultation_closed_but_not_after_thirty_days(
    session: Session, consultation: Consultation, author: Actor, hidden: Comment
) -> None:
    consultation.stage = Stage.CONCLUDED
    decision = session.scalars(select(Decision)).one()
    decision.decided_at = now() - timedelta(days=30, minutes=1)
    session.flush()
    with pytest.raises(ConflictError, match=r"appeal\.too_late"):
        appeal(session, author, hidden.reference, words="ขออุทธรณ์")

    decision.decided_at = now() - timedelta(days=29, hours=23)
    session.flush()
    assert appeal(session, author, hidden.reference, words="ขออุทธรณ์").decided_at is None


def test_only_the_author_appeals(
    session: Session, keyring: Keyring, moderator: Actor, hidden: Comment
) -> None:
    for other in (make_actor(session, keyring), moderator):
        with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
            appeal(session, other, hidden.reference, words="ขออุทธรณ์")


def test_what_nobody_took_away_needs_no_appeal(
    session: Session, author: Actor, comment: Comment
) -> None:
    with pytest.raises(ConflictError, match=r"appeal\.nothing"):
        appeal(session, author, comment.reference, words="ขออุทธรณ์")


@pytest.mark.parametrize("words", ["", " \u200b", "ก" * 2001])
def test_an_appeal_needs_words(
    session: Session, author: Actor, hidden: Comment, words: str
) -> None:
    with pytest.raises(InvalidError):
        appeal(session, author, hidden.reference, words=words)


def test_a_reversal_gives_back_place_supports_and_receipt(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    author: Actor,
    moderator: Actor,
    senior: Actor,
    comment: Comment,
) -> None:
    support(session, make_actor(session, keyring), comment.reference)
    before = receipt(session, comment.reference).is_intact
    decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    made = appeal(session, author, comment.reference, words="ขออุทธรณ์")

    answer(session, senior, made.id, outcome="reversed", reply="คำนี้ไม่ใช่คำขู่")

    place = session.get_one(DiscussionPlace, comment.id, populate_existing=True)
    assert (comment.visibility, place.visibility) == (Visibility.PUBLISHED, Visibility.PUBLISHED)
    assert place.supports == 1
    assert receipt(session, comment.reference).is_intact is before
    assert actions(session, comment)[-3:] == [
        "appeal.made",
        "contribution.decided",
        "appeal.decided",
    ]


def test_what_its_author_wants_only_counted_is_not_published_by_a_reversal(
    session: Session, author: Actor, moderator: Actor, senior: Actor, comment: Comment
) -> None:
    comment.audience = type(comment.audience)("counted")
    comment.visibility = Visibility.COUNTED
    decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    made = appeal(session, author, comment.reference, words="ขออุทธรณ์")

    answer(session, senior, made.id, outcome="reversed", reply="ไม่ผิดกติกา")

    assert comment.visibility is Visibility.COUNTED


def test_an_upheld_decision_stands(
    session: Session, author: Actor, senior: Actor, hidden: Comment
) -> None:
    made = appeal(session, author, hidden.reference, words="ขออุทธรณ์")

    answer(session, senior, made.id, outcome="upheld", reply="เป็นคำขู่จริง")

    assert hidden.visibility is Visibility.HIDDEN
    assert made.outcome is AppealOutcome.UPHELD
    with pytest.raises(ConflictError, match=r"appeal\.answered"):
        answer(session, senior, made.id, outcome="reversed", reply="เปลี่ยนใจ")


@pytest.mark.parametrize("outcome", ["upheld", "reversed"])
def test_author_and_flaggers_hear_of_the_answer(
    session: Session,
    keyring: Keyring,
    author: Actor,
    moderator: Actor,
    senior: Actor,
    comment: Comment,
    outcome: str,
) -> None:
    flagger = flag(session, make_actor(session, keyring), comment.reference, rule="threat")
    decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    made = appeal(session, author, comment.reference, words="ขออุทธรณ์")

    answer(session, senior, made.id, outcome=outcome, reply="คำตอบ")

    newest = notices_for(session, str(comment.participant_id))[0]
    assert newest.code == f"appeal.{outcome}"
    assert newest.details == {
        "reference": comment.reference,
        "rule": "threat",
        "reply": "คำตอบ",
    }
    heard = notices_for(session, flagger.participant_id)[0]
    assert heard.code == f"appeal.flagged_{outcome}"


def test_covered_words_are_shown_again_by_a_reversal(
    session: Session, author: Actor, moderator: Actor, senior: Actor, comment: Comment
) -> None:
    written = comment.body
    cover(
        session,
        moderator,
        comment.reference,
        passages="081-234-5678",
        rule="personal_data",
        reason="เป็นหมายเลขโทรศัพท์",
        expected_revision=1,
    )
    made = appeal(session, author, comment.reference, words="เป็นเบอร์ของสำนักงาน")

    answer(session, senior, made.id, outcome="reversed", reply="เป็นเบอร์ของหน่วยงานจริง")

    assert comment.body == written
    assert comment.visibility is Visibility.PUBLISHED


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("moderator", "appeal.senior_only"),
        ("decider", "appeal.own_decision"),
        ("author", "decision.own_contribution"),
        ("flagger", "decision.own_flag"),
        ("insider", "decision.own_agency"),
        ("participant", "decision.moderators_only"),
        ("administrator", "decision.moderators_only"),
    ],
)
def test_who_is_a_party_does_not_answer(
    session: Session, keyring: Keyring, who: str, code: str
) -> None:
    agency = make_agency(session)
    consultation = make_consultation(session, keyring, agency=agency)
    roles = {
        "moderator": (Role.MODERATOR,),
        "participant": (),
        "administrator": (Role.ADMINISTRATOR,),
        "insider": (Role.SENIOR_MODERATOR, Role.OFFICER),
    }.get(who, (Role.SENIOR_MODERATOR,))
    actor = make_actor(session, keyring, *roles, agency=agency if who == "insider" else None)
    writer = actor if who == "author" else make_actor(session, keyring)
    decider = actor if who == "decider" else make_actor(session, keyring, Role.MODERATOR)
    comment = make_comment(
        session,
        make_draft(session, consultation),
        participant_id=joined(session, writer, consultation).id,
    )
    if who == "flagger":
        flag(session, actor, comment.reference, rule="threat")
    decide(session, decider, comment.reference, kind="hide", **WORDS, expected_revision=1)
    made = appeal(session, writer, comment.reference, words="ขออุทธรณ์")

    with pytest.raises(NotAllowedError, match=code.replace(".", r"\.")):
        answer(session, actor, made.id, outcome="reversed", reply="คำตอบ")
    assert session.get_one(Appeal, made.id).decided_at is None


def test_nobody_else_decides_while_an_appeal_is_open(
    session: Session, author: Actor, moderator: Actor, hidden: Comment
) -> None:
    appeal(session, author, hidden.reference, words="ขออุทธรณ์")

    with pytest.raises(ConflictError, match=r"appeal\.open"):
        decide(session, moderator, hidden.reference, kind="publish", expected_revision=2)


def test_a_reversal_brings_back_nothing_that_its_author_has_withdrawn(
    session: Session, author: Actor, senior: Actor, hidden: Comment
) -> None:
    made = appeal(session, author, hidden.reference, words="ขออุทธรณ์")
    hidden.visibility = Visibility.WITHDRAWN
    session.flush()

    answer(session, senior, made.id, outcome="reversed", reply="ไม่ผิดกติกา")

    assert hidden.visibility is Visibility.WITHDRAWN


def test_what_does_not_hold_is_refused(
    session: Session, author: Actor, senior: Actor, hidden: Comment
) -> None:
    made = appeal(session, author, hidden.reference, words="ขออุทธรณ์")
    with pytest.raises(InvalidError, match=r"appeal\.outcome_unknown"):
        answer(session, senior, made.id, outcome="maybe", reply="คำตอบ")
    with pytest.raises(InvalidError, match=r"text\.empty"):
        answer(session, senior, made.id, outcome="upheld", reply=" ")
    with pytest.raises(NotFoundError, match=r"appeal\.unknown"):
        answer(session, senior, made.id + 1, outcome="upheld", reply="คำตอบ")


def test_the_ledger_holds_no_word_of_an_appeal(
    session: Session, author: Actor, senior: Actor, hidden: Comment
) -> None:
    made = appeal(session, author, hidden.reference, words="ถ้อยคำของผู้อุทธรณ์")
    answer(session, senior, made.id, outcome="upheld", reply="ถ้อยคำของผู้ตอบ")

    contents = session.scalars(select(LedgerEntry.content).order_by(LedgerEntry.id)).all()
    assert not any("ถ้อยคำ" in content for content in contents)
    assert json.loads(contents[-1])["detail"]["outcome"] == "upheld"
