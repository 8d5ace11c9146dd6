"""Pages of working groups: conveners prepare, members decide in the open, everyone reads."""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.words import NAMES
from consultations import deliberating, forming, meeting
from consultations.forming import Seat
from consultations.meeting import Agenda
from consultations.models import (
    DecisionRule,
    MemberState,
    Position,
    RoundOutcome,
    Sector,
)
from core.actor import Actor
from core.clock import now
from core.keyring import Keyring
from tests.app.test_results_pages import ENGLISH, Signed, page
from tests.consultations.working_groups import WORDS, Table, convened, proposed, say
from tests.factories import make_actor
from tests.queries import count_queries


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


@pytest.fixture
def table(session: Session, keyring: Keyring) -> Table:
    made = convened(session, keyring)
    session.commit()
    return made


@pytest.fixture
def home(session: Session, table: Table) -> str:
    found = f"/consultations/{table.consultation.slug}/groups"
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("sector", Sector),
        ("member_state", MemberState),
        ("decision_rule", DecisionRule),
        ("position", Position),
        ("position_taken", Position),
        ("round_outcome", RoundOutcome),
    ],
)
def test_every_value_has_a_name(kind: str, members: type[StrEnum]) -> None:
    assert set(NAMES[kind]) == set(members)


def test_from_founding_to_an_adopted_step(
    table: Table, home: str, client_of: Signed, client: FlaskClient
) -> None:
    officer, people = client_of(table.staff.officer), [client_of(each) for each in table.people]
    desk = f"/workspace{home}"
    form = {"title_th": "คณะทำงานที่สอง", "purpose_th": ""}
    refused = officer.post(f"{desk}/new", data=form, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Say in Thai what the group is to do." in refused.text
    assert "คณะทำงานที่สอง" in refused.text
    assert officer.post(f"{desk}/new", data={**form, "purpose_th": "x"}).status_code == 303
    assert "คณะทำงานที่สอง" in page(client, home)
    assert "Waste group" in page(officer, desk)
    assert "Nothing has been proposed yet" in (public := page(client, f"{home}/1"))
    assert public.count("Member ") == 4

    step = {"title": "Two trucks <b>now</b>", "body": "We collect.", "due_on": "2642-12-31"}
    assert people[0].post(f"{home}/1/proposals/new", data=step).status_code == 303
    said = f"{home}/1/proposals/1/rounds/1"
    refused = people[1].post(said, data={"position": "objection"}, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Write something first." in refused.text
    answer = {"position": "reservation", "reason": "Who drives <i>them</i>?"}
    assert people[1].post(said, data=answer).status_code == 303
    assert "Who drives" not in page(client, f"{home}/1/proposals/1")
    assert "Who drives &lt;i&gt;them" in page(people[2], f"{home}/1/proposals/1")
    for each in (people[0], people[2]):
        assert each.post(said, data={"position": "consent"}).status_code == 303
    public = page(client, f"{home}/1")
    assert "Adopted" in public
    assert "Dissent" in public
    assert "Who drives &lt;i&gt;them" in public
    assert "Two trucks &lt;b&gt;now" in public
    assert "31 December 2099" in public
    assert people[2].post(said, data={"position": "consent"}).status_code == 409
    report = {"state": "under_way", "note_th": "สั่งซื้อแล้ว"}
    assert people[0].post(f"{home}/1/steps/1/report", data=report).status_code == 303
    assert people[1].get(f"{home}/1/steps/1/report").status_code == 403
    assert "สั่งซื้อแล้ว" in page(client, f"{home}/1")


def test_an_invitation_is_answered_by_who_is_signed_in(
    session: Session, table: Table, home: str, keyring: Keyring, client_of: Signed
) -> None:
    guest = make_actor(session, keyring)
    session.commit()
    officer, seat = client_of(table.staff.officer), {"sector": "academia", "seat": "Forestry"}
    wrong = officer.post(f"{home}/1/invite", data={**seat, "email": "x"}, headers=ENGLISH)
    assert wrong.status_code == 422
    assert "Enter an e-mail address" in wrong.text
    sent = officer.post(f"{home}/1/invite", data={**seat, "email": "a@example.org"})
    assert sent.status_code == 303
    assert "Take the invitation back" in page(officer, f"{home}/1")
    given = Seat("b@example.org", "academia", "Hydrology")
    _, token = forming.invite(session, table.staff.officer, keyring, table.group.id, given=given)
    session.commit()
    address, reader = f"/invitations/groups/{token}", client_of(guest)
    assert "Hydrology" in page(reader, address)
    assert reader.post(address, data={"shown_name": ""}).status_code == 422
    assert reader.post(address, data={"shown_name": "Dr <b>Rain</b>"}).status_code == 303
    assert "Dr &lt;b&gt;Rain" in page(reader, f"{home}/1")
    assert reader.get(address).status_code == 404
    assert reader.post(f"{home}/1/leave").status_code == 303


def test_conveners_prepare_and_others_do_not(
    session: Session, table: Table, home: str, client_of: Signed, client: FlaskClient
) -> None:
    facilitator, member = client_of(table.facilitator), client_of(table.people[0])
    for path in ("invite", "charter", "meetings/new"):
        assert member.get(f"{home}/1/{path}").status_code == 403
        assert client.get(f"{home}/1/{path}").status_code == 303
        assert facilitator.get(f"{home}/1/{path}").status_code == 200
    assert facilitator.get(f"{home}/1/proposals/new").status_code == 403
    held = {"held_on": str(now().date()), "place": "Hall", "agenda": "1. Bins"}
    assert facilitator.post(f"{home}/1/meetings/new", data=held).status_code == 303
    minutes = f"{home}/1/meetings/1/minutes"
    assert facilitator.post(minutes, data={"body": "Five came."}).status_code == 303
    assert facilitator.post(minutes, data={"body": "Six came."}).status_code == 422
    corrected = {"body": "Six came.", "correction": "One was late."}
    assert facilitator.post(minutes, data=corrected).status_code == 303
    public = page(client, f"{home}/1")
    assert public.index("Six came.") < public.index("Five came.")
    charter = {"body": "Faster.", "rule": "majority", "quorum": "50", "round_days": "x"}
    assert facilitator.post(f"{home}/1/charter", data=charter).status_code == 422
    assert (
        facilitator.post(f"{home}/1/charter", data={**charter, "round_days": "3"}).status_code
        == 303
    )
    assert "waits for the members" in page(client, f"{home}/1")
    assert member.post(f"{home}/1/agree", data={"version": "1"}).status_code == 409
    assert member.post(f"{home}/1/agree", data={"version": "2"}).status_code == 303
    assert member.get(f"{home}/9").status_code == 404


def test_queries_stay_few_however_much_a_group_has_done(
    app: Flask, session: Session, table: Table, home: str, client: FlaskClient, keyring: Keyring
) -> None:
    engine, needed = app.extensions["sqlalchemy"].engine, []
    for count in (1, 6):
        for _ in range(count):
            _work(session, table, table.people[0])
        session.commit()
        page(client, f"{home}/1")
        with count_queries(engine) as sent:
            page(client, f"{home}/1")
            page(client, home)
        needed.append(len(sent))
    assert needed[0] == needed[1] <= 24


def _work(session: Session, table: Table, officer: Actor) -> None:
    due = (now() + timedelta(days=9)).date()
    proposal = proposed(session, table, replace(WORDS, due_on=due))
    for who in range(3):
        say(session, table, who, proposal, "reservation")
    agenda = Agenda(now().date(), "Hall", "1. Bins")
    made = meeting.announce(session, table.facilitator, table.group.id, given=agenda)
    meeting.publish_minutes(session, table.facilitator, made.id, body="Five came.")
    again = deliberating.propose(session, officer, table.group.id, given=WORDS)
    deliberating.amend(session, officer, again.id, body="Other words.")
