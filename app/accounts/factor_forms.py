"""Forms of the second step, of confirming oneself and of a new password."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField

from app.forms import BaseForm, at_most, required

_NEW = {"autocomplete": "new-password"}
_CODE = {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}


class CodeForm(BaseForm):
    """A code, or the answer of a passkey that a script fills in."""

    code = StringField(_l("Code"), [at_most(40)], render_kw=_CODE)
    credential = HiddenField(validators=[at_most(20_000)])


class AppForm(BaseForm):
    """A name for an authenticator app, and the code that it shows."""

    name = StringField(_l("Name of the device"), [at_most(80)])
    code = StringField(
        _l("Code that the app shows"),
        [required(_l("Enter the code that the app shows.")), at_most(40)],
        render_kw={**_CODE, "inputmode": "numeric"},
    )


class PasskeyForm(BaseForm):
    """A name for a passkey, and the answer of the device that a script fills in."""

    name = StringField(_l("Name of the device"), [at_most(80)])
    credential = HiddenField(validators=[at_most(20_000)])


class ConfirmForm(CodeForm):
    """The password, or what one shows in the second step; and what one was about to do."""

    password = PasswordField(
        _l("Password"), [at_most(256)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()
    kept = HiddenField()


class AskForm(BaseForm):
    """The address of a forgotten password."""

    email = StringField(
        _l("E-mail address"), [required(_l("Enter your e-mail address.")), at_most(254)]
    )


class NewPasswordForm(BaseForm):
    """A new password."""

    new_password = PasswordField(
        _l("New password"),
        [required(_l("Enter a password.")), at_most(256)],
        description=_l(
            "At least 12 characters. Three or four words that do not belong together are good."
        ),
        render_kw=_NEW,
    )
