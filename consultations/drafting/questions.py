"""Open questions before there is a draft: units of a first text that people's comments answer."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from consultations.drafting import store
from consultations.drafting.companions import Companions
from consultations.drafting.versions import new_draft
from consultations.models import Draft
from consultations.outline_numbering import Kind
from consultations.outline_tree import Outline, Provision
from core import ledger
from core.actor import Actor
from core.errors import ConflictError, InvalidError
from core.text import plain_text

MOST_QUESTIONS: Final = 20
LONGEST_QUESTION: Final = 500
#: Key of the place for ideas that no question asks for.
IDEAS: Final = "ideas"
_IDEAS_TH: Final = "คุณมีความคิดหรือข้อเสนออื่นใดอีก"
_IDEAS_EN: Final = "What else should be thought of? Share your idea."


class Question(NamedTuple):
    """A question in Thai and, if it is translated, in English."""

    th: str
    en: str = ""


def write_questions(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    questions: Sequence[Question],
    takes_ideas: bool,
) -> Draft:
    """Make questions the text that people answer, in place of the questions before.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``store.writable``.
    ConflictError
        ``consultation.wrong_stage``; ``questions.has_draft``: there is a draft of clauses.
    InvalidError
        ``questions.none`` or ``questions.too_many`` on ``questions_th``; ``text.empty`` or
        ``text.too_long``.
    """
    store.writable(session, actor, consultation_id)
    draft = store.working_draft(session, consultation_id)
    if store.latest_published(session, consultation_id) or (
        draft and any(clause.kind != Kind.QUESTION for clause in draft.clauses)
    ):
        raise ConflictError("questions.has_draft")
    if not questions:
        raise InvalidError("questions.none", field="questions_th")
    if len(questions) > MOST_QUESTIONS:
        raise InvalidError("questions.too_many", field="questions_th", maximum=MOST_QUESTIONS)
    if draft is None:
        draft = new_draft(session, actor, consultation_id)
    units, companions = _units(questions)
    if takes_ideas:
        units.append(Provision(IDEAS, None, Kind.QUESTION, "", "", _IDEAS_TH))
        companions[IDEAS] = Companions(body_en=_IDEAS_EN)
    store.write_outline(session, draft, Outline(tuple(units)), companions)
    store.sign(session, draft, actor)
    ledger.record(
        session,
        actor,
        "questions.written",
        consultation_id=consultation_id,
        subject=f"draft:{draft.number}",
        detail={"questions": len(questions), "takes_ideas": takes_ideas},
    )
    return draft


def _units(questions: Sequence[Question]) -> tuple[list[Provision], dict[str, Companions]]:
    units, companions = [], {}
    for number, asked in enumerate(questions, 1):
        thai = plain_text(asked.th, max_length=LONGEST_QUESTION, field="questions_th")
        english = asked.en.strip()
        if english:
            english = plain_text(english, max_length=LONGEST_QUESTION, field="questions_en")
        label = f"คำถามที่ {number}"
        units.append(Provision(f"q{number}", None, Kind.QUESTION, label, "", thai))
        companions[f"q{number}"] = Companions(body_en=english)
    return units, companions
