"""Pages on which a document becomes a draft: upload, check the split, mend it, take it over."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import jobs as worker
from app.authoring import imports as pages
from consultations import drafting, import_split
from consultations.drafting import previewing
from consultations.models import Draft, ImportPreview
from core.keyring import Keyring
from tests.consultations.drafts import TEXT, Desk, preparing
from tests.consultations.drafts import keys as stored_keys
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
ClientOf = Callable[..., FlaskClient]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    engine = app.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as opened_session:
        yield opened_session


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    made = preparing(session, keyring)
    session.commit()
    return made


@pytest.fixture
def officer(desk: Desk, client_of: ClientOf) -> FlaskClient:
    return client_of(desk.staff.officer)


def house(desk: Desk) -> str:
    return f"/workspace/consultations/{desk.consultation.slug}/drafts"


def keys(session: Session) -> list[str]:
    """Keys of the stored draft; none before anything is taken over."""
    draft = session.scalars(select(Draft).order_by(Draft.number.desc())).first()
    found = stored_keys(session, draft) if draft else []
    session.commit()
    return found


def split_keys(session: Session) -> list[str]:
    """Keys of the units in the import that is being checked."""
    units = session.scalars(select(ImportPreview.units)).one() or []
    session.commit()
    return [row[0] for row in units]


def upload(officer: FlaskClient, desk: Desk, **data: Any) -> TestResponse:
    return officer.post(f"{house(desk)}/import", data=data or {"text": TEXT}, headers=ENGLISH)


def mend(
    officer: FlaskClient, desk: Desk, key: str, revision: int = 1, **data: str
) -> TestResponse:
    address = f"{house(desk)}/import/check/units/{key}"
    return officer.post(address, data={"revision": str(revision), **data}, headers=ENGLISH)


def test_a_text_is_shown_beside_its_split_and_nothing_is_saved_until_confirmed(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    answer = upload(officer, desk)
    assert answer.headers["Location"] == f"{house(desk)}/import/check"
    page = officer.get(answer.headers["Location"], headers=ENGLISH).text
    assert 'id="unit-s4"' in page
    for address in ("units/s4", "confirm", "drop"):
        assert f'action="{house(desk)}/import/check/{address}"' in page
    assert "Nothing is saved until you take it over." in page
    assert keys(session) == []

    done = officer.post(f"{house(desk)}/import/check/confirm", data={"revision": "1"})

    assert done.headers["Location"] == f"{house(desk)}/1"
    assert keys(session) == ["preamble", "ch1", "s1", "s2", "ch2", "s3", "s4"]
    assert session.scalars(select(ImportPreview)).all() == []


def test_a_file_in_an_old_thai_encoding_is_read(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    assert (
        upload(officer, desk, file=(io.BytesIO(TEXT.encode("cp874")), "ร่าง.txt")).status_code == 303
    )
    assert len(split_keys(session)) == 7


def test_what_a_word_document_loses_is_told(desk: Desk, officer: FlaskClient) -> None:
    document, made = docx.Document(), io.BytesIO()
    document.add_paragraph("มาตรา ๑ ให้ทำ")
    document.add_table(rows=1, cols=2).rows[0].cells[0].text = "ก"
    document.save(made)
    upload(officer, desk, file=(io.BytesIO(made.getvalue()), "law.docx"))

    page = officer.get(f"{house(desk)}/import/check", headers=ENGLISH).text

    assert "Tables (1):" in page
    assert "Each row became one line" in page


def bomb() -> bytes:
    """A Word file that would unpack to 40 million bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * 40_000_000 + b"</w>")
    return packed.getvalue()


HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("law.docx", bomb, "built in an unsafe way"),
    ("law.docx", lambda: b"PK\x03\x04 not really", "The file is damaged"),
    ("law.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "old Word format"),
    ("law.exe", lambda: b"MZ\x90\x00", "Choose a Word document"),
    ("law.txt", lambda: b"\xff\x00\xfe\x81 \x00", "unknown encoding"),
    ("law.txt", lambda: b"  \n", "no text in the document"),
    ("law.txt", lambda: b"a" * 25_000_001, "Use at most 25 MB"),
]


@pytest.mark.parametrize(("name", "content", "words"), HOSTILE)
def test_a_hostile_file_is_refused_and_what_was_typed_is_kept(
    session: Session,
    desk: Desk,
    officer: FlaskClient,
    name: str,
    content: Callable[[], bytes],
    words: str,
) -> None:
    data = {"file": (io.BytesIO(content()), name), "text": "มาตรา ๑ ที่พิมพ์ไว้"}
    answer = officer.post(f"{house(desk)}/import", data=data, headers=ENGLISH)
    answer.request.environ["wsgi.input"].close()  # the client leaves large bodies open
    assert answer.status_code == 422
    assert words in answer.text
    assert "มาตรา ๑ ที่พิมพ์ไว้" in answer.text
    assert 'href="#file"' in answer.text
    assert session.scalars(select(Draft)).all() == []


def test_an_empty_or_endless_import_is_refused(desk: Desk, officer: FlaskClient) -> None:
    nothing = officer.post(f"{house(desk)}/import", data={"text": " "}, headers=ENGLISH)
    assert (nothing.status_code, "Choose a document or paste" in nothing.text) == (422, True)
    endless = {"text": "ก" * 300_001}
    answer = officer.post(f"{house(desk)}/import", data=endless, headers=ENGLISH)
    assert (answer.status_code, "Use at most" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("key", "data", "expected"),
    [
        ("s4", {"action": "merge"}, ["preamble", "ch1", "s1", "s2", "ch2", "s3"]),
        (
            "s2",
            {"action": "split", "line": "2"},
            ["preamble", "ch1", "s1", "s2", "para1", "ch2", "s3", "s4"],
        ),
        ("s3", {"action": "kind", "kind": "clause"}, None),
        ("s3", {"action": "words", "number": "มาตรา ๓๐", "heading": "ใหม่"}, None),
    ],
)
def test_a_mend_changes_the_split_and_is_taken_back(
    session: Session,
    desk: Desk,
    officer: FlaskClient,
    key: str,
    data: dict[str, str],
    expected: list[str] | None,
) -> None:
    upload(officer, desk)
    before = split_keys(session)

    mended = mend(officer, desk, key, **data)
    after = split_keys(session)
    page = officer.get(f"{house(desk)}/import/check", headers=ENGLISH).text
    undone = officer.post(f"{house(desk)}/import/check/undo", data={"revision": "2"})

    assert mended.status_code == 303
    assert after == (expected or before)
    assert "Undo the last mend" in page
    assert data.get("number", "") in page
    assert undone.status_code == 303
    assert split_keys(session) == before


def test_a_mended_number_and_heading_reach_the_draft(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    upload(officer, desk)
    mend(officer, desk, "s3", action="words", number="มาตรา ๓๐", heading="ใหม่")
    officer.post(f"{house(desk)}/import/check/confirm", data={"revision": "2"})

    page = officer.get(f"{house(desk)}/1").text

    assert "มาตรา ๓๐" in page
    assert "ใหม่" in page


@pytest.mark.parametrize(
    ("key", "data", "status", "words"),
    [
        ("preamble", {"action": "merge"}, 422, "nothing before the first clause"),
        ("s3", {"action": "split", "line": "5"}, 422, "no such line"),
        ("s3", {"action": "kind", "kind": "poem"}, 422, "could not be understood"),
        ("s3", {"action": "explode"}, 422, "could not be understood"),
        ("gone", {"action": "merge"}, 422, "no longer there"),
        ("s3", {"action": "words", "number": "ม" * 99, "heading": "พิมพ์ไว้"}, 422, "พิมพ์ไว้"),
        ("s3", {"action": "merge", "revision": "7"}, 409, "changed in another window"),
        ("s3", {"action": "merge", "revision": "x"}, 409, "changed in another window"),
    ],
)
def test_a_mend_that_does_not_hold_says_why_and_keeps_what_was_typed(
    session: Session,
    desk: Desk,
    officer: FlaskClient,
    key: str,
    data: dict[str, str],
    status: int,
    words: str,
) -> None:
    upload(officer, desk)
    answer = officer.post(
        f"{house(desk)}/import/check/units/{key}", data={"revision": "1", **data}, headers=ENGLISH
    )
    assert answer.status_code == status
    assert words in answer.text
    assert len(split_keys(session)) == 7


def test_an_import_is_dropped_and_leaves_the_draft_alone(
    session: Session, desk: Desk, officer: FlaskClient
) -> None:
    upload(officer, desk)
    assert officer.post(f"{house(desk)}/import/check/drop").status_code == 303
    assert session.scalars(select(ImportPreview)).all() == []
    assert keys(session) == []  # and closes the transaction
    for page in ("undo", "confirm", "units/s1"):
        answer = officer.post(f"{house(desk)}/import/check/{page}", data={"revision": "1"})
        assert answer.status_code == 404


def test_a_large_document_is_read_by_a_job_with_progress(
    app: Flask, session: Session, desk: Desk, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "LARGE", 10)
    answer = upload(officer, desk)
    followed = officer.get(answer.headers["Location"]).headers["Location"]
    waiting = officer.get(followed, headers=ENGLISH).text
    assert "Waiting for its turn" in waiting
    assert "Stop it" in waiting

    worker.run_all()

    done = officer.get(followed, headers=ENGLISH).text
    assert "Check the split" in done
    assert len(split_keys(session)) == 7


def test_a_large_document_that_cannot_be_read_says_why_and_is_tried_again(
    desk: Desk, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "LARGE", 10)
    answer = upload(officer, desk, file=(io.BytesIO(b"PK\x03\x04 not really"), "law.docx"))
    followed = officer.get(answer.headers["Location"]).headers["Location"]
    worker.run_all()

    page = officer.get(followed, headers=ENGLISH).text

    assert "The file is damaged" in page
    assert "It was tried once." in page
    assert officer.post(f"{followed}/retry").status_code == 303
    assert "Waiting for its turn" in officer.get(followed, headers=ENGLISH).text


def test_an_import_that_is_stopped_leaves_nothing(
    session: Session, desk: Desk, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "LARGE", 10)
    followed = officer.get(upload(officer, desk).headers["Location"]).headers["Location"]

    assert officer.post(f"{followed}/cancel").status_code == 303

    assert worker.run_all() == 0
    assert "Cancelled" in officer.get(followed, headers=ENGLISH).text
    assert session.scalars(select(ImportPreview)).all() == []


def test_the_check_of_a_long_document_is_divided_into_pages(
    app: Flask, desk: Desk, officer: FlaskClient
) -> None:
    upload(officer, desk)
    engine = app.extensions["sqlalchemy"].engine
    with count_queries(engine) as few:
        officer.get(f"{house(desk)}/import/check")
    upload(officer, desk, text="\n".join(f"มาตรา {n} ให้ทำ" for n in range(1, 201)))
    with count_queries(engine) as many:
        page = officer.get(f"{house(desk)}/import/check?page=5", headers=ENGLISH).text
    assert page.count("sarn-import-unit__source") == 40
    assert len(few) == len(many) <= 9
    last = mend(officer, desk, "s200", action="merge")
    assert last.headers["Location"] == f"{house(desk)}/import/check?page=5#unit-s199"


def test_a_document_is_read_while_the_database_is_free(
    app: Flask, desk: Desk, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def watched(work: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*given: Any) -> Any:
            held.append(app.extensions["sqlalchemy"].session().in_transaction())
            return work(*given)

        return watch

    monkeypatch.setattr(pages, "read_with_losses", watched(pages.read_with_losses))
    monkeypatch.setattr(import_split, "split", watched(import_split.split))
    monkeypatch.setattr(drafting, "recognise_units", watched(drafting.recognise_units))
    assert officer.post(f"{house(desk)}/import", data={"text": TEXT}).status_code == 303
    confirmed = officer.post(f"{house(desk)}/import/check/confirm", data={"revision": "1"})
    assert confirmed.status_code == 303
    assert held == [False] * 3
