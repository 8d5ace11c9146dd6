"""Forms of the theme workbench."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, at_most, choices, required
from app.words import NAMES, name
from consultations.theme_deeds import LONGEST_LABEL, LONGEST_REASON, LONGEST_TEXT, Wording

if TYPE_CHECKING:
    from consultations.models import ChosenTheme

#: Most comments that one form can name.
_MOST = 100


def numbers(field: str) -> list[int]:
    """Return the numbers that were ticked in a list of boxes; what is none is left out."""
    found = map(whole_number, request.form.getlist(field)[:_MOST])
    return [number for number in found if number]


def whole_number(text: object) -> int:
    """Return the number of a row or a revision that was sent; 0 if it is none."""
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


class SeenForm(BaseForm):
    """A form that knows as of which revision its page was shown."""

    seen = HiddenField()

    @property
    def seen_revision(self) -> int:
        """Return the revision as a number; 0 if it is none."""
        return whole_number(self.seen.data)


class ThemeReasonForm(SeenForm):
    """Why something is done that others see."""

    reason = TextAreaField(
        _l("Why?"),
        [required(_l("Say why. The reason is kept in the history.")), at_most(LONGEST_REASON)],
        description=_l("The reason is kept in the history of the themes."),
    )


class ThemeWordsForm(SeenForm):
    """What a theme is called and what it is about."""

    label_th = StringField(
        _l("Name in Thai"), [required(_l("Give the theme a name in Thai.")), at_most(LONGEST_LABEL)]
    )
    label_en = StringField(_l("Name in English"), [Optional(), at_most(LONGEST_LABEL)])
    description_th = TextAreaField(
        _l("What it is about, in Thai"), [Optional(), at_most(LONGEST_TEXT)]
    )
    description_en = TextAreaField(
        _l("What it is about, in English"), [Optional(), at_most(LONGEST_TEXT)]
    )

    @property
    def wording(self) -> Wording:
        """What was written, as the services take it."""
        return Wording(
            self.label_th.data or "",
            self.label_en.data or "",
            self.description_th.data or "",
            self.description_en.data or "",
        )


class RewordForm(ThemeWordsForm):
    """Other words for a theme that is chosen already."""

    reason = TextAreaField(
        _l("Why?"),
        [required(_l("Say why. The reason is kept in the history.")), at_most(LONGEST_REASON)],
        description=_l("The reason is kept in the history of the themes."),
    )


class MergeForm(ThemeReasonForm):
    """Which theme takes this one in."""

    target = SelectField(_l("Into which theme?"), coerce=whole_number, validate_choice=False)


class SortForm(ThemeReasonForm):
    """What becomes of the comments that are ticked."""

    act = RadioField(
        _l("What becomes of the comments that you ticked?"),
        [required(_l("Choose what becomes of them."))],
        choices=choices(NAMES["theme_sort"].items()),
    )
    target = SelectField(
        _l("Move them to"), [Optional()], coerce=whole_number, validate_choice=False, default=0
    )
    label_th = StringField(
        _l("Name of the new theme, in Thai"), [Optional(), at_most(LONGEST_LABEL)]
    )
    label_en = StringField(
        _l("Name of the new theme, in English"), [Optional(), at_most(LONGEST_LABEL)]
    )


class ReadForm(SeenForm):
    """What a reader says of a comment; themes are boxes beside it."""

    outcome = RadioField(
        choices=choices([("placed", ""), ("unsure", ""), ("skipped", "")]),
        default="placed",
        validate_choice=False,
    )


def theme_choices(themes: Iterable["ChosenTheme"], locale: str) -> list[tuple[int, str]]:
    """Return themes as the choices of a field."""
    return [(theme.id, label_of(theme, locale)) for theme in themes]


def label_of(theme: "ChosenTheme", locale: str) -> str:
    """Return what a theme is called: by people, or else by the machine, marked as such."""
    label = theme.label_en if locale == "en" and theme.label_en else theme.label_th
    return label or f"{theme.terms} ({name('theme_origin', 'machine')})"
