"""Settings, links in letters, and the page that stops letters without signing in."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.mail import office
from app.mail.office import MailOffice
from app.mail.writing import UNSUBSCRIBE
from core.accounts import registering
from core.accounts.models import Account
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from core.mailing import outbox, preferences
from core.mailing.hours import QuietHours
from core.mailing.kinds import Channel, NewsKind
from core.mailing.outbox import LetterKind
from tests.factories import make_actor, make_agency
from tests.sites import enter

PASSWORD = "correct horse battery"
ENGLISH = {"Accept-Language": "en"}
SETTINGS = "/accounts/settings"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def account(session: Session, keyring: Keyring) -> Account:
    made = registering.register(session, keyring, email="somsri@example.org", password=PASSWORD)
    made.email_confirmed_on = now().date()
    session.commit()
    return made


@pytest.fixture
def client(app: Flask, account: Account) -> FlaskClient:
    client = app.test_client()
    enter(client, account.id)
    return client


def channels(session: Session, account: Account) -> dict[NewsKind, Channel]:
    found = dict(preferences.of_account(session, account.id).channels)
    session.rollback()
    return found


def letter_kinds(session: Session, keyring: Keyring) -> list[LetterKind]:
    claimed = outbox.claim(session, keyring, limit=50)
    session.commit()
    return [mail.letter.kind for mail in claimed if mail.letter]


def filled(**changes: str) -> dict[str, str]:
    """The form as it is sent when nothing is changed, with changes."""
    own = {f"own_{name}": "site" for name in ("decided", "answered", "quoted", "changed")}
    names = ("opened", "closing", "summary", "answers", "results")
    rest = {"quiet_from": "21", "quiet_until": "7", "language": "th"}
    return {**own, **{f"followed_{name}": "daily" for name in names}, **rest, **changes}


def test_choices_are_kept_and_shown(
    session: Session, client: FlaskClient, account: Account
) -> None:
    answer = client.post(
        SETTINGS, data=filled(own_answered="at_once", followed_opened="none", quiet_from="0")
    )
    assert answer.status_code == 303
    found = channels(session, account)
    assert found[NewsKind.ANSWERED] is Channel.AT_ONCE
    assert found[NewsKind.OPENED] is Channel.NONE
    assert found[NewsKind.CLOSING] is Channel.DAILY
    page = client.get(SETTINGS).text
    assert '<option selected value="at_once">' in page
    assert preferences.of_account(session, account.id).quiet == QuietHours(0, 7)


def test_the_language_of_letters_is_kept_and_the_page_stays_as_it_is(
    session: Session, client: FlaskClient, account: Account
) -> None:
    client.post(SETTINGS, data=filled(language="en"))
    session.expire_all()
    assert session.get_one(Account, account.id).locale == "en"
    assert '<html lang="th"' in client.get("/").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_decided": "none"},
        {"own_decided": "pigeon"},
        {"quiet_from": "24"},
        {"quiet_from": "x"},
        {"language": "xx"},
        {"followed_opened": ""},
    ],
)
def test_what_cannot_be_chosen_is_refused_and_the_rest_stays(
    session: Session, client: FlaskClient, account: Account, wrong: dict[str, str]
) -> None:
    answer = client.post(SETTINGS, data=filled(followed_closing="weekly", **wrong), headers=ENGLISH)
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.text
    assert '<option selected value="weekly">' in answer.text
    assert channels(session, account)[NewsKind.CLOSING] is Channel.DAILY


def test_people_choose_only_about_what_concerns_them(
    session: Session, keyring: Keyring, client_of: Callable[[Actor], FlaskClient]
) -> None:
    pages = {}
    for who, roles in (("citizen", ()), ("officer", (Role.OFFICER,)), ("mod", (Role.MODERATOR,))):
        actor = make_actor(session, keyring, *roles, agency=make_agency(session))
        session.commit()
        pages[who] = client_of(actor).get(SETTINGS).text
    assert "staff_" not in pages["citizen"]
    assert "staff_overdue" in pages["officer"]
    assert "staff_queue" not in pages["officer"]
    assert "staff_queue" in pages["mod"]


def test_an_unconfirmed_or_paused_address_is_said(
    session: Session, client: FlaskClient, account: Account
) -> None:
    assert "Confirm your e-mail address" not in client.get(SETTINGS, headers=ENGLISH).text
    session.get_one(Account, account.id).email_confirmed_on = None
    session.commit()
    assert "Confirm your e-mail address" in client.get(SETTINGS, headers=ENGLISH).text
    preferences.settings_of(session, account.id).paused_on = now().date()
    session.commit()
    assert "We have stopped writing to you" in client.get(SETTINGS, headers=ENGLISH).text


def test_a_site_without_mail_says_so_and_offers_none(app: Flask, client: FlaskClient) -> None:
    present: MailOffice = app.extensions["mail"]
    app.extensions["mail"] = MailOffice(None, present.sender, present.site_url)
    page = client.get(SETTINGS, headers=ENGLISH).text
    assert not office.sends_mail()
    assert "This site sends no e-mail at present" in page
    assert 'value="daily"' not in page
    assert client.get("/accounts/address").status_code == 409
    assert client.post("/accounts/address/ask").status_code == 409


def test_a_new_password_keeps_this_browser_and_ends_others(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    other = app.test_client()
    enter(other, account.id)
    data = {"present_password": PASSWORD, "new_password": "another good password"}
    assert client.post("/accounts/password", data=data).status_code == 303
    assert client.get(SETTINGS).status_code == 200
    assert other.get(SETTINGS).status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "field"),
    [
        ("wrong", "another good password", "present_password"),
        (PASSWORD, "short", "new_password"),
        ("", "", "present_password"),
    ],
)
def test_a_password_that_cannot_be_is_refused_at_its_field(
    client: FlaskClient, present: str, new: str, field: str
) -> None:
    answer = client.post(
        "/accounts/password", data={"present_password": present, "new_password": new}
    )
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_signing_out_elsewhere_keeps_this_browser(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    other = app.test_client()
    enter(other, account.id)
    assert client.post("/accounts/sessions/end").status_code == 303
    assert client.get(SETTINGS).status_code == 200
    assert other.get(SETTINGS).status_code == 303


def test_an_address_is_confirmed_by_a_button_not_by_opening_the_link(
    session: Session, keyring: Keyring, client: FlaskClient, account: Account
) -> None:
    data = {"email": "new@example.org", "password": PASSWORD}
    assert client.post("/accounts/address", data=data).status_code == 303
    [claimed] = outbox.claim(session, keyring, limit=1)
    session.commit()
    assert claimed.letter is not None
    link = f"/accounts/address/{claimed.letter.details['token']}"
    assert client.get(link).status_code == 200
    assert "somsri@example.org" in client.get(SETTINGS).text
    assert client.post(link).status_code == 303
    assert "new@example.org" in client.get(SETTINGS).text
    assert client.post(link, headers=ENGLISH).status_code == 409


def test_a_wrong_password_asks_for_no_new_address(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    data = {"email": "new@example.org", "password": "wrong"}
    answer = client.post("/accounts/address", data=data)
    assert answer.status_code == 422
    assert 'value="new@example.org"' in answer.text
    assert letter_kinds(session, keyring) == []


@pytest.mark.limited
def test_links_are_asked_for_a_few_times_an_hour(client: FlaskClient) -> None:
    answers = [client.post("/accounts/address/ask").status_code for _ in range(7)]
    assert answers[0] == 303
    assert answers[-1] == 429


def unsubscribe_link(keyring: Keyring, account: Account, what: str) -> str:
    token = keyring.seal_note(UNSUBSCRIBE, {"account": account.id, "what": what})
    return f"/letters/unsubscribe/{token}"


@pytest.fixture
def wanting(session: Session, account: Account) -> None:
    chosen = {
        NewsKind.DECIDED: Channel.AT_ONCE,
        NewsKind.OPENED: Channel.AT_ONCE,
        NewsKind.CLOSING: Channel.WEEKLY,
        NewsKind.SUMMARY: Channel.NONE,
    }
    preferences.choose(session, account.id, chosen, QuietHours())
    session.commit()


@pytest.mark.usefixtures("wanting")
@pytest.mark.parametrize(
    ("what", "form", "stopped"),
    [
        ("followed.opened", {"List-Unsubscribe": "One-Click"}, {NewsKind.OPENED}),
        ("followed.opened", {"which": "these"}, {NewsKind.OPENED}),
        ("own", {"which": "these"}, {NewsKind.DECIDED}),
        ("digest", {"List-Unsubscribe": "One-Click"}, {NewsKind.CLOSING}),
        ("own", {"which": "all"}, {NewsKind.DECIDED, NewsKind.OPENED, NewsKind.CLOSING}),
    ],
)
def test_letters_stop_without_signing_in_and_without_a_form_of_ours(
    app: Flask,
    session: Session,
    keyring: Keyring,
    account: Account,
    what: str,
    form: dict[str, str],
    stopped: set[NewsKind],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    stranger, before = app.test_client(), channels(session, account)
    link = unsubscribe_link(keyring, account, what)
    page = stranger.get(link, headers=ENGLISH)
    assert page.status_code == 200
    assert "somsri" not in page.text
    assert channels(session, account) == before
    assert stranger.post(link, data=form).status_code == 200
    after = channels(session, account)
    asked = {NewsKind.DECIDED, NewsKind.OPENED, NewsKind.CLOSING}
    assert {kind for kind in asked if after[kind] is Channel.SITE} == stopped
    assert after[NewsKind.SUMMARY] is Channel.NONE


def test_a_link_that_is_not_ours_is_refused(
    app: Flask, session: Session, keyring: Keyring, account: Account
) -> None:
    stranger = app.test_client()
    other_purpose = keyring.seal_note("confirm-address", {"account": account.id, "what": "own"})
    good = unsubscribe_link(keyring, account, "own").rpartition("/")[2]
    changed = good[:20] + ("B" if good[20] == "A" else "A") + good[21:]
    for token in ("x", other_purpose, good[:-1], "ไทย", changed):
        assert stranger.get(f"/letters/unsubscribe/{token}").status_code == 404
        assert stranger.post(f"/letters/unsubscribe/{token}").status_code == 404
