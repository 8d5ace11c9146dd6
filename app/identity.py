"""Who is asking, and who may call what: every endpoint declares it, or is refused."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as browser
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app import limits
from app.config import Config
from app.extensions import login_manager
from app.transactions import session
from core.accounts import sessions
from core.accounts.sessions import Visit
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


#: How long the browser's own note of the last request may lag behind, in seconds.
_NOTED = 60


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login keeps of a signed-in account."""

    def __init__(self, visit: Visit, actor: Actor) -> None:
        self.id = visit.key
        self.visit = visit
        #: Who acts: without the roles of staff until a second step was taken.
        self.actor = actor
        self.email = visit.email


def init_app(app: Flask, config: Config) -> None:
    """Refuse undeclared endpoints, and load who is asking."""
    app.extensions["keyring"] = Keyring(config.secret_key.encode())
    login_manager.session_protection = None
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    app.before_request(_check_access)


def access(
    allowed: frozenset[Role], *, limit: str | None = None, fresh: bool = False
) -> Callable[[View], View]:
    """Declare who may call a view.

    Parameters
    ----------
    allowed : frozenset of Role
    limit : str, optional
        Which limit its unsafe requests count against.
    fresh : bool
        Whether the person must have shown a moment ago that it is they; if not, they are asked to,
        and go on with what they typed.
    """

    def declare(view: View) -> View:
        view.access, view.limit, view.fresh = allowed, limit, fresh  # type: ignore[attr-defined]
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


def current_visit() -> Visit:
    """Return how somebody is signed in in this browser.

    Raises
    ------
    NotAllowedError
        ``page.not_allowed``: nobody is.
    """
    if not current_user.is_authenticated:
        raise NotAllowedError("page.not_allowed")
    visit: Visit = current_user.visit
    return visit


def signed_in_account() -> int:
    """Return the number of the account that is signed in; raises like ``current_visit``."""
    return current_visit().account_id


def needs_second_step(visit: Visit) -> bool:
    """Whether the roles of staff stay closed until the person shows a second factor."""
    config: Config = current_app.config["SARN"]
    return config.staff_second_factor and bool(visit.staff_roles) and not visit.second_step


def browser_tag() -> str:
    """Return what tells apart the people who use one browser; empty for a visitor."""
    account_id = current_actor().account_id
    return "" if account_id is None else _hashed(f"browser|{account_id}")[:12]


def sign_in(account_id: int, *, second_step: bool = False) -> None:
    """Begin a fresh session of the browser for an account; nothing of the former one is left."""
    if current_user.is_authenticated:
        sessions.end(session(), current_user.id)
    _hold(sessions.begin(session(), account_id, second_step=second_step))


def renew(*, second_step: bool = False) -> None:
    """Give the browser another key once its person has shown more; the former one is dead."""
    key = sessions.renew(session(), current_visit().key, second_step=second_step)
    if key is not None:
        _hold(key)


def sign_out() -> None:
    """End the browser's session, also on the server."""
    if current_user.is_authenticated:
        sessions.end(session(), current_user.id)
    logout_user()
    browser.clear()


def declared_access(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """Return who may call an endpoint; None if it declares nothing."""
    if endpoint == "static":
        return ANYONE
    declared: frozenset[Role] | None = getattr(app.view_functions[endpoint], "access", None)
    return declared


def _hold(key: str) -> None:
    visit = sessions.find(session(), keyring(), key)
    if visit is None:
        raise NotAllowedError("sign_in.wrong")
    flashes = browser.get("_flashes")
    browser.clear()
    if flashes:
        browser["_flashes"] = flashes
    browser["seen"] = int(time.time())
    login_user(SignedIn(visit, _acting(visit)))


def _load(key: str) -> SignedIn | None:
    visit = sessions.find(session(), keyring(), key)
    seen, moment = browser.get("seen"), int(time.time())
    if visit is None or not isinstance(seen, int) or moment - seen > visit.idle.total_seconds():
        return None
    if moment - seen > _NOTED:
        browser["seen"] = moment
    return SignedIn(visit, _acting(visit))


def _acting(visit: Visit) -> Actor:
    """Return who acts: without the roles of staff until a second step was taken."""
    if not needs_second_step(visit):
        return visit.actor
    return replace(visit.actor, roles=visit.actor.roles - visit.staff_roles)


def _check_access() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    if current_user.is_authenticated:
        g.actor, g.signed_in_name = current_user.actor, current_user.email.partition("@")[0]
    allowed = declared_access(current_app, request.endpoint)
    if allowed is None:
        raise NotAllowedError("page.not_allowed")
    if allowed and not current_actor().has(*allowed):
        if current_user.is_authenticated and current_user.visit.actor.has(*allowed):
            return redirect(url_for("factors.overview", why="needed"), 303)
        raise NotAllowedError("page.not_allowed")
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "fresh", False) and not current_visit().is_fresh:
        return current_app.extensions["ask_to_confirm"]()
    limit = getattr(view, "limit", None)
    if limit:
        limits.count_request(limit, current_actor())
    return None


def _hashed(value: str) -> str:
    """Keyed hash, so that nobody can tell what was hashed."""
    secret = keyring().secret
    return hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()[:32]
