"""Pages of moderators: the queue, and one contribution with the decision on it."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import single_keys
from app.identity import MODERATORS, access, current_actor
from app.moderating import cards
from app.moderating.forms import BulkForm, DecisionForm
from app.rendering import render
from app.transactions import roll_back, session
from app.words import options, problem
from core.clock import now
from core.errors import ConflictError, InvalidError
from moderation import deciding
from moderation.queries import around
from moderation.queries import item as one_item
from moderation.queries import queue as queues

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
        claimed=_claimed(found),
        bulk=BulkForm(),
        pages=cards.page_links(found),
        has_shortcuts=single_keys.are_on(),
    )


@blueprint.route("/items/<reference>", methods=["GET", "POST"])
@access(MODERATORS)
def item(reference: str) -> tuple[str, int] | Response:
    """Show one contribution, and take the decision on it; then comes the next one."""
    found = one_item.load(session(), current_actor(), reference)
    g.sample_notice = found.entry.consultation.is_sample
    form = DecisionForm(found.possible_kinds, revision=found.entry.contribution.revision)
    if form.submitted():
        following = queues.neighbours(session(), current_actor(), _tab(), reference)[1]
        try:
            _decide(reference, form)
        except InvalidError as error:
            form.show(error)
        except ConflictError as error:
            return _stale(reference, form, error)
        else:
            flash(_("Decided. The author and everyone who reported it are told."), "success")
            return redirect(_next_address(following), 303)
    return _item_page(found, form), form.status


@blueprint.post("/shortcuts")
@access(MODERATORS)
def shortcuts() -> Response:
    """Turn the keyboard shortcuts on or off in this browser."""
    return single_keys.remember(redirect(url_for(".queue", tab=str(_tab())), 303))


def _claimed(found: queues.Queue) -> set[str]:
    """Return the references of what somebody else works on."""
    numbers = {each.contribution.id: each.contribution.reference for each in found.entries}
    taken = around.claimed_by_others(session(), current_actor(), list(numbers), now())
    return {numbers[number] for number in taken}


def _tab() -> queues.Tab:
    try:
        return queues.Tab(request.args.get("tab", ""))
    except ValueError:
        return queues.Tab.NEW


def _next_address(reference: str | None) -> str:
    tab = str(_tab())
    if reference is None:
        return url_for("moderating.queue", tab=tab)
    return url_for("moderating.item", reference=reference, tab=tab)


def _stale(reference: str, form: DecisionForm, error: ConflictError) -> tuple[str, int]:
    """Show a contribution that changed meanwhile as it is now, with what was typed."""
    roll_back()
    found = one_item.load(session(), current_actor(), reference)
    seen = form.seen_revision
    form.renew(found.possible_kinds, found.entry.contribution.revision)
    return _item_page(found, form, since=seen, message=problem(error.code, error.details)), 409


def _item_page(
    found: one_item.Item, form: DecisionForm, *, since: int = 0, message: str = ""
) -> str:
    tab = _tab()
    reference = found.entry.contribution.reference
    before, after = queues.neighbours(session(), current_actor(), tab, reference)
    noted = around.load(session(), current_actor(), found.entry.contribution, now())
    return render(
        "moderating/item.html",
        around=noted,
        label_names=options("label"),
        message=message,
        changes=found.changes_since(since) if message else ((), ()),
        before=_next_address(before) if before else None,
        after=_next_address(after) if after else None,
        has_shortcuts=single_keys.are_on(),
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
