"""Page of what the agency has promised, how far it is, and where the law is; for anyone."""

from flask import Blueprint

from app.identity import ANYONE, access
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from app.words.commitments import COMMITMENT_COLOURS
from consultations.queries import commitments
from core.languages import language_of

blueprint = Blueprint("commitments", __name__, url_prefix="/consultations/<slug>")


@blueprint.get("/commitments")
@access(ANYONE)
def page(slug: str) -> str:
    """Show the public promises with their reports, and the steps of the law."""
    consultation = load_consultation(slug)
    return render(
        "participation/commitments.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "commitments"),
        page=commitments.commitment_page(session(), consultation.id, public_only=True),
        colours=COMMITMENT_COLOURS,
        language_of=language_of,
    )
