"""Pages of moderators, and the public register of what they decided."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, MODERATORS, access, current_actor
from app.moderating import cards
from app.moderating.forms import DecisionForm
from app.rendering import render
from app.transactions import session
from app.words import problem
from core.clock import now
from core.errors import InvalidError
from moderation import deciding
from moderation.queries import item as one_item
from moderation.queries import queue as queues
from moderation.queries import register as registers

blueprint = Blueprint("moderating", __name__, url_prefix="/moderation")


@blueprint.get("/")
@access(MODERATORS)
def queue() -> str:
    """Show what waits for a moderator."""
    page = request.args.get("page", 1, type=int)
    found = queues.load(session(), current_actor(), tab=_tab(), page=page)
    moment = now()
    return render(
        "moderating/queue.html",
        tab=found.tab,
        nav=cards.queue_nav(found.counts, found.tab),
        cards=[cards.card(entry, found.tab, moment) for entry in found.entries],
        pages=cards.page_links(found),
    )


@blueprint.route("/items/<reference>", methods=["GET", "POST"])
@access(MODERATORS)
def item(reference: str) -> tuple[str, int] | Response:
    """Show one contribution, and take the decision on it."""
    found = one_item.load(session(), current_actor(), reference)
    g.sample_notice = found.entry.consultation.is_sample
    form = DecisionForm(found.possible_kinds, revision=found.entry.contribution.revision)
    if form.submitted():
        try:
            _decide(reference, form)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Decided. The author and everyone who reported it are told."), "success")
            return redirect(url_for("moderating.queue", tab=str(_tab())), 303)
    return _item_page(found, form), form.status


@blueprint.get("/register")
@access(ANYONE)
def register() -> str:
    """Show everyone how often moderators decided what, and how fast."""
    found = registers.load(session(), now())
    return render(
        "moderating/register.html",
        register=found,
        months=[cards.month_name(month) for month in reversed(found.months)],
        month_rows=cards.month_rows(found),
        rule_rows=cards.rule_rows(found),
        median=cards.span(found.total.median_wait) if found.total.median_wait else None,
    )


def _tab() -> queues.Tab:
    try:
        return queues.Tab(request.args.get("tab", ""))
    except ValueError:
        return queues.Tab.NEW


def _item_page(found: one_item.Item, form: DecisionForm) -> str:
    tab = _tab()
    return render(
        "moderating/item.html",
        form=form,
        item=found,
        objection=problem(found.objection) if found.objection else "",
        card=cards.card(found.entry, tab, now()),
        nav=cards.queue_nav(queues.tab_counts(session(), current_actor()), tab),
        back=url_for("moderating.queue", tab=str(tab)),
    )


def _decide(reference: str, form: DecisionForm) -> None:
    deciding.decide(
        session(),
        current_actor(),
        reference,
        kind=form.kind.data,
        rule=form.rule.data or "",
        reason=form.reason.data or "",
        expected_revision=form.seen_revision,
    )
