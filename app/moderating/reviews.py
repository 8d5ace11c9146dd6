"""Second opinions, and how moderators decide: for those who watch over moderation."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import MODERATORS, WATCHERS, access, current_actor, keyring
from app.moderating import cards
from app.moderating.forms import OpinionForm
from app.rendering import render
from app.transactions import session
from app.words import problem
from core.actor import Role
from core.clock import now
from core.errors import InvalidError
from moderation import reviewing
from moderation.colleagues import moderator_code
from moderation.queries import reviews, watch

if TYPE_CHECKING:
    from moderation.fairness import Share
    from moderation.queries.watch import Watched

blueprint = Blueprint("moderating_reviews", __name__, url_prefix="/moderation")


@blueprint.get("/second-opinions")
@access(MODERATORS)
def waiting() -> str:
    """Show what this moderator is asked a second opinion on."""
    return render(
        "moderating/reviews.html",
        nav=cards.nav("reviews"),
        questions=reviews.waiting(session(), current_actor()),
    )


@blueprint.route("/second-opinions/<int(max=2147483647):number>", methods=["GET", "POST"])
@access(MODERATORS)
def one(number: int) -> tuple[str, int] | Response:
    """Show the words alone, and take the second opinion."""
    found = reviews.one(session(), current_actor(), number)
    form = OpinionForm()
    if form.submitted():
        try:
            reviewing.give(
                session(),
                current_actor(),
                number,
                kind=form.kind.data or "",
                rule=form.rule.data or "",
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Thank you. Your opinion is kept beside the decision."), "success")
            return redirect(url_for(".waiting"), 303)
    page = render(
        "moderating/review.html",
        nav=cards.nav("reviews"),
        found=found,
        form=form,
        objection=problem(found.objection) if found.objection else "",
    )
    return page, form.status


@blueprint.get("/watch")
@access(WATCHERS)
def fairness() -> str:
    """Show whether moderators treat stances alike, and whether they agree with each other."""
    keys = keyring()
    found = watch.load(session(), now(), lambda number: moderator_code(keys, number))
    moderates = current_actor().has(Role.SENIOR_MODERATOR)
    return render(
        "moderating/watch.html",
        nav=cards.nav("watch") if moderates else [],
        found=found,
        rows=[_row(each) for each in found.moderators],
        total=[_share(share) for share in found.removed.values()],
    )


def _row(each: "Watched") -> list[object]:
    verdict = _("Too few to say")
    if each.z is not None:
        verdict = _("Look at it") if each.is_noticeable else _("No sign")
    shares = [_share(share) for share in each.removed.values()]
    return [each.code, each.decided, *shares, verdict]


def _share(share: "Share") -> str:
    """Write a share with its interval and its cases: 12 % (8–17 %), 23 of 190."""
    if share.value is None or share.low is None or share.high is None:
        return "–"
    return _(
        "%(share)s %% (%(low)s–%(high)s %%), %(count)s of %(total)s",
        share=round(100 * share.value),
        low=round(100 * share.low),
        high=round(100 * share.high),
        count=share.count,
        total=share.total,
    )
