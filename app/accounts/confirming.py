"""Shows that it is still the person who signed in, before something weighty; then goes on."""

import json

from flask import Blueprint, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import passkeys, second_step
from app.accounts.entering import check_password
from app.accounts.factor_forms import ConfirmForm
from app.identity import SIGNED_IN, access, renew, signed_in_account
from app.redirects import safe_target
from app.rendering import render
from app.transactions import session
from core.accounts import factors
from core.errors import InvalidError, NotAllowedError

blueprint = Blueprint("confirming", __name__, url_prefix="/accounts")

#: Fields that are not kept, by a part of their names.
_NOT_KEPT = ("csrf", "password", "credential")
#: Longest form that is kept, in characters.
_LONGEST = 300_000


@blueprint.record_once
def _offer(state: BlueprintSetupState) -> None:
    state.app.extensions["ask_to_confirm"] = ask


def ask() -> Response:
    """Ask the person to confirm themselves, with what they had sent kept."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("confirming.confirm", next=request.full_path), 303)
    form = ConfirmForm(formdata=None, next=request.full_path, kept=_kept())
    return Response(_page(form), 403, content_type="text/html; charset=utf-8")


@blueprint.route("/confirm", methods=["GET", "POST"])
@access(SIGNED_IN, limit="second_step")
def confirm() -> str | tuple[str, int] | Response:
    """Take a password, a code or a passkey, and lead on to what the person was doing."""
    form = ConfirmForm(next=request.args.get("next"))
    if form.submitted():
        try:
            _check(form)
        except InvalidError as error:
            form.show(error)
        else:
            second = current_user.visit.second_step or not form.password.data
            renew(second_step=second)
            target = safe_target(form.next.data)
            kept = _opened(form.kept.data)
            if not kept:
                return redirect(target, 303)
            return render("accounts/confirmed.html", target=target, kept=kept)
    return _page(form), form.status


def _check(form: ConfirmForm) -> None:
    if form.password.data:
        try:
            check_password(current_user.email, form.password.data)
        except NotAllowedError as error:
            raise InvalidError("password.wrong", field="password") from error
    elif factors.has_any(session(), signed_in_account()):
        second_step.show(signed_in_account(), form)
    else:
        raise InvalidError("password.wrong", field="password")


def _page(form: ConfirmForm) -> str:
    account_id = signed_in_account()
    return render(
        "accounts/confirm.html",
        form=form,
        has_factor=factors.has_any(session(), account_id),
        options=passkeys.request_options(account_id),
    )


def _kept() -> str:
    pairs = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(part in name for part in _NOT_KEPT)
    ]
    text = json.dumps([["", ""], *pairs])
    return text if len(text) <= _LONGEST else ""


def _opened(text: str | None) -> list[tuple[str, str]]:
    """Return the fields of the form that was kept; empty when there was none."""
    try:
        found = json.loads(text or "[]")
        return [(str(name), str(value)) for name, value in found]
    except (ValueError, TypeError, RecursionError):
        return []
