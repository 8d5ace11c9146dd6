"""Pages for administrators: what is kept, what was deleted, and the record of processing."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from app import upkeep
from app.identity import access
from app.inventory import inventory, record_of_processing
from app.rendering import render
from app.transactions import session
from core import retention as keeper
from core.actor import Role

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

blueprint = Blueprint("keeping", __name__, url_prefix="/administration")


@blueprint.get("/retention")
@access(ADMINISTRATORS)
def retention() -> str:
    """Show what the daily deletion did, and what is overdue now."""
    return render(
        "site/retention.html",
        runs=keeper.last_runs(session()),
        overdue={name: count for name, count in upkeep.overdue().items() if count},
        groups=inventory().groups,
        tables=inventory().tables,
    )


@blueprint.get("/processing.json")
@access(ADMINISTRATORS)
def processing() -> Response:
    """Give the record of processing activities as a file."""
    answer: Response = jsonify(record_of_processing())
    answer.headers["Content-Disposition"] = 'attachment; filename="sarn-processing.json"'
    return answer
