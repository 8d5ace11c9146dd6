"""Page of the law-hearing form and of how those affected were told, for anyone, and for print."""

from flask import Blueprint

from app.identity import ANYONE, access
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from app.words.hearing import NOTICE_COLOURS
from consultations.queries import hearing, stakeholders

blueprint = Blueprint("hearing", __name__, url_prefix="/consultations/<slug>")


@blueprint.get("/hearing")
@access(ANYONE)
def page(slug: str) -> str:
    """Show what the agency told before the hearing, and which groups it notified when."""
    consultation = load_consultation(slug)
    return render(
        "participation/hearing.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "hearing"),
        kept=hearing.hearing_form(session(), consultation),
        register=stakeholders.register(session(), consultation.id),
        colours=NOTICE_COLOURS,
    )
