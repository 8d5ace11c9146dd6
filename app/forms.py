"""Base of every form: translated messages, and domain errors shown on their fields."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from app.i18n import BUDDHIST_ERA
from app.words import problem
from core.errors import InvalidError


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form that is shown again with 422 and everything typed when it does not hold."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Messages come from our validators' own texts."""

        locales = ["en"]

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent as a form; a body that claims to be JSON is no form."""
            if request.is_json and not isinstance(formdata, MultiDict):
                return None
            return super().wrap_formdata(form, formdata)

    #: Status to answer with: 422 when the form is shown again with errors.
    @property
    def status(self) -> int:
        """Return 422 if the form was sent and does not hold, else 200."""
        return 422 if self.errors else 200

    def submitted(self) -> bool:
        """Whether the form was sent and holds."""
        return request.method == "POST" and bool(self.validate())

    def show(self, error: InvalidError) -> None:
        """Put a domain error on its field, or on the form as a whole."""
        message = problem(error.code, error.details)
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]


def required(message: Any) -> InputRequired:
    """Return the validator of a field that must be filled in."""
    return InputRequired(message=message)


def at_most(maximum: int) -> Length:
    """Return the validator of a field that holds at most so many characters."""
    return Length(max=maximum, message=_l("Use at most %(max)d characters."))


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return values with their names as the choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


class DayField(DateField):
    """A day; years of the Buddhist era (above 2400) are understood."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ``YYYY-MM-DD``."""
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            year, month, day = (int(part) for part in text.split("-"))
            self.data = date(year - BUDDHIST_ERA if year > 2400 else year, month, day)
        except ValueError as error:
            self.data = None
            raise ValueError(str(_l("Enter a real date, for example 2026-11-20."))) from error
