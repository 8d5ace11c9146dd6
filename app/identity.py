"""Who is asking, and who may call what: every endpoint declares it, or is refused."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask_login import UserMixin, current_user, login_user, logout_user

from app.config import Config
from app.extensions import login_manager
from app.transactions import session, transaction
from core import throttle
from core.accounts import authenticating
from core.actor import ANONYMOUS, Actor, Role
from core.errors import NotAllowedError
from core.keyring import Keyring

View = TypeVar("View", bound=Callable[..., Any])

#: May be called by anyone, signed in or not.
ANYONE: frozenset[Role] = frozenset()
SIGNED_IN = frozenset({Role.PARTICIPANT})
AGENCY_STAFF = frozenset({Role.OFFICER, Role.APPROVER})
MODERATORS = frozenset({Role.MODERATOR, Role.SENIOR_MODERATOR})
#: Who looks at how moderators decide.
WATCHERS = frozenset({Role.SENIOR_MODERATOR, Role.AUDITOR})

#: How often one person, and one address, may try something: (times, window).
#: Thousands can share a mobile carrier's address, so addresses are treated leniently.
LIMITS: dict[str, tuple[tuple[int, timedelta], tuple[int, timedelta]]] = {
    "sign_in": ((30, timedelta(hours=1)), (100, timedelta(minutes=15))),
    "register": ((3, timedelta(hours=1)), (60, timedelta(hours=1))),
    "letter": ((5, timedelta(hours=1)), (100, timedelta(hours=1))),
    "unsubscribe": ((60, timedelta(hours=1)), (3000, timedelta(minutes=10))),
    "contribute": ((40, timedelta(hours=1)), (300, timedelta(minutes=10))),
    "preview": ((240, timedelta(minutes=10)), (3000, timedelta(minutes=10))),
    "vote": ((120, timedelta(minutes=1)), (3000, timedelta(minutes=10))),
    "similar": ((60, timedelta(minutes=1)), (1200, timedelta(minutes=10))),
    "flag": ((20, timedelta(days=1)), (300, timedelta(minutes=10))),
}


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login keeps of a signed-in account."""

    def __init__(self, key: str, actor: Actor, email: str) -> None:
        self.id = key
        self.actor = actor
        self.email = email


def init_app(app: Flask, config: Config) -> None:
    """Refuse undeclared endpoints, and load who is asking."""
    app.extensions["keyring"] = Keyring(config.secret_key.encode())
    login_manager.session_protection = None
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    app.before_request(_check_access)


def access(allowed: frozenset[Role], *, limit: str | None = None) -> Callable[[View], View]:
    """Declare who may call a view, and which limit its unsafe requests count against."""

    def declare(view: View) -> View:
        view.access, view.limit = allowed, limit  # type: ignore[attr-defined]
        return view

    return declare


def keyring() -> Keyring:
    """Return the site's keys."""
    found: Keyring = current_app.extensions["keyring"]
    return found


def current_actor() -> Actor:
    """Return who is asking."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def browser_tag() -> str:
    """Return what tells apart the people who use one browser; empty for a visitor."""
    account_id = current_actor().account_id
    return "" if account_id is None else _hashed(f"browser|{account_id}")[:12]


def sign_in(key: str, actor: Actor, email: str) -> None:
    """Begin a fresh browser session for an account."""
    login_user(SignedIn(key, actor, email))


def sign_out() -> None:
    """End the browser's session."""
    logout_user()


def count_attempt(limit: str, who: str) -> None:
    """Count an attempt against a limit by something other than the account, such as an address.

    Raises
    ------
    ThrottledError
        ``throttle.too_many``.
    """
    times, window = LIMITS[limit][0]
    _count(f"{limit}:{_hashed(who)}", times, window)


def declared_access(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """Return who may call an endpoint; None if it declares nothing."""
    if endpoint == "static":
        return ANYONE
    declared: frozenset[Role] | None = getattr(app.view_functions[endpoint], "access", None)
    return declared


def _load(key: str) -> SignedIn | None:
    found = authenticating.load_actor(session(), keyring(), key)
    return SignedIn(key, *found) if found else None


def _check_access() -> None:
    if request.endpoint is None or request.endpoint == "static":
        return
    if current_user.is_authenticated:
        g.actor, g.signed_in_name = current_user.actor, current_user.email.partition("@")[0]
    allowed = declared_access(current_app, request.endpoint)
    if allowed is None:
        raise NotAllowedError("page.not_allowed")
    if allowed and not current_actor().has(*allowed):
        raise NotAllowedError("page.not_allowed")
    limit = getattr(current_app.view_functions[request.endpoint], "limit", None)
    if limit and request.method == "POST":
        _count_request(limit)


def _count_request(limit: str) -> None:
    account_id = current_actor().account_id
    if account_id is not None:
        _count(f"{limit}:a{account_id}", *LIMITS[limit][0])
    _count(f"{limit}:ip{_hashed(request.remote_addr or '')}", *LIMITS[limit][1])


def _count(key: str, times: int, window: timedelta) -> None:
    # A transaction of its own: a refused attempt stays counted. The session must not hold one
    # open meanwhile, or SQLite would make the two wait for each other.
    session().rollback()
    with transaction() as counting:
        throttle.check_and_count(counting, key, limit=times, window=window)


def _hashed(value: str) -> str:
    """Keyed hash, so that the counters hold no address."""
    secret = keyring().secret
    return hmac.new(secret, b"throttle|" + value.encode(), hashlib.sha256).hexdigest()[:32]
