"""Pages with which somebody verifies who they are, or signs in as who they are verified to be."""

import logging

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import oidc
from app.accounts.entering import enter
from app.identity import ANYONE, SIGNED_IN, access, current_visit, keyring, signed_in_account
from app.redirects import safe_target
from app.rendering import render
from app.transactions import session
from core.accounts import identities
from core.errors import ConflictError, NotAllowedError

blueprint = Blueprint("identities", __name__, url_prefix="/accounts/identity")
log = logging.getLogger("sarn.identity")


@blueprint.get("/")
@access(SIGNED_IN)
def overview() -> str:
    """Explain what being verified counts for, and offer it."""
    return render(
        "accounts/identity.html",
        providers=oidc.providers(),
        linked={row.issuer: row for row in identities.of_account(session(), signed_in_account())},
        organisation=current_visit().actor.organisation,
    )


@blueprint.get("/<slug>/verify")
@access(SIGNED_IN, fresh=True)
def verify(slug: str) -> Response:
    """Go to a provider to be verified."""
    return _go(slug, signed_in_account())


@blueprint.get("/<slug>/sign-in", endpoint="sign_in")
@access(ANYONE)
def sign_in_page(slug: str) -> Response:
    """Go to a provider to sign in."""
    return _go(slug, None)


@blueprint.route("/<slug>/return", methods=["GET", "POST"])
@access(ANYONE, limit="identity")
def returned(slug: str) -> str | Response:
    """Take the provider's answer: a button goes on, since opening an address does nothing."""
    chosen, given = oidc.provider(slug), request.values
    if request.method == "GET":
        try:
            note = oidc.check_return(chosen, given)
        except oidc.ProviderError as error:
            raise _refused(error) from error
        fields = {name: given[name] for name in ("code", "state", "iss") if name in given}
        return render("accounts/identity_return.html", provider=chosen, fields=fields, note=note)
    try:
        identity, note = oidc.finish(chosen, given)
    except oidc.ProviderError as error:
        raise _refused(error) from error
    if note["account"] is None:
        return _enter(identity, note["next"])
    return _link(identity, int(note["account"]))


def _go(slug: str, account_id: int | None) -> Response:
    target = safe_target(request.args.get("next"))
    try:
        return redirect(oidc.begin(oidc.provider(slug), target, account_id), 303)
    except oidc.ProviderError as error:
        raise _refused(error) from error


def _enter(identity: identities.Identity, target: str) -> Response:
    account_id = identities.find(session(), keyring(), identity)
    if account_id is None:
        raise ConflictError("identity.unlinked")
    return enter(account_id, target)


def _link(identity: identities.Identity, account_id: int) -> Response:
    if not current_user.is_authenticated or signed_in_account() != account_id:
        raise NotAllowedError("page.not_allowed")
    identities.link(session(), keyring(), account_id, identity)
    flash(_("You are verified. Your number is not kept."), "success")
    return redirect(url_for("identities.overview"), 303)


def _refused(error: oidc.ProviderError) -> ConflictError:
    """Return what the person is told; why is for the log, and holds nothing personal."""
    log.warning("identity provider refused: %s", error)
    if request.values.get("error") == "access_denied":
        return ConflictError("identity.cancelled")
    begun_elsewhere = str(error) in ("not begun in this browser", "another state")
    return ConflictError("identity.old" if begun_elsewhere else "identity.failed")
