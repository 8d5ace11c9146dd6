import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Stage, Visibility
from core.actor import ANONYMOUS, Actor, Role
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from moderation.flagging import NOTE_LENGTH, flag
from moderation.models import Flag
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


@pytest.fixture
def comment(session: Session, keyring: Keyring) -> Contribution:
    """A published comment, with a flagged one of another consultation beside it."""
    noise = make_statement(session, make_consultation(session, keyring))
    flag(session, make_actor(session, keyring), noise.reference, rule="threat")
    return make_comment(session, make_draft(session, make_consultation(session, keyring)))


def flags_on(session: Session, contribution: Contribution) -> list[Flag]:
    query = select(Flag).where(Flag.contribution_id == contribution.id)
    return list(session.scalars(query))


def test_a_flag_keeps_the_rule_and_the_note(
    session: Session, citizen: Actor, comment: Contribution
) -> None:
    flag(session, citizen, comment.reference, rule="insult", note="  ดูบรรทัดที่สอง ")

    [made] = flags_on(session, comment)
    assert (made.rule, made.note, made.settled_at) == ("insult", "ดูบรรทัดที่สอง", None)


def test_a_flag_is_recorded_without_its_note(
    session: Session, citizen: Actor, comment: Contribution
) -> None:
    flag(session, citizen, comment.reference, rule="insult", note="secret words")

    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "contribution.flagged"
    assert comment.reference in entry.content
    assert "secret words" not in entry.content


def test_fifty_flags_do_not_hide_a_contribution(
    session: Session, keyring: Keyring, comment: Contribution
) -> None:
    for _ in range(50):
        flag(session, make_actor(session, keyring), comment.reference, rule="hate")

    assert len(flags_on(session, comment)) == 50
    assert comment.visibility is Visibility.PUBLISHED
    assert comment.revision == 1


def test_a_person_flags_a_contribution_once(
    session: Session, citizen: Actor, comment: Contribution
) -> None:
    flag(session, citizen, comment.reference, rule="insult")

    with pytest.raises(ConflictError, match=r"flag\.exists"):
        flag(session, citizen, comment.reference, rule="threat")
    assert len(flags_on(session, comment)) == 1


@pytest.mark.parametrize(
    "visibility",
    [Visibility.PENDING, Visibility.HELD, Visibility.HIDDEN, Visibility.WITHDRAWN],
)
def test_only_what_is_published_can_be_flagged(
    session: Session, citizen: Actor, comment: Contribution, visibility: Visibility
) -> None:
    comment.visibility = visibility

    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        flag(session, citizen, comment.reference, rule="insult")


def test_what_does_not_exist_cannot_be_flagged(session: Session, citizen: Actor) -> None:
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        flag(session, citizen, "NOWHERE00000", rule="insult")


def test_what_is_not_public_yet_cannot_be_flagged(
    session: Session, keyring: Keyring, citizen: Actor
) -> None:
    consultation = make_consultation(session, keyring, stage=Stage.PREPARING)
    statement = make_statement(session, consultation)

    with pytest.raises(NotFoundError, match=r"consultation\.unknown"):
        flag(session, citizen, statement.reference, rule="insult")


def test_a_visitor_is_asked_to_sign_in(session: Session, comment: Contribution) -> None:
    with pytest.raises(NotAllowedError, match=r"participation\.sign_in"):
        flag(session, ANONYMOUS, comment.reference, rule="insult")


def test_an_officer_cannot_flag_in_a_consultation_of_the_own_agency(
    session: Session, keyring: Keyring
) -> None:
    agency = make_agency(session)
    officer = make_actor(session, keyring, Role.OFFICER, agency=agency)
    statement = make_statement(session, make_consultation(session, keyring, agency=agency))

    with pytest.raises(NotAllowedError, match=r"participation\.own_agency"):
        flag(session, officer, statement.reference, rule="insult")


def test_nobody_flags_their_own_contribution(
    session: Session, keyring: Keyring, citizen: Actor
) -> None:
    consultation = make_consultation(session, keyring)
    author = joined(session, citizen, consultation)
    own = make_statement(session, consultation, participant_id=author.id)

    with pytest.raises(NotAllowedError, match=r"flag\.own_contribution"):
        flag(session, citizen, own.reference, rule="insult")


@pytest.mark.parametrize(
    ("rule", "note", "code", "field"),
    [
        ("", "", "rule.needed", "rule"),
        ("criticism", "", "rule.unknown", "rule"),
        ("insult", "ก" * (NOTE_LENGTH + 1), "text.too_long", "note"),
    ],
)
def test_a_flag_that_does_not_hold_names_its_field(
    session: Session,
    citizen: Actor,
    comment: Contribution,
    rule: str,
    note: str,
    code: str,
    field: str,
) -> None:
    with pytest.raises(InvalidError) as caught:
        flag(session, citizen, comment.reference, rule=rule, note=note)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert session.scalar(select(func.count(Flag.id))) == 1  # the one beside it
