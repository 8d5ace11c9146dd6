"""Form of the population's shares."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField

from app.forms import BaseForm, at_most, required
from consultations.profiling import SOURCE_LENGTH


class PopulationForm(BaseForm):
    """A CSV file with the shares, and where they come from."""

    file = FileField(
        _l("Shares of the population (CSV)"),
        [FileRequired(_l("Choose the CSV file."))],
        description=_l(
            "Columns stratum,value,share. Leave out a question that you have no figures for."
        ),
    )
    source = TextAreaField(
        _l("Source"),
        [required(_l("Say who counted, when, and under which licence.")), at_most(SOURCE_LENGTH)],
        description=_l("Who counted, when, and under which licence. Everyone can read it."),
    )
