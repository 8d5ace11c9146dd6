"""Pages on which the agency or the facilitator prepares the work of a group."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import SIGNED_IN, access, current_actor, keyring
from app.mail.office import sends_mail
from app.participation.group_forms import CharterForm, MeetingForm, MinutesForm, SeatForm
from app.participation.group_pages import convened_group, form_page
from app.transactions import session
from consultations import chartering, forming, meeting
from consultations.queries import groups
from core.errors import InvalidError

blueprint = Blueprint(
    "group_work", __name__, url_prefix="/consultations/<slug>/groups/<int:number>"
)


@blueprint.route("/invite", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def invite(slug: str, number: int) -> Response | tuple[str, int]:
    """Offer a seat."""
    consultation, group = convened_group(slug, number)
    form = SeatForm()
    if form.submitted():
        try:
            _seat, token = forming.invite(
                session(),
                current_actor(),
                keyring(),
                group.id,
                given=form.given,
                by_letter=sends_mail(),
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_invited(token), "success")
            return _back(slug, number, "members")
    return form_page(consultation, group, form, _("Invite somebody to the group"))


@blueprint.post("/seats/<int:seat>/withdraw")
@access(SIGNED_IN, limit="change")
def withdraw(slug: str, number: int, seat: int) -> Response:
    """Take an invitation back."""
    _consultation, group = convened_group(slug, number)
    forming.withdraw(session(), current_actor(), groups.seat_numbered(session(), group, seat).id)
    flash(_("The invitation is taken back."), "success")
    return _back(slug, number, "members")


@blueprint.route("/charter", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def charter(slug: str, number: int) -> Response | tuple[str, int]:
    """Put a version of the charter to the members."""
    consultation, group = convened_group(slug, number)
    form = CharterForm(obj=groups.latest_charter(session(), group))
    if form.submitted():
        try:
            chartering.write(session(), current_actor(), group.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The charter is public. It holds once every member has agreed."), "success")
            return _back(slug, number, "charter")
    return form_page(consultation, group, form, _("Charter"))


@blueprint.route("/meetings/new", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def announce(slug: str, number: int) -> Response | tuple[str, int]:
    """Announce a meeting."""
    consultation, group = convened_group(slug, number)
    form = MeetingForm()
    if form.submitted():
        try:
            meeting.announce(session(), current_actor(), group.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The meeting is announced."), "success")
            return _back(slug, number, "meetings")
    return form_page(consultation, group, form, _("Announce a meeting"))


@blueprint.route("/meetings/<int:meeting_number>/minutes", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def minutes(slug: str, number: int, meeting_number: int) -> Response | tuple[str, int]:
    """Publish minutes, or a correction of them."""
    consultation, group = convened_group(slug, number)
    held = groups.meeting_numbered(session(), group, meeting_number)
    form = MinutesForm(body=held.minutes[0].body if held.minutes else "")
    if form.submitted():
        words = {each: form[each].data or "" for each in ("body", "correction")}
        try:
            meeting.publish_minutes(session(), current_actor(), held.meeting.id, **words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The minutes are public."), "success")
            return _back(slug, number, "meetings")
    return form_page(consultation, group, form, _("Minutes"))


def _invited(token: str) -> str:
    """Return what happened; where no letter goes out, with the link to hand over."""
    if sends_mail():
        return _("The invitation goes out by e-mail. It can be accepted for 60 days.")
    link = url_for("group_seats.answer", token=token, _external=True)
    return _("This site sends no e-mail. Hand this link over in person: %(link)s", link=link)


def _back(slug: str, number: int, anchor: str) -> Response:
    return redirect(url_for("groups.show", slug=slug, number=number, _anchor=anchor), 303)
