import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Consultation, Contribution, Visibility
from core.actor import ANONYMOUS, Actor, Role, system_actor
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.notices import notices_for
from moderation.deciding import decide
from moderation.flagging import flag
from moderation.models import Decision, DecisionKind
from moderation.reasons import RULES, RULES_VERSION
from moderation.verdicts import REASON_LENGTH
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)

WORDS = {"rule": "threat", "reason": "ข้อความข่มขู่ผู้อื่น"}


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def comment(session: Session, consultation: Consultation) -> Contribution:
    return make_comment(session, make_draft(session, consultation), visibility=Visibility.PENDING)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("publish", Visibility.PUBLISHED), ("hold", Visibility.HELD), ("hide", Visibility.HIDDEN)],
)
def test_a_decision_changes_what_is_seen_and_says_so_to_the_author(
    session: Session, moderator: Actor, comment: Contribution, kind: str, outcome: Visibility
) -> None:
    decide(session, moderator, comment.reference, kind=kind, **WORDS, expected_revision=1)

    assert (comment.visibility, comment.revision) == (outcome, 2)
    [notice] = notices_for(session, str(comment.participant_id))
    assert notice.code == f"decision.{outcome.value}"
    assert notice.details == {
        "reference": comment.reference,
        "rule": "" if kind == "publish" else "threat",
        "reason": WORDS["reason"],
        "before": "pending",
    }


def test_a_decision_keeps_what_was_seen_and_which_rules_held(
    session: Session, moderator: Actor, comment: Contribution
) -> None:
    comment.revision = 3

    made = decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=3)

    assert (made.seen_revision, made.rules_version) == (3, RULES_VERSION)
    assert (made.visibility_before, made.visibility_after) == ("pending", "hidden")
    assert made.waiting_since == comment.created_at


def test_the_ledger_tells_the_decision_but_neither_words_nor_people(
    session: Session, moderator: Actor, comment: Contribution
) -> None:
    decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)

    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    assert entry is not None
    content = json.loads(entry.content)
    assert (content["action"], content["subject"]) == ("contribution.decided", comment.reference)
    assert content["detail"]["rule"] == "threat"
    assert content["detail"]["after"] == "hidden"
    assert WORDS["reason"] not in entry.content
    assert str(comment.participant_id) not in entry.content


def test_a_decision_can_be_reversed(
    session: Session, moderator: Actor, comment: Contribution
) -> None:
    decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    decide(session, moderator, comment.reference, kind="publish", expected_revision=2)

    assert (comment.visibility, comment.revision) == (Visibility.PUBLISHED, 3)
    kinds = session.scalars(select(Decision.kind).order_by(Decision.id)).all()
    assert kinds == [DecisionKind.HIDE, DecisionKind.PUBLISH]
    newest = notices_for(session, str(comment.participant_id))[0]
    assert (newest.code, newest.details["before"]) == ("decision.published", "hidden")


def test_a_seed_statement_has_no_author_to_tell(
    session: Session, moderator: Actor, consultation: Consultation
) -> None:
    seed = make_statement(session, consultation)

    decide(session, moderator, seed.reference, kind="hold", **WORDS, expected_revision=1)

    assert seed.visibility is Visibility.HELD


@pytest.mark.parametrize("kind", ["publish", "hold", "hide"])
def test_a_decision_settles_the_flags_and_tells_those_who_flagged(
    session: Session, keyring: Keyring, moderator: Actor, consultation: Consultation, kind: str
) -> None:
    statement = make_statement(session, consultation)
    beside = make_statement(session, consultation)
    person = make_actor(session, keyring)
    mine = flag(session, person, statement.reference, rule="threat")
    other = flag(session, person, beside.reference, rule="threat")

    made = decide(session, moderator, statement.reference, kind=kind, **WORDS, expected_revision=1)

    assert (mine.settled_at, other.settled_at) == (made.decided_at, None)
    assert made.waiting_since == mine.flagged_at
    [notice] = notices_for(session, mine.participant_id)
    assert notice.code == "flag.settled"
    assert notice.details["outcome"] == statement.visibility.value
    assert notice.details["reference"] == statement.reference


def test_a_settled_flag_is_not_told_again(
    session: Session, keyring: Keyring, moderator: Actor, consultation: Consultation
) -> None:
    statement = make_statement(session, consultation)
    made = flag(session, make_actor(session, keyring), statement.reference, rule="threat")

    decide(session, moderator, statement.reference, kind="publish", expected_revision=1)
    decide(session, moderator, statement.reference, kind="hide", **WORDS, expected_revision=2)

    assert len(notices_for(session, made.participant_id)) == 1


@pytest.mark.parametrize("kind", ["hold", "hide"])
@pytest.mark.parametrize(
    ("rule", "reason", "code", "field"),
    [
        ("", "เหตุผล", "rule.needed", "rule"),
        ("criticism", "เหตุผล", "rule.unknown", "rule"),
        ("threat", " \u200b ", "text.empty", "reason"),
        ("threat", "ก" * (REASON_LENGTH + 1), "text.too_long", "reason"),
    ],
)
def test_taking_away_needs_a_rule_and_a_reason(
    session: Session,
    moderator: Actor,
    comment: Contribution,
    kind: str,
    rule: str,
    reason: str,
    code: str,
    field: str,
) -> None:
    with pytest.raises(InvalidError) as caught:
        decide(
            session,
            moderator,
            comment.reference,
            kind=kind,
            rule=rule,
            reason=reason,
            expected_revision=1,
        )

    assert (caught.value.code, caught.value.field) == (code, field)
    assert comment.visibility is Visibility.PENDING


def test_a_rule_that_only_holds_never_hides(
    session: Session, moderator: Actor, consultation: Consultation
) -> None:
    statements = {rule: make_statement(session, consultation) for rule in RULES}
    refused = []
    for rule, statement in statements.items():
        words = {"rule": rule.code, "reason": "เหตุผล", "expected_revision": 1}
        try:
            decide(session, moderator, statement.reference, kind="hide", **words)
        except InvalidError as error:
            refused.append((rule, error.code))
            decide(session, moderator, statement.reference, kind="hold", **words)

    assert refused == [(rule, "rule.holds_only") for rule in RULES if not rule.may_hide]
    assert {rule for rule, each in statements.items() if each.visibility is Visibility.HIDDEN} == {
        rule for rule in RULES if rule.may_hide
    }


@pytest.mark.parametrize(
    ("visibility", "kind", "code"),
    [
        (Visibility.HELD, "hold", "decision.no_change"),
        (Visibility.HIDDEN, "hide", "decision.no_change"),
        (Visibility.PUBLISHED, "publish", "decision.no_change"),
        (Visibility.PENDING, "delete", "decision.kind_unknown"),
    ],
)
def test_a_decision_must_change_something(
    session: Session,
    moderator: Actor,
    comment: Contribution,
    visibility: Visibility,
    kind: str,
    code: str,
) -> None:
    comment.visibility = visibility

    with pytest.raises(InvalidError) as caught:
        decide(session, moderator, comment.reference, kind=kind, **WORDS, expected_revision=1)

    assert (caught.value.code, caught.value.field) == (code, "kind")


def test_a_stale_view_decides_nothing(
    session: Session, keyring: Keyring, moderator: Actor, comment: Contribution
) -> None:
    other = make_actor(session, keyring, Role.SENIOR_MODERATOR)
    decide(session, other, comment.reference, kind="publish", expected_revision=1)

    with pytest.raises(ConflictError, match=r"contribution\.decided_meanwhile"):
        decide(session, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    assert comment.visibility is Visibility.PUBLISHED


def test_what_its_author_withdrew_cannot_be_decided(
    session: Session, moderator: Actor, comment: Contribution
) -> None:
    comment.visibility = Visibility.WITHDRAWN

    with pytest.raises(ConflictError, match=r"contribution\.withdrawn"):
        decide(session, moderator, comment.reference, kind="publish", expected_revision=1)


def test_what_does_not_exist_cannot_be_decided(session: Session, moderator: Actor) -> None:
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        decide(session, moderator, "NOWHERE00000", kind="publish", expected_revision=1)


OTHERS = sorted(set(Role) - {Role.MODERATOR, Role.SENIOR_MODERATOR, Role.SYSTEM})


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_decides(
    session: Session, keyring: Keyring, comment: Contribution, role: Role
) -> None:
    agency = make_agency(session)
    actor = make_actor(session, keyring, role, agency=agency)

    with pytest.raises(NotAllowedError, match=r"decision\.moderators_only"):
        decide(session, actor, comment.reference, kind="publish", expected_revision=1)


@pytest.mark.parametrize("actor", [ANONYMOUS, system_actor()], ids=["visitor", "system"])
def test_neither_a_visitor_nor_the_system_decides(
    session: Session, comment: Contribution, actor: Actor
) -> None:
    with pytest.raises(NotAllowedError, match=r"decision\.moderators_only"):
        decide(session, actor, comment.reference, kind="publish", expected_revision=1)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.MODERATOR])
def test_nobody_of_the_agency_ever_decides(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    comment: Contribution,
    role: Role,
) -> None:
    someone = make_actor(session, keyring, Role.MODERATOR, role, agency=make_agency(session))
    insider = Actor(
        someone.account_id,
        someone.roles,
        consultation.agency_id,
        someone.person_tag,
        someone.keyring,
    )

    with pytest.raises(NotAllowedError, match=r"decision\.own_agency"):
        decide(session, insider, comment.reference, kind="hide", **WORDS, expected_revision=1)
    assert comment.visibility is Visibility.PENDING


def test_nobody_decides_on_what_they_wrote(
    session: Session, moderator: Actor, consultation: Consultation
) -> None:
    author = joined(session, moderator, consultation)
    own = make_statement(
        session, consultation, participant_id=author.id, visibility=Visibility.PENDING
    )

    with pytest.raises(NotAllowedError, match=r"decision\.own_contribution"):
        decide(session, moderator, own.reference, kind="publish", expected_revision=1)


def test_nobody_decides_on_what_they_flagged(
    session: Session, moderator: Actor, consultation: Consultation
) -> None:
    statement = make_statement(session, consultation)
    flag(session, moderator, statement.reference, rule="insult")

    with pytest.raises(NotAllowedError, match=r"decision\.own_flag"):
        decide(session, moderator, statement.reference, kind="hide", **WORDS, expected_revision=1)


def test_taking_part_does_not_keep_a_moderator_from_deciding_on_others(
    session: Session, moderator: Actor, consultation: Consultation, comment: Contribution
) -> None:
    joined(session, moderator, consultation)

    decide(session, moderator, comment.reference, kind="publish", expected_revision=1)

    assert comment.visibility is Visibility.PUBLISHED
