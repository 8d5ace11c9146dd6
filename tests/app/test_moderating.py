from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Visibility
from core.actor import Actor, Role
from core.keyring import Keyring
from moderation.flagging import flag
from moderation.models import Decision
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)
from tests.queries import count_queries

ClientOf = Callable[[Actor], FlaskClient]
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rows(app: Flask) -> Iterator[Session]:
    """A session that holds no transaction, and with it no lock, once it is committed."""
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def moderator(rows: Session, keyring: Keyring) -> Actor:
    actor = make_actor(rows, keyring, Role.MODERATOR)
    rows.commit()
    return actor


@pytest.fixture
def comment(rows: Session, keyring: Keyring) -> Contribution:
    """A comment that waits, and beside it one that is published."""
    draft = make_draft(rows, make_consultation(rows, keyring, title_en="The Parks Bill"))
    made = make_comment(
        rows,
        draft,
        visibility=Visibility.PENDING,
        body="Call me on 081-234-5678",
        reason="I live beside the park",
        proposed_wording="The park closes at ten.",
    )
    make_comment(rows, draft, body="already published")
    rows.commit()
    return made


def address(contribution: Contribution) -> str:
    return f"/moderation/items/{contribution.reference}"


def decision(**values: str) -> dict[str, str]:
    return {"kind": "hide", "rule": "threat", "reason": "A threat", "revision": "1", **values}


def visibility_of(rows: Session, contribution: Contribution) -> Visibility:
    rows.refresh(contribution)
    rows.commit()
    return contribution.visibility


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MODERATOR, Role.SENIOR_MODERATOR}))
def test_no_other_role_sees_the_pages_of_moderators(
    rows: Session,
    keyring: Keyring,
    client_of: ClientOf,
    comment: Contribution,
    role: Role,
) -> None:
    actor = make_actor(rows, keyring, role, agency=make_agency(rows))
    rows.commit()

    answers = [client_of(actor).get(page) for page in ("/moderation/", address(comment))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not any(comment.body in answer.text for answer in answers)


def test_a_visitor_is_sent_to_sign_in(client: FlaskClient, comment: Contribution) -> None:
    for page in ("/moderation/", address(comment)):
        answer = client.get(page)
        assert answer.status_code == 303
        assert answer.location.startswith("/accounts/sign-in")


def test_the_queue_shows_what_waits_with_its_signals(
    client_of: ClientOf, moderator: Actor, comment: Contribution
) -> None:
    page = client_of(moderator).get("/moderation/", headers=ENGLISH)

    assert page.status_code == 200
    assert "The Parks Bill" in page.text
    assert comment.body in page.text
    assert "Telephone number" in page.text
    assert "Waiting for" in page.text
    assert "already published" not in page.text


@pytest.mark.parametrize("tab", ["new", "flagged", "held", "done", "nonsense"])
def test_an_empty_part_of_the_queue_says_what_comes_there(
    client_of: ClientOf, moderator: Actor, tab: str
) -> None:
    client = client_of(moderator)
    for page in ("1", "99", "-1", "x"):
        answer = client.get(f"/moderation/?tab={tab}&page={page}")
        assert answer.status_code == 200
        assert "sarn-empty-state" in answer.text


def test_the_number_of_queries_does_not_grow_with_the_queue(
    app: Flask, rows: Session, keyring: Keyring, client_of: ClientOf, moderator: Actor
) -> None:
    draft = make_draft(rows, make_consultation(rows, keyring))
    make_comment(rows, draft, visibility=Visibility.PENDING)
    rows.commit()
    client = client_of(moderator)
    engine = app.extensions["sqlalchemy"].engine
    with count_queries(engine) as few:
        client.get("/moderation/")

    for _ in range(15):
        other = make_draft(rows, make_consultation(rows, keyring))
        made = make_comment(rows, other, visibility=Visibility.PENDING)
        make_statement(
            rows, make_consultation(rows, keyring), visibility=Visibility.PENDING, body=made.body
        )
    rows.commit()
    with count_queries(engine) as many:
        assert client.get("/moderation/").text.count("<article") == 20

    assert len(many) == len(few) <= 8


def test_the_item_page_shows_everything_but_the_author(
    rows: Session, keyring: Keyring, client_of: ClientOf, moderator: Actor, comment: Contribution
) -> None:
    page = client_of(moderator).get(address(comment), headers=ENGLISH)

    assert page.status_code == 200
    for words in (comment.body, "I live beside the park", "The park closes at ten.", "มาตรา 1"):
        assert words in page.text
    assert str(comment.participant_id) not in page.text


def test_a_moderator_decides_and_is_taken_back_to_the_same_part(
    rows: Session, client_of: ClientOf, moderator: Actor, comment: Contribution
) -> None:
    answer = client_of(moderator).post(f"{address(comment)}?tab=flagged", data=decision())

    assert answer.status_code == 303
    assert answer.location == "/moderation/?tab=flagged"
    assert visibility_of(rows, comment) is Visibility.HIDDEN
    made = rows.scalars(select(Decision)).one()
    assert (made.rule, made.reason) == ("threat", "A threat")


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.OFFICER, Role.APPROVER])
def test_others_cannot_decide(
    rows: Session, keyring: Keyring, client_of: ClientOf, comment: Contribution, role: Role
) -> None:
    actor = make_actor(rows, keyring, role, agency=make_agency(rows))
    rows.commit()

    assert client_of(actor).post(address(comment), data=decision()).status_code == 403
    assert visibility_of(rows, comment) is Visibility.PENDING


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER])
def test_an_officer_never_moderates_even_with_the_role_of_a_moderator(
    rows: Session, keyring: Keyring, client_of: ClientOf, role: Role
) -> None:
    agency = make_agency(rows)
    insider = make_actor(rows, keyring, role, Role.MODERATOR, agency=agency)
    consultation = make_consultation(rows, keyring, agency=agency)
    own = make_statement(rows, consultation, visibility=Visibility.PENDING, body="Of my agency")
    rows.commit()
    client = client_of(insider)

    assert own.body not in client.get("/moderation/").text
    assert client.get(address(own)).status_code == 403
    assert client.post(address(own), data=decision()).status_code == 403
    assert visibility_of(rows, own) is Visibility.PENDING


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "delete"}, "kind"),
        ({"rule": ""}, "rule"),
        ({"rule": "criticism"}, "rule"),
        ({"rule": "off_topic"}, "rule"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_a_decision_that_does_not_hold_is_shown_again_with_what_was_typed(
    rows: Session,
    client_of: ClientOf,
    moderator: Actor,
    comment: Contribution,
    values: dict[str, str],
    field: str,
) -> None:
    sent = decision(**{"reason": "Typed words", **values})

    page = client_of(moderator).post(address(comment), data=sent, headers=ENGLISH)

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    if "reason" not in values:
        assert "Typed words" in page.text
    assert rows.scalar(select(func.count(Decision.id))) == 0


@pytest.mark.parametrize("revision", ["2", "", "x", "9" * 50])
def test_a_stale_view_is_a_conflict(
    rows: Session, client_of: ClientOf, moderator: Actor, comment: Contribution, revision: str
) -> None:
    answer = client_of(moderator).post(address(comment), data=decision(revision=revision))

    assert answer.status_code == 409
    assert visibility_of(rows, comment) is Visibility.PENDING


@pytest.mark.parametrize("part", ["author", "reporter"])
def test_who_is_a_party_sees_why_someone_else_decides(
    rows: Session, keyring: Keyring, client_of: ClientOf, moderator: Actor, part: str
) -> None:
    consultation = make_consultation(rows, keyring)
    if part == "author":
        own = make_statement(
            rows, consultation, participant_id=joined(rows, moderator, consultation).id
        )
    else:
        own = make_statement(rows, consultation)
        flag(rows, moderator, own.reference, rule="insult")
    rows.commit()
    client = client_of(moderator)

    page = client.get(address(own), headers=ENGLISH)

    assert "Another moderator has to decide on it." in page.text
    assert 'name="kind"' not in page.text
    assert client.post(address(own), data=decision()).status_code == 403


def test_what_does_not_exist_is_not_found(client_of: ClientOf, moderator: Actor) -> None:
    assert client_of(moderator).get("/moderation/items/NOWHERE00000").status_code == 404


def test_everyone_reads_the_register_which_names_nobody(
    client: FlaskClient, client_of: ClientOf, moderator: Actor, comment: Contribution
) -> None:
    assert client.get("/moderation/register").status_code == 200
    client_of(moderator).post(address(comment), data=decision())

    page = client.get("/moderation/register", headers=ENGLISH)

    assert page.status_code == 200
    assert "Threats" in page.text
    for private in (comment.body, comment.reference, "A threat", str(comment.participant_id)):
        assert private not in page.text


@pytest.mark.parametrize("language", ["th", "en"])
def test_everyone_reads_the_rules_with_examples(client: FlaskClient, language: str) -> None:
    page = client.get("/rules", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert page.text.count('id="rule-') == 9
