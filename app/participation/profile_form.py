"""Form of what participants tell about themselves."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from app.forms import BaseForm, choices
from app.words import NAMES
from consultations.strata import NOT_SAID, STRATA


class ProfileForm(BaseForm):
    """Answers of one's own will, each of which can be left out."""

    age = RadioField(_l("How old are you?"), [Optional()], choices=[])
    region = RadioField(_l("Where do you live?"), [Optional()], choices=[])
    gender = RadioField(_l("Which gender do you call your own?"), [Optional()], choices=[])
    agreed = BooleanField(
        _l("I agree that these answers are kept for this consultation, for this purpose only")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in STRATA:
            offered = [*NAMES[question].items(), (NOT_SAID, _l("I would rather not say"))]
            self[question].choices = choices(offered)

    @property
    def answers(self) -> dict[str, str]:
        """What was chosen; the empty answer where nothing was."""
        return {question: self[question].data or NOT_SAID for question in STRATA}
