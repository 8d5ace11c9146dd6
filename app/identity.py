"""Who is asking, and who may call what: every endpoint declares it, or is refused."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask_login import UserMixin, current_user, login_user, logout_user

from app import limits
from app.config import Config
from app.extensions import login_manager
from app.transactions import session
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
    """Declare who may call a view, and which limit its requests count against."""

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
    if limit:
        limits.count_request(limit, current_actor())


def _hashed(value: str) -> str:
    """Keyed hash, so that nobody can tell what was hashed."""
    secret = keyring().secret
    return hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()[:32]
