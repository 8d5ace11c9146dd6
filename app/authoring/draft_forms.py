"""Forms to import a draft, to write its clauses, and to say why they changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms import BaseForm, at_most, choices
from app.rendering import answered_words, pick
from app.words import name, options
from consultations.drafting import ClauseWords

if TYPE_CHECKING:
    from consultations.models import ChangeCause, OfficialResponse
    from consultations.queries.answers import Answered

#: Longest text that can be pasted, in characters; longer documents are uploaded. Thai takes three
#: bytes a character, and a form may carry a million.
LONGEST_PASTED = 300_000
#: Characters of a response's reason that identify it in a list.
_SHOWN = 140


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
        [Optional(), at_most(LONGEST_PASTED)],
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


class CorrectForm(BaseForm):
    """How the document should have been split at one clause."""

    kind = SelectField(_l("Kind of unit"))
    line = RadioField(
        _l("Where does the new clause begin?"),
        coerce=int,
        validate_choice=False,
    )

    def offer(self, body: str) -> None:
        """Offer the kinds, and the lines of the clause but the first."""
        self.kind.choices = choices(options("unit"))
        lines = [(str(place), line) for place, line in enumerate(body.split("\n"))]
        self.line.choices = choices(lines[1:])


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

    @classmethod
    def of(cls, causes: Sequence["ChangeCause"]) -> "ReasonForm":
        """Return the form with the reasons that were given so far."""
        return cls(
            responses=[cause.response_id for cause in causes if cause.response_id],
            note_th=next((cause.note_th for cause in causes), ""),
            note_en=next((cause.note_en for cause in causes), ""),
        )

    def offer(self, responses: Sequence[tuple["OfficialResponse", "Answered"]]) -> None:
        """Offer the agency's responses to choose from, each with what it answers."""
        self.responses.choices = choices(
            (str(response.id), _cited(response, answered)) for response, answered in responses
        )

    @property
    def explanation(self) -> dict[str, Any]:
        """What was chosen and typed."""
        return {
            "response_ids": self.responses.data or [],
            "note_th": self.note_th.data or "",
            "note_en": self.note_en.data or "",
        }


def _cited(response: "OfficialResponse", answered: "Answered") -> str:
    reason = pick(response, "reason").text[:_SHOWN]
    disposition = name("disposition", response.disposition)
    return f"“{answered_words(answered).text}” – {disposition}: {reason}"


class PublishForm(BaseForm):
    """What is new in a version."""

    note_th = TextAreaField(_l("What is new in this draft, in Thai"), [Optional(), at_most(5000)])
    note_en = TextAreaField(
        _l("What is new in this draft, in English"), [Optional(), at_most(5000)]
    )

    @property
    def notes(self) -> dict[str, str]:
        """What was typed."""
        return {"note_th": self.note_th.data or "", "note_en": self.note_en.data or ""}
