import pytest
from sqlalchemy.orm import Session

from consultations.models import Consultation, ContributionRevision, Draft, DraftState, Visibility
from core.actor import Actor, Role
from core.clock import now
from core.errors import NotAllowedError, NotFoundError
from core.keyring import Keyring
from moderation.deciding import decide
from moderation.flagging import flag
from moderation.models import DecisionKind
from moderation.queries.item import EQUAL_SHOWN, load
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
)
from tests.queries import count_queries


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    return make_draft(session, consultation, ["ข้อความของมาตราแรก", "มาตราสอง"])


def test_a_comment_comes_with_the_clause_its_author_saw(
    session: Session, moderator: Actor, consultation: Consultation, draft: Draft
) -> None:
    make_draft(session, consultation, ["ข้อความใหม่"], number=2)
    comment = make_comment(session, draft, clause_key="s1")

    clause = load(session, moderator, comment.reference).clause

    assert clause is not None
    assert clause.body == "ข้อความของมาตราแรก"


def test_a_statement_comes_with_the_clause_as_last_published(
    session: Session, moderator: Actor, consultation: Consultation, draft: Draft
) -> None:
    make_draft(session, consultation, ["ข้อความใหม่"], number=2)
    make_draft(session, consultation, ["ยังไม่เผยแพร่"], number=3, state=DraftState.WORKING)
    statement = make_statement(session, consultation, clause_key="s1")

    clause = load(session, moderator, statement.reference).clause

    assert clause is not None
    assert clause.body == "ข้อความใหม่"


def test_a_statement_on_the_whole_has_no_clause(
    session: Session, moderator: Actor, consultation: Consultation, draft: Draft
) -> None:
    statement = make_statement(session, consultation)

    assert load(session, moderator, statement.reference).clause is None


def test_the_history_tells_what_happened_and_not_who_did_it(
    session: Session, keyring: Keyring, moderator: Actor, draft: Draft
) -> None:
    comment, beside = make_comment(session, draft), make_comment(session, draft)
    person = make_actor(session, keyring)
    for each in (comment, beside):
        flag(session, person, each.reference, rule="insult", note="โปรดดู")
        decide(
            session,
            moderator,
            each.reference,
            kind="hold",
            rule="insult",
            reason="เหตุผล",
            expected_revision=1,
        )

    found = load(session, moderator, comment.reference)

    [decision], [flagged] = found.decisions, found.flags
    assert (decision.rule, decision.reason) == ("insult", "เหตุผล")
    assert decision.visibility_after is Visibility.HELD
    assert flagged.note == "โปรดดู"
    assert flagged.settled_at == decision.decided_at
    assert not {"decided_by_id", "participant_id"} & {*vars(decision), *vars(flagged)}


def test_the_words_that_the_author_replaced_are_kept(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    comment, beside = make_comment(session, draft), make_comment(session, draft)
    for each, words in ((comment, "เดิม"), (beside, "ของคนอื่น")):
        session.add(
            ContributionRevision(
                contribution_id=each.id, revision=1, body=words, salt=b"0" * 16, changed_at=now()
            )
        )

    earlier = load(session, moderator, comment.reference).earlier

    assert [version.body for version in earlier] == ["เดิม"]


def test_contributions_with_the_same_words_are_found_however_they_are_typed(
    session: Session, keyring: Keyring, moderator: Actor, consultation: Consultation, draft: Draft
) -> None:
    author = make_participant(session, consultation).id
    comment = make_comment(session, draft, body="นำ้ 5 ลิตร ABC", participant_id=author)
    same = make_comment(session, draft, body="น้ำ  ๕ ลิตร abc", participant_id=author)
    other_person = make_statement(session, consultation, body="นํ้า 5 ลิตร ABC")
    make_comment(session, draft, body="น้ำ 6 ลิตร ABC")
    elsewhere = make_draft(session, make_consultation(session, keyring))
    make_comment(session, elsewhere, body=comment.body)

    equals = load(session, moderator, comment.reference).equals

    assert [(equal.reference, equal.same_author) for equal in equals] == [
        (other_person.reference, False),
        (same.reference, True),
    ]


def test_seed_statements_are_not_taken_for_the_work_of_one_person(
    session: Session, moderator: Actor, consultation: Consultation
) -> None:
    first, _second = (make_statement(session, consultation, body="เหมือนกัน") for _ in range(2))

    [equal] = load(session, moderator, first.reference).equals

    assert not equal.same_author


def test_many_equal_texts_are_counted_and_some_listed(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    comments = [make_comment(session, draft, body="เห็นด้วย") for _ in range(EQUAL_SHOWN + 3)]

    found = load(session, moderator, comments[0].reference)

    assert (found.equal_count, len(found.equals)) == (EQUAL_SHOWN + 2, EQUAL_SHOWN)


def test_what_can_be_decided_follows_from_what_is_seen(
    session: Session, keyring: Keyring, moderator: Actor, draft: Draft
) -> None:
    comment = make_comment(session, draft)
    plain = load(session, moderator, comment.reference).possible_kinds
    flag(session, make_actor(session, keyring), comment.reference, rule="insult")
    flagged = load(session, moderator, comment.reference).possible_kinds
    comment.visibility = Visibility.WITHDRAWN
    session.flush()
    withdrawn = load(session, moderator, comment.reference).possible_kinds

    assert plain == (DecisionKind.HOLD, DecisionKind.HIDE)
    assert flagged == (DecisionKind.PUBLISH, DecisionKind.HOLD, DecisionKind.HIDE)
    assert withdrawn == ()


def test_own_work_is_shown_with_an_objection(
    session: Session, moderator: Actor, consultation: Consultation, draft: Draft
) -> None:
    own = make_comment(session, draft, participant_id=joined(session, moderator, consultation).id)
    other = make_comment(session, draft)

    assert load(session, moderator, own.reference).objection == "decision.own_contribution"
    assert load(session, moderator, other.reference).objection == ""


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ((Role.OFFICER,), "decision.moderators_only"),
        ((Role.AUDITOR,), "decision.moderators_only"),
        ((Role.MODERATOR,), "decision.own_agency"),
    ],
)
def test_others_see_nothing(
    session: Session, keyring: Keyring, roles: tuple[Role, ...], code: str
) -> None:
    agency = make_agency(session)
    actor = make_actor(session, keyring, *roles, agency=agency)
    statement = make_statement(session, make_consultation(session, keyring, agency=agency))

    with pytest.raises(NotAllowedError, match=code.replace(".", r"\.")):
        load(session, actor, statement.reference)


def test_what_does_not_exist_is_unknown(session: Session, moderator: Actor) -> None:
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        load(session, moderator, "NOWHERE00000")


def test_the_number_of_queries_does_not_grow(
    session: Session, keyring: Keyring, moderator: Actor, draft: Draft
) -> None:
    alone = make_comment(session, draft)
    often = make_comment(session, draft, body="เหมือนกัน")
    for _ in range(6):
        make_comment(session, draft, body="เหมือนกัน")
        flag(session, make_actor(session, keyring), often.reference, rule="insult")
    counts = []
    for comment in (alone, often):
        reference = comment.reference
        session.expire_all()
        with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
            load(session, moderator, reference)
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 8
