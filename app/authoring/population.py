"""Page on which officers say who lives here, and what is published of votes."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, workspace_nav
from app.authoring.population_form import PopulationForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import policy, profiling, strata
from core.clock import now
from core.errors import InvalidError

blueprint = Blueprint(
    "authoring_population", __name__, url_prefix="/workspace/consultations/<slug>/population"
)

#: Most bytes of a table of shares that are read.
_MOST = 200_000


@blueprint.route("", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def population(slug: str) -> str | tuple[str, int] | Response:
    """Show the population's shares, and take others from a CSV file."""
    consultation = own_consultation(slug)
    form = PopulationForm()
    if form.submitted():
        data, source = form.file.data.read(_MOST), form.source.data or ""
        try:
            profiling.set_population(
                session(), current_actor(), consultation.id, data=data, source=source
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The shares are kept. They are used from the next analysis on."), "success")
            return redirect(url_for("authoring_population.population", slug=slug), 303)
    page = render(
        "authoring/population.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "population"),
        form=form,
        kept=profiling.population_of(session(), consultation.id),
        may_announce=not policy.has_opened(consultation, now()),
    )
    return page, form.status


@blueprint.get("/template.csv")
@access(AGENCY_STAFF)
def template(slug: str) -> Response:
    """Give out the table to fill in."""
    own_consultation(slug)
    response = Response(strata.template(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="population.csv"'
    return response


@blueprint.post("/open-votes")
@access(AGENCY_STAFF)
def open_votes(slug: str) -> Response:
    """Announce that votes will be published row by row, or take that back before anyone votes."""
    consultation = own_consultation(slug)
    profiling.announce_open_votes(
        session(), current_actor(), consultation.id, open_votes=not consultation.open_votes
    )
    flash(_("Saved. People read it before they vote."), "success")
    return redirect(url_for("authoring_population.population", slug=slug), 303)
