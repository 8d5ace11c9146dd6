"""The way into an account: guesses are counted, known browsers have a count of their own."""

import secrets
from datetime import timedelta

from flask import current_app, redirect, request, url_for
from flask import session as browser
from werkzeug.wrappers import Response

from app.identity import keyring, sign_in
from app.limits import count_attempt
from app.redirects import safe_target
from app.transactions import session
from core.accounts import authenticating, factors, recovering

#: How long the second step may take after the first.
SECOND_STEP_WITHIN = timedelta(minutes=10)
#: For so long a browser is known in which somebody signed in.
_KNOWN_FOR = timedelta(days=180)
_KNOWN, _SECOND = "known-browser", "second-step"


def check_password(email: str, password: str) -> int:
    """Return the account whose address and password these are.

    Guesses are counted by account, whoever makes them and from where. A browser in which the
    account's person signed in before has its own count, so that others cannot lock them out.

    Raises
    ------
    NotAllowedError
        ``sign_in.wrong``.
    ThrottledError
        ``throttle.too_many``.
    """
    who = _who(email)
    count_attempt("sign_in", who)
    account = authenticating.authenticate(session(), keyring(), email=email, password=password)
    return account.id


def enter(account_id: int, target: str | None) -> Response:
    """Sign somebody in who has taken the first step, or ask for the second."""
    if not factors.has_any(session(), account_id):
        return finish(account_id, target, second_step=False)
    browser[_SECOND] = keyring().seal_note(
        _SECOND, {"account": account_id, "next": safe_target(target)}
    )
    return redirect(url_for("second_step.ask"), 303)


def waiting() -> tuple[int, str] | None:
    """Return who has taken the first step in this browser, and where they want to go."""
    sealed = browser.get(_SECOND)
    note = keyring().open_note(_SECOND, str(sealed), within=SECOND_STEP_WITHIN) if sealed else None
    return (int(note["account"]), str(note["next"])) if note else None


def finish(account_id: int, target: str | None, *, second_step: bool) -> Response:
    """Begin the session, and lead on."""
    sign_in(account_id, second_step=second_step)
    return remember(redirect(safe_target(target), 303), account_id)


def remember(response: Response, account_id: int) -> Response:
    """Let the browser be known as one in which the account's person has signed in."""
    number = (_known() or {}).get("n") or secrets.token_hex(8)
    note = keyring().seal_note(_KNOWN, {"account": account_id, "n": number})
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        _cookie_name(),
        note,
        max_age=_KNOWN_FOR,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _who(email: str) -> str:
    """Return under what a guess is counted: the account, or the account and a known browser."""
    known = _known()
    if known and known["account"] == recovering.account_of(session(), keyring(), email):
        return f"{known['account']}|{known['n']}"
    return keyring().email_index(email).hex()


def _known() -> dict[str, object] | None:
    return keyring().open_note(_KNOWN, request.cookies.get(_cookie_name(), ""), within=_KNOWN_FOR)


def _cookie_name() -> str:
    return "__Host-sarn-known" if current_app.config["SESSION_COOKIE_SECURE"] else "sarn-known"
