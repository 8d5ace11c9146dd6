"""Page on which an officer writes open questions, before there is a draft."""

from itertools import zip_longest

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Optional

from app.authoring.consultations import OFFICERS
from app.authoring.context import own_consultation, workspace_nav
from app.forms import BaseForm, at_most, required
from app.identity import access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import drafting
from consultations.drafting import Question
from consultations.drafting.questions import IDEAS, LONGEST_QUESTION, MOST_QUESTIONS
from consultations.queries import draft_editor
from core.errors import InvalidError

blueprint = Blueprint(
    "authoring_questions", __name__, url_prefix="/workspace/consultations/<slug>/questions"
)
_LONGEST = MOST_QUESTIONS * (LONGEST_QUESTION + 1)


class QuestionsForm(BaseForm):
    """Questions, one on each line, in the order in which people see them."""

    questions_th = TextAreaField(
        _l("Questions in Thai, one on each line"),
        [required(_l("Write at least one question.")), at_most(_LONGEST)],
        description=_l("Ask openly: what, how, why. Yes or no teaches little."),
    )
    questions_en = TextAreaField(
        _l("The same questions in English, in the same order"), [Optional(), at_most(_LONGEST)]
    )
    takes_ideas = BooleanField(_l("Also take ideas that no question asks for"), default=True)

    @property
    def questions(self) -> list[Question]:
        """Return the questions in both languages; surplus English lines are left out."""
        thai, english = (_lines(each.data) for each in (self.questions_th, self.questions_en))
        paired = zip_longest(thai, english[: len(thai)], fillvalue="")
        return [Question(*pair) for pair in paired]


@blueprint.route("", methods=["GET", "POST"])
@access(OFFICERS)
def edit(slug: str) -> tuple[str, int] | Response:
    """Write the questions."""
    consultation = own_consultation(slug)
    form = QuestionsForm(data=_written(consultation.id))
    if form.submitted():
        try:
            drafting.write_questions(
                session(),
                current_actor(),
                consultation.id,
                questions=form.questions,
                takes_ideas=bool(form.takes_ideas.data),
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(
                _("The questions are saved. They become public with the consultation."), "success"
            )
            return redirect(url_for("authoring_preparing.draft", slug=slug), 303)
    nav = workspace_nav(consultation, "overview")
    return render("authoring/questions.html", consultation=consultation, nav=nav, form=form), (
        form.status
    )


def _written(consultation_id: int) -> dict[str, object]:
    """Return the questions as they stand, for the form."""
    asked = draft_editor.working_questions(session(), consultation_id)
    lines = [each for each in asked if each.key != IDEAS]
    return {
        "questions_th": "\n".join(each.body for each in lines),
        "questions_en": "\n".join(each.body_en for each in lines).strip("\n"),
        "takes_ideas": not asked or len(lines) < len(asked),
    }


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
