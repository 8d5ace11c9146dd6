"""Front page, language, help and health."""

from flask import Blueprint, jsonify, make_response, redirect, request
from sqlalchemy import text
from werkzeug.wrappers import Response

from app.i18n import LANGUAGE_COOKIE, LANGUAGES
from app.identity import ANYONE, access
from app.redirects import safe_target
from app.rendering import render
from app.security import ONE_YEAR
from app.transactions import session
from consultations.queries import catalogue
from core import jobs
from core.errors import NotFoundError

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@access(ANYONE)
def finder() -> str:
    """Show consultations: open now, closing soon, results out."""
    return render("site/finder.html", consultations=catalogue.public_consultations(session()))


@blueprint.get("/help")
@access(ANYONE)
def help() -> str:
    """Explain how taking part works."""
    return render("site/help.html")


@blueprint.get("/rules")
@access(ANYONE)
def rules() -> str:
    """Show the rules that moderators apply."""
    return render("site/rules.html")


@blueprint.get("/privacy")
@access(ANYONE)
def privacy() -> str:
    """Say what is kept, why, and for how long."""
    return render("site/privacy.html")


@blueprint.get("/accessibility")
@access(ANYONE)
def accessibility() -> str:
    """Show the accessibility statement."""
    return render("site/accessibility.html")


@blueprint.get("/lang/<language>")
@access(ANYONE)
def choose_language(language: str) -> Response:
    """Remember the reader's language and go back to where they were."""
    if language not in LANGUAGES:
        raise NotFoundError("page.unknown")
    response = make_response(redirect(safe_target(request.args.get("next")), 303))
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=ONE_YEAR,
        samesite="Lax",
        secure=request.is_secure,
        httponly=True,
    )
    return response


@blueprint.get("/healthz")
@access(ANYONE)
def health() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access(ANYONE)
def readiness() -> Response:
    """Say whether the database answers, and how much work waits."""
    session().execute(text("SELECT 1"))
    return jsonify(status="ok", jobs_waiting=jobs.waiting_count(session()))
