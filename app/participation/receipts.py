"""Receipts: whoever has the number sees that the record has it; its author also sees the words."""

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from app.identity import ANYONE, access, current_actor
from app.rendering import render
from app.transactions import session
from app.words import problem
from consultations import participation, policy
from consultations.announcement import last_moment
from consultations.queries import offline, receipts
from core.clock import now
from core.errors import NotFoundError

if TYPE_CHECKING:
    from consultations.queries.receipts import Receipt

blueprint = Blueprint("receipts", __name__, url_prefix="/receipts")


@blueprint.get("")
@access(ANYONE)
def look_up() -> str | Response:
    """Ask for the number of a receipt."""
    code = request.args.get("code", "").strip()
    if code:
        return redirect(url_for("receipts.show", code=receipts.normal_code(code)[:40]))
    return render("participation/receipt_look_up.html", code="", wrong="")


@blueprint.get("/<code>")
@access(ANYONE, limit="receipt")
def show(code: str) -> str | tuple[str, int] | Response:
    """Show a receipt."""
    try:
        found = receipts.receipt(session(), code)
    except NotFoundError as error:
        whole = offline.receipt_of(session(), receipts.normal_code(code))
        if whole is not None:
            return render(
                "participation/offline_receipt.html", receipt=whole, consultation=whole.consultation
            )
        wrong = problem(error.code)
        return render("participation/receipt_look_up.html", code=code, wrong=wrong), 404
    if code != found.contribution.reference:
        return redirect(url_for("receipts.show", code=found.contribution.reference))
    return render("participation/receipt.html", **_shown(found))


@blueprint.get("/<code>.txt")
@access(ANYONE, limit="receipt")
def download(code: str) -> Response:
    """Give a receipt as a text file to keep."""
    found = receipts.receipt(session(), code)
    answer = make_response(render("participation/receipt.txt", **_shown(found)))
    name = f"sarn-receipt-{found.contribution.reference}.txt"
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _shown(found: "Receipt") -> dict[str, object]:
    participant = participation.find_participant(session(), current_actor(), found.consultation)
    author_id = found.contribution.participant_id
    is_open = policy.is_taking_contributions(found.consultation, now())
    closes_at = found.consultation.closes_at
    return {
        "receipt": found,
        "contribution": found.contribution,
        "consultation": found.consultation,
        "is_own": participant is not None and author_id == participant.id,
        "is_open": is_open,
        "until": last_moment(closes_at) if is_open and closes_at else None,
        "is_comment": found.contribution.kind == "comment",
    }
