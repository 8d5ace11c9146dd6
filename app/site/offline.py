"""What a browser keeps on the device: a worker, and the page to show without a connection."""

from pathlib import Path

from flask import Blueprint, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.i18n import LANGUAGES
from app.identity import ANYONE, access
from app.rendering import render

blueprint = Blueprint("offline", __name__)


@blueprint.get("/service-worker.js")
@access(ANYONE)
def worker() -> Response:
    """Serve the worker from the root, so that it may answer for every page."""
    script = Path(current_app.static_folder or "") / "service-worker.js"
    return Response(script.read_bytes(), mimetype="text/javascript")


@blueprint.get("/offline")
@access(ANYONE)
def page() -> str:
    """Show what the worker answers with when there is no connection, in every language."""
    titles, sections = {}, {}
    for language in LANGUAGES:
        with force_locale(language):
            titles[language] = _("No connection")
            sections[language] = _sentences()
    return render("site/offline.html", title=titles, sections=sections)


def _sentences() -> tuple[str, ...]:
    """Return what somebody without a connection needs to know, most urgent first."""
    return (
        _("This page has not been kept on your device, so it needs a connection."),
        _("If you were sending something, nothing is lost: go back to find your words again."),
        _("Drafts that you have opened before can be read without a connection."),
    )
