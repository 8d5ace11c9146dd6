"""Page of what people answer to open questions, before there is a draft; for anyone."""

from flask import Blueprint

from app.identity import ANYONE, access
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from consultations.queries import listening

blueprint = Blueprint("listening", __name__, url_prefix="/consultations/<slug>")


@blueprint.get("/questions")
@access(ANYONE)
def results(slug: str) -> str:
    """Show each question with how many answered it, and what most people support."""
    consultation = load_consultation(slug)
    return render(
        "participation/questions.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "questions"),
        questions=listening.questions(session(), consultation.id),
    )
