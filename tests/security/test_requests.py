"""Codes that cannot be guessed, questions that no page answers, and words that are kept whole."""

import math
import random
import re
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Comment, Contribution
from core.actor import Actor
from core.keyring import Keyring
from tests.factories import make_actor, make_comment, make_consultation, make_draft
from tests.security.conftest import As, Record, lift_limits
from tests.security.corpora import payloads

ClientOf = Callable[[Actor], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as made:
        yield made


# Guessing


def test_codes_cannot_be_guessed(app: Flask, session: Session, keyring: Keyring) -> None:
    """No code is near another one, and trying them at random finds none."""
    consultation = make_consultation(session, keyring)
    draft = make_draft(session, consultation)
    made = [make_comment(session, draft).reference for _ in range(200)]
    session.commit()
    alphabet = sorted({letter for code in made for letter in code})
    bits = len(made[0]) * math.log2(len(alphabet))
    draw = random.Random(7)  # noqa: S311
    guesses = {"".join(draw.choices(alphabet, k=12)) for _ in range(20_000)}
    guesses |= {code[:-1] + letter for code in made for letter in alphabet} - set(made)
    found = session.scalars(select(Contribution.reference).where(Contribution.reference > "")).all()
    assert not guesses & set(found)
    assert bits >= 59
    client = app.test_client()
    assert client.get(f"/receipts/{made[0]}").status_code == 200
    assert client.get(f"/receipts/{next(iter(guesses))}").status_code == 404


# Asking for columns that no page offers

ORACLES = (
    ("sort", "email", "body"),
    ("order_by", "account.email", "participant_id"),
    ("filter[account.email_start]", "a", "z"),
    ("email__startswith", "a", "z"),
    ("fields", "email", "participant_id"),
    ("include", "account", "votes"),
    ("participant", "1", "2"),
    ("visibility", "hidden", "published"),
    ("per_page", "100000", "1"),
    ("where", "1=1", "1=0"),
)
HERE = "/consultations/sample-waste"
PAGES = (
    *("/", "/open-data/", "/moderation/register", "/receipts", HERE, f"{HERE}/discussion"),
    *(f"{HERE}/{page}" for page in ("vote", "results", "summary", "responses", "draft")),
    f"{HERE}/compare/1/2",
)


def seen_by(client: FlaskClient, address: str, query: dict[str, str]) -> str:
    """Return a page without what is new in each answer, and without the query itself."""
    page = client.get(address, query_string=query).text
    page = re.sub(r'(csrf_token" value|nonce|content)="[^"]*"', "", page)
    page = re.sub(r"next=[^\"'&]*", "", page)
    return re.sub(r'href="[^"]*"', "", page)


def test_no_question_sorts_or_filters_by_what_is_not_shown(client_as: As, record: Record) -> None:
    differing, tried = [], 0
    for address in PAGES:
        for name, one, other in ORACLES:
            tried += 1
            first = seen_by(client_as(""), address, {name: one})
            if first != seen_by(client_as(""), address, {name: other}):
                differing.append(f"{address}?{name}")
    record("filter and sort oracle", tried=tried, differing=len(differing))
    assert differing == []


def test_the_control_a_question_that_a_page_offers_does_change_it(client_as: As) -> None:
    address = "/consultations/sample-waste/discussion"
    pages = {seen_by(client_as(""), address, {"order": order}) for order in ("recent", "oldest")}
    found = {seen_by(client_as(""), "/", {"q": words}) for words in ("ขยะ", "ไม่มีอย่างแน่นอน")}
    assert len(found) == 2 or len(pages) == 2


# What is kept of a text

_DROPPED = re.compile("[\u202a-\u202e\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ud800-\udfff]")
_LOOSE = re.compile("[\u2066-\u2069]")


def as_documented(words: str) -> str:
    """Return what the text rules leave of a text, written anew from their description."""
    words = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", words)
    kept = (c for c in words if c in "\n\t" or unicodedata.category(c) != "Cc")
    kept = (c for c in kept if ord(c) & 0xFFFE != 0xFFFE)
    return unicodedata.normalize("NFC", _DROPPED.sub("", "".join(kept))).strip()


def without_marks(words: str) -> str:
    """Return a text without what may be fewer in the kept one: surplus marks, open isolates."""
    plain = _LOOSE.sub("", unicodedata.normalize("NFD", words))
    return "".join(c for c in plain if not unicodedata.category(c).startswith("M"))


def test_what_is_kept_is_read_back_unchanged_but_for_the_rules(
    app: Flask, session: Session, keyring: Keyring, client_of: ClientOf, record: Record
) -> None:
    consultation = make_consultation(session, keyring)
    make_draft(session, consultation)
    actor = make_actor(session, keyring)
    session.commit()
    client, address = client_of(actor), f"/consultations/{consultation.slug}/clauses/s1/comment"
    changed, kept, refused = [], 0, 0
    for words in {*payloads("naughty"), *payloads("unicode")}:
        lift_limits(app)
        sent = words.encode("utf-8", "replace").decode()
        answer = client.post(address, data={"body": sent, "warned": "1"})
        assert answer.status_code in (200, 303, 409, 422), (answer.status_code, words)
        if answer.status_code != 303:
            refused += 1
            continue
        kept += 1
        read = session.scalars(select(Comment.body).order_by(Comment.id.desc()).limit(1)).one()
        session.rollback()
        expected = as_documented(sent)
        if read != expected and without_marks(read) != without_marks(expected):
            changed.append(f"{words!r} became {read!r}, not {expected!r}")
    record(f"texts kept, {session.get_bind().dialect.name}", kept=kept, refused=refused)
    assert changed == [], "\n".join(changed[:20])
    assert kept > refused
