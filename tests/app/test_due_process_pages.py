"""Appeals, covered words, other acts, second opinions and the register, as pages."""

import csv
import io
import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Comment, Consultation, Visibility
from core.actor import Actor, Role
from core.keyring import Keyring
from moderation.deciding import decide
from moderation.flagging import flag
from moderation.models import Appeal, Claim, Escalation, GroupChoice, Label, Review
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
)

ClientOf = Callable[[Actor], FlaskClient]
ENGLISH = {"Accept-Language": "en"}
WORDS = {"rule": "threat", "reason": "It threatens somebody"}
PHONE = "081-234-5678"


@pytest.fixture
def rows(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def consultation(rows: Session, keyring: Keyring) -> Consultation:
    return make_consultation(rows, keyring, slug="water")


@pytest.fixture
def author(rows: Session, keyring: Keyring) -> Actor:
    return make_actor(rows, keyring)


@pytest.fixture
def moderator(rows: Session, keyring: Keyring) -> Actor:
    return make_actor(rows, keyring, Role.MODERATOR)


@pytest.fixture
def senior(rows: Session, keyring: Keyring) -> Actor:
    return make_actor(rows, keyring, Role.SENIOR_MODERATOR)


@pytest.fixture
def comment(rows: Session, consultation: Consultation, author: Actor) -> Comment:
    draft = make_draft(rows, consultation)
    made = make_comment(
        rows,
        draft,
        participant_id=joined(rows, author, consultation).id,
        body=f"โทรหาเขาที่ {PHONE} ได้เลย",
    )
    rows.commit()
    return made


@pytest.fixture
def hidden(rows: Session, moderator: Actor, comment: Comment) -> Comment:
    decide(rows, moderator, comment.reference, kind="hide", **WORDS, expected_revision=1)
    rows.commit()
    return comment


def own_page(comment: Comment) -> str:
    return f"/consultations/water/contributions/{comment.reference}"


def item(comment: Comment, act: str = "") -> str:
    return f"/moderation/items/{comment.reference}{act}"


def test_the_author_reads_rule_and_reason_and_finds_the_way_to_appeal(
    client_of: ClientOf, author: Actor, hidden: Comment
) -> None:
    page = client_of(author).get(own_page(hidden), headers=ENGLISH).text

    assert "Threats" in page
    assert WORDS["reason"] in page
    assert f"{own_page(hidden)}/appeal" in page


def test_an_appeal_goes_from_the_author_to_a_senior_moderator_and_back(
    rows: Session,
    client_of: ClientOf,
    author: Actor,
    senior: Actor,
    moderator: Actor,
    hidden: Comment,
) -> None:
    address = f"{own_page(hidden)}/appeal"
    assert client_of(author).get(address).status_code == 200
    sent = client_of(author).post(address, data={"words": "It is no threat"})
    assert sent.status_code == 303
    made = rows.scalars(select(Appeal)).one()
    rows.commit()
    waits = client_of(author).get(own_page(hidden), headers=ENGLISH).text
    assert "The answer is due by" in waits

    assert "Appeal about" in client_of(moderator).get("/moderation/appeals", headers=ENGLISH).text
    one = f"/moderation/appeals/{made.id}"
    assert "It is no threat" in client_of(senior).get(one, headers=ENGLISH).text
    refused = client_of(moderator).get(one, headers=ENGLISH).text
    assert "Only a senior moderator can answer an appeal." in refused
    assert 'name="outcome"' not in refused
    assert (
        client_of(moderator).post(one, data={"outcome": "upheld", "reply": "x"}).status_code == 403
    )

    empty = client_of(senior).post(one, data={"outcome": "reversed", "reply": ""}, headers=ENGLISH)
    assert empty.status_code == 422
    answered = client_of(senior).post(one, data={"outcome": "reversed", "reply": "You are right"})
    assert answered.status_code == 303

    rows.refresh(hidden)
    assert hidden.visibility is Visibility.PUBLISHED
    rows.commit()
    page = client_of(author).get(own_page(hidden), headers=ENGLISH).text
    assert "Appeal accepted" in page
    assert "You are right" in page
    assert client_of(author).get(address).status_code == 200
    assert client_of(senior).get(one).status_code == 200


def test_an_appeal_without_words_keeps_the_page(
    client_of: ClientOf, author: Actor, hidden: Comment
) -> None:
    answer = client_of(author).post(f"{own_page(hidden)}/appeal", data={"words": ""})
    assert answer.status_code == 422


def test_nobody_else_appeals_or_hears_of_it(
    rows: Session, keyring: Keyring, client_of: ClientOf, client: FlaskClient, comment: Comment
) -> None:
    other = make_actor(rows, keyring)
    rows.commit()
    assert client_of(other).get(f"{own_page(comment)}/appeal").status_code == 404
    assert client.get(f"{own_page(comment)}/appeal").status_code == 303


def test_what_nothing_stands_against_is_not_appealed(
    client_of: ClientOf, author: Actor, comment: Comment
) -> None:
    assert client_of(author).get(f"{own_page(comment)}/appeal").status_code == 409
    assert "/appeal" not in client_of(author).get(own_page(comment)).text


def test_covered_words_are_gone_from_every_public_page(
    client_of: ClientOf, client: FlaskClient, moderator: Actor, author: Actor, comment: Comment
) -> None:
    form = client_of(moderator).get(item(comment, "/cover"), headers=ENGLISH)
    assert PHONE in form.text
    data = {"passages": PHONE, "rule": "personal_data", "reason": "A number", "revision": "1"}

    answer = client_of(moderator).post(item(comment, "/cover"), data=data)

    assert answer.status_code == 303
    for address in (
        own_page(comment),
        "/consultations/water/discussion",
        "/consultations/water/draft",
    ):
        page = client.get(address, headers=ENGLISH, follow_redirects=True).text
        assert PHONE not in page
    public = client.get(own_page(comment), headers=ENGLISH).text
    assert '<span class="sarn-tag sarn-tag--grey" lang="th">[ปกปิด: ข้อมูลส่วนบุคคล]</span>' in public
    assert "/appeal" in client_of(author).get(own_page(comment)).text
    seen = client_of(moderator).get(item(comment), headers=ENGLISH).text
    assert PHONE in seen


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"passages": "nowhere"}, 422),
        ({"passages": ""}, 422),
        ({"rule": "off_topic"}, 422),
        ({"reason": ""}, 422),
        ({"revision": "9"}, 409),
        ({"revision": "x"}, 409),
    ],
)
def test_covering_that_does_not_hold_keeps_what_was_typed(
    client_of: ClientOf, moderator: Actor, comment: Comment, values: dict[str, str], status: int
) -> None:
    data = {"passages": PHONE, "rule": "personal_data", "reason": "Typed", "revision": "1"}
    answer = client_of(moderator).post(item(comment, "/cover"), data={**data, **values})
    assert answer.status_code == status
    if "reason" not in values:
        assert "Typed" in answer.text


def test_small_acts_are_done_from_the_item_page(
    rows: Session,
    client_of: ClientOf,
    moderator: Actor,
    consultation: Consultation,
    comment: Comment,
) -> None:
    template = make_comment(rows, make_draft(rows, consultation, number=2))
    rows.commit()
    client = client_of(moderator)
    for act, data, stored in (
        ("/claim", {}, Claim),
        ("/labels", {"labels": ["question"]}, Label),
        ("/group", {"template": template.reference}, GroupChoice),
        ("/escalate", {"note": "A hard one"}, Escalation),
        ("/second-opinion", {}, Review),
    ):
        assert client.post(item(comment, act), data=data).status_code == 303
        assert rows.scalars(select(stored)).first() is not None, act
        rows.commit()

    page = client.get(item(comment), headers=ENGLISH).text
    for words in ("Asks a question", template.reference, "A hard one", "A second opinion is asked"):
        assert words in page
    assert client.post(item(comment, "/release")).status_code == 303
    assert rows.scalars(select(Claim)).first() is None
    rows.commit()
    assert client.post(item(comment, "/group"), data={"template": ""}).status_code == 303
    assert client.post(item(comment, "/labels"), data={"labels": ["x"]}).status_code == 303


def test_readers_see_the_labels(
    client_of: ClientOf, client: FlaskClient, moderator: Actor, comment: Comment
) -> None:
    client_of(moderator).post(item(comment, "/labels"), data={"labels": ["organisation"]})

    for address in (own_page(comment), "/consultations/water/discussion"):
        assert "Speaks for an organisation" in client.get(address, headers=ENGLISH).text


@pytest.mark.parametrize(
    "act",
    [
        "/cover",
        "/uncover",
        "/claim",
        "/release",
        "/labels",
        "/group",
        "/escalate",
        "/second-opinion",
    ],
)
def test_an_insider_acts_on_nothing_of_their_own_agency(
    rows: Session, keyring: Keyring, client_of: ClientOf, act: str
) -> None:
    agency = make_agency(rows)
    insider = make_actor(rows, keyring, Role.OFFICER, Role.MODERATOR, agency=agency)
    own = make_comment(rows, make_draft(rows, make_consultation(rows, keyring, agency=agency)))
    rows.commit()
    data = {
        "passages": own.body,
        "rule": "hate",
        "reason": "x",
        "note": "x",
        "revision": "1",
        "out": "1",
    }

    assert client_of(insider).post(item(own, act), data=data).status_code == 403


def test_several_are_decided_and_what_is_left_says_why(
    rows: Session,
    client_of: ClientOf,
    moderator: Actor,
    consultation: Consultation,
    comment: Comment,
) -> None:
    draft = make_draft(rows, consultation, number=2)
    pending = [make_comment(rows, draft, visibility=Visibility.PENDING) for _ in range(2)]
    rows.commit()
    chosen = [f"{pending[0].reference}.1", f"{pending[1].reference}.8"]

    page = client_of(moderator).post(
        "/moderation/bulk",
        data={"chosen": chosen, "kind": "hide", **WORDS},
        headers=ENGLISH,
    )

    assert page.status_code == 200
    assert pending[1].reference in page.text
    rows.refresh(pending[0])
    assert pending[0].visibility is Visibility.HIDDEN
    rows.commit()
    for data in ({}, {"chosen": chosen, "kind": "hide"}, {"chosen": ["\x00.1"], "kind": "publish"}):
        assert client_of(moderator).post("/moderation/bulk", data=data).status_code == 422


def test_a_second_opinion_is_blind(
    rows: Session, client_of: ClientOf, moderator: Actor, senior: Actor, hidden: Comment
) -> None:
    review = Review(
        contribution_id=hidden.id,
        decision_id=1,
        source="sample",
        revision=1,
        asked_at=hidden.created_at,
    )
    rows.add(review)
    rows.commit()
    address = f"/moderation/second-opinions/{review.id}"

    assert hidden.reference not in client_of(moderator).get("/moderation/second-opinions").text
    assert hidden.reference in client_of(senior).get("/moderation/second-opinions").text
    page = client_of(senior).get(address, headers=ENGLISH).text
    assert PHONE in page
    assert WORDS["reason"] not in page
    assert client_of(senior).post(address, data={}).status_code == 422
    assert client_of(senior).post(address, data={"kind": "publish"}).status_code == 303
    assert client_of(moderator).post(address, data={"kind": "publish"}).status_code == 403
    assert "AC1" in client_of(senior).get("/moderation/watch", headers=ENGLISH).text


def test_everyone_takes_the_register_and_finds_no_person_and_no_text(
    rows: Session, client: FlaskClient, moderator: Actor, hidden: Comment
) -> None:
    table = client.get("/moderation/register.csv")
    data = client.get("/moderation/register.json")

    [row] = list(csv.DictReader(io.StringIO(table.text)))
    assert (row["kind"], row["rule"], row["rules_version"]) == ("hide", "threat", "2")
    assert json.loads(data.text)["decisions"] == [row]
    for private in (hidden.reference, WORDS["reason"], PHONE, str(hidden.participant_id)):
        assert private not in table.text + data.text


def test_the_rules_page_shows_every_version(client: FlaskClient) -> None:
    page = client.get("/rules", headers=ENGLISH).text
    assert "Version 2 of the rules" in page
    assert "Version 1 of the rules" in page


def test_what_does_not_exist_is_not_found(
    client_of: ClientOf, senior: Actor, rows: Session
) -> None:
    rows.commit()
    large = "9" * 30
    for address in (
        *("/moderation/appeals/9", "/moderation/second-opinions/9"),
        *(f"/moderation/appeals/{large}", f"/moderation/second-opinions/{large}"),
    ):
        assert client_of(senior).get(address).status_code == 404
        assert client_of(senior).post(address, data={}).status_code == 404


def test_the_item_page_explains_what_reports_weigh(
    rows: Session, keyring: Keyring, client_of: ClientOf, moderator: Actor, comment: Comment
) -> None:
    flag(rows, make_actor(rows, keyring), comment.reference, rule="hate")
    rows.commit()

    page = client_of(moderator).get(item(comment), headers=ENGLISH).text

    assert "it weighs 0.5" in page
