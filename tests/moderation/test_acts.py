"""Acts of moderators that take nothing away: claims, labels, groups, escalations, reviews, bulk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Comment, Consultation, DiscussionPlace, Draft, Visibility
from consultations.supporting import support
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.notices import notices_for
from moderation import sampling
from moderation.bulk_deciding import MOST, decide_all
from moderation.claiming import CLAIM_TIME, claim, release
from moderation.deciding import decide
from moderation.escalating import escalate
from moderation.flagging import flag
from moderation.grouping import choose
from moderation.labelling import label
from moderation.models import Claim, Decision, Escalation, GroupChoice, Label, Review
from moderation.redacting import uncover
from moderation.reviewing import ask, give
from tests.factories import (
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)

WORDS = {"rule": "threat", "reason": "ข้อความข่มขู่"}
Act = Callable[[Session, Actor, str], Any]
ACTS: dict[str, Act] = {
    "claim": claim,
    "release": release,
    "label": lambda session, actor, ref: label(session, actor, ref, codes=["question"]),
    "group": lambda session, actor, ref: choose(session, actor, ref, template=""),
    "escalate": lambda session, actor, ref: escalate(session, actor, ref, note="ช่วยดู"),
    "ask": ask,
    "uncover": lambda session, actor, ref: uncover(
        session, actor, ref, reason="ก", expected_revision=1
    ),
}


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


@pytest.fixture
def colleague(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


@pytest.fixture
def draft(session: Session, keyring: Keyring) -> Draft:
    return make_draft(session, make_consultation(session, keyring))


@pytest.fixture
def comment(session: Session, draft: Draft) -> Comment:
    make_comment(session, draft, visibility=Visibility.PENDING)
    return make_comment(session, draft, visibility=Visibility.PENDING)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_acts_in_the_consultation_of_their_own_agency(
    session: Session, keyring: Keyring, act: str
) -> None:
    agency = make_agency(session)
    consultation = make_consultation(session, keyring, agency=agency)
    own = make_comment(session, make_draft(session, consultation))
    for role in (Role.OFFICER, Role.APPROVER):
        insider = make_actor(
            session, keyring, role, Role.MODERATOR, Role.SENIOR_MODERATOR, agency=agency
        )
        with pytest.raises(NotAllowedError, match="own_agency"):
            ACTS[act](session, insider, own.reference)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_moderators_acts(
    session: Session, keyring: Keyring, comment: Comment, act: str
) -> None:
    for role in (Role.PARTICIPANT, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowedError, match="moderators_only"):
            ACTS[act](session, make_actor(session, keyring, role), comment.reference)


def test_a_claim_holds_for_a_while_and_can_be_given_up(
    session: Session, moderator: Actor, colleague: Actor, comment: Comment
) -> None:
    made = claim(session, moderator, comment.reference)
    assert made.expires_at == made.claimed_at + CLAIM_TIME
    with pytest.raises(ConflictError, match=r"claim\.taken"):
        claim(session, colleague, comment.reference)

    release(session, colleague, comment.reference)
    assert session.scalar(select(func.count(Claim.contribution_id))) == 1
    release(session, moderator, comment.reference)
    assert claim(session, colleague, comment.reference).account_id == colleague.account_id


def test_an_expired_claim_is_anybodys_and_a_decision_ends_one(
    session: Session, moderator: Actor, colleague: Actor, comment: Comment
) -> None:
    made = claim(session, moderator, comment.reference)
    made.expires_at = now() - timedelta(seconds=1)
    session.flush()
    assert claim(session, colleague, comment.reference).account_id == colleague.account_id

    decide(session, colleague, comment.reference, kind="publish", expected_revision=1)
    session.expire_all()
    assert session.scalar(select(Claim.contribution_id)) is None


def test_a_claim_does_not_keep_others_from_deciding(
    session: Session, moderator: Actor, colleague: Actor, comment: Comment
) -> None:
    claim(session, moderator, comment.reference)
    decide(session, colleague, comment.reference, kind="publish", expected_revision=1)
    assert comment.visibility is Visibility.PUBLISHED


def test_labels_are_told_to_the_author_and_take_nothing_away(
    session: Session, moderator: Actor, comment: Comment
) -> None:
    label(session, moderator, comment.reference, codes=["organisation", "question"])
    label(session, moderator, comment.reference, codes=["question"])
    label(session, moderator, comment.reference, codes=["question"])

    assert session.scalars(select(Label.code)).all() == ["question"]
    assert (comment.visibility, comment.revision) == (Visibility.PENDING, 1)
    codes = [notice.code for notice in notices_for(session, str(comment.participant_id))]
    assert codes == ["label.changed"] * 2
    with pytest.raises(InvalidError, match=r"label\.unknown"):
        label(session, moderator, comment.reference, codes=["boring"])


def test_grouping_moves_no_support_and_hides_nothing(
    session: Session, keyring: Keyring, moderator: Actor, draft: Draft
) -> None:
    first, second = make_comment(session, draft), make_comment(session, draft)
    for written in (first, second):
        support(session, make_actor(session, keyring), written.reference)

    choose(session, moderator, second.reference, template=first.reference.lower())

    made = session.scalars(select(GroupChoice)).one()
    assert made.template == first.reference
    places = session.scalars(select(DiscussionPlace.supports)).all()
    assert (list(places), second.visibility) == ([1, 1], Visibility.PUBLISHED)
    choose(session, moderator, second.reference, template="")
    assert session.scalars(select(GroupChoice.template)).one() == ""


def test_a_group_is_one_of_the_same_consultation(
    session: Session, keyring: Keyring, moderator: Actor, comment: Comment, draft: Draft
) -> None:
    elsewhere = make_comment(session, make_draft(session, make_consultation(session, keyring)))
    consultation = session.get_one(Consultation, draft.consultation_id)
    statement = make_statement(session, consultation)
    for reference, template, code in (
        (comment.reference, comment.reference, "group.itself"),
        (comment.reference, elsewhere.reference, "group.unknown"),
        (comment.reference, "nonsense", "group.unknown"),
        (statement.reference, comment.reference, "group.comments_only"),
    ):
        with pytest.raises(InvalidError, match=code.replace(".", r"\.")):
            choose(session, moderator, reference, template=template)


def test_what_is_escalated_is_settled_by_the_next_decision(
    session: Session, moderator: Actor, colleague: Actor, comment: Comment
) -> None:
    escalate(session, moderator, comment.reference, note="ไม่แน่ใจ")
    with pytest.raises(ConflictError, match=r"escalation\.exists"):
        escalate(session, colleague, comment.reference, note="เหมือนกัน")

    made = decide(session, colleague, comment.reference, kind="publish", expected_revision=1)
    session.expire_all()

    assert session.scalars(select(Escalation.settled_at)).one() == made.decided_at
    with pytest.raises(InvalidError, match=r"text\.empty"):
        escalate(session, moderator, comment.reference, note=" ")


def test_a_second_opinion_is_put_beside_the_decision_that_follows(
    session: Session, moderator: Actor, colleague: Actor, comment: Comment
) -> None:
    asked = ask(session, moderator, comment.reference)
    with pytest.raises(ConflictError, match=r"review\.exists"):
        ask(session, colleague, comment.reference)
    with pytest.raises(NotAllowedError, match=r"review\.own"):
        give(session, moderator, asked.id, kind="hold", rule="insult")

    given = give(session, colleague, asked.id, kind="hold", rule="insult")
    made = decide(session, moderator, comment.reference, kind="publish", expected_revision=1)
    session.refresh(given)

    assert (given.kind, given.rule, given.decision_id) == ("hold", "insult", made.id)
    assert comment.visibility is Visibility.PUBLISHED
    with pytest.raises(ConflictError, match=r"review\.answered"):
        give(session, colleague, asked.id, kind="hide", rule="threat")


def test_who_took_a_decision_does_not_review_it(
    session: Session, moderator: Actor, colleague: Actor, draft: Draft
) -> None:
    salt = next(n.to_bytes(16, "big") for n in range(999) if drawn(n))
    comment = make_comment(session, draft, visibility=Visibility.PENDING, salt=salt)
    decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    review = session.scalars(select(Review)).one()

    with pytest.raises(NotAllowedError, match=r"review\.own"):
        give(session, moderator, review.id, kind="hide", rule="threat")
    with pytest.raises(InvalidError, match=r"rule\.needed"):
        give(session, colleague, review.id, kind="hide", rule="")
    with pytest.raises(InvalidError, match=r"decision\.kind_unknown"):
        give(session, colleague, review.id, kind="cover", rule="threat")
    assert give(session, colleague, review.id, kind="publish", rule="").rule == ""
    with pytest.raises(NotFoundError, match=r"review\.unknown"):
        give(session, colleague, review.id + 1, kind="publish", rule="")


def drawn(number: int) -> bool:
    return sampling.is_drawn(number.to_bytes(16, "big"), 1)


def test_the_sample_is_about_one_of_twenty_and_always_the_same() -> None:
    first = [drawn(number) for number in range(4000)]
    assert first == [drawn(number) for number in range(4000)]
    assert 0.04 < sum(first) / len(first) < 0.06


def test_several_are_decided_at_once_and_each_that_is_not_says_why(
    session: Session, keyring: Keyring, moderator: Actor, colleague: Actor, draft: Draft
) -> None:
    pending = {"visibility": Visibility.PENDING}
    good, stale, claimed, own = (make_comment(session, draft, **pending) for _ in range(4))
    flagged = make_comment(session, draft)
    flag(session, moderator, flagged.reference, rule="insult")
    claim(session, colleague, claimed.reference)
    seen = {
        good.reference: 1,
        stale.reference: 7,
        claimed.reference: 1,
        flagged.reference: 1,
        "NOWHERE00000": 1,
    }

    outcome = decide_all(session, moderator, seen, kind="hide", **WORDS)

    assert outcome.decided == (good.reference,)
    assert {each.reference: each.code for each in outcome.not_decided} == {
        stale.reference: "contribution.decided_meanwhile",
        claimed.reference: "claim.taken",
        flagged.reference: "decision.own_flag",
        "NOWHERE00000": "contribution.unknown",
    }
    assert session.scalar(select(func.count(Decision.id))) == 1
    assert own.visibility is Visibility.PENDING


@pytest.mark.parametrize(
    ("number", "values", "code"),
    [
        (0, {}, "bulk.nothing"),
        (MOST + 1, {}, "bulk.too_many"),
        (1, {"kind": "cover"}, "decision.kind_unknown"),
        (1, {"rule": ""}, "rule.needed"),
        (1, {"reason": " "}, "text.empty"),
    ],
)
def test_what_does_not_hold_decides_nothing(
    session: Session,
    moderator: Actor,
    comment: Comment,
    number: int,
    values: dict[str, str],
    code: str,
) -> None:
    seen = {comment.reference: 1} | {f"X{n}": 1 for n in range(number - 1)} if number else {}
    with pytest.raises(InvalidError, match=code.replace(".", r"\.")):
        decide_all(session, moderator, seen, **{"kind": "hide", **WORDS, **values})
    assert session.scalar(select(Decision.id)) is None


def test_fifty_flaggers_hide_nothing(session: Session, keyring: Keyring) -> None:
    draft = make_draft(session, make_consultation(session, keyring))
    lawful = make_comment(session, draft, body="ร่างนี้ไม่ดีเลย")
    for _ in range(50):
        flag(session, make_actor(session, keyring), lawful.reference, rule="hate")

    session.refresh(lawful)
    assert (lawful.visibility, lawful.revision) == (Visibility.PUBLISHED, 1)
    assert session.scalar(select(Decision.id)) is None
