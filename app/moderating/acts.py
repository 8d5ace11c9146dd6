"""What moderators do beside deciding: claim, cover words, label, group, escalate, ask, in bulk."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.identity import MODERATORS, access, current_actor
from app.moderating import cards
from app.moderating.forms import BulkForm, CoverForm, seen_items, whole_number
from app.rendering import render
from app.transactions import roll_back, session
from app.words import problem
from core.clock import now
from core.errors import ConflictError, InvalidError
from moderation import (
    bulk_deciding,
    claiming,
    escalating,
    grouping,
    labelling,
    redacting,
    reviewing,
)
from moderation.queries import around
from moderation.queries import item as one_item

blueprint = Blueprint("moderating_acts", __name__, url_prefix="/moderation")


@blueprint.route("/items/<reference>/cover", methods=["GET", "POST"])
@access(MODERATORS)
def cover(reference: str) -> tuple[str, int] | Response:
    """Cover words of a contribution."""
    found = one_item.load(session(), current_actor(), reference)
    form = CoverForm(revision=found.entry.contribution.revision)
    if form.submitted():
        try:
            redacting.cover(
                session(),
                current_actor(),
                reference,
                passages=form.passages.data or "",
                rule=form.rule.data or "",
                reason=form.reason.data or "",
                expected_revision=whole_number(form.revision.data),
            )
        except InvalidError as error:
            form.show(error)
        except ConflictError as error:
            return _stale_cover(reference, form, error)
        else:
            return _done(reference, _("These words are covered everywhere. The author is told."))
    return _cover_page(found, form), form.status


@blueprint.post("/items/<reference>/uncover")
@access(MODERATORS)
def uncover(reference: str) -> Response:
    """Show all covered words of a contribution again."""
    return _try(
        reference,
        lambda: redacting.uncover(
            session(),
            current_actor(),
            reference,
            reason=request.form.get("reason", ""),
            expected_revision=whole_number(request.form.get("revision")),
        ),
        _("Everyone can read all of it again."),
    )


@blueprint.post("/items/<reference>/claim")
@access(MODERATORS)
def claim(reference: str) -> Response:
    """Say that one works on a contribution."""
    return _try(
        reference,
        lambda: claiming.claim(session(), current_actor(), reference),
        _("Yours for 30 minutes. Others see that somebody works on it."),
    )


@blueprint.post("/items/<reference>/release")
@access(MODERATORS)
def release(reference: str) -> Response:
    """Give up a claim."""
    return _try(
        reference,
        lambda: claiming.release(session(), current_actor(), reference),
        _("Given back."),
    )


@blueprint.post("/items/<reference>/labels")
@access(MODERATORS)
def label(reference: str) -> Response:
    """Set the labels that readers see."""
    codes = request.form.getlist("labels")
    return _try(
        reference,
        lambda: labelling.label(session(), current_actor(), reference, codes=codes),
        _("The labels are saved."),
    )


@blueprint.post("/items/<reference>/group")
@access(MODERATORS)
def group(reference: str) -> Response:
    """Put a comment into a group of near-identical texts, or take it out."""
    template = "" if "out" in request.form else request.form.get("template", "")
    if not template.strip() and "out" not in request.form:
        flash(problem("group.unknown"), "error")
        return redirect(url_for("moderating.item", reference=reference), 303)
    return _try(
        reference,
        lambda: grouping.choose(session(), current_actor(), reference, template=template),
        _("Saved. Nothing is hidden, and every support stays where it is."),
    )


@blueprint.post("/items/<reference>/escalate")
@access(MODERATORS)
def escalate(reference: str) -> Response:
    """Leave a contribution to a senior moderator."""
    note = request.form.get("note", "")
    return _try(
        reference,
        lambda: escalating.escalate(session(), current_actor(), reference, note=note),
        _("A senior moderator will decide on it."),
    )


@blueprint.post("/items/<reference>/second-opinion")
@access(MODERATORS)
def ask(reference: str) -> Response:
    """Ask a second moderator what they would decide."""
    return _try(
        reference,
        lambda: reviewing.ask(session(), current_actor(), reference),
        _("Another moderator is asked, and does not see what you think."),
    )


@blueprint.post("/bulk")
@access(MODERATORS)
def bulk() -> tuple[str, int] | Response:
    """Take one decision on several contributions, and say which were not decided and why."""
    form = BulkForm()
    chosen = seen_items(request.form.getlist("chosen"))
    outcome = _decide_all(form, chosen) if form.submitted() else None
    if outcome and not outcome.not_decided:
        number = len(outcome.decided)
        flash(ngettext("%(num)s decided.", "%(num)s decided.", number), "success")
        return redirect(url_for("moderating.queue", tab=request.args.get("tab")), 303)
    left = [(each.reference, problem(each.code)) for each in outcome.not_decided] if outcome else []
    page = render(
        "moderating/bulk.html",
        nav=cards.nav(""),
        form=form,
        chosen=chosen,
        outcome=outcome,
        not_decided=left,
    )
    return page, form.status


def _stale_cover(reference: str, form: CoverForm, error: ConflictError) -> tuple[str, int]:
    """Show a contribution that changed meanwhile as it is now, with what was typed."""
    roll_back()
    found = one_item.load(session(), current_actor(), reference)
    form.revision.data = str(found.entry.contribution.revision)
    form.form_errors.append(problem(error.code, error.details))
    return _cover_page(found, form), 409


def _cover_page(found: one_item.Item, form: CoverForm) -> str:
    contribution = found.entry.contribution
    return render(
        "moderating/cover.html",
        form=form,
        nav=cards.nav(""),
        contribution=contribution,
        around=around.load(session(), current_actor(), contribution, now()),
        objection=problem(found.objection) if found.objection else "",
    )


def _decide_all(form: BulkForm, chosen: dict[str, int]) -> bulk_deciding.Outcome | None:
    try:
        return bulk_deciding.decide_all(
            session(),
            current_actor(),
            chosen,
            kind=form.kind.data or "",
            rule=form.rule.data or "",
            reason=form.reason.data or "",
        )
    except InvalidError as error:
        form.show(error)
        return None


def _try(reference: str, act: Callable[[], object], words: str) -> Response:
    """Do something small on the item page; what does not hold is told above it."""
    try:
        act()
    except InvalidError as error:
        flash(problem(error.code, error.details), "error")
        return redirect(url_for("moderating.item", reference=reference), 303)
    return _done(reference, words)


def _done(reference: str, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("moderating.item", reference=reference), 303)
