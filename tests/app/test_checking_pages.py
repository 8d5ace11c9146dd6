"""The pages on which participants check a summary, what comes of it, and the agency's desk."""

import re
import zlib
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs
from consultations import dissenting, open_tables, ratifying, second_voting
from consultations.models import (
    Choice,
    Dissent,
    DissentGroup,
    FindingVerdict,
    OpenFile,
    Ratifier,
    Stage,
    StageChange,
)
from consultations.participation import join
from core.actor import Actor, system_actor
from core.clock import now
from core.keyring import Keyring
from moderation import rules
from tests.consultations.checked import Check, answer_all, make_check
from tests.factories import make_actor, make_vote
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
Signed = Callable[[Actor], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


@pytest.fixture
def check(session: Session, keyring: Keyring) -> Check:
    made = make_check(session, keyring, comments=40)
    session.commit()
    return made


@pytest.fixture
def voter(session: Session, keyring: Keyring, check: Check) -> Actor:
    """Somebody with an account who voted on one statement that common ground rests on."""
    actor = make_actor(session, keyring)
    participant = join(session, actor, check.consultation)
    make_vote(session, check.planted.statements[7], participant, 1)
    make_vote(session, check.planted.statements[0], participant, -1)
    session.commit()
    return actor


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    _let_go(client)
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == status, answer.text
    return answer.text


def send(client: FlaskClient, address: str, status: int = 303, **values: object) -> str:
    _let_go(client)
    answer = client.post(address, data=values, headers=ENGLISH)
    assert answer.status_code == status, answer.text
    return answer.text


def _let_go(client: FlaskClient) -> None:
    """End the test's own look at the rows, so that the site can write."""
    client.application.extensions["sqlalchemy"].session().rollback()


def public(check: Check, rest: str = "") -> str:
    return f"/consultations/{check.consultation.slug}/summary{rest}"


def desk(check: Check, rest: str = "") -> str:
    return f"/workspace/consultations/{check.consultation.slug}/check{rest}"


def contest(session: Session, check: Check) -> None:
    """Let one group reject the shared sentence, and the time to check be over."""
    answer_all(session, check, check.shared, "rw" * 18)
    answer_all(session, check, None, "r" * 20)
    for who, body in enumerate(("Night workers are missing.", "Night workers are missing!")):
        dissenting.write(
            session,
            check.people[who],
            check.consultation.id,
            finding_id=check.shared.id,
            body=f"{body} They cross the river when nobody counts votes.",
            screen=rules.screen,
        )
    check.consultation.check_ends_at = now() - timedelta(minutes=1)
    session.flush()
    ratifying.close_due(session, system_actor())
    session.commit()
    jobs.run_all()


def test_each_sentence_names_what_of_the_readers_it_rests_on(
    session: Session, check: Check, voter: Actor, client_of: Signed
) -> None:
    shown = page(client_of(voter), public(check, "/check"))
    cards = dict(re.findall(r'id="check-(\d+)"(.*?)</section>', shown, re.DOTALL))
    resting = [number for number, card in cards.items() if "It rests on" in card]
    assert resting
    assert all("You voted “" in cards[number] for number in resting)
    assert "It does not rest on anything you said." in shown
    assert "0 of 37 people who voted or wrote have answered." in shown


def test_an_answer_is_kept_shown_changed_and_taken_back(
    session: Session, check: Check, voter: Actor, client_of: Signed
) -> None:
    client, number = client_of(voter), check.shared.id
    send(client, public(check, "/check"), finding=number, verdict="wrong")
    assert "Your answer: Is wrong." in page(client, public(check, "/check"))
    send(client, public(check, "/check"), finding=number, verdict="reflects")
    send(client, public(check, "/check"), verdict="misses")
    session.rollback()
    assert session.scalars(select(FindingVerdict.verdict)).all() == ["reflects"]
    assert session.scalars(select(Ratifier.verdict)).all() == ["misses"]
    send(client, public(check, "/check"), finding=number, verdict="")
    send(client, public(check, "/check"), 422, finding=number, verdict="agree")
    send(client, public(check, "/check"), 404, finding=999_999, verdict="reflects")


def test_a_dissent_warns_of_personal_details_once_then_waits_for_a_moderator(
    session: Session, check: Check, voter: Actor, client_of: Signed
) -> None:
    client = client_of(voter)
    address = public(check, f"/check/dissent/{check.shared.id}")
    assert "Write what it misses" in send(client, address, 422, body="")
    warned = send(client, address, 200, body="Call 081 234 5678 at night")
    assert "Check for personal details before you send" in warned
    send(client, address, body="Call 081 234 5678 at night", warned="1")
    session.rollback()
    written = session.scalars(select(Dissent)).one()
    assert written.visibility == "pending"
    assert "Call 081" not in page(client, public(check))
    assert "Call 081" in page(client, public(check, "/check"))
    assert "A dissent from a summary" in page(client, f"/receipts/{written.reference}")
    assert "Dissent from the summary" in page(
        client, f"/consultations/{check.consultation.slug}/trail"
    )
    send(client, public(check, "/check/dissent/withdraw"), reference=written.reference)
    assert "Call 081" not in page(client, public(check, "/check"))


def test_a_dissent_is_printed_escaped_beside_its_sentence(
    session: Session, check: Check, voter: Actor, client_of: Signed, client: FlaskClient
) -> None:
    address = public(check, f"/check/dissent/{check.shared.id}")
    send(client_of(voter), address, body="<script>alert(1)</script> is not what we said")
    shown = page(client, public(check))
    card = shown.split(f'id="finding-{check.shared.position}"')[1].split('id="finding-')[0]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in card
    assert "<script>alert" not in shown


def test_who_did_not_take_part_is_told_so_and_can_read(
    session: Session, keyring: Keyring, check: Check, client_of: Signed, client: FlaskClient
) -> None:
    stranger = client_of(make_actor(session, keyring))
    session.commit()
    assert "Only those who voted or wrote can answer" in page(stranger, public(check, "/check"))
    send(stranger, public(check, "/check"), 403, verdict="reflects")
    assert "Check this summary" in page(client, public(check))
    assert client.get(public(check, "/check")).status_code == 303


def test_before_and_after_the_check_the_page_says_so(
    session: Session, check: Check, voter: Actor, client_of: Signed
) -> None:
    client = client_of(voter)
    check.consultation.stage = Stage.ANSWERING
    session.commit()
    assert "The time to check is over" in page(client, public(check, "/check"))
    send(client, public(check, "/check"), 409, verdict="reflects")
    check.consultation.stage = Stage.OPEN
    check.consultation.closes_at = now() + timedelta(days=3)
    session.commit()
    assert "No summary to check yet" in page(client, public(check, "/check"))


def test_nothing_but_the_turnout_shows_before_the_end(
    session: Session, check: Check, client: FlaskClient, client_of: Signed
) -> None:
    answer_all(session, check, check.shared, "w" * 30)
    session.commit()
    for shown in (page(client, public(check)), page(client_of(check.staff.officer), desk(check))):
        assert "30 of 36 people who voted or wrote have answered." in shown
        assert "reflects me" not in shown
        assert "Contested" not in shown


def test_the_result_stands_beside_each_sentence(
    session: Session, check: Check, client: FlaskClient
) -> None:
    contest(session, check)
    shown = page(client, public(check))
    card = shown.split(f'id="finding-{check.shared.position}"')[1].split('id="finding-')[0]
    assert "Contested" in card
    assert "Everyone who answered (36)" in card
    assert "1 other person wrote much the same" in card
    assert "What participants say to this summary" in shown
    assert "36 of 36 people who voted or wrote have answered." in shown
    kept = session.scalars(select(OpenFile).where(OpenFile.name == "ratification.csv")).one()
    lines = zlib.decompress(kept.content).decode().splitlines()
    assert tuple(lines[0].split(",")) == open_tables.TABLES["ratification.csv"]
    rows = [line.split(",") for line in lines[1:]]
    own = [row[1:6] for row in rows if row[0] == str(check.shared.position)]
    assert own[0] == ["all", "36", "18", "0", "18"]
    assert sorted(row[2:] for row in own[1:]) == [["0", "0", "18"], ["18", "0", "0"]]
    assert [row[2] for row in rows if row[0] == "whole"] == ["20", "10", "10"]


def test_the_agency_answers_dissents_with_two_people(
    session: Session, check: Check, client: FlaskClient, client_of: Signed
) -> None:
    contest(session, check)
    group = session.scalars(select(DissentGroup.id)).one()
    officer, approver = client_of(check.staff.officer), client_of(check.staff.approver)
    send(officer, desk(check, f"/dissents/{group}"), 422, answer_th="")
    send(officer, desk(check, f"/dissents/{group}"), answer_th="ขอบคุณ", answer_en="Thank you all.")
    assert "Thank you all." not in page(client, public(check))
    send(officer, desk(check, f"/dissents/{group}/publish"), 403)
    assert "Publish the answer" in page(approver, desk(check))
    send(approver, desk(check, f"/dissents/{group}/publish"))
    assert "Thank you all." in page(client, public(check))
    send(officer, desk(check, "/dissents/999"), 404, answer_th="x")


def test_a_contested_sentence_gets_a_second_vote(
    session: Session, check: Check, voter: Actor, client: FlaskClient, client_of: Signed
) -> None:
    contest(session, check)
    officer, approver = client_of(check.staff.officer), client_of(check.staff.approver)
    number, better = check.shared.id, check.shared.text_en.replace("most of", "most among")
    turned = check.shared.text_en.replace(" agree", " disagree", 1)
    refused = send(officer, desk(check, f"/findings/{number}/revise"), 422, text_en=turned)
    assert "turns a side round" in refused
    assert turned.replace("“", "&#34;")[:20] in refused.replace("“", "&#34;")
    send(officer, desk(check, f"/findings/{number}/revise"), text_en=better)
    send(approver, desk(check, f"/findings/{number}/second-vote"), 422, days=1)
    send(approver, desk(check, f"/findings/{number}/second-vote"), days=3)
    assert "Vote on the new wording" in page(client, public(check))
    citizen = client_of(voter)
    send(citizen, public(check, f"/check/second/{number}"), choice="agree")
    assert 'aria-pressed="true">The new one is better' in page(citizen, public(check, "/check"))
    for actor in check.people[:12]:
        second_voting.cast(session, actor, number, Choice.AGREE)
    session.commit()
    with time_machine.travel(now() + timedelta(days=5)):
        assert "Most prefer the new wording." in page(client, public(check))


def test_to_end_the_check_early_takes_an_approver_and_a_public_reason(
    session: Session, check: Check, client_of: Signed
) -> None:
    step = f"/workspace/consultations/{check.consultation.slug}/step"
    officer, approver = client_of(check.staff.officer), client_of(check.staff.approver)
    assert "Only an approver who did not prepare" in page(officer, f"{step}?event=answer")
    send(officer, step, 403, event="answer", reason="x")
    send(approver, step, 422, event="answer", reason="")
    send(approver, step, event="answer", reason="ทุกคนตอบแล้ว")
    session.rollback()
    change = session.scalars(select(StageChange).where(StageChange.event == "answer")).one()
    assert change.reason == "ทุกคนตอบแล้ว"
    session.refresh(check.summary)
    assert check.summary.check_counts is not None


def test_queries_do_not_grow_with_answers_and_dissents(
    app: Flask, session: Session, check: Check, voter: Actor, client: FlaskClient, client_of: Signed
) -> None:
    engine = app.extensions["sqlalchemy"].engine
    citizen, officer = client_of(voter), client_of(check.staff.officer)
    addresses = (
        (client, public(check)),
        (citizen, public(check, "/check")),
        (officer, desk(check)),
    )

    def counts() -> list[int]:
        found = []
        for reader, address in addresses:
            with count_queries(engine) as sent:
                page(reader, address)
            found.append(len(sent))
        return found

    def dissent(who: range) -> None:
        for place in who:
            dissenting.write(
                session,
                check.people[place],
                check.consultation.id,
                finding_id=check.findings[place % 5].id,
                body=f"Sentence {place} forgets what number {place} said",
                screen=rules.screen,
            )
        session.commit()

    answer_all(session, check, check.shared, "r" * 3)
    dissent(range(2))
    before = counts()
    for finding in check.findings[:6]:
        answer_all(session, check, finding, "rmw" * 12)
    dissent(range(2, 30))
    assert counts() == before
    assert max(before) <= 32
