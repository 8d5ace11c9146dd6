"""Pages of one's rights: all one's data, what one agreed to, and the end of the account."""

import io
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField

from app.forms import BaseForm, at_most, required
from app.identity import SIGNED_IN, access, current_actor, keyring, sign_out
from app.rendering import consent_words, render
from app.transactions import session
from consultations import erasing, forming, participation, profiling, prototyping
from consultations.queries import catalogue
from core.accounts import closing, consents, own_exports
from core.accounts.consents import Purpose
from core.clock import now
from core.errors import InvalidError, NotAllowedError, NotFoundError
from core.mailing import preferences
from core.mailing.kinds import OWN, Channel
from moderation import erasing as moderators

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.accounts.consents import ConsentEvent

blueprint = Blueprint("rights", __name__, url_prefix="/accounts")

_PASSWORD = [required(_l("Enter your password.")), at_most(256)]
_AUTOCOMPLETE = {"autocomplete": "current-password"}


class ExportForm(BaseForm):
    """The password, to show that it is you."""

    password = PasswordField(_l("Password"), _PASSWORD, render_kw=_AUTOCOMPLETE)


class CloseForm(ExportForm):
    """Whether one has understood that it cannot be undone."""

    understood = BooleanField(
        _l("I understand that this cannot be undone"),
        [required(_l("Tick this to go on."))],
    )


@blueprint.route("/data", methods=["GET", "POST"])
@access(SIGNED_IN, limit="letter")
def overview() -> str | tuple[str, int] | Response:
    """Ask for a copy of one's data; what one agreed to and the end of the account stand beside."""
    form, account_id = ExportForm(), _account_id()
    people = participation.participants_of(session(), current_actor())
    if form.submitted():
        try:
            made, key = own_exports.request(
                session(),
                keyring(),
                account_id,
                password=form.password.data or "",
                participants=people,
            )
        except InvalidError as error:
            form.show(error)
        else:
            browser["own_data"] = [made.id, key]
            return redirect(url_for(".overview"), 303)
    events = consents.history(session(), account_id, people.values())
    page = {
        "made": _made(account_id),
        "consents": _standing(events),
        "places": profiling.told_in(session(), people.values()),
    }
    return render("accounts/data.html", form=form, events=events, **page), form.status


@blueprint.post("/data/file")
@access(SIGNED_IN)
def download() -> Response:
    """Give the file, once, to whom it belongs; it is erased with this."""
    number, key = browser.pop("own_data", ["", ""])
    archive = own_exports.take(session(), _account_id(), number, key)
    answer = send_file(
        io.BytesIO(archive),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"sarn-my-data-{now():%Y-%m-%d}.zip",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/consents/letters")
@access(SIGNED_IN)
def stop_letters() -> Response:
    """Take back that one wants e-mails about one's own contributions."""
    account_id = _account_id()
    wish = preferences.of_account(session(), account_id)
    preferences.choose(session(), account_id, dict.fromkeys(OWN, Channel.SITE), wish.quiet)
    consents.record(session(), Purpose.LETTERS, given=False, account_id=account_id)
    flash(_("You have taken your consent back."), "success")
    return redirect(url_for(".overview"), 303)


@blueprint.post("/consents/profile")
@access(SIGNED_IN)
def forget_profile() -> Response:
    """Take back what one told about oneself in a consultation."""
    consultation = catalogue.consultation_at(session(), request.form.get("consultation", ""))
    profiling.forget(session(), current_actor(), consultation.id)
    flash(_("You have taken your consent back. What you told is deleted."), "success")
    return redirect(url_for(".overview"), 303)


@blueprint.route("/close", methods=["GET", "POST"])
@access(SIGNED_IN, limit="sign_in")
def close() -> str | tuple[str, int] | Response:
    """Erase the account and all that the person did in consultations."""
    form, account_id = CloseForm(), _account_id()
    if form.submitted():
        try:
            closing.require_can_close(session(), account_id, password=form.password.data or "")
        except InvalidError as error:
            form.show(error)
        else:
            _erase(account_id)
            sign_out()
            flash(_("Your account is closed and your data are erased."), "success")
            return redirect(url_for("site.finder"), 303)
    people = participation.participants_of(session(), current_actor())
    return render("accounts/close.html", form=form, places=len(people)), form.status


def _erase(account_id: int) -> None:
    actor, keys = current_actor(), keyring()
    people = participation.participants_of(session(), actor)
    moderators.forget_notes(session(), people.values())
    erasing.erase_everything(
        session(), actor, other_tags=[keys.email_person_tag(current_user.email)]
    )
    forming.forget_names(session(), account_id)
    prototyping.forget(session(), actor)
    closing.close(session(), actor, keys, account_id)


def _made(account_id: int) -> object:
    """Return the file that was asked for in this browser; None if there is none."""
    try:
        return own_exports.state(session(), account_id, browser.get("own_data", [""])[0])
    except NotFoundError:
        return None


def _standing(events: "Sequence[ConsentEvent]") -> list[tuple[str, str, bool]]:
    """Return purpose, the words that are in force, and whether one agreed to them."""
    last = {event.purpose: event.given for event in events if event.account_id}
    text = consent_words(Purpose.LETTERS).text
    return [(Purpose.LETTERS.value, text, last.get(Purpose.LETTERS, False))]


def _account_id() -> int:
    number = current_actor().account_id
    if number is None:
        raise NotAllowedError("page.not_allowed")
    return number
