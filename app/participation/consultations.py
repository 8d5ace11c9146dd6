"""The page of one consultation: what it is about, how to take part, what happened so far."""

from flask import Blueprint

from app.identity import ANYONE, access, current_actor
from app.participation.context import consultation_nav, load_consultation
from app.participation.plan import facts, stage_plan, ways
from app.rendering import render
from app.transactions import session
from consultations import participation, policy
from consultations.queries import catalogue
from consultations.queries.finder import days_left
from core.clock import now

blueprint = Blueprint("consultations", __name__, url_prefix="/consultations/<slug>")


@blueprint.get("")
@access(ANYONE)
def home(slug: str) -> str:
    """Show what a consultation is about and how to take part in it."""
    consultation, moment = load_consultation(slug), now()
    overview = catalogue.overview(session(), consultation)
    stage = policy.current_stage(consultation, moment)
    return render(
        "participation/consultation.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "overview"),
        overview=overview,
        stage=stage,
        days_left=days_left(consultation, moment),
        plan=stage_plan(consultation, stage, overview.history),
        ways=ways(consultation, overview, stage),
        facts=facts(consultation, overview),
        is_open=stage in policy.TAKING_STAGES,
        took_part=participation.taken_part_in(session(), current_actor(), [consultation]),
    )
