"""The officer's theme workbench: choosing, reading by key or form, stale pages, quality."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import theme_choosing
from consultations.models import ChosenTheme, DiscussionTheme, Stage, ThemeReading
from core.actor import Actor, Role
from core.keyring import Keyring
from tests.consultations.planted import analyse, make_staff, plant
from tests.consultations.workbench import FERRY, PARKING, Desk, adopted, held, make_desk, read
from tests.factories import make_actor, make_agency
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
Signed = Callable[[Actor], FlaskClient]
WORDS = {"label_th": "ค่าจอดรถ", "label_en": "Parking fees"}


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client; what it loaded stays readable."""
    found: Session = app.extensions["sqlalchemy"].session()
    found.expire_on_commit = False
    return found


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    made = make_desk(session, keyring)
    session.commit()
    return made


@pytest.fixture
def officer(desk: Desk, client_of: Signed) -> FlaskClient:
    return client_of(desk.staff.officer)


def base(desk: Desk) -> str:
    return f"/workspace/consultations/{desk.consultation.slug}/themes"


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=ENGLISH, follow_redirects=status == 200)
    assert answer.status_code == status
    return answer.text


def send(client: FlaskClient, address: str, status: int = 303, **values: object) -> str:
    answer = client.post(address, data=values, headers=ENGLISH)
    assert answer.status_code == status, answer.text
    return answer.text


def chosen(session: Session, desk: Desk, *keys: str) -> list[ChosenTheme]:
    made = [adopted(session, desk, key) for key in keys]
    session.commit()
    return made


def test_an_officer_chooses_words_and_shows_themes(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    assert "No theme is chosen yet" in page(officer, base(desk) + "/")
    send(officer, f"{base(desk)}/candidates/{FERRY}/adopt")
    send(officer, f"{base(desk)}/candidates/{PARKING}", 422)
    send(officer, f"{base(desk)}/candidates/{PARKING}", reason="นอกขอบเขต")
    number = session.scalars(select(ChosenTheme.id).where(ChosenTheme.machine_key == FERRY)).one()
    session.commit()
    send(officer, f"{base(desk)}/{number}/word", 422, **WORDS, seen=2)
    send(officer, f"{base(desk)}/{number}/word", **WORDS, seen=2, reason="ชัดขึ้น")
    send(officer, f"{base(desk)}/{number}/pin")
    send(officer, f"{base(desk)}/show", reason="อ่านครบแล้ว")
    shown = page(officer, base(desk) + "/")
    assert "Parking fees" in shown
    assert "6 only suggested by the machine" in shown
    assert "1 theme set aside" in shown
    told = page(officer, base(desk) + "/history")
    assert told.index("Chosen themes shown") < told.index("ชัดขึ้น") < told.index("นอกขอบเขต")


def test_ticked_comments_are_split_off_and_the_deed_undone(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    (theme,) = chosen(session, desk, FERRY)
    address, ticked = f"{base(desk)}/{theme.id}", [c.id for c in desk.ferry[:2]]
    values = {"act": "split", "seen": 2, "comments": ticked, "reason": "คนละเรื่อง", "target": 0}
    assert "Give the theme a name in Thai too" in send(officer, address, 422, **values)
    again = send(officer, address, 409, **WORDS, **{**values, "seen": 1})
    assert f'value="{ticked[0]}" form="sort" checked' in again
    assert "คนละเรื่อง" in again
    send(officer, address, **WORDS, **values)
    assert "4 comments that everyone can read" in page(officer, address)
    undo = re.findall(r"changes/\d+/undo", page(officer, base(desk) + "/history"))[0]
    send(officer, f"{base(desk)}/{undo}", reason="กลับ")
    assert "6 comments that everyone can read" in page(officer, address)


def test_comments_are_read_one_by_one_without_scripts(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    assert "No theme is chosen yet" in page(officer, base(desk) + "/read/")
    ferry, parking = chosen(session, desk, FERRY, PARKING)
    for outcome in ("skipped", "unsure", "placed"):
        shown = page(officer, base(desk) + "/read/")
        assert 'data-key="1"' in shown
        assert "Machine suggestion" in shown
        reference = re.findall(r'themes/read/([0-9A-Z]{12})"', shown)[0]
        values = {"seen": 0, "outcome": outcome, "themes": [ferry.id, parking.id]}
        send(officer, f"{base(desk)}/read/{reference}", **values)
    assert "Read by a person: 2 of 10 comments, unsure about 1; 1 skipped" in page(
        officer, base(desk) + "/"
    )


def test_a_comment_read_by_somebody_else_meanwhile_keeps_the_choice(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    ferry, parking = chosen(session, desk, FERRY, PARKING)
    read(session, desk, desk.ferry[0], ferry, by=desk.second)
    session.commit()
    address = f"{base(desk)}/read/{desk.ferry[0].reference}"
    values = {"outcome": "placed", "themes": [parking.id]}
    again = send(officer, address, 409, seen=0, **values)
    assert "Somebody else read this comment" in again
    assert f'value="{parking.id}" checked' in again
    assert re.search(r'name="seen"[^>]*value="1"', again)
    send(officer, address, seen=1, **values)
    session.expire_all()
    assert desk.ferry[0].id in held(session, parking)


def test_a_second_reader_reads_blind(
    session: Session, desk: Desk, officer: FlaskClient, client_of: Signed
) -> None:
    (ferry,) = chosen(session, desk, FERRY)
    read(session, desk, desk.ferry[0], ferry)
    session.commit()
    second = client_of(desk.second)
    assert "Nothing is left for a second reader" in page(officer, f"{base(desk)}/read/?as=second")
    shown = page(second, f"{base(desk)}/read/?as=second")
    assert "Machine suggestion" not in shown
    assert " checked" not in shown
    send(second, f"{base(desk)}/read/{desk.ferry[0].reference}?as=second", seen=0, outcome="placed")
    assert session.scalars(select(ThemeReading.is_second).order_by(ThemeReading.id)).all() == [
        False,
        True,
    ]
    told = page(officer, base(desk) + "/quality")
    assert "1 comment was read by two people" in told
    assert "Too few to say" in told


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("99999", 404),
        ("candidates/none", 404),
        ("read/000000000000", 404),
        ("changes/99999/undo", 404),
        ("history?page=99999999999999999999", 200),
    ],
)
def test_what_is_not_there_is_said(
    desk: Desk, officer: FlaskClient, path: str, status: int
) -> None:
    assert officer.get(f"{base(desk)}/{path}").status_code == status


def test_strange_values_are_refused(session: Session, desk: Desk, officer: FlaskClient) -> None:
    (theme,) = chosen(session, desk, FERRY)
    strange = {"seen": "²", "comments": ["x", "-1", "9" * 30, "²"], "reason": "x", "target": "x"}
    send(officer, f"{base(desk)}/{theme.id}", 409, act="take_out", **strange)
    send(officer, f"{base(desk)}/{theme.id}", 422, act="burn", **strange)
    send(officer, f"{base(desk)}/{theme.id}/merge", 409, **strange)
    address = f"{base(desk)}/read/{desk.ferry[0].reference}"
    send(officer, address, 422, seen="x", outcome="burn", themes="x")
    send(officer, address, 409, seen=0, outcome="placed", themes="99999")


def test_only_the_own_agency_gets_in_and_later_stages_only_read(
    session: Session, keyring: Keyring, desk: Desk, officer: FlaskClient, client_of: Signed
) -> None:
    other = make_actor(session, keyring, Role.OFFICER, agency=make_agency(session))
    (theme,) = chosen(session, desk, FERRY)
    desk.consultation.stage = Stage.ANSWERING
    session.commit()
    page(client_of(other), base(desk) + "/", 403)
    shown = page(officer, f"{base(desk)}/{theme.id}")
    assert "can only be read" in shown
    assert 'id="sort"' not in shown
    send(officer, f"{base(desk)}/{theme.id}/pin", 409)


def test_pages_ask_as_often_with_many_comments(
    app: Flask, session: Session, desk: Desk, officer: FlaskClient
) -> None:
    (theme,) = chosen(session, desk, FERRY)
    addresses = [f"{base(desk)}{end}" for end in ("/", f"/{theme.id}", "/quality", "/history")]
    addresses.append(f"{base(desk)}/read/{desk.ferry[0].reference}")

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with count_queries(app.extensions["sqlalchemy"].engine) as sent:
                page(officer, address)
            counts.append(len(sent))
        return counts

    before = asked()
    for comment in desk.ferry[:4]:
        read(session, desk, comment, theme)
    session.commit()
    assert asked() == before
    assert max(before) <= 20


def test_everyone_reads_who_placed_what(
    session: Session, keyring: Keyring, client: FlaskClient, client_of: Signed
) -> None:
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, comments=48)
    run = analyse(session, planted.consultation)
    key = session.scalars(select(DiscussionTheme.key)).first()
    assert key is not None
    theme = theme_choosing.adopt(session, staff.officer, planted.consultation.id, key)
    theme.label_th, theme.label_en = "ค่าจอดรถ", "Parking fees"
    theme_choosing.show(
        session, staff.officer, planted.consultation.id, shown=True, reason="อ่านแล้ว"
    )
    session.commit()
    slug = planted.consultation.slug
    public = page(client, f"/consultations/{slug}/results/themes")
    assert "The agency chose and worded these themes" in public
    assert re.search(r"0 of \d+ comments placed or confirmed by a person", public)
    officer = client_of(staff.officer)
    send(officer, f"/workspace/consultations/{slug}/summary", run=run.id)
    built = page(officer, f"/workspace/consultations/{slug}/summary")
    assert "Chosen by the agency" in built
    assert "Machine suggestion" in built
