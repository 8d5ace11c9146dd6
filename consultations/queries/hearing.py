"""Reads: the law-hearing form of a consultation, as it is filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultations.kind_templates import FormField, KindTemplate, template_of
from consultations.models import Consultation, HearingForm


@dataclass(frozen=True)
class Answered:
    """A field with what was filled in; `words_en` is empty where there is no translation."""

    field: FormField
    words_th: str
    words_en: str


@dataclass(frozen=True)
class Form:
    """The form with its template; `number` of the version, 0 where it began with none."""

    template: KindTemplate
    number: int
    answers: Mapping[str, Mapping[str, str]]
    confirmed: Sequence[str]

    @property
    def answered(self) -> Sequence[Answered]:
        """Fields with words, in the order of the form."""
        found = []
        for field in self.template.fields:
            words = self.answers.get(field.code, {})
            if words:
                found.append(Answered(field, words.get("th", ""), words.get("en", "")))
        return found


def hearing_form(session: Session, consultation: Consultation) -> Form:
    """Return the form, empty while nobody has filled it in; 2 queries."""
    kept = session.get(HearingForm, consultation.id)
    version = consultation.template
    return Form(
        template_of(consultation),
        version.number if version else 0,
        kept.answers if kept else {},
        kept.confirmed if kept else (),
    )
