"""Working through the queue: the next item, keys, and a decision that came too late."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultations.models import ContributionRevision, Visibility
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from tests.factories import make_actor, make_comment, make_consultation, make_draft

ENGLISH = {"Accept-Language": "en"}
ClientOf = Callable[[Actor], FlaskClient]


@pytest.fixture
def rows(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def moderators(rows: Session, keyring: Keyring, client_of: ClientOf) -> list[FlaskClient]:
    actors = [make_actor(rows, keyring, Role.MODERATOR) for _ in range(2)]
    rows.commit()
    return [client_of(actor) for actor in actors]


@pytest.fixture
def waiting(rows: Session, keyring: Keyring) -> list[str]:
    """References of three comments that wait, the longest wait first."""
    draft = make_draft(rows, make_consultation(rows, keyring))
    made = [
        make_comment(
            rows,
            draft,
            visibility=Visibility.PENDING,
            created_at=now() - timedelta(hours=9 - n),
            body=f"words number {n} 081-234-5678",
        )
        for n in range(3)
    ]
    rows.commit()
    return [comment.reference for comment in made]


def decision(**values: str) -> dict[str, str]:
    return {"kind": "hide", "rule": "threat", "reason": "A threat", "revision": "1", **values}


def test_after_a_decision_comes_the_next_and_after_the_last_the_queue(
    moderators: list[FlaskClient], waiting: list[str]
) -> None:
    client = moderators[0]
    middle = client.post(f"/moderation/items/{waiting[1]}?tab=new", data=decision())
    last = client.post(f"/moderation/items/{waiting[2]}?tab=new", data=decision())
    assert middle.headers["Location"] == f"/moderation/items/{waiting[2]}?tab=new"
    assert last.headers["Location"] == "/moderation/?tab=new"


def test_the_item_leads_to_the_one_before_and_the_next(
    moderators: list[FlaskClient], waiting: list[str]
) -> None:
    page = moderators[0].get(f"/moderation/items/{waiting[1]}?tab=new", headers=ENGLISH).text
    assert f'data-key="k" rel="prev" href="/moderation/items/{waiting[0]}?tab=new"' in page
    assert f'data-key="j" rel="next" href="/moderation/items/{waiting[2]}?tab=new"' in page
    assert 'data-key="2"' in page


def test_a_decision_that_came_too_late_keeps_its_words_and_shows_what_changed(
    moderators: list[FlaskClient], waiting: list[str]
) -> None:
    first, second = moderators
    address = f"/moderation/items/{waiting[0]}"
    first.post(address, data=decision(kind="hold", rule="insult", reason="Said before"))

    late = second.post(address, data=decision(reason="My careful words"), headers=ENGLISH)

    assert late.status_code == 409
    assert "Your decision was not taken" in late.text
    assert "My careful words</textarea>" in late.text
    assert "Another moderator decided: Hold" in late.text
    assert "Said before" in late.text
    assert 'name="revision" type="hidden" value="2"' in late.text
    again = second.post(address, data=decision(reason="My careful words", revision="2"))
    assert again.status_code == 303


def test_words_changed_meanwhile_are_shown_as_they_were(
    rows: Session, moderators: list[FlaskClient], waiting: list[str], keyring: Keyring
) -> None:
    draft = make_draft(rows, make_consultation(rows, keyring))
    comment = make_comment(rows, draft, visibility=Visibility.PENDING, revision=2)
    rows.add(
        ContributionRevision(
            contribution_id=comment.id,
            revision=1,
            body="the first words",
            salt=b"x",
            changed_at=now(),
        )
    )
    rows.commit()
    answer = moderators[0].post(
        f"/moderation/items/{comment.reference}", data=decision(), headers=ENGLISH
    )
    assert answer.status_code == 409
    assert "The author changed the words" in answer.text
    assert "A threat</textarea>" in answer.text


def test_what_was_typed_about_a_withdrawn_contribution_can_still_be_copied(
    rows: Session, moderators: list[FlaskClient], keyring: Keyring
) -> None:
    draft = make_draft(rows, make_consultation(rows, keyring))
    gone = make_comment(rows, draft, visibility=Visibility.WITHDRAWN, revision=2)
    rows.commit()
    answer = moderators[0].post(
        f"/moderation/items/{gone.reference}", data=decision(), headers=ENGLISH
    )
    assert answer.status_code == 409
    assert "Its author has withdrawn this contribution." in answer.text
    assert "A threat</textarea>" in answer.text


def test_the_queue_says_why_something_is_a_risk(
    moderators: list[FlaskClient], waiting: list[str]
) -> None:
    page = moderators[0].get("/moderation/", headers=ENGLISH).text
    assert "Digits in the form of a telephone number." in page
    assert page.count("data-key-stop") == 3


def test_single_keys_are_turned_off_and_on_again(
    moderators: list[FlaskClient], waiting: list[str]
) -> None:
    client = moderators[0]
    assert "data-shortcuts" in client.get("/moderation/").text
    assert client.post("/moderation/shortcuts", data={"shortcuts": "off"}).status_code == 303
    for page in ("/moderation/", f"/moderation/items/{waiting[0]}"):
        text = client.get(page, headers=ENGLISH).text
        assert "data-shortcuts" not in text
        assert "Turn keyboard shortcuts on" in text
    client.post("/moderation/shortcuts", data={"shortcuts": "on"})
    assert "data-shortcuts" in client.get("/moderation/").text
