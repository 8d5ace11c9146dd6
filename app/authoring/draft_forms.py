"""Forms to import a draft, to write its clauses, and to say why they changed."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms import BaseForm, at_most
from consultations.drafting import ClauseWords


class ImportForm(BaseForm):
    """A document, or its text pasted."""

    file = FileField(
        _l("Document"),
        [Optional()],
        description=_l(
            "A Word document (.docx), Markdown (.md) or plain text (.txt), up to 25 MB."
        ),
    )
    text = TextAreaField(
        _l("Or paste the text"),
        [Optional(), at_most(500_000)],
        description=_l("Each หมวด, มาตรา or ข้อ at the beginning of a line opens a clause."),
    )


class ClauseForm(BaseForm):
    """Everything about one clause."""

    number = StringField(_l("Number"), [Optional(), at_most(64)])
    heading = StringField(_l("Heading"), [Optional(), at_most(500)])
    body = TextAreaField(_l("Text"), [Optional(), at_most(50_000)])
    explanation_th = TextAreaField(
        _l("What it means, in Thai"),
        [Optional(), at_most(50_000)],
        description=_l("In words that someone without legal training understands."),
    )
    heading_en = StringField(_l("Heading in English"), [Optional(), at_most(500)])
    body_en = TextAreaField(_l("Text in English"), [Optional(), at_most(50_000)])
    explanation_en = TextAreaField(_l("What it means, in English"), [Optional(), at_most(50_000)])

    @property
    def words(self) -> ClauseWords:
        """What was typed."""
        names = ClauseWords.__dataclass_fields__
        return ClauseWords(**{name: self._fields[name].data or "" for name in names})


class ReasonForm(BaseForm):
    """Which responses caused a change, or why the agency changed it by itself."""

    responses = SelectMultipleField(
        _l("Because of these responses"),
        coerce=int,
        description=_l("Choose none if the agency changes this on its own initiative."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[Optional()],
    )
    note_th = TextAreaField(
        _l("Explanation in Thai"),
        [Optional(), at_most(5000)],
        description=_l("Required when no response is chosen. Everyone can read it."),
    )
    note_en = TextAreaField(_l("Explanation in English"), [Optional(), at_most(5000)])


class PublishForm(BaseForm):
    """What is new in a version."""

    note_th = TextAreaField(_l("What is new in this draft, in Thai"), [Optional(), at_most(5000)])
    note_en = TextAreaField(
        _l("What is new in this draft, in English"), [Optional(), at_most(5000)]
    )
