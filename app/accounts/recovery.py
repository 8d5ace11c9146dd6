"""Pages for a forgotten password."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.entering import remember
from app.accounts.factor_forms import AskForm, NewPasswordForm
from app.identity import ANYONE, access, keyring
from app.limits import count_attempt
from app.mail.office import sends_mail
from app.rendering import render
from app.transactions import session
from core.accounts import recovering
from core.errors import ConflictError, InvalidError

blueprint = Blueprint("recovery", __name__, url_prefix="/accounts")


@blueprint.route("/forgotten", methods=["GET", "POST"])
@access(ANYONE, limit="recover")
def ask() -> str | tuple[str, int]:
    """Ask for a link; the answer does not tell whether there is an account."""
    if not sends_mail():
        raise ConflictError("mail.off")
    form = AskForm()
    if form.submitted():
        address = form.email.data or ""
        count_attempt("recover", keyring().email_index(address).hex())
        recovering.ask(session(), keyring(), address)
        return render("accounts/recovery_sent.html")
    return render("accounts/recovery_ask.html", form=form), form.status


@blueprint.route("/forgotten/<token>", methods=["GET", "POST"])
@access(ANYONE, limit="unsubscribe")
def choose(token: str) -> tuple[str, int] | Response:
    """Choose a new password by the link of a letter; one signs in with it afterwards."""
    if not recovering.is_valid(session(), keyring(), token):
        raise ConflictError("account.recovery_old")
    form = NewPasswordForm()
    if request.method == "POST" and form.submitted():
        try:
            account = recovering.recover(session(), keyring(), token, form.new_password.data or "")
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Your password is changed. Sign in with it now."), "success")
            return remember(redirect(url_for("accounts.sign_in"), 303), account.id)
    return render("accounts/recovery_choose.html", form=form), form.status
