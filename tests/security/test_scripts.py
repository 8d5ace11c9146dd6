"""Nobody's text runs as a script: stored in every field, on every page, for every reader."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import Column, Table, Text, select, update

from app.mail.writing import write
from app.sample.people import sample_accounts
from consultations.models import Consultation, News
from core.database import Base
from core.mailing.kinds import NewsKind
from core.mailing.outbox import Letter, LetterKind
from tests.security.browsing import TOUCH, fired, open_hooked, served
from tests.security.conftest import (
    LEFT_OUT,
    STARTS,
    WHO,
    As,
    Record,
    clients_of,
    forms_shown,
    lift_limits,
    opened_site,
)
from tests.security.corpora import FOLDER, is_there, payloads
from tests.security.web_forms import Kinds, WebForm, walk

pytestmark = [
    pytest.mark.browser,
    # A window that is left while it loads leaves files open in the server's threads.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

COLLECTIONS = ("xss", "xss_h5sc", "xss_dompurify", "xss_bleach")
#: Characters sent in one field at once: most fields hold the longer, all hold the shorter.
LONGER, SHORTER = 1_500, 120
#: How those of our own texts begin that run wherever they stand raw.
RUN_BY_THEMSELVES = ("<script>", "<img", "<iframe", "<details")
#: Pages looked at in the browser, of each kind of page in each consultation.
MOST = 1
#: One in so many of the texts of the control.
EVERY = 6
ENOUGH = 0.95
SCRIPT = "text/javascript"
FORM = "application/x-www-form-urlencoded"
#: Columns of text that hold no words of anybody: codes, sealed records, and what programs wrote.
NO_WORDS = frozenset(
    {
        *("ledger_entry.content", "job.error", "analysis_run.failure_detail", "passage.words"),
        *("sealed_words.sealed", "outgoing_mail.sealed", "own_export.note"),
    }
)
#: Short columns that are shown, beside all those of type Text.
SHORT_WORDS = (
    *("agency.name_th", "agency.name_en", "consultation.title_th", "consultation.title_en"),
    *("clause.number", "import_preview.filename", "contribution_revision.body", "commitment.owner"),
    *("group_member.shown_name", "group_member.shown_organisation", "group_member.seat"),
    *("group_proposal.title", "working_group.title_th", "group_meeting.place", "answer_task.unit"),
)


def hostile() -> list[str]:
    """Return every text of the collections that can be kept as text."""
    found = (value for name in COLLECTIONS for value in payloads(name))
    return [value.encode("utf-8", "replace").decode().replace("\x00", "") for value in found]


def packed(values: list[str], size: int) -> Iterator[str]:
    """Join values to texts of about a size."""
    text = ""
    for value in values:
        if text and len(text) + len(value) > size:
            yield text
            text = ""
        text += value + "\n"
    yield text


@pytest.fixture(scope="module")
def attacked(with_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site of its own: every text of it is replaced."""
    with opened_site(with_sample, tmp_path_factory.mktemp("scripts")) as app:
        yield app


@pytest.fixture(scope="module")
def client_as(attacked: Flask) -> As:
    return clients_of(attacked)


@pytest.fixture(scope="module")
def shown_forms(attacked: Flask, client_as: As) -> dict[str, list[WebForm]]:
    return forms_shown(attacked, client_as)


@pytest.fixture(scope="module")
def written(
    attacked: Flask, client_as: As, shown_forms: dict[str, list[WebForm]]
) -> dict[str, int]:
    """Hostile texts in every field by its form, in an imported file, and in every text stored."""
    short, long = cycle(packed(hostile(), SHORTER)), cycle(packed(hostile(), LONGER))
    counts = {"sent": 0, "taken": 0, "columns": 0, "cells": 0}
    # Comments first: what the other forms do may close the consultation.
    ordered = sorted(
        ((who, form) for who, shown in shown_forms.items() for form in shown),
        key=lambda entry: not entry[1].action.endswith("/comment"),
    )
    for who, form in ((who, form) for who, form in ordered if form.method == "POST"):
        for name in form.texts:
            for text in (next(long), next(short)):
                _send(attacked, client_as, counts, who, form, {name: text})
    _store(attacked, counts)
    _import(attacked, client_as("officer"), counts)
    return counts


def _send(
    attacked: Flask,
    client_as: As,
    counts: dict[str, int],
    who: str,
    form: WebForm,
    changed: dict[str, str],
) -> None:
    """Send a text by every button of a form."""
    for press in range(max(len(form.buttons), 1)):
        lift_limits(attacked)
        body = form.sent(changed, press)
        answer = client_as(who).post(form.action, data=body, content_type=FORM)
        counts["sent"] += 1
        counts["taken"] += answer.status_code == 303


def columns_of_words() -> list[tuple[Table, Column[Any]]]:
    """Return every column that keeps somebody's words, with its table."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if (isinstance(column.type, Text) and str(column) not in NO_WORDS)
        or str(column) in SHORT_WORDS
    ]


def _store(attacked: Flask, counts: dict[str, int]) -> None:
    """Put hostile texts straight into every column of words: past every check there is."""
    texts = cycle(packed(hostile(), LONGER))
    with attacked.extensions["sqlalchemy"].engine.begin() as connection:
        for table, column in columns_of_words():
            [key] = list(table.primary_key.columns)[:1]
            counts["columns"] += 1
            for row in connection.scalars(select(key).distinct()).all():
                change = update(table).where(key == row, column != "")
                done = connection.execute(change.values({column.name: next(texts)}))
                counts["cells"] += done.rowcount


def _import(attacked: Flask, officer: object, counts: dict[str, int]) -> None:
    """Upload a document whose words and whose name are hostile."""
    lines = [f"มาตรา {n} {' '.join(text.split())}" for n, text in enumerate(hostile()[:300], 1)]
    for name in ("<img src=x onerror=alert(1)>.md", "';alert(1)//.txt"):
        lift_limits(attacked)
        file = (io.BytesIO("\n\n".join(lines).encode()), name)
        path = "/workspace/consultations/sample-waste/drafts/import"
        answer = officer.post(path, data={"file": file})  # type: ignore[attr-defined]
        counts["taken"] += answer.status_code == 303
        counts["sent"] += 1


def _sign_in(page: Page, attacked: Flask, address: str, who: str) -> None:
    found = sample_accounts(Path(attacked.instance_path))
    entry = next(account for account in found if account.name == who)
    page.goto(f"{address}/accounts/sign-in")
    page.locator("[name=email]").fill(entry.email)
    page.locator("[name=password]").fill(entry.password)
    page.locator("main form button[type=submit]").click()
    page.locator("form[data-sign-out]").wait_for()


def _pages(client_as: As, who: str, kinds: Kinds) -> list[str]:
    """Return the pages to look at as somebody: some of each kind, and every page of comments."""
    found = [path for path, _ in walk(client_as(who), STARTS, kinds, MOST)]
    for slug in ("sample-pavements", "sample-waste"):
        address: str | None = f"/consultations/{slug}/discussion" if not who else None
        while address:
            found.append(address)
            link = re.search(r'href="([^"]*[?&;]after=[^"]*)"', client_as(who).get(address).text)
            address = link[1].replace("&amp;", "&") if link else None
    return found


def test_no_text_runs_on_any_page(
    attacked: Flask,
    client_as: As,
    written: dict[str, int],
    browser: Browser,
    record: Record,
) -> None:
    kinds = Kinds(attacked.url_map, LEFT_OUT)
    hits, looked_at = [], 0
    with served(attacked) as address:
        for who in WHO:
            context = browser.new_context(service_workers="block")
            page = open_hooked(context)
            lift_limits(attacked)
            if who:
                _sign_in(page, attacked, address, who)
            for path in _pages(client_as, who, kinds):
                page.goto(f"{address}{path}", wait_until="load")
                looked_at += 1
                hits += [f"{who} {path}: {what}" for what in fired(page)]
            context.close()
    record("stored scripts", texts=len(hostile()), pages=looked_at, fired=len(hits), **written)
    assert hits == [], "\n".join(hits[:20])
    assert written["cells"] > len(list(packed(hostile(), LONGER)))


def test_what_a_page_shows_again_runs_nothing(
    attacked: Flask,
    shown_forms: dict[str, list[WebForm]],
    browser: Browser,
    record: Record,
) -> None:
    """Reflected: the values of an address, its fragment, and forms that are filled from it."""
    hits, tries = [], 0
    page = open_hooked(browser.new_context(service_workers="block"))
    values = cycle(packed(hostile(), LONGER))
    forms = [form for form in shown_forms[""] if form.method == "GET"]
    places = {(form.action.partition("?")[0], name) for form in forms for name in form.values}
    places |= {(form.action.partition("?")[0], name) for form in forms for name in ("next", "page")}
    places |= {("/consultations/sample-waste/clauses/c1/comment", part) for part in ("exact", "x")}
    with served(attacked) as address:
        for path, name in sorted(places):
            for text in islice(values, 5):
                tries += 1
                query = urlencode({name: text}, errors="surrogatepass")
                with suppress(PlaywrightError):
                    page.goto(f"{address}{path}?{query}#{text[:60]}")
                hits += [f"{path} {name}: {what}" for what in fired(page)]
    page.context.close()
    record("reflected scripts", tries=tries, fired=len(hits))
    assert hits == [], "\n".join(hits[:20])


def test_no_text_runs_in_a_letter(
    attacked: Flask,
    browser: Browser,
    record: Record,
) -> None:
    """The HTML of letters, opened as a careless mail program would: scripts allowed."""
    session, hits, letters = attacked.extensions["sqlalchemy"].session(), [], 0
    consultation = session.scalars(select(Consultation).limit(1)).one()
    session.expunge_all()
    page = open_hooked(browser.new_context())
    page.route("**/*", lambda route: route.abort())
    for number, text in enumerate(packed(hostile(), 6 * LONGER)):
        consultation.title_th = consultation.title_en = text
        item = News(kind=NewsKind.OPENED, details={}, key=str(number), consultation=consultation)
        letter = Letter(LetterKind.NEWS, 1, news=(0,))
        words, _address = write(letter, [item], ("th", "en")[number % 2])
        page.set_content(words.html)
        letters += 1
        hits += [f"letter {number}: {what}" for what in fired(page)]
    page.context.close()
    session.rollback()
    record("scripts in letters", letters=letters, fired=len(hits))
    assert hits == [], "\n".join(hits[:20])


def test_the_same_texts_run_on_a_page_that_is_not_protected(
    browser: Browser,
    record: Record,
) -> None:
    """The control: texts that are known to run do run where nothing stops them."""
    if is_there():
        known = json.loads((FOLDER / "xss_effective.json").read_text())["effective"]
        wanted = {name for name, places in known.items() if "html_body" in places}
        texts = [value for name, value in _with_names() if name in wanted][::EVERY]
    else:
        # Our own that need nobody's hand; the collections were not found.
        texts = [text for text in payloads("xss") if text.startswith(RUN_BY_THEMSELVES)]
    raw = Flask("raw")

    @raw.get("/text/<int:number>")
    def text(number: int) -> Response:
        return Response(f"<!doctype html><body>{texts[number]}<p>end</p>", mimetype="text/html")

    ran = _count_that_run(browser, raw, len(texts))
    record("control of scripts", texts=len(texts), fired=ran, collections=is_there())
    assert ran >= ENOUGH * len(texts)


def _count_that_run(browser: Browser, raw: Flask, number: int) -> int:
    context = browser.new_context()
    page, ran = open_hooked(context), 0
    with served(raw) as address:
        # What a text would load from elsewhere is a script that runs.
        elsewhere = re.compile(rf"^(?!{re.escape(address)})https?:")
        page.route(elsewhere, lambda route: route.fulfill(body="alert(1)", content_type=SCRIPT))
        for each in range(number):
            page.goto(f"{address}/text/{each}", wait_until="commit")
            with suppress(PlaywrightError):  # a text may have sent the window elsewhere
                page.wait_for_load_state("load", timeout=1_000)
                page.evaluate(TOUCH)
                page.wait_for_timeout(20)
                ran += bool(page.evaluate("() => (window.fired ?? []).length"))
    context.close()
    return ran


def _with_names() -> Iterator[tuple[str, str]]:
    for name in COLLECTIONS:
        for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
            entry = json.loads(line)
            if "payload" in entry:
                yield entry["id"], entry["payload"]
