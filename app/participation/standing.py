"""Pages for one's own eyes: where one stands on the map, and what one tells about oneself."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import SIGNED_IN, access, current_actor
from app.participation.context import consultation_nav, load_consultation
from app.participation.picture_page import map_context
from app.participation.profile_form import ProfileForm
from app.rendering import render
from app.transactions import session
from app.words.results import group_name
from consultations import participation, profiling
from consultations import standing as places
from consultations.queries import results
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("standing", __name__, url_prefix="/consultations/<slug>")

#: Chance of a group from which the page says that one stands with it.
_SURE = 0.6


@blueprint.get("/results/me")
@access(SIGNED_IN)
def mine(slug: str) -> str:
    """Show where the reader stands on the map; nobody else can see it."""
    consultation = load_consultation(slug)
    shown = results.latest_picture(session(), consultation.id)
    participant = participation.find_participant(session(), current_actor(), consultation)
    own = None
    if shown and participant:
        choices = results.own_choices(session(), participant.id)
        own = places.locate(results.places(session(), shown.run.id), choices)
    return render(
        "participation/standing.html",
        **_page(consultation),
        picture=shown,
        own=own,
        groups=_groups(own) if own else [],
        least=places.LEAST_VOTES,
        **(map_context(shown, own) if shown else {}),
    )


@blueprint.route("/about-me", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def about_me(slug: str) -> str | tuple[str, int] | Response:
    """Let a participant tell something about themselves, of their own will."""
    consultation = load_consultation(slug)
    kept = profiling.own_profile(session(), current_actor(), consultation)
    form = ProfileForm(obj=kept)
    if form.submitted():
        try:
            profiling.tell(
                session(),
                current_actor(),
                consultation.id,
                answers=form.answers,
                agreed=form.agreed.data,
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Thank you. Only counts of at least five people are ever shown."), "success")
            shown = url_for("results.part", slug=slug, part="people", _anchor="population")
            return redirect(shown, 303)
    page = _page(consultation)
    took_part = participation.find_participant(session(), current_actor(), consultation)
    return (
        render("participation/about_me.html", form=form, kept=kept, took_part=took_part, **page),
        form.status,
    )


@blueprint.post("/about-me/forget")
@access(SIGNED_IN, limit="change")
def forget(slug: str) -> Response:
    """Delete what the reader has told about themselves."""
    consultation = load_consultation(slug)
    profiling.forget(session(), current_actor(), consultation.id)
    said = _(
        "Your answers are deleted. Results forget them once nobody can tell by it what they were."
    )
    flash(said, "success")
    return redirect(url_for("standing.about_me", slug=slug), 303)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nothing between the reader and the site keep a copy."""
    response = make_response(response)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, "results"),
        "group_name": group_name,
    }


def _groups(own: places.Standing) -> list[tuple[str, float, bool]]:
    """Return the groups near the reader, the likeliest first: name, chance, whether it is sure."""
    return [
        (group_name(group) if group >= 0 else _("No clear group"), chance, chance >= _SURE)
        for group, chance in sorted(own.groups.items(), key=lambda item: (-item[1], item[0]))
        if chance >= 0.01
    ]
