"""Service: keep the words with which an agency's answers often begin."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import AnswerTemplate
from core.actor import AGENCY_ROLES, Actor
from core.clock import now
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.text import plain_text, single_line

NAME_LENGTH = 200
TEXT_LENGTH = 5_000
#: Most templates of one agency.
MOST = 100


@dataclass(frozen=True)
class TemplateWords:
    """The name of a template, and its words; English may be empty."""

    name: str
    text_th: str
    text_en: str = ""


def add(session: Session, actor: Actor, words: TemplateWords) -> AnswerTemplate:
    """Keep a new template for the actor's agency.

    Raises
    ------
    NotAllowedError
        ``template.staff_only``.
    InvalidError
        ``text.empty``, ``text.too_long``.
    ConflictError
        ``template.too_many``.
    """
    agency_id = _agency(actor)
    count = select(func.count(AnswerTemplate.id)).where(AnswerTemplate.agency_id == agency_id)
    if (session.scalar(count) or 0) >= MOST:
        raise ConflictError("template.too_many", maximum=MOST)
    made = AnswerTemplate(agency_id=agency_id)
    _fill(made, actor, words)
    session.add(made)
    session.flush()
    return made


def change(session: Session, actor: Actor, number: int, words: TemplateWords) -> AnswerTemplate:
    """Give a template of the actor's agency other words; answers already begun keep theirs.

    Raises
    ------
    NotFoundError
        ``template.unknown``.
    NotAllowedError, InvalidError
        As ``add``.
    """
    found = _own(session, actor, number)
    _fill(found, actor, words)
    session.flush()
    return found


def remove(session: Session, actor: Actor, number: int) -> None:
    """Take a template away; raises as ``change``."""
    session.delete(_own(session, actor, number))
    session.flush()


def _agency(actor: Actor) -> int:
    if actor.agency_id is None or not actor.has(*AGENCY_ROLES):
        raise NotAllowedError("template.staff_only")
    return actor.agency_id


def _own(session: Session, actor: Actor, number: int) -> AnswerTemplate:
    agency_id = _agency(actor)
    found = session.get(AnswerTemplate, number)
    if found is None or found.agency_id != agency_id:
        raise NotFoundError("template.unknown")
    return found


def _fill(template: AnswerTemplate, actor: Actor, words: TemplateWords) -> None:
    template.name = single_line(words.name, max_length=NAME_LENGTH, field="name")
    template.text_th = plain_text(words.text_th, max_length=TEXT_LENGTH, field="text_th")
    english = words.text_en
    template.text_en = (
        plain_text(english, max_length=TEXT_LENGTH, field="text_en") if english.strip() else ""
    )
    template.written_by_id, template.written_at = actor.account_id, now()
