"""The law-hearing form, its checklist, those affected and the templates, as people use them."""

import email.policy
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clockwork
from app.jobs import run_all
from app.mail.delivery import deliver
from app.words import NAMES
from consultations.kind_templates import COMPUTED, TEMPLATES, Need
from consultations.models import (
    Consultation,
    Kind,
    NoticeChannel,
    NoticeState,
    Stage,
    Stakeholder,
    StakeholderKind,
    StakeholderNotice,
    TemplateVersion,
)
from core.actor import Role
from core.clock import BANGKOK, now
from core.keyring import Keyring
from tests.app.test_results_pages import ENGLISH, Signed, page
from tests.consultations.planted import Staff, make_staff
from tests.factories import make_actor
from tests.queries import count_queries

TODAY = now().astimezone(BANGKOK).date()
PUBLIC = "/consultations/parks-bill/hearing"
OPENS = now() + timedelta(days=5)
HOME = "/workspace/consultations/parks-bill"
GROUP = {
    "kind": "business",
    "name": "สมาคม<b>ร้านอาหาร",
    "effect_th": "มีค่าใช้จ่ายเพิ่ม",
    "contact": "คุณสมศรี 02-111-2222",
    "email": "somsri@example.org",
}


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


@pytest.fixture
def staff(session: Session, keyring: Keyring) -> Staff:
    made = make_staff(session, keyring)
    session.commit()
    return made


@pytest.fixture
def officer(staff: Staff, client_of: Signed) -> FlaskClient:
    """Somebody who has begun a consultation by the steps."""
    client = client_of(staff.officer)
    form = {"kind": "bill", "title_th": "ร่าง", "title_en": "Parks Bill"}
    assert client.post("/workspace/new", data=form).status_code == 303
    return client


def test_every_code_of_the_hearing_has_words() -> None:
    assert set(NAMES["check_point"]) == set(COMPUTED)
    assert set(NAMES["need"]) == set(Need)
    assert set(NAMES["stakeholder_kind"]) == set(StakeholderKind)
    assert set(NAMES["notice_channel"]) == set(NoticeChannel)
    assert set(NAMES["notice_state"]) == set(NoticeState)


def test_the_checklist_leads_to_what_is_missing_until_it_can_be_sent(
    session: Session, officer: FlaskClient
) -> None:
    shown = page(officer, f"{HOME}/hearing/checklist")
    assert "0 of 13 points done" not in shown
    assert "It cannot be published yet" in shown
    assert "Fill in the required parts of the law-hearing form." in shown
    assert f'href="{HOME}/stakeholders"' in shown
    assert "Law-hearing form" in page(officer, f"{HOME}/prepare")

    template = TEMPLATES[Kind.BILL]
    form = {f"{field.code}_th": f"เรื่อง {field.code}" for field in template.fields}
    long = officer.post(f"{HOME}/hearing", data={"problem_th": "ก" * 10_001}, headers=ENGLISH)
    assert long.status_code == 422
    assert "ก" * 10_001 in long.text
    confirmed = [point.code for point in template.items if not point.is_computed]
    sent = officer.post(f"{HOME}/hearing", data={**form, "confirmed": confirmed})
    assert sent.headers["Location"] == f"{HOME}/hearing/checklist"
    assert "เรื่อง problem" in page(officer, f"{HOME}/hearing")
    assert officer.post(f"{HOME}/stakeholders", data=GROUP).status_code == 303
    notice = {"channel": "letter", "notified_on": f"{TODAY + timedelta(days=3)}"}
    assert officer.post(f"{HOME}/stakeholders/1", data=notice).status_code == 303

    shown = page(officer, f"{HOME}/hearing/checklist")
    assert "Fill in the required parts" not in shown
    assert "Say in the announcement whom to ask." in shown
    told = page(officer, "/consultations/parks-bill")
    assert "The problem and its causes" in told
    assert "เรื่อง problem" in told


def test_contacts_are_on_no_public_page_and_in_no_public_file(
    session: Session, officer: FlaskClient, staff: Staff, client_of: Signed, client: FlaskClient
) -> None:
    officer.post(f"{HOME}/stakeholders", data=GROUP)
    given = {
        "channel": "letter",
        "notified_on": f"{TODAY}",
        "words": "ที่ นร 1/2569",
        "proof": (io.BytesIO(b"%PDF-1.7 stamped"), "ตอบรับ.pdf"),
    }
    assert officer.post(f"{HOME}/stakeholders/1", data=given).status_code == 303
    approver = client_of(staff.approver)
    assert "somsri@example.org" in page(officer, f"{HOME}/stakeholders/1")
    number = session.scalars(select(StakeholderNotice.id)).one()
    proof = f"{HOME}/stakeholders/notices/{number}/proof"
    assert officer.get(proof).data == b"%PDF-1.7 stamped"
    assert "attachment" in officer.get(proof).headers["Content-Disposition"]
    for address in ("1", "1/edit", "register.csv", f"notices/{number}/proof", "import", "remind"):
        assert approver.get(f"{HOME}/stakeholders/{address}").status_code == 403
    session.rollback()
    assert client.get("/consultations/parks-bill/hearing").status_code == 404
    session.execute(update(Consultation).values(stage=Stage.SCHEDULED, opens_at=OPENS))
    session.commit()
    pages = [
        page(client, "/consultations/parks-bill/hearing"),
        page(client, "/consultations/parks-bill"),
        page(approver, f"{HOME}/stakeholders"),
        *(approver.get(f"{HOME}/hearing/{name}").text for name in ("portal", "portal/portal.csv")),
        json.dumps(approver.get(f"{HOME}/hearing/portal/portal.json").json, ensure_ascii=False),
    ]
    assert "สมาคม&lt;b&gt;ร้านอาหาร" in pages[0]
    assert "with proof" in pages[0]
    for shown in pages:
        assert not any(word in shown for word in ("somsri", "สมศรี", "111-2222"))
    assert approver.get(f"{HOME}/hearing/portal/else.csv").status_code == 404


def test_a_planned_letter_goes_out_by_itself_and_proves_itself(
    app: Flask, session: Session, officer: FlaskClient, keyring: Keyring
) -> None:
    officer.post(f"{HOME}/stakeholders", data=GROUP)
    officer.post(f"{HOME}/stakeholders", data={**GROUP, "name": "ชุมชน", "email": ""})
    by_mail = {"channel": "email", "notified_on": f"{TODAY}", "words": "ขอเชิญแสดงความเห็น"}
    refused = officer.post(f"{HOME}/stakeholders/2", data=by_mail, headers=ENGLISH)
    assert (refused.status_code, "no e-mail address" in refused.text) == (422, True)
    assert officer.post(f"{HOME}/stakeholders/1", data=by_mail).status_code == 303
    closes = now() + timedelta(days=20)
    session.execute(
        update(Consultation).values(stage=Stage.SCHEDULED, opens_at=OPENS, closes_at=closes)
    )
    session.commit()
    clockwork.sweep()
    run_all()
    deliver()
    [letter] = (Path(app.instance_path) / "mail").glob("*.eml")
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",)).get_content()
    assert message["To"] == GROUP["email"]
    assert "ขอเชิญแสดงความเห็น" in body
    assert "/consultations/parks-bill" in body
    assert "Delivered" in page(officer, f"{HOME}/stakeholders")
    session.execute(update(Consultation).values(stage=Stage.OPEN, opens_at=now()))
    session.commit()
    reminder = {"numbers": "1", "words": "อีกสามวันจะปิดรับ"}
    assert officer.post(f"{HOME}/stakeholders/remind", data=reminder).status_code == 303
    states = session.scalars(select(StakeholderNotice.state).order_by(StakeholderNotice.id))
    assert states.all() == [NoticeState.DELIVERED, NoticeState.SENDING]


def test_a_table_shows_the_fate_of_each_row_before_anything_is_kept(
    session: Session, officer: FlaskClient
) -> None:
    head = "kind,name,effect_th,effect_en,contact,email"
    table = f"{head}\nbusiness,ร้านค้า,,,คุณสมศรี,\nnobody,ใคร,,,,\n".encode()
    address = f"{HOME}/stakeholders/import"
    shown = officer.post(address, data={"file": (io.BytesIO(table), "a.csv")}, headers=ENGLISH).text
    assert "Choose a kind of group from the list." in shown
    assert "Take over 1 row" in shown
    assert "คุณสมศรี" not in shown
    assert session.scalars(select(Stakeholder)).all() == []
    session.rollback()
    sealed = re.findall(r'name="sealed" value="([^"]+)"', shown)[0]
    assert officer.post(f"{address}/confirm", data={"sealed": sealed}).status_code == 303
    assert officer.post(f"{address}/confirm", data={"sealed": "x"}).status_code == 303
    assert session.scalars(select(Stakeholder.name)).all() == ["ร้านค้า"]
    session.rollback()
    taken = officer.get(f"{HOME}/stakeholders/register.csv").data.decode()
    assert "business,ร้านค้า,,,คุณสมศรี," in taken
    bad = officer.post(address, data={"file": (io.BytesIO(b"\xff"), "a.csv")})
    assert bad.status_code == 422


def test_the_register_takes_as_many_queries_for_many_groups_as_for_one(
    app: Flask, session: Session, officer: FlaskClient, client: FlaskClient
) -> None:
    engine = app.extensions["sqlalchemy"].engine
    session.execute(update(Consultation).values(stage=Stage.SCHEDULED, opens_at=OPENS))
    session.commit()
    counts = []
    for upto in (1, 20):
        for number in range(upto):
            officer.post(f"{HOME}/stakeholders", data={**GROUP, "name": f"กลุ่ม {number}"})
        for who, address in ((officer, f"{HOME}/stakeholders"), (client, PUBLIC)):
            with count_queries(engine) as sent:
                page(who, address)
            counts.append(len(sent))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 16


def test_an_administrator_edits_a_template_and_every_edit_is_a_version(
    session: Session, keyring: Keyring, client_of: Signed, officer: FlaskClient
) -> None:
    administrator = make_actor(session, keyring, Role.ADMINISTRATOR)
    session.commit()
    client = client_of(administrator)
    home = "/administration/templates"
    assert officer.get(home).status_code == 403
    assert "Project hearing" in page(client, home)
    assert "Version 1" in page(client, f"{home}/bill")
    field = {"code": "gender", "need": "required", "label_th": "มิติเพศภาวะ", "label_en": "Gender"}
    change = {**field, "since": "1", "place": "2", "reason": "มติคณะกรรมการ"}
    bad = client.post(f"{home}/bill/field", data={**change, "code": "A B"}, headers=ENGLISH)
    assert (bad.status_code, "Use a code of small letters" in bad.text) == (422, True)
    assert "มิติเพศภาวะ" in bad.text
    assert client.post(f"{home}/bill/field", data=change).status_code == 303
    stale = client.post(f"{home}/bill/field", data={**change, "code": "again"})
    assert stale.status_code == 409
    assert "Gender" in page(client, f"{home}/bill")
    assert "Gender" not in page(client, f"{home}/bill?version=1")
    assert "Gender" not in page(officer, f"{HOME}/hearing")
    form = {"kind": "bill", "title_th": "ร่าง", "title_en": "Second Bill"}
    officer.post("/workspace/new", data=form)
    assert "Gender" in page(officer, "/workspace/consultations/second-bill/hearing")

    rules = {"advised_days": "0", "since": "2", "reason": "ลอง", "answer_days": "30"}
    rules |= {"days_before_opening": "3", "announced_days": "0"}
    wrong = client.post(f"{home}/bill/rules", data=rules, headers=ENGLISH)
    assert "Enter a whole number from 1 to 365." in wrong.text
    point = {"need": "advised", "since": "2", "reason": "ผ่อนผัน"}
    assert client.post(f"{home}/bill/point?code=notices", data=point).status_code == 303
    gone = {"since": "3", "reason": "ไม่ใช้"}
    assert client.post(f"{home}/bill/field/gender/without", data=gone).status_code == 303
    assert client.post(f"{home}/bill/restore", data={**gone, "since": "4"}).status_code == 303
    assert client.get(f"{home}/bill/field?code=nothing").status_code == 404
    assert client.get(f"{home}/nothing").status_code == 404
    session.rollback()
    kept = session.scalars(select(TemplateVersion).order_by(TemplateVersion.number)).all()
    assert [version.is_delivered for version in kept] == [True, False, False, False, True]
