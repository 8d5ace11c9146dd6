"""Pages of one's second step: set it up, remove it, recovery codes."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import qr
from app.accounts import passkeys
from app.accounts.factor_forms import AppForm, PasskeyForm
from app.identity import SIGNED_IN, access, current_visit, keyring, renew, signed_in_account
from app.rendering import render
from app.transactions import session
from core.accounts import codes as app_codes
from core.accounts import factors
from core.errors import ConflictError, InvalidError

blueprint = Blueprint("factors", __name__, url_prefix="/accounts/second-factor")

#: How long setting up an app may take.
_WITHIN = timedelta(minutes=30)
_SETUP = "app-setup"


@blueprint.get("/")
@access(SIGNED_IN)
def overview() -> str:
    """Show what the account's person can show besides the password."""
    account_id = signed_in_account()
    return render(
        "accounts/factors.html",
        found=factors.of_account(session(), account_id),
        codes_left=factors.codes_left(session(), account_id),
        is_staff=bool(current_visit().staff_roles),
        is_open=current_visit().second_step,
        can_have_passkeys=passkeys.are_possible(),
    )


@blueprint.route("/app", methods=["GET", "POST"])
@access(SIGNED_IN, limit="second_step", fresh=True)
def add_app() -> str | tuple[str, int] | Response:
    """Set up an authenticator app."""
    form = AppForm()
    if form.submitted():
        secret = _kept_secret()
        try:
            factors.add_app(
                session(),
                keyring(),
                signed_in_account(),
                secret=secret,
                code=form.code.data or "",
                name=form.name.data or "",
            )
        except InvalidError as error:
            form.show(error)
        else:
            return _added()
    secret = _kept_secret() if request.method == "POST" else _new_secret()
    return render("accounts/factor_app.html", form=form, **_shown(secret)), form.status


@blueprint.route("/passkey", methods=["GET", "POST"])
@access(SIGNED_IN, limit="second_step", fresh=True)
def add_passkey() -> str | tuple[str, int] | Response:
    """Set up a passkey."""
    form, account_id = PasskeyForm(), signed_in_account()
    if form.submitted():
        try:
            passkeys.add(account_id, form.credential.data or "", form.name.data or "")
        except InvalidError as error:
            form.show(error)
        else:
            return _added()
    options = passkeys.creation_options(account_id, current_user.email)
    return render("accounts/factor_passkey.html", form=form, options=options), form.status


@blueprint.post("/<int:number>/remove")
@access(SIGNED_IN, fresh=True)
def remove(number: int) -> Response:
    """Remove a factor."""
    needs_one = bool(current_visit().staff_roles)
    factors.remove(session(), keyring(), signed_in_account(), number, needs_one=needs_one)
    flash(_("It is removed."), "success")
    return redirect(url_for("factors.overview"), 303)


@blueprint.post("/codes")
@access(SIGNED_IN, fresh=True)
def codes() -> str:
    """Make recovery codes and show them, this once."""
    made = factors.new_codes(session(), keyring(), signed_in_account())
    return render("accounts/factor_codes.html", codes=made)


def _added() -> Response | str:
    """Let the browser go on with its second step taken; the first time, show recovery codes."""
    browser.pop(_SETUP, None)
    renew(second_step=True)
    if not factors.codes_left(session(), signed_in_account()):
        return codes()
    flash(_("It is set up."), "success")
    return redirect(url_for("factors.overview"), 303)


def _new_secret() -> str:
    secret = app_codes.new_secret()
    browser[_SETUP] = keyring().seal_note(
        _SETUP, {"account": signed_in_account(), "secret": secret}
    )
    return secret


def _kept_secret() -> str:
    note = keyring().open_note(_SETUP, str(browser.get(_SETUP, "")), within=_WITHIN)
    if note is None or note["account"] != signed_in_account():
        raise ConflictError("factor.setup_old")
    return str(note["secret"])


def _shown(secret: str) -> dict[str, object]:
    address = app_codes.app_address(secret, current_user.email, _("Sarn"))
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"picture": qr.data_address(address, _("QR code for the app")), "secret": groups}
