"""Pages to register, sign in and sign out."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.entering import check_password, enter, finish
from app.accounts.forms import RegisterForm, SignInForm
from app.i18n import current_language
from app.identity import ANYONE, SIGNED_IN, access, keyring, sign_out
from app.mail.office import sends_mail
from app.oidc import providers
from app.rendering import render
from app.transactions import session
from core.accounts import registering
from core.errors import ConflictError, InvalidError, NotAllowedError

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@access(ANYONE, limit="sign_in")
def sign_in_page() -> str | tuple[str, int] | Response:
    """Sign in with e-mail address and password."""
    form = SignInForm(next=request.args.get("next"))
    if form.submitted():
        try:
            account_id = check_password(form.given_email, form.given_password)
        except NotAllowedError as error:
            form.show(InvalidError(error.code, field="password"))
        else:
            return enter(account_id, form.next.data)
    page = render(
        "accounts/sign_in.html", form=form, sends_mail=sends_mail(), providers=providers()
    )
    return page, form.status


@blueprint.route("/register", methods=["GET", "POST"])
@access(ANYONE, limit="register")
def register() -> str | tuple[str, int] | Response:
    """Create an account and sign in."""
    form = RegisterForm(next=request.args.get("next"))
    if form.submitted():
        try:
            account = registering.register(
                session(),
                keyring(),
                email=form.given_email,
                password=form.given_password,
                locale=current_language(),
            )
        except InvalidError as error:
            form.show(error)
        except ConflictError as error:
            form.show(InvalidError(error.code, field="email"))
        else:
            flash(_("Welcome. You can now comment and vote."), "success")
            return finish(account.id, form.next.data, second_step=False)
    return render("accounts/register.html", form=form), form.status


@blueprint.post("/sign-out", endpoint="sign_out")
@access(SIGNED_IN)
def sign_out_page() -> Response:
    """Sign out."""
    sign_out()
    flash(_("You are signed out."), "info")
    return redirect(url_for("site.finder"), 303)


@blueprint.get("/")
@access(SIGNED_IN)
def overview() -> str:
    """Show one's account: roles, and where to go from here."""
    return render("accounts/overview.html")
