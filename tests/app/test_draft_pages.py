"""Pages to read a draft, to compare two versions, and to see because of whom it changed."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import drafting
from consultations.drafting import ClauseWords
from consultations.models import (
    ChangeCause,
    Clause,
    Consultation,
    Draft,
    Evidence,
    EvidenceKind,
    Finding,
    Section,
    Visibility,
)
from core.actor import Actor
from core.keyring import Keyring
from tests.consultations.drafts import Desk, answering, opened
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import joined, make_actor, make_comment, make_consultation, make_draft
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
HOUSE = "/consultations/waste"
BODIES = [
    "ให้เก็บขยะเปียกสัปดาห์ละสองครั้ง",
    "ผู้ใดทิ้งขยะผิดที่ต้องเสียค่าปรับห้าร้อยบาท",
    "ซาเล้งต้องขึ้นทะเบียน",
    "ให้มีจุดรับขยะอันตรายทุกหมู่บ้าน",
]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    engine = app.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as opened_session:
        yield opened_session


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


@pytest.fixture
def second(session: Session, keyring: Keyring, citizen: Actor) -> Draft:
    """A second draft: one clause changed because of the citizen, one by initiative, one is gone."""
    desk = answering(session, keyring, BODIES)
    desk.consultation.slug = "waste"
    first = session.scalars(select(Draft)).one()
    own = make_comment(
        session, first, participant_id=joined(session, citizen, desk.consultation).id
    )
    _, [finding], _ = make_summary(session, desk.consultation, [Section.COMMON_GROUND])
    session.add(Evidence(finding_id=finding.id, kind=EvidenceKind.COMMENT, contribution_id=own.id))
    session.flush()
    draft = publish_second(session, desk, finding)
    session.commit()
    return draft


def publish_second(session: Session, desk: Desk, finding: Finding) -> Draft:
    response = make_response(session, desk.consultation, finding, reason_en="Twice is too little.")
    officer, draft = desk.staff.officer, opened(session, desk)
    changed = ClauseWords(number="มาตรา ๑", body="ให้เก็บขยะเปียกสัปดาห์ละสามครั้ง")
    drafting.write_clause(session, officer, draft.id, "s1", changed)
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=[response.id])
    smaller = ClauseWords(number="มาตรา ๒", body=BODIES[1].replace("ห้าร้อย", "สามร้อย"))
    drafting.write_clause(session, officer, draft.id, "s2", smaller)
    drafting.explain_change(
        session, officer, draft.id, "s2", response_ids=[], note_th="ให้ตรงกับกฎหมายแม่บท"
    )
    drafting.remove_clause(session, officer, draft.id, "s3")
    drafting.explain_change(session, officer, draft.id, "s3", response_ids=[], note_th="ยกเลิก")
    renumbered = ClauseWords(number="มาตรา ๓", body=BODIES[3])
    drafting.write_clause(session, officer, draft.id, "s4", renumbered)
    return drafting.publish(session, desk.staff.approver, draft.id, note_th="แก้ตามความเห็น")


def test_the_newest_draft_is_read_clause_by_clause(second: Draft, client: FlaskClient) -> None:
    page = client.get(f"{HOUSE}/draft", headers=ENGLISH).text
    assert "<h1" in page
    assert "Draft 2" in page
    assert "แก้ตามความเห็น" in page
    assert "สัปดาห์ละสามครั้ง" in page
    assert 'id="clause-s1"' in page
    assert 'id="clause-s3"' not in page
    assert page.count("Why did this change?") == 3
    assert "Twice is too little." in page
    assert "Agency initiative" in page
    assert "Only the number is different" in page


def test_an_older_draft_says_that_there_is_a_newer_one(second: Draft, client: FlaskClient) -> None:
    old = client.get(f"{HOUSE}/draft/1", headers=ENGLISH).text
    assert "There is a newer draft" in old
    assert "สัปดาห์ละสองครั้ง" in old
    assert "Why did this change?" not in old
    assert "There is a newer draft" not in client.get(f"{HOUSE}/draft/2", headers=ENGLISH).text
    assert client.get(f"{HOUSE}/draft/3").status_code == 404


def test_the_comparison_marks_words_reasons_and_moves(second: Draft, client: FlaskClient) -> None:
    page = client.get(f"{HOUSE}/compare/1/2", headers=ENGLISH).text
    assert '<del class="sarn-removed">สอง</del><ins class="sarn-added">สาม</ins>' in page
    assert '<del class="sarn-removed">ซาเล้งต้องขึ้นทะเบียน</del>' in page
    for mark in ("Edited", "Removed", "Renumbered"):
        assert f">{mark}</strong>" in page
    assert "Was มาตรา 4" in page
    assert "ให้ตรงกับกฎหมายแม่บท" in page
    assert f"{HOUSE}/responses/" in page
    counts = page[page.index("sarn-change-counts") :]
    assert ">Edited</strong>  <strong>2</strong>" in counts
    assert ">Removed</strong>  <strong>1</strong>" in counts


def test_contributions_behind_a_change_are_quoted_and_those_not_shown_only_counted(
    session: Session, second: Draft, client: FlaskClient
) -> None:
    finding = session.scalars(select(Finding)).one()
    first = session.scalars(select(Draft).where(Draft.number == 1)).one()
    for number, visibility in enumerate([*["published"] * 3, "counted", "hidden"]):
        said = make_comment(session, first, body=f"voice {number}", visibility=visibility)
        piece = Evidence(finding_id=finding.id, kind=EvidenceKind.COMMENT, contribution_id=said.id)
        session.add(piece)
    session.commit()
    page = client.get(f"{HOUSE}/compare/1/2", headers=ENGLISH).text
    assert "5 contributions are behind this:" in page
    assert [f"voice {n}" in page for n in range(5)] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("show", "clauses"),
    [
        ("changed", ["s1", "s2", "s3", "s4"]),
        ("comments", ["s1"]),
        ("all", ["s1", "s2", "s3", "s4"]),
        ("nonsense", ["s1", "s2", "s3", "s4"]),
        ("mine", ["s1", "s2", "s3", "s4"]),
    ],
)
def test_changes_can_be_filtered(
    second: Draft, client: FlaskClient, show: str, clauses: list[str]
) -> None:
    page = client.get(f"{HOUSE}/compare/1/2?show={show}", headers=ENGLISH).text
    shown = [key for key in ("s1", "s2", "s3", "s4") if f'id="clause-{key}"' in page]
    assert shown == clauses
    assert "Because of what you wrote" not in page


def test_people_find_the_changes_that_their_own_words_caused(
    second: Draft, citizen: Actor, client_of: Callable[[Actor], FlaskClient]
) -> None:
    page = client_of(citizen).get(f"{HOUSE}/compare/1/2?show=mine", headers=ENGLISH).text
    assert 'id="clause-s1"' in page
    assert 'id="clause-s2"' not in page
    assert "Your words are behind this" in page
    assert 'compare/1/2?show=mine#clause-s1"' in page
    other = client_of(citizen).get(f"{HOUSE}/compare/1/2?show=nothing", headers=ENGLISH).text
    assert 'compare/1/2?show=changed#clause-s1"' in other
    trail = client_of(citizen).get(f"{HOUSE}/trail", headers=ENGLISH).text
    assert "Draft 2 is published. What you and others wrote changed it here: มาตรา ๑." in trail


def test_drafts_are_compared_forwards_only(second: Draft, client: FlaskClient) -> None:
    for before, after in ((2, 1), (1, 1), (1, 3), (0, 1)):
        assert client.get(f"{HOUSE}/compare/{before}/{after}").status_code == 404


def test_reasons_of_drafts_in_between_are_given(
    session: Session, second: Draft, client: FlaskClient
) -> None:
    bodies = ["ให้เก็บขยะเปียกสัปดาห์ละสามครั้ง", "ข้อสองใหม่หมด"]
    make_draft(session, session.get_one(Consultation, second.consultation_id), bodies, number=3)
    session.commit()
    page = client.get(f"{HOUSE}/compare/1/3", headers=ENGLISH).text
    assert "Twice is too little." in page
    assert "The agency has not said why." in page
    assert "Since draft 2" in page


def test_the_agencys_note_stands_once_and_each_cause_says_what_it_answers(
    session: Session, second: Draft, client: FlaskClient
) -> None:
    consultation = session.get_one(Consultation, second.consultation_id)
    _, (shown, withheld), [theme] = make_summary(
        session, consultation, [Section.DIFFERENCES] * 2, themes=1
    )
    shown.text_en = f"Opinions differ {'x' * 200}"
    withheld.sentence, withheld.text_en = {"values": {"quote": "hidden"}}, "Someone says: hidden"
    theme.label_en = theme.label_th = "Meeting days"
    for item in (shown, withheld, theme):
        response = make_response(session, consultation, item)
        cause = ChangeCause(draft_id=second.id, clause_key="s4", response_id=response.id)
        cause.note_th = "แก้เลขมาตรา"
        session.add(cause)
    session.commit()
    pages = [client.get(f"{HOUSE}/{it}", headers=ENGLISH).text for it in ("draft/2", "compare/1/2")]
    for page in pages:
        assert page.count("แก้เลขมาตรา") == 1
        assert page.count("ให้ตรงกับกฎหมายแม่บท") == 1
        assert "hidden</bdi>" not in page
    assert "Opinions differ xxx" in pages[1]
    assert "x" * 200 not in pages[1]
    assert "Meeting days" in pages[1]
    assert "A sentence that repeats words that are no longer published" in pages[1]
    assert 'href="/consultations/waste/compare/1/2#clause-s4"' in pages[0]


def open_draft(session: Session, keyring: Keyring, clauses: int) -> Draft:
    consultation = make_consultation(session, keyring, slug="waste")
    return make_draft(session, consultation, [f"ข้อความที่ {n}" for n in range(1, clauses + 1)])


def test_a_clause_shows_its_translation_explanation_and_comments(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    draft = open_draft(session, keyring, 2)
    clause = session.scalars(select(Clause).where(Clause.key == "s1")).one()
    clause.body_en, clause.explanation_th = "Text one", "หมายความว่า"
    for _ in range(3):
        make_comment(session, draft)
    make_comment(session, draft, clause_key="")
    make_comment(session, draft, visibility=Visibility.HIDDEN)
    session.commit()
    page = client.get(f"{HOUSE}/draft", headers=ENGLISH).text
    assert (
        '<div class="sarn-clause__body sarn-clause__body--translation" lang="en">Text one' in page
    )
    assert "What this means" in page
    assert "หมายความว่า" in page
    assert ">3 comments<" in page
    assert ">1 comment\n" in page
    assert f'href="{HOUSE}/clauses/s1/comment">Write a comment' in page


def test_a_closed_consultation_offers_no_comment(
    session: Session, keyring: Keyring, second: Draft, client: FlaskClient
) -> None:
    page = client.get(f"{HOUSE}/draft", headers=ENGLISH).text
    assert "data-quote-link" not in page
    assert "Read all comments" in page


def test_a_draft_that_is_being_written_is_not_public(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    desk = answering(session, keyring)
    opened(session, desk)
    session.commit()
    house = f"/consultations/{desk.consultation.slug}"
    assert client.get(f"{house}/draft/2").status_code == 404
    assert client.get(f"{house}/compare/1/2").status_code == 404


def test_headings_follow_the_tree(session: Session, keyring: Keyring, client: FlaskClient) -> None:
    draft = open_draft(session, keyring, 3)
    first, inner, innermost = session.scalars(select(Clause).order_by(Clause.position))
    first.body, first.heading, first.kind = "", "บททั่วไป", "chapter"
    inner.parent_key, innermost.parent_key = first.key, inner.key
    innermost.number = ""
    session.commit()
    page = client.get(f"{HOUSE}/draft", headers=ENGLISH).text
    for key, level in (("s1", 2), ("s2", 3), ("s3", 4)):
        assert f'id="clause-{key}">\n    <h{level} ' in page
    assert ">Section</a>" in page
    assert draft.number == 1


def test_reading_takes_few_queries_however_long_the_draft(
    app: Flask, session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    engine = app.extensions["sqlalchemy"].engine
    draft = open_draft(session, keyring, 2)
    make_comment(session, draft)
    session.commit()
    with count_queries(engine) as short:
        client.get(f"{HOUSE}/draft")
    session.add_all(
        Clause(draft_id=draft.id, key=f"n{n}", position=n, kind="section", body=f"ข้อ {n}")
        for n in range(10, 60)
    )
    for n in range(10, 30):
        make_comment(session, draft, clause_key=f"n{n}")
    session.commit()
    with count_queries(engine) as long:
        page = client.get(f"{HOUSE}/draft")
    assert "n59" in page.text
    assert len(long) == len(short) <= 12


def test_comparing_takes_as_many_queries_for_many_changes(
    app: Flask, session: Session, second: Draft, client: FlaskClient
) -> None:
    engine = app.extensions["sqlalchemy"].engine
    with count_queries(engine) as few:
        client.get(f"{HOUSE}/compare/1/2")
    session.add_all(
        Clause(draft_id=second.id, key=f"n{n}", position=n, kind="section", body=f"ข้อ {n}")
        for n in range(10, 40)
    )
    consultation = session.get_one(Consultation, second.consultation_id)
    _, findings, _ = make_summary(session, consultation, [Section.COMMON_GROUND] * 30)
    for n, finding in enumerate(findings, 10):
        response = make_response(session, consultation, finding)
        session.add(ChangeCause(draft_id=second.id, clause_key=f"n{n}", response_id=response.id))
    session.commit()
    with count_queries(engine) as many:
        assert "n39" in client.get(f"{HOUSE}/compare/1/2").text
    assert len(many) == len(few) <= 12
