"""The discussion as people see it: threads, replies, supports, stubs, and links that hold."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import replying
from consultations.models import (
    Consultation,
    DiscussionPlace,
    Draft,
    ModerationPolicy,
    Origin,
    Reply,
    Tier,
    Visibility,
)
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from moderation import deciding
from moderation.rules import screen
from tests.factories import (
    joined,
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
)
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
HTMX = {"HX-Request": "true", **ENGLISH}
HERE = "/consultations/water/discussion"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session that holds no transaction, and with it no lock, once it is committed."""
    engine = app.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    made = make_consultation(session, keyring, slug="water")
    session.commit()
    return made


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    made = make_draft(session, consultation)
    session.commit()
    return made


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    made = make_actor(session, keyring)
    session.commit()
    return made


@pytest.fixture
def signed_in(client_of: Callable[[Actor], FlaskClient], citizen: Actor) -> FlaskClient:
    return client_of(citizen)


def test_support_is_given_and_taken_back_without_scripts(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    comment = make_comment(session, draft)
    session.commit()
    address = f"/consultations/water/contributions/{comment.reference}/support"
    for action, count, pressed in (
        ("give", 1, "true"),
        ("give", 1, "true"),
        ("withdraw", 0, "false"),
    ):
        answer = signed_in.post(address, data={"support": action, "back": f"{HERE}?order=oldest"})
        assert answer.headers["Location"] == f"{HERE}?order=oldest#c-{comment.reference}"
        page = signed_in.get(HERE, headers=ENGLISH).text
        assert f'aria-pressed="{pressed}"' in page
        session.expire_all()
        assert session.get_one(DiscussionPlace, comment.id).supports == count
        session.commit()
    answer = signed_in.post(address, data={"support": "give", "back": "//evil.example/"})
    assert answer.headers["Location"] == f"/#c-{comment.reference}"


def test_with_htmx_only_the_button_comes_back(
    session: Session, draft: Draft, signed_in: FlaskClient, client: FlaskClient
) -> None:
    comment = make_comment(session, draft)
    session.commit()
    address = f"/consultations/water/contributions/{comment.reference}/support"
    answer = signed_in.post(address, data={"support": "give"}, headers=HTMX)
    assert "Supported" in answer.text
    assert "<html" not in answer.text
    visitor = client.post(address, data={"support": "give"}, headers=HTMX)
    assert visitor.headers["HX-Redirect"].startswith("/accounts/sign-in")


def test_a_visitor_is_led_to_sign_in_and_back_to_the_comment(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    comment = make_comment(session, draft)
    session.commit()
    page = client.get(HERE, headers=ENGLISH).text
    assert f"next={HERE}?at%3D{comment.reference}" in page
    assert "you need an account" in page
    thread = client.get(f"{HERE}/{comment.reference}", headers=ENGLISH).text
    assert "Sign in to reply" in thread
    assert "<textarea" not in thread


def test_a_reply_is_sent_shown_and_withdrawn(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    comment = make_comment(session, draft)
    session.commit()
    address = f"{HERE}/{comment.reference}"
    assert signed_in.post(address, data={"body": " "}).status_code == 422
    answer = signed_in.post(address, data={"body": "<b>เห็นด้วย</b>"})
    made = session.scalars(select(Reply)).one()
    session.commit()
    assert answer.headers["Location"] == f"{address}#c-{made.reference}"
    assert "&lt;b&gt;เห็นด้วย" in signed_in.get(HERE).text
    assert signed_in.get(f"/consultations/water/contributions/{made.reference}").status_code == 200
    assert signed_in.get("/consultations/water/trail").status_code == 200
    again = signed_in.post(address, data={"body": "<b>เห็นด้วย</b>"}, headers=ENGLISH)
    assert (again.status_code, "exactly this reply" in again.text) == (422, True)
    gone = f"/consultations/water/contributions/{made.reference}/withdraw-reply"
    assert signed_in.post(gone).status_code == 303
    page = signed_in.get(HERE, headers=ENGLISH).text
    assert "Its author has withdrawn" in page
    assert "เห็นด้วย" not in page


def test_a_link_to_a_reply_leads_to_its_thread_and_to_a_comment_to_its_page(
    session: Session, draft: Draft, citizen: Actor, client: FlaskClient
) -> None:
    comments = [make_comment(session, draft, body=f"<ที่ {n}>") for n in range(60)]
    reply = replying.reply(session, citizen, comments[0].reference, body="ดี", screen=screen)
    session.commit()
    answer = client.get(f"{HERE}?at={reply.reference}")
    assert answer.headers["Location"] == (f"{HERE}/{comments[0].reference}#c-{reply.reference}")
    for order in ("recent", "oldest", "bridging", "supported", "unanswered", "random"):
        page = client.get(f"{HERE}?order={order}&at={comments[30].reference}").text
        assert f'id="c-{comments[30].reference}"' in page
    assert client.get(f"{HERE}?at=NONE00000000").status_code == 404


def test_what_a_moderator_hid_is_a_stub_with_rule_and_reason(
    session: Session, keyring: Keyring, draft: Draft, client: FlaskClient
) -> None:
    comment = make_comment(session, draft, body="ความลับของเขา")
    moderator = make_actor(session, keyring, Role.MODERATOR)
    deciding.decide(
        session,
        moderator,
        comment.reference,
        kind="hide",
        rule="personal_data",
        reason="มีเลขบัตรประชาชน",
        expected_revision=1,
    )
    session.commit()
    for address in (HERE, f"{HERE}?at={comment.reference}", f"{HERE}/{comment.reference}"):
        page = client.get(address, headers=ENGLISH).text
        assert "A moderator has hidden what stood here." in page
        assert "มีเลขบัตรประชาชน" in page
        assert "ความลับ" not in page
    assert "A moderator has hidden" not in client.get(f"{HERE}?q=ลับ", headers=ENGLISH).text


def test_badges_say_who_speaks(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    draft: Draft,
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    organisation = make_participant(session, consultation, tier=Tier.ORGANISATION).id
    make_comment(session, draft, participant_id=organisation)
    comment = make_comment(session, draft, origin=Origin.PAPER)
    officer = make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)
    session.commit()
    client = client_of(officer)
    form = client.get(f"{HERE}/{comment.reference}", headers=ENGLISH).text
    assert "shown as an official reply of the agency" in form
    client.post(f"{HERE}/{comment.reference}", data={"body": "จะแก้ไข"})
    page = client.get(HERE, headers=ENGLISH).text
    for words in ("Organisation", "On paper", "Official reply", "Answered by the agency"):
        assert words in page
    assert "/support" not in page


def test_after_closing_the_discussion_is_read_only_and_says_since_when(
    session: Session, consultation: Consultation, draft: Draft, signed_in: FlaskClient
) -> None:
    comment = make_comment(session, draft)
    consultation.closes_at = now() - timedelta(seconds=1)
    session.commit()
    page = signed_in.get(HERE, headers=ENGLISH).text
    assert "The discussion is closed" in page
    assert str(now().year) in page
    assert "/support" not in page
    thread = signed_in.get(f"{HERE}/{comment.reference}", headers=ENGLISH).text
    assert "Replies are not being taken now" in thread
    address = f"/consultations/water/contributions/{comment.reference}/support"
    assert signed_in.post(address, data={"support": "give"}).status_code == 409


def test_an_open_discussion_without_comments_invites_the_first(
    draft: Draft, client: FlaskClient
) -> None:
    page = client.get(HERE, headers=ENGLISH).text
    assert "Be the first" in page
    assert "/consultations/water/draft" in page


def test_a_reply_that_waits_is_seen_by_its_author_alone(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    citizen: Actor,
    signed_in: FlaskClient,
    client: FlaskClient,
) -> None:
    comment = make_comment(session, draft)
    session.add(
        Reply(
            consultation_id=consultation.id,
            participant_id=joined(session, citizen, consultation).id,
            comment_id=comment.id,
            body="รอก่อน",
            created_at=now(),
            visibility=Visibility.PENDING,
        )
    )
    session.commit()
    assert "Only you see this" in signed_in.get(HERE, headers=ENGLISH).text
    assert "รอก่อน" not in client.get(HERE).text


def test_fifty_comments_with_replies_need_ten_queries_at_most(
    app: Flask,
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    draft: Draft,
    citizen: Actor,
    signed_in: FlaskClient,
) -> None:
    joined(session, citizen, consultation)
    others = [make_actor(session, keyring) for _ in range(2)]
    for number in range(51):
        comment = make_comment(session, draft, clause_key=f"s{number % 2 + 1}")
        for place, actor in enumerate(others):
            replying.reply(session, actor, comment.reference, body=f"ตอบ {place}", screen=screen)
    session.commit()
    engine = app.extensions["sqlalchemy"].engine
    with count_queries(engine) as sent:
        page = signed_in.get(HERE).text
    assert page.count("sarn-thread__reply") >= 100
    assert len(sent) <= 10
    with count_queries(engine) as sent:
        signed_in.post(f"{HERE}/{comment.reference}", data={"body": "อีกหนึ่ง"})
    assert len(sent) <= 20
    with count_queries(engine) as sent:
        signed_in.post("/consultations/water/clauses/s1/comment", data={"body": "ความเห็นใหม่"})
    assert len(sent) <= 20


def test_moderators_find_a_reply_in_their_queue_and_decide_on_it(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    draft: Draft,
    citizen: Actor,
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    consultation.moderation_policy = ModerationPolicy.BEFORE
    comment = make_comment(session, draft)
    session.flush()
    made = replying.reply(session, citizen, comment.reference, body="รออ่าน", screen=screen)
    reader = make_actor(session, keyring, Role.MODERATOR)
    session.commit()
    moderator = client_of(reader)
    assert "รออ่าน" in moderator.get("/moderation/", headers=ENGLISH).text
    item = f"/moderation/items/{made.reference}"
    assert moderator.get(item).status_code == 200
    answer = moderator.post(item, data={"kind": "publish", "revision": "1"})
    assert answer.status_code == 303
    assert "รออ่าน" in moderator.get(HERE).text
    page = moderator.get(f"/consultations/water/contributions/{made.reference}", headers=ENGLISH)
    assert f"Reply {made.reference}" in page.text


def test_a_comment_that_counts_without_being_shown_has_no_thread(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    comment = make_comment(session, draft, visibility=Visibility.COUNTED)
    session.commit()
    assert client.get(f"{HERE}/{comment.reference}").status_code == 404


def test_an_address_acts_on_contributions_of_its_own_consultation_alone(
    session: Session, keyring: Keyring, draft: Draft, signed_in: FlaskClient
) -> None:
    """The comment exists and can be supported, but not under the address of another subject."""
    make_consultation(session, keyring, slug="roads")
    comment = make_comment(session, draft)
    session.commit()
    elsewhere = f"/consultations/roads/contributions/{comment.reference}"
    for deed in ("support", "withdraw", "withdraw-reply"):
        assert signed_in.post(f"{elsewhere}/{deed}").status_code == 404
    thread = f"/consultations/roads/discussion/{comment.reference}"
    assert signed_in.post(thread, data={"body": "ตอบ"}).status_code == 404
    here = f"/consultations/water/contributions/{comment.reference}"
    assert signed_in.post(f"{here}/support").status_code == 303
