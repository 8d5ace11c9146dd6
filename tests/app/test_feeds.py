"""Feeds and calendar files: valid, in the language of their address, of public matters only."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import icalendar
from consultations import news
from consultations.models import Consultation, Stage
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from tests.factories import make_actor, make_agency, make_consultation, make_draft
from tests.queries import count_queries

Clients = Callable[[Actor], FlaskClient]
ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = 'A & B </title><script>alert(1)</script> ]]> "x"; , \\ \x08ก'


def announce(
    session: Session, about: Consultation, code: str, at: datetime | None = None, **details: object
) -> None:
    news.announce(session, None, about, "test", code=code, at=at, **details)


@pytest.fixture
def rows(app: Flask) -> Session:
    return app.extensions["sqlalchemy"].session()


@pytest.fixture
def parks(rows: Session, keyring: Keyring) -> Consultation:
    made = make_consultation(
        rows,
        keyring,
        slug="parks",
        title_th="ร่างสวนสาธารณะ",
        title_en=NASTY,
        opens_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
        closes_at=now().replace(microsecond=0) + timedelta(days=3),
    )
    make_draft(rows, made)
    announce(rows, made, "consultation.opened", at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC))
    announce(rows, made, "draft.published", draft=1)
    rows.commit()
    return made


def unfolded(body: str) -> list[str]:
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    assert "\n" not in body.replace("\r\n", "")
    return body.replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("path", ["/feeds/{}.atom", "/consultations/parks/feeds/{}.atom"])
def test_a_feed_tells_the_news_newest_first(
    client: FlaskClient, parks: Consultation, path: str
) -> None:
    answer = client.get(path.format("en"))

    feed = ET.fromstring(answer.data)  # noqa: S314
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    clean = NASTY.replace("\x08", "")
    assert titles == [f"New draft: {clean}", f"Open now: {clean}"]
    links = [entry.find(f"{ATOM}link") for entry in feed.iter(f"{ATOM}entry")]
    assert [link.get("href") for link in links if link is not None] == [
        "http://127.0.0.1:8000/consultations/parks/draft/1",
        "http://127.0.0.1:8000/consultations/parks",
    ]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 2
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


@pytest.mark.parametrize(
    "path",
    ["/feeds/en.atom", "/calendars/en.ics", "/consultations/parks", "/consultations/parks/qr.svg"],
)
def test_addresses_that_are_kept_never_come_from_the_host_header(
    client: FlaskClient, parks: Consultation, path: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": "en"})
    elsewhere = client.get(path, headers={"Accept-Language": "en", "Host": "elsewhere.example"})

    assert "elsewhere.example" not in elsewhere.text
    assert path == "/consultations/parks" or elsewhere.text == answer.text


def test_a_feed_is_in_the_language_of_its_address_whatever_the_browser_asks_for(
    client: FlaskClient, parks: Consultation
) -> None:
    answer = client.get("/feeds/th.atom", headers={"Accept-Language": "en", "Cookie": "lang=en"})

    assert "ร่างสวนสาธารณะ" in answer.text
    assert "Open now" not in answer.text


def test_a_copy_is_kept_and_asked_for_again_only_if_it_changed(
    client: FlaskClient, rows: Session, parks: Consultation
) -> None:
    for path in ("/feeds/th.atom", "/calendars/th.ics"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert "max-age=300" in first.headers["Cache-Control"]
        assert first.last_modified is not None
        assert (again.status_code, again.data) == (304, b"")
    etag = client.get("/feeds/th.atom").headers["ETag"]
    announce(rows, parks, "consultation.closed")
    rows.commit()
    assert client.get("/feeds/th.atom", headers={"If-None-Match": etag}).status_code == 200


def test_a_calendar_holds_opening_and_closing_in_bangkok(
    client: FlaskClient, parks: Consultation
) -> None:
    answer = client.get("/consultations/parks/calendars/en.ics")

    lines = unfolded(answer.text)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "DTSTART;TZID=Asia/Bangkok:20261120T090000" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    escaped = 'A & B </title><script>alert(1)</script> ]]> "x"\\; \\, \\\\ ก'
    assert f"SUMMARY;LANGUAGE=en:Opens: {escaped}" in lines
    assert "UID:parks-opens@sarn" in lines
    assert unfolded(client.get("/calendars/en.ics").text).count("BEGIN:VEVENT") == 2


def test_no_text_can_begin_a_line_of_a_calendar() -> None:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    bad = "x\r\nBEGIN:VALARM\rEND:VEVENT\nก" + "ก" * 200
    body = icalendar.written(bad, "th", [icalendar.Event(bad, moment, bad, bad, bad, moment)])

    lines = unfolded(body.decode())
    starts = [re.split("[;:]", line)[0] for line in lines]
    assert "VALARM" not in [line.partition(":")[2] for line in lines]
    assert starts.count("END") == lines.count("END:VEVENT") + 3


@pytest.mark.parametrize("kind", ["feeds/th.atom", "calendars/th.ics"])
def test_what_is_private_has_no_feed_even_for_its_own_agency(
    rows: Session, keyring: Keyring, client_of: Clients, kind: str
) -> None:
    agency = make_agency(rows)
    officer = make_actor(rows, keyring, Role.OFFICER, agency=agency)
    made = make_consultation(
        rows, keyring, slug="secret", agency=agency, stage=Stage.PREPARING, title_th="ความลับ"
    )
    announce(rows, made, "consultation.opened")
    rows.commit()
    client = client_of(officer)

    assert client.get(f"/consultations/secret/{kind}").status_code == 404
    assert "ความลับ" not in client.get(f"/{kind}").text


@pytest.mark.parametrize(
    "path", ["/feeds/xx.atom", "/calendars/xx.ics", "/consultations/no/qr.svg"]
)
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_empty_site_has_an_empty_feed_and_calendar(client: FlaskClient) -> None:
    assert ET.fromstring(client.get("/feeds/th.atom").data).find(f"{ATOM}entry") is None  # noqa: S314
    assert "BEGIN:VEVENT" not in client.get("/calendars/th.ics").text


def test_a_feed_asks_one_question_for_its_news(
    app: Flask, client: FlaskClient, rows: Session, keyring: Keyring, parks: Consultation
) -> None:
    for _ in range(5):
        announce(rows, make_consultation(rows, keyring), "consultation.opened")
    rows.commit()

    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        client.get("/feeds/en.atom")

    assert len(sent) == 1


def test_the_code_to_scan_is_a_picture_with_a_title(
    client: FlaskClient, parks: Consultation
) -> None:
    answer = client.get("/consultations/parks/qr.svg", headers={"Accept-Language": "en"})

    picture = ET.fromstring(answer.data)  # noqa: S314
    assert answer.mimetype == "image/svg+xml"
    title = picture.findtext("{http://www.w3.org/2000/svg}title") or ""
    assert "<script>" in title
    assert answer.text.count("<script") == 0
