"""The sample's law hearing: the form is filled in, and those affected are registered and told."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.sample import texts
from consultations import form_filling, notifying, stakeholding
from consultations.kind_templates import template_of
from consultations.notifying import Given
from consultations.stakeholder_files import Entry
from core.actor import Actor
from core.clock import BANGKOK, now

if TYPE_CHECKING:
    from consultations.models import Consultation

_GROUP = ("kind", "name", "effect_th", "effect_en", "contact")


def prepare(session: Session, officer: Actor, consultation: "Consultation") -> None:
    """Do what the publication checklist asks for."""
    given, number = texts.read(consultation.slug, "hearing"), consultation.id
    own = [point.code for point in template_of(consultation).items if not point.is_computed]
    form_filling.save(session, officer, number, answers=given["answers"], confirmed=own)
    groups = given["stakeholders"]
    entries = [Entry(**{name: group[name] for name in _GROUP}) for group in groups]
    stakeholding.add(session, officer, number, entries)
    today = now().astimezone(BANGKOK).date()
    for place, group in enumerate(groups, start=1):
        day = today + timedelta(days=group["days"])
        notifying.note(
            session, officer, number, place, Given(group["channel"], day, group["words"])
        )
