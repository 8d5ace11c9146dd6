"""Personal data planted for every account: nothing of it may come out anywhere else."""

import contextlib
import io
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app, jobs, sample
from app.mail import delivery
from consultations import commenting
from consultations.comment_words import Words
from consultations.models import Comment, Consultation, Draft, Visibility
from core.accounts import authenticating, changing, registering
from core.accounts.models import Agency
from core.actor import AGENCY_ROLES, Role, system_actor
from core.clock import now
from core.keyring import Keyring
from moderation import flagging, rules
from tests.databases import sqlite_copy
from tests.security.conftest import LEFT_OUT, STARTS, Record, lift_limits
from tests.security.web_forms import Kinds, walk
from tests.sites import SeparateClient, make_config

PASSWORD = "correct horse battery staple"
ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
#: Addresses that answer something else than a page with links, and that do not exist.
OTHERS = (
    *("/feeds/th.atom", "/feeds/en.atom", "/calendars/th.ics", "/healthz", "/readyz"),
    *("/open-data/", "/no-such-page", "/consultations/none", "/receipts/AAAAAAAAAAAA"),
    *("/robots.txt", "/sitemap.xml", "/accounts/settings", "/administration/retention"),
)
OF_CONSULTATION = (
    *("feeds/th.atom", "feeds/en.atom", "calendars/th.ics", "results", "summary", "responses"),
    *("discussion?order=recent", "contributions/AAAAAAAAAAAA", "draft/99"),
)
DATA_FILES = ("comments.csv", "statements.csv", "themes.json", "opinions.json", "run.json")


def national_number(seed: int) -> str:
    """Return a number of 13 digits with a valid check digit."""
    digits = [int(digit) for digit in f"1{seed:011}"]
    total = sum(digit * weight for digit, weight in zip(digits, range(13, 1, -1), strict=True))
    return "".join(map(str, digits)) + str((11 - total % 11) % 10)


@dataclass(frozen=True)
class Canary:
    """What nobody but its owner may ever see."""

    role: Role
    number: int

    @property
    def email(self) -> str:
        return f"qxcanary{self.number}@private.example"

    @property
    def signs(self) -> dict[str, str]:
        return {
            "email": f"qxcanary{self.number}",
            "phone": f"08177700{self.number:02}",
            "national": national_number(90_000_000_000 + self.number),
            "ip": f"203.0.113.{100 + self.number}",
            "agent": f"QxAgent{self.number}",
            "name": f"Qxname{self.number} Surname",
        }


CANARIES = [Canary(role, number) for number, role in enumerate(ROLES, 1)]


@dataclass
class Aviary:
    """The site with canaries in it, and what it wrote to its log meanwhile."""

    app: Flask
    log: io.StringIO
    folder: Path


@pytest.fixture(scope="module")
def aviary(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aviary]:
    folder = tmp_path_factory.mktemp("aviary")
    log = io.StringIO()
    with sqlite_copy(sqlite_template, folder) as url, contextlib.redirect_stderr(log):
        app = create_app(make_config(url, folder))
        logging.getLogger("sarn").setLevel("DEBUG")
        app.test_client_class = SeparateClient
        app.config.update(WTF_CSRF_ENABLED=False)
        with app.app_context():
            sample.load_once(folder)
            for canary in CANARIES:
                plant(app, canary)
            jobs.run_all()
            yield Aviary(app, log, folder)
            app.extensions["sqlalchemy"].engine.dispose()
    logging.getLogger("sarn").handlers[:] = [logging.StreamHandler(sys.stderr)]


def plant(app: Flask, canary: Canary) -> None:
    """Register, sign in, write what waits for moderators, report, and change the password."""
    keyring: Keyring = app.extensions["keyring"]
    with Session(app.extensions["sqlalchemy"].engine) as session:
        account = registering.register(session, keyring, email=canary.email, password=PASSWORD)
        if canary.role is not Role.PARTICIPANT:
            agency = session.scalars(select(Agency.slug)).first()
            named = agency if canary.role in AGENCY_ROLES else None
            registering.grant(session, system_actor(), account, canary.role, named)
        actor = authenticating.actor_of(account, keyring, canary.email)
        signs = canary.signs
        place = session.scalars(
            select(Consultation).where(Consultation.slug == "sample-pavements")
        ).one()
        private = f"{signs['name']} {signs['phone']} {signs['national']} {canary.email}"
        if canary.role not in AGENCY_ROLES:
            written = commenting.submit(
                session,
                actor,
                place.id,
                clause_key="",
                words=Words(private, reason=private),
                quote=None,
                screen=rules.screen,
            )
            assert written.visibility is Visibility.PENDING
            other = session.scalars(
                select(Comment.reference).where(
                    Comment.consultation_id == place.id,
                    Comment.visibility == Visibility.PUBLISHED,
                )
            ).first()
            flagging.flag(session, actor, other or "", rule="off_topic", note=private)
        changing.ask_to_confirm(session, keyring, account.id)
        session.commit()
    lift_limits(app)
    client = client_of(app, canary)
    client.get("/accounts/settings")
    client.post("/accounts/sign-in", data={"email": canary.email, "password": "wrong"})
    client.get(f"/?q={signs['phone']}")


def client_of(app: Flask, canary: Canary | None) -> FlaskClient:
    """Make a client from the canary's own machine, signed in; or a stranger's."""
    client = app.test_client()
    if canary is not None:
        signs = canary.signs
        client.environ_base |= {"REMOTE_ADDR": signs["ip"], "HTTP_USER_AGENT": signs["agent"]}
        form = {"email": canary.email, "password": PASSWORD}
        assert client.post("/accounts/sign-in", data=form).status_code == 303
    return client


def seen_by(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Yield (address, all that came back) of every page, feed, file and error."""
    kinds = Kinds(app.url_map, LEFT_OUT | {"accounts.sign_out"})
    yield from walk(client, STARTS, kinds)
    more = [*OTHERS]
    for slug in ("sample-pavements", "sample-waste"):
        more += [f"/consultations/{slug}/{page}" for page in OF_CONSULTATION]
        more += [f"/open-data/{slug}/", *(f"/open-data/{slug}/{name}" for name in DATA_FILES)]
    for address in more:
        for kind in ("text/html", "application/json"):
            answer = client.get(address, headers={"Accept": kind})
            yield address, f"{answer.headers}\n{answer.get_data(as_text=True)}"


def hits_in(text: str, allowed: Canary | None = None) -> list[str]:
    """Return the signs of canaries in a text, except those of the person it is for."""
    return [
        f"{canary.role} {kind}"
        for canary in CANARIES
        if canary != allowed
        for kind, sign in canary.signs.items()
        if sign in text
    ]


def crawl(app: Flask, who: Canary | None) -> tuple[list[str], int]:
    hits, pages = [], 0
    lift_limits(app)
    for address, text in seen_by(app, client_of(app, who)):
        pages += 1
        hits += [f"{address}: {hit}" for hit in hits_in(text, who)]
    return hits, pages


def of(role: Role) -> Canary:
    return next(canary for canary in CANARIES if canary.role is role)


@pytest.mark.parametrize("role", [None, Role.PARTICIPANT, Role.OFFICER, Role.AUDITOR])
def test_no_page_feed_file_or_error_shows_personal_data_of_others(
    aviary: Aviary, record: Record, role: Role | None
) -> None:
    hits, pages = crawl(aviary.app, of(role) if role else None)
    record("canaries", **{f"pages_{role or 'visitor'}": pages, f"hits_{role or 'visitor'}": hits})
    assert pages > 40
    assert hits == []


def test_moderators_see_the_words_that_wait_but_nobodys_identity(aviary: Aviary) -> None:
    hits, pages = crawl(aviary.app, of(Role.MODERATOR))
    identity = [hit for hit in hits if hit.endswith((" ip", " agent"))]
    assert pages > 20
    assert identity == []


def test_the_log_holds_no_personal_data(aviary: Aviary, record: Record) -> None:
    crawl(aviary.app, of(Role.PARTICIPANT))
    lines = aviary.log.getvalue()
    hits = hits_in(lines)
    record("canaries", log_lines=lines.count("\n"), hits_log=hits)
    assert '"route"' in lines
    assert hits == []


def test_letters_hold_nothing_of_anybody_else(aviary: Aviary, record: Record) -> None:
    while delivery.deliver():
        pass
    letters = [path.read_text() for path in (aviary.folder / "mail").glob("*")]
    hits = []
    for letter in letters:
        to = next((canary for canary in CANARIES if canary.email in letter), None)
        hits += hits_in(letter, to)
    record("canaries", letters=len(letters), hits_letters=hits)
    assert len(letters) >= len(CANARIES)
    assert hits == []


def test_a_canary_that_is_let_out_is_found(aviary: Aviary, record: Record) -> None:
    canary = of(Role.PARTICIPANT)
    with Session(aviary.app.extensions["sqlalchemy"].engine) as session:
        place = session.scalars(
            select(Consultation).where(Consultation.slug == "sample-pavements")
        ).one()
        draft = session.scalars(select(Draft.id).where(Draft.consultation_id == place.id)).first()
        loose = Comment(
            consultation_id=place.id,
            draft_id=draft,
            body=f"Ring me: {canary.signs['phone']}",
            language="en",
            visibility=Visibility.PUBLISHED,
            created_at=now(),
        )
        session.add(loose)
        session.commit()
        hits, _pages = crawl(aviary.app, None)
        session.delete(loose)
        session.commit()
    record("canaries", control_found=len(hits))
    assert hits
    assert all(hit.endswith("participant phone") for hit in hits)
