"""The second step of signing in: a code of an app, a recovery code or a passkey."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import passkeys
from app.accounts.entering import finish, waiting
from app.accounts.factor_forms import CodeForm
from app.identity import ANYONE, access, keyring
from app.limits import count_attempt
from app.rendering import render
from app.transactions import session
from core.accounts import factors
from core.errors import InvalidError

blueprint = Blueprint("second_step", __name__, url_prefix="/accounts")


@blueprint.route("/second-step", methods=["GET", "POST"])
@access(ANYONE, limit="second_step")
def ask() -> tuple[str, int] | Response:
    """Ask for the second step, and finish signing in."""
    found = waiting()
    if found is None:
        return redirect(url_for("accounts.sign_in"), 303)
    account_id, target = found
    form = CodeForm()
    if request.method == "POST":
        try:
            show(account_id, form)
        except InvalidError as error:
            form.show(error)
        else:
            return finish(account_id, target, second_step=True)
    options = passkeys.request_options(account_id)
    return render("accounts/second_step.html", form=form, options=options), form.status


def show(account_id: int, form: CodeForm) -> None:
    """Check what somebody shows: the answer of a passkey, or else a code, which could be guessed.

    Raises
    ------
    InvalidError
        ``factor.code_wrong`` or ``factor.passkey_failed``.
    ThrottledError
        ``throttle.too_many``.
    """
    if form.credential.data:
        passkeys.check(account_id, form.credential.data)
        return
    count_attempt("second_step", str(account_id))
    if not factors.use_code(session(), keyring(), account_id, form.code.data or ""):
        raise InvalidError("factor.code_wrong", field="code")
