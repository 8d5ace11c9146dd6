"""Pages of one's settings: what one hears of, language, address, password, sessions."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import badge
from app.accounts.settings_forms import (
    AddressForm,
    NotificationsForm,
    PasswordForm,
    field_name,
    notifications_form,
)
from app.identity import (
    AGENCY_STAFF,
    ANYONE,
    MODERATORS,
    SIGNED_IN,
    access,
    current_actor,
    current_visit,
    keyring,
    sign_in,
    signed_in_account,
)
from app.mail.office import sends_mail
from app.rendering import render
from app.transactions import session
from core.accounts import changing, consents, factors, sessions
from core.accounts.consents import Purpose
from core.errors import ConflictError, InvalidError
from core.mailing import preferences
from core.mailing.kinds import FOLLOWED, MAILED, OWN, Channel, NewsKind
from core.mailing.preferences import Preferences

blueprint = Blueprint("settings", __name__, url_prefix="/accounts")


@blueprint.route("/settings", methods=["GET", "POST"])
@access(SIGNED_IN)
def overview() -> tuple[str, int] | Response:
    """Choose what one hears of and in which language; everything else is linked from here."""
    account_id = signed_in_account()
    wish = preferences.of_account(session(), account_id)
    form = _form(wish)
    if form.submitted():
        preferences.choose(session(), account_id, form.channels, form.quiet)
        wants = any(form.channels[kind] in MAILED for kind in OWN)
        consents.record(session(), Purpose.LETTERS, given=wants, account_id=account_id)
        changing.choose_language(session(), account_id, form.language.data)
        badge.forget()
        flash(_("Your settings are saved."), "success")
        return redirect(url_for("settings.overview"), 303)
    is_confirmed = changing.is_confirmed(session(), account_id)
    page = render(
        "accounts/settings.html",
        form=form,
        wish=wish,
        address=current_user.email,
        is_confirmed=is_confirmed,
        sends_mail=sends_mail(),
        factors=factors.of_account(session(), account_id),
        idle=current_visit().idle,
        lifetime=current_visit().lifetime,
    )
    return page, form.status


@blueprint.route("/password", methods=["GET", "POST"])
@access(SIGNED_IN, limit="sign_in")
def password() -> tuple[str, int] | Response:
    """Change the password; every other device is signed out."""
    form = PasswordForm()
    if form.submitted():
        try:
            account = changing.change_password(
                session(),
                keyring(),
                signed_in_account(),
                present=form.present_password.data or "",
                new=form.new_password.data or "",
            )
        except InvalidError as error:
            form.show(error)
        else:
            sign_in(account.id, second_step=current_visit().second_step)
            flash(_("Your password is changed. Every other device is signed out."), "success")
            return redirect(url_for("settings.overview"), 303)
    return render("accounts/password.html", form=form), form.status


@blueprint.post("/sessions/end", endpoint="end_sessions")
@access(SIGNED_IN)
def end_sessions() -> Response:
    """Sign out every other device."""
    account = sessions.end_all(session(), signed_in_account())
    sign_in(account.id, second_step=current_visit().second_step)
    flash(_("Every other device is signed out."), "success")
    return redirect(url_for("settings.overview"), 303)


@blueprint.route("/address", methods=["GET", "POST"])
@access(SIGNED_IN, limit="letter", fresh=True)
def address() -> tuple[str, int] | Response:
    """Ask for another e-mail address; a link sent to it confirms it."""
    _require_mail()
    form = AddressForm()
    if form.submitted():
        try:
            changing.ask_to_change(
                session(),
                keyring(),
                signed_in_account(),
                password=form.password.data or "",
                address=form.email.data or "",
            )
        except InvalidError as error:
            form.show(error)
        else:
            _say_link_sent()
            return redirect(url_for("settings.overview"), 303)
    return render("accounts/address.html", form=form, address=current_user.email), form.status


@blueprint.post("/address/ask", endpoint="ask_to_confirm")
@access(SIGNED_IN, limit="letter")
def ask_to_confirm() -> Response:
    """Send a link that confirms the present address."""
    _require_mail()
    changing.ask_to_confirm(session(), keyring(), signed_in_account())
    _say_link_sent()
    return redirect(url_for("settings.overview"), 303)


@blueprint.route("/address/<token>", methods=["GET", "POST"])
@access(ANYONE, limit="unsubscribe")
def confirm_address(token: str) -> str | Response:
    """Take an address whose link was opened; a button, since mail scanners open links too."""
    if request.method == "GET":
        return render("accounts/confirm_address.html")
    changing.confirm(session(), keyring(), token)
    flash(_("Your e-mail address is confirmed."), "success")
    return redirect(url_for("settings.overview"), 303)


def _form(wish: Preferences) -> NotificationsForm:
    kinds = (*OWN, *FOLLOWED, *_kinds_of_staff())
    present = {field_name(kind): _offered(wish.channels[kind]) for kind in kinds}
    return notifications_form(
        kinds,
        sends_mail=sends_mail(),
        data={
            **present,
            "language": changing.language(session(), signed_in_account()),
            "quiet_from": wish.quiet.begin,
            "quiet_until": wish.quiet.end,
        },
    )


def _offered(channel: Channel) -> str:
    """Return the channel, or the site where the site sends no e-mail."""
    return (Channel.SITE if channel in MAILED and not sends_mail() else channel).value


def _kinds_of_staff() -> tuple[NewsKind, ...]:
    actor = current_actor()
    agency = (NewsKind.REVIEW, NewsKind.OVERDUE) if actor.has(*AGENCY_STAFF) else ()
    return (*agency, *((NewsKind.QUEUE,) if actor.has(*MODERATORS) else ()))


def _require_mail() -> None:
    if not sends_mail():
        raise ConflictError("mail.off")


def _say_link_sent() -> None:
    flash(_("We have sent a link to the address. Open it within 24 hours."), "info")
