"""The page that stops letters: works without signing in, and never by only being opened."""

from flask import Blueprint, request
from flask_babel import gettext as _

from app.extensions import csrf
from app.identity import ANYONE, access, keyring
from app.mail.writing import UNSUBSCRIBE
from app.rendering import render
from app.transactions import session
from app.words import name
from core.accounts import consents
from core.accounts.consents import Purpose
from core.errors import NotFoundError
from core.mailing import preferences
from core.mailing.kinds import DIGESTS, OWN, NewsKind

blueprint = Blueprint("letters", __name__, url_prefix="/letters")


# Mail programs send the request themselves (RFC 8058), with no form of ours; the sealed token says
# which letters of which account, and can do nothing else.
@csrf.exempt
@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@access(ANYONE, limit="unsubscribe")
def unsubscribe(token: str) -> str:
    """Ask whether to stop some letters, or all; stop them when asked to."""
    note = keyring().open_note(UNSUBSCRIBE, token)
    if note is None:
        raise NotFoundError("letters.link_unknown")
    account_id, what = int(note["account"]), str(note["what"])
    if request.method == "POST":
        kinds = list(NewsKind) if request.form.get("which") == "all" else _kinds(account_id, what)
        preferences.stop(session(), account_id, kinds)
        if set(OWN) <= set(kinds):
            consents.record(session(), Purpose.LETTERS, given=False, account_id=account_id)
        return render("accounts/unsubscribed.html", is_all=request.form.get("which") == "all")
    return render("accounts/unsubscribe.html", what=_name(what))


def _kinds(account_id: int, what: str) -> list[NewsKind]:
    """Return the kinds of news that a letter's link stops."""
    if what == "own":
        return list(OWN)
    if what == "digest":
        return sorted(preferences.of_account(session(), account_id).kinds(*DIGESTS))
    return [NewsKind(what)]


def _name(what: str) -> str:
    if what == "own":
        return _("E-mails about what I wrote")
    if what == "digest":
        return _("Summaries once a day or once a week")
    return name("news", what)
