"""Form to found a working group."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, at_most, required
from consultations.forming import LONGEST_PURPOSE, LONGEST_TITLE, Founding


class FoundingForm(BaseForm):
    """What a group is to do."""

    title_th = StringField(
        _l("Name of the group in Thai"),
        [required(_l("Give the group a name in Thai.")), at_most(LONGEST_TITLE)],
    )
    title_en = StringField(_l("Name in English"), [Optional(), at_most(LONGEST_TITLE)])
    purpose_th = TextAreaField(
        _l("What it is to do, in Thai"),
        [required(_l("Say in Thai what the group is to do.")), at_most(LONGEST_PURPOSE)],
        description=_l("Say also what the agency does with what the group decides."),
    )
    purpose_en = TextAreaField(_l("In English"), [Optional(), at_most(LONGEST_PURPOSE)])

    @property
    def given(self) -> Founding:
        """Return what was typed."""
        return Founding(
            title_th=self.title_th.data or "",
            title_en=self.title_en.data or "",
            purpose_th=self.purpose_th.data or "",
            purpose_en=self.purpose_en.data or "",
        )
