"""The law hearing: templates as data, the form, the checklist that blocks, and those affected."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import (
    convening,
    erasing,
    form_filling,
    kind_editing,
    kind_versions,
    notifying,
    stakeholder_files,
    stakeholding,
)
from consultations.announcement import Announcement
from consultations.kind_templates import COMPUTED, TEMPLATES, CheckPoint, Need, parsed
from consultations.lifecycle import Event
from consultations.models import (
    Consultation,
    Kind,
    NoticeChannel,
    NoticeState,
    Stage,
    Stakeholder,
    StakeholderNotice,
)
from consultations.notifying import Given
from consultations.queries import checklist, readiness, stakeholders
from consultations.reporting import portal
from consultations.reporting.deeds import ModerationFigures
from consultations.reporting.gathering import gather
from consultations.stakeholder_files import Entry
from core.actor import Role, system_actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.mailing import outbox
from core.mailing.models import OutgoingMail
from tests.consultations.planted import Staff, make_staff
from tests.factories import make_actor, make_consultation, make_draft, make_participant

ADDRESS = "somsri@example.org"
ENTRY = Entry("business", "สมาคมร้านอาหาร", "มีค่าใช้จ่ายเพิ่ม", "", "คุณสมศรี 02-111-2222", ADDRESS)
PDF = b"%PDF-1.7 a stamped letter"


def announced(kind: Kind = Kind.BILL) -> Announcement:
    today = now().astimezone(BANGKOK).replace(hour=0, minute=0, second=0, microsecond=0)
    opens_at = today + timedelta(days=20)
    return Announcement(
        kind=kind,
        title_th="ร่างพระราชบัญญัติ",
        summary_th="สรุป",
        scope_th="แก้ได้ทุกมาตรา",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=16),
        answers_due_on=(opens_at + timedelta(days=17)).date(),
    )


@pytest.fixture
def staff(session: Session, keyring: Keyring) -> Staff:
    return make_staff(session, keyring)


@pytest.fixture
def made(session: Session, staff: Staff) -> Consultation:
    made = convening.create(session, staff.officer, "parks", announced(), steps=["kind"])
    make_draft(session, made, published_at=None)
    return made


def fill(session: Session, staff: Staff, made: Consultation) -> None:
    """Do all that the bill's checklist requires."""
    template = TEMPLATES[made.kind]
    answers = {f"{field.code}_th": "ครบถ้วน" for field in template.fields}
    confirmed = [point.code for point in template.items if not point.is_computed]
    officer = staff.officer
    form_filling.save(session, officer, made.id, answers=answers, confirmed=confirmed)
    convening.edit(session, officer, made.id, affected_th="ทุกคน", contact_th="กองนิติการ")
    stakeholding.add(session, officer, made.id, [ENTRY])
    notifying.note(session, officer, made.id, 1, Given(NoticeChannel.EMAIL, date(2026, 11, 1)))


@pytest.mark.parametrize("kind", list(Kind))
def test_the_delivered_templates_are_complete_in_both_languages(kind: Kind) -> None:
    template = TEMPLATES[kind]
    for field in template.fields:
        assert all((field.label_th, field.label_en, field.ground_th, field.ground_en))
        assert bool(field.hint_th) == bool(field.hint_en)
    for point in template.items:
        assert point.is_computed or (point.label_th and point.label_en)
    computed = {point.code for point in template.items} & set(COMPUTED)
    assert computed >= {"form", "contact", "stakeholders", "notices", "answers_due", "approver"}
    assert any(field.code == "questions" for field in template.fields)
    assert template.advised_days == 15


def test_a_project_hearing_has_two_clocks_of_its_own() -> None:
    project = TEMPLATES[Kind.PROJECT]
    assert (project.announced_days, project.answer_days) == (15, 15)
    assert project.point("announced") == CheckPoint("announced", Need.REQUIRED)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"advised_days": 0}, "template.number"),
        ({"answer_days": "15"}, "template.number"),
        ({"needs_draft": "yes"}, "template.malformed"),
        ({"moderation_policy": "never"}, "template.malformed"),
        ({"fields": [{"code": "A b", "need": "required"}]}, "template.code"),
        ({"fields": [{"code": "a", "need": "required", "label_th": ""}]}, "text.empty"),
        ({"items": [{"code": "form", "need": "must"}]}, "template.malformed"),
        ({"items": [{"code": "form", "need": "advised"}] * 2}, "template.code_taken"),
    ],
)
def test_a_bad_template_is_refused_with_the_reason(change: dict[str, object], code: str) -> None:
    good = json.loads(kind_versions.as_json(TEMPLATES[Kind.BILL]))
    with pytest.raises(InvalidError) as caught:
        parsed({**good, **change})
    assert caught.value.code == code


def test_an_edit_is_a_version_and_what_has_begun_keeps_its_own(
    session: Session, keyring: Keyring, staff: Staff, made: Consultation
) -> None:
    administrator = make_actor(session, keyring, Role.ADMINISTRATOR)
    edited = replace(TEMPLATES[Kind.BILL], advised_days=30)
    kwargs = {"reason": "มติคณะรัฐมนตรี", "since": 1}
    with pytest.raises(NotAllowedError):
        kind_editing.change(session, staff.officer, Kind.BILL, edited, **kwargs)
    version = kind_editing.change(session, administrator, Kind.BILL, edited, **kwargs)
    assert (version.number, version.is_delivered) == (2, False)
    with pytest.raises(ConflictError):
        kind_editing.change(session, administrator, Kind.BILL, edited, **kwargs)
    with pytest.raises(InvalidError):
        kind_editing.change(
            session, administrator, Kind.BILL, edited, reason="อีกครั้ง", since=version.number
        )
    convening.edit(session, staff.officer, made.id, contact_th="กองนิติการ")
    with pytest.raises(InvalidError) as caught:
        convening.create(session, staff.officer, "later", announced(), steps=["kind"])
    assert caught.value.details["days"] == 30
    back = kind_editing.change(
        session, administrator, Kind.BILL, TEMPLATES[Kind.BILL], reason="กลับ", since=2
    )
    assert back.is_delivered
    again = convening.create(session, staff.officer, "again", announced(), steps=["kind"])
    assert again.template_id == back.id != made.template_id
    logged = select(LedgerEntry.subject).where(LedgerEntry.action == "template.changed")
    assert session.scalars(logged).all() == ["template:bill:2", "template:bill:3"]


def test_the_checklist_blocks_review_and_says_what_is_missing(
    session: Session, staff: Staff, made: Consultation
) -> None:
    points = readiness.open_points(session, made, now())
    assert set(points) == {
        *("hearing.affected", "hearing.contact", "hearing.form", "hearing.analysis"),
        *("hearing.stakeholders", "hearing.notices", "hearing.unconfirmed"),
    }
    with pytest.raises(ConflictError):
        convening.take_step(session, staff.officer, made.id, Event.SUBMIT)
    fill(session, staff, made)
    assert readiness.open_points(session, made, now()) == []
    advised = [
        each.point.code
        for each in checklist.checked_points(session, made, now())
        if not each.done and each.point.need is Need.ADVISED
    ]
    assert advised == ["offline", "english"]
    convening.take_step(session, staff.officer, made.id, Event.SUBMIT)
    with pytest.raises(ConflictError):
        form_filling.save(session, staff.officer, made.id, answers={}, confirmed=[])
    session.delete(session.scalars(select(StakeholderNotice)).one())
    session.flush()
    with pytest.raises(ConflictError) as caught:
        convening.take_step(session, staff.approver, made.id, Event.APPROVE)
    assert caught.value.code == "hearing.notices"


def test_another_kind_brings_its_template_and_its_clocks(
    session: Session, staff: Staff, made: Consultation
) -> None:
    fill(session, staff, made)
    late = now() + timedelta(days=5)
    convening.edit(
        session,
        staff.officer,
        made.id,
        kind=Kind.PROJECT,
        opens_at=late,
        closes_at=late + timedelta(days=20),
        answers_due_on=(late + timedelta(days=60)).date(),
    )
    points = readiness.open_points(session, made, now())
    assert {"hearing.announced", "hearing.answers_in_time", "hearing.form"} <= set(points)


def test_what_began_without_a_template_is_not_held_up(session: Session, staff: Staff) -> None:
    made = convening.create(session, staff.officer, "imported", announced())
    make_draft(session, made, published_at=None)
    assert readiness.open_points(session, made, now()) == []


def test_only_officers_of_the_agency_see_how_a_group_is_reached(
    session: Session, keyring: Keyring, staff: Staff, made: Consultation
) -> None:
    assert stakeholding.add(session, staff.officer, made.id, [ENTRY, ENTRY]) == 1
    group = stakeholders.at(session, made.id, 1)
    assert ADDRESS not in group.sealed_contact
    found = stakeholding.contacts(session, staff.officer, made, [group])
    assert found[1].email == ADDRESS
    elsewhere = make_staff(session, keyring).officer
    for stranger in (elsewhere, staff.approver):
        with pytest.raises(NotAllowedError):
            stakeholding.contacts(session, stranger, made, [group])
    with pytest.raises(InvalidError) as caught:
        stakeholding.add(
            session, staff.officer, made.id, [replace(ENTRY, effect_th="โทร 081-234-5678")]
        )
    assert caught.value.code == "stakeholder.personal"
    made.stage = Stage.OPEN
    with pytest.raises(ConflictError):
        stakeholding.remove(session, staff.officer, made.id, 1)
    entries = session.scalars(select(LedgerEntry.content)).all()
    assert not any(ADDRESS in content or "สมศรี" in content for content in entries)


def test_a_notice_is_given_with_proof_or_by_the_sites_own_letter(
    session: Session, keyring: Keyring, staff: Staff, made: Consultation
) -> None:
    officer, today = staff.officer, now().astimezone(BANGKOK).date()
    other = replace(ENTRY, name="ชุมชนริมคลอง", email="")
    stakeholding.add(session, officer, made.id, [ENTRY, other])
    with pytest.raises(InvalidError) as caught:
        notifying.note(session, officer, made.id, 2, Given(NoticeChannel.EMAIL, today))
    assert caught.value.code == "stakeholder.no_address"
    script = Given(NoticeChannel.LETTER, today, proof_name="a.pdf", proof=b"<script>")
    with pytest.raises(InvalidError) as caught:
        notifying.note(session, officer, made.id, 2, script)
    assert caught.value.code == "stakeholder.proof_unknown"
    letter = Given(NoticeChannel.LETTER, today, "ที่ นร 1/2569", "ตอบรับ.pdf", PDF)
    given = notifying.note(session, officer, made.id, 2, letter)
    assert (given.state, len(given.proof_digest)) == (NoticeState.GIVEN, 64)
    mailed = notifying.note(session, officer, made.id, 1, Given(NoticeChannel.EMAIL, today))
    assert notifying.send_due(session, officer, made.id) == 0, "nobody can read it yet"
    made.stage = Stage.SCHEDULED
    assert notifying.send_due(session, officer, made.id) == 1
    assert notifying.send_due(session, officer, made.id) == 0
    [waiting] = session.scalars(select(OutgoingMail))
    [claimed] = outbox.claim(session, keyring, limit=5)
    assert claimed.letter is not None
    assert claimed.letter.address == ADDRESS
    assert ADDRESS not in waiting.sealed
    notifying.settle(session, mailed.id, was_taken=False)
    assert mailed.state is NoticeState.REFUSED
    notifying.settle(session, mailed.id, was_taken=True)
    register = stakeholders.register(session, made.id)
    assert (register.told, register.answered) == (2, 0)


def test_who_has_answered_is_told_by_the_name_of_an_organisation(
    session: Session, staff: Staff, made: Consultation
) -> None:
    stakeholding.add(session, staff.officer, made.id, [ENTRY])
    make_participant(session, made, organisation=ENTRY.name)
    assert stakeholders.register(session, made.id).answered == 0


def test_contacts_and_proofs_go_with_the_keys_and_the_digest_stays(
    session: Session, staff: Staff, made: Consultation
) -> None:
    stakeholding.add(session, staff.officer, made.id, [ENTRY])
    today = now().astimezone(BANGKOK).date()
    given = Given(NoticeChannel.LETTER, today, "", "a.pdf", PDF)
    notice = notifying.note(session, staff.officer, made.id, 1, given)
    erasing.destroy_keys(session, system_actor(), made.id)
    session.expire_all()
    assert stakeholders.at(session, made.id, 1).sealed_contact == ""
    assert (notice.proof, bool(notice.proof_digest)) == (None, True)


def test_a_table_of_groups_is_read_back_as_it_was_written() -> None:
    hostile = replace(ENTRY, name="=SUM(A1)", contact="@คุณสมศรี")
    table = stakeholder_files.write([ENTRY, hostile])
    rows = stakeholder_files.read(table)
    assert [row.entry for row in rows] == [ENTRY, hostile]
    assert "\n=SUM" not in table.decode()
    bad = (
        "kind,name,effect_th,effect_en,contact,email\nnobody,ก\nbusiness,\nbusiness,ข\nbusiness,ข\n"
    )
    problems = [row.problem for row in stakeholder_files.read(bad.encode())]
    assert problems == [
        *("stakeholder.kind_unknown", "stakeholder.name_needed", "", "stakeholder.repeated")
    ]
    for wrong in (b"\xff\xfe", b"a,b\n1,2\n", b""):
        with pytest.raises(InvalidError):
            stakeholder_files.read(wrong)


def test_the_portal_file_holds_every_field_and_no_contact(
    session: Session, keyring: Keyring, staff: Staff, made: Consultation
) -> None:
    fill(session, staff, made)
    noise = make_consultation(session, keyring, agency=staff.agency)
    stakeholding.add(session, staff.officer, noise.id, [replace(ENTRY, name="ผู้อื่น")])
    report = gather(session, made, ModerationFigures())
    form = {"problem": {"th": "=ปัญหา"}, "impact_people": {"th": "ภาระ"}}
    register = stakeholders.register(session, made.id)
    fields = portal.portal(report, TEMPLATES[made.kind], form, register, "https://example.org/x")
    assert list(fields) == list(portal.LABELS)
    table, values = portal.as_csv(fields).decode(), json.loads(portal.as_json(fields))
    assert "'=ปัญหา" in table
    assert values["fields"]["analysis"]["values"][0]["value"] == "ภาระ"
    assert values["fields"]["notices"]["label"] == "การแจ้งผู้เกี่ยวข้อง"
    for text in (table, json.dumps(values, ensure_ascii=False)):
        assert ENTRY.name in text
        assert not any(word in text for word in (ADDRESS, "สมศรี", "ผู้อื่น"))


def test_a_group_is_one_of_its_consultation(
    session: Session, keyring: Keyring, staff: Staff, made: Consultation
) -> None:
    other = make_consultation(session, keyring, agency=staff.agency)
    stakeholding.add(session, staff.officer, made.id, [ENTRY])
    stakeholding.add(session, staff.officer, other.id, [ENTRY])
    assert session.scalars(select(Stakeholder.number)).all() == [1, 1]
