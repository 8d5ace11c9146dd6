"""Forms of one's settings."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, SelectField, StringField

from app.forms import BaseForm, at_most, choices, required
from app.i18n import LANGUAGES
from app.words import name
from core.mailing.hours import QuietHours
from core.mailing.kinds import FOLLOWED, MAILED, OWN, Channel, NewsKind, channels_of


def field_name(kind: NewsKind) -> str:
    """Return the name of the field in which one chooses how to hear of a kind of news."""
    return kind.value.replace(".", "_")


class NotificationsForm(BaseForm):
    """How to hear of each kind of news, when not, and in which language."""

    language = SelectField(_l("Language of e-mails"))
    quiet_from = SelectField(_l("No e-mail from"), coerce=int)
    quiet_until = SelectField(_l("until"), coerce=int)

    def __init__(self, kinds: tuple[NewsKind, ...], *, sends_mail: bool, **values: object) -> None:
        super().__init__(**values)
        hours = [(hour, f"{hour:02}:00") for hour in range(24)]
        self.language.choices = choices(LANGUAGES.items())
        self.quiet_from.choices = self.quiet_until.choices = hours
        self.kinds = kinds
        for kind in kinds:
            self._fields[field_name(kind)].choices = [
                (channel.value, name("channel", channel))
                for channel in channels_of(kind)
                if sends_mail or channel not in MAILED
            ]

    @property
    def own(self) -> list[Field]:
        """The fields about one's own contributions."""
        return self._of(OWN)

    @property
    def followed(self) -> list[Field]:
        """The fields about consultations that one follows."""
        return self._of(FOLLOWED)

    @property
    def staff(self) -> list[Field]:
        """The fields about one's work on the site; empty for most people."""
        rest = set(self.kinds) - set(OWN) - set(FOLLOWED)
        return self._of(tuple(kind for kind in self.kinds if kind in rest))

    @property
    def channels(self) -> Mapping[NewsKind, Channel]:
        """What was chosen."""
        return {kind: Channel(self._fields[field_name(kind)].data) for kind in self.kinds}

    @property
    def quiet(self) -> QuietHours:
        """The quiet hours that were chosen."""
        return QuietHours(self.quiet_from.data, self.quiet_until.data)

    def _of(self, kinds: tuple[NewsKind, ...]) -> list[Field]:
        return [self._fields[field_name(kind)] for kind in kinds]


def notifications_form(kinds: tuple[NewsKind, ...], **values: object) -> NotificationsForm:
    """Make the form for the kinds of news that concern somebody."""
    fields = {field_name(kind): SelectField(name("news", kind)) for kind in kinds}
    form = type("NotificationsForm", (NotificationsForm,), fields)
    made: NotificationsForm = form(kinds, **values)
    return made


class PasswordForm(BaseForm):
    """The present password and a new one."""

    present_password = PasswordField(
        _l("Present password"),
        [required(_l("Enter your present password.")), at_most(256)],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        _l("New password"),
        [required(_l("Enter a password.")), at_most(256)],
        description=_l(
            "At least 12 characters. Three or four words that do not belong together are good."
        ),
        render_kw={"autocomplete": "new-password"},
    )


class AddressForm(BaseForm):
    """A new address, and the password to show that it is you."""

    email = StringField(
        _l("New e-mail address"), [required(_l("Enter your e-mail address.")), at_most(254)]
    )
    password = PasswordField(
        _l("Password"),
        [required(_l("Enter your password.")), at_most(256)],
        render_kw={"autocomplete": "current-password"},
    )
