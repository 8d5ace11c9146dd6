"""Service: an officer fills in the law-hearing form and confirms the template's own points."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from consultations import participation, policy
from consultations.kind_templates import KindTemplate, template_of
from consultations.models import HearingForm
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import InvalidError
from core.text import plain_text

ANSWER_LENGTH = 10_000
LANGUAGES = ("th", "en")


def save(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    answers: Mapping[str, str],
    confirmed: Collection[str],
) -> HearingForm:
    """Keep what is filled in so far; nothing has to be complete before the review.

    Parameters
    ----------
    answers : mapping
        Texts by name and language, as ``problem_th``; what the template does not ask is ignored.
    confirmed : collection of str
        Codes of the checklist's points that are confirmed.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        ``consultation.unknown``; ``consultation.other_agency``; ``consultation.wrong_stage``: it
        was sent for review already.
    InvalidError
        ``text.too_long``.
    """
    consultation = participation.locked_consultation(
        session, consultation_id, participation.Hold.CHANGE
    )
    policy.require_officer(actor, consultation)
    policy.require_preparing(consultation, now())
    template = template_of(consultation)
    form = session.get(HearingForm, consultation_id)
    if form is None:
        form = HearingForm(consultation_id=consultation_id)
        session.add(form)
    own = {each.code for each in template.items if not each.is_computed}
    form.answers = _answers(template, answers)
    form.confirmed = sorted(own & set(confirmed))
    form.saved_by_id, form.saved_at = actor.account_id, now()
    ledger.record(
        session,
        actor,
        "hearing_form.saved",
        consultation_id=consultation_id,
        detail={"filled": sorted(form.answers), "confirmed": form.confirmed},
    )
    session.flush()
    return form


def _answers(template: KindTemplate, given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for field in template.fields:
        for language in LANGUAGES:
            name = f"{field.code}_{language}"
            text = given.get(name, "")
            if text.strip():
                words = _text(text, name)
                found.setdefault(field.code, {})[language] = words
    return found


def _text(text: str, name: str) -> str:
    try:
        return plain_text(text, max_length=ANSWER_LENGTH, field=name)
    except InvalidError as error:
        if error.code == "text.empty":
            return ""
        raise
