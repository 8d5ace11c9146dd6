"""Forms to register and to sign in."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField

from app.forms import BaseForm, at_most, required


class CredentialsForm(BaseForm):
    """What both forms carry: an address and a password, and where to go afterwards."""

    next = HiddenField()

    @property
    def given_email(self) -> str:
        """The address as typed."""
        return str(self._fields["email"].data or "")

    @property
    def given_password(self) -> str:
        """The password as typed."""
        return str(self._fields["password"].data or "")


class SignInForm(CredentialsForm):
    """E-mail address and password."""

    email = StringField(
        _l("E-mail address"), [required(_l("Enter your e-mail address.")), at_most(254)]
    )
    password = PasswordField(
        _l("Password"),
        [required(_l("Enter your password.")), at_most(256)],
        render_kw={"autocomplete": "current-password"},
    )


class RegisterForm(CredentialsForm):
    """E-mail address and a new password."""

    email = StringField(
        _l("E-mail address"),
        [required(_l("Enter your e-mail address.")), at_most(254)],
        description=_l("Only you and the site see it. The agency never does."),
    )
    password = PasswordField(
        _l("New password"),
        [required(_l("Enter a password.")), at_most(256)],
        description=_l(
            "At least 12 characters. Three or four words that do not belong together are good."
        ),
        render_kw={"autocomplete": "new-password"},
    )
