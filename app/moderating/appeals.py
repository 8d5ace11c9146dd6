"""Pages of senior moderators: appeals that wait, and the answer to one."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import MODERATORS, access, current_actor
from app.moderating import cards
from app.moderating.forms import AnswerForm
from app.rendering import render
from app.transactions import session
from app.words import problem
from core.clock import now
from core.errors import InvalidError
from moderation import appealing
from moderation.queries import appeals

if TYPE_CHECKING:
    from datetime import datetime

    from moderation.queries.appeals import Case

blueprint = Blueprint("moderating_appeals", __name__, url_prefix="/moderation/appeals")


@blueprint.get("")
@access(MODERATORS)
def waiting() -> str:
    """Show the appeals that wait, what is due first in front, and those answered last."""
    moment = now()
    actor = current_actor()
    return render(
        "moderating/appeals.html",
        nav=cards.nav("appeals"),
        waiting=[_shown(case, moment) for case in appeals.waiting(session(), actor)],
        answered=[_shown(case, moment) for case in appeals.answered(session(), actor)],
    )


@blueprint.route("/<int(max=2147483647):number>", methods=["GET", "POST"])
@access(MODERATORS)
def one(number: int) -> tuple[str, int] | Response:
    """Show one appeal, and take the answer to it."""
    found = appeals.hearing(session(), current_actor(), number)
    g.sample_notice = found.case.consultation.is_sample
    form = AnswerForm()
    if form.submitted():
        outcome, reply = form.outcome.data or "", form.reply.data or ""
        try:
            appealing.answer(session(), current_actor(), number, outcome=outcome, reply=reply)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Answered. The author and everyone who reported it are told."), "success")
            return redirect(url_for(".waiting"), 303)
    page = render(
        "moderating/appeal.html",
        nav=cards.nav("appeals"),
        form=form,
        found=found,
        shown=_shown(found.case, now()),
        objection=problem(found.objection) if found.objection else "",
    )
    return page, form.status


def _shown(case: "Case", at: "datetime") -> dict[str, object]:
    return {
        "case": case,
        "is_overdue": case.is_overdue(at),
        "href": url_for("moderating_appeals.one", number=case.appeal.id),
    }
