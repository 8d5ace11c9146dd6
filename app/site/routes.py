"""Front page, language, help and health."""

from functools import partial
from math import ceil
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, request
from sqlalchemy import text
from werkzeug.wrappers import Response

from app.i18n import LANGUAGE_COOKIE, LANGUAGES
from app.identity import ANYONE, access, current_actor
from app.inventory import inventory
from app.participation.cards import parts
from app.redirects import safe_target
from app.rendering import render
from app.security import ONE_YEAR
from app.site import finding
from app.site.cards import consultation_card
from app.site.forms import FinderForm
from app.transactions import session
from consultations.queries.finder import PAGE_SIZE, front_page, search
from core import jobs
from core.clock import now
from core.errors import NotFoundError
from moderation import reasons

blueprint = Blueprint("site", __name__)

#: Search results beyond this page cannot be asked for.
_LAST_PAGE = 10_000


@blueprint.get("/")
@access(ANYONE, limit="search")
def finder() -> str:
    """Show consultations by where they stand, or those that someone looks for."""
    form, actor = FinderForm(request.args, meta={"csrf": False}), current_actor()
    filters = form.filters()
    page: dict[str, Any] = {"filters": filters, "card": partial(consultation_card, filters.terms)}
    if filters:
        number = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
        found = search(session(), actor, now(), filters, number)
        page["pages"] = parts(
            number, ceil(found.total / PAGE_SIZE), lambda other: finding.address(filters, other)
        )
    else:
        found = front_page(session(), actor, now())
        page["open"] = finding.open_now(found)
    return render(
        "site/search.html" if filters else "site/finder.html",
        form=form.offer(filters, found.facets),
        found=found,
        tabs=finding.tabs(filters, found, actor),
        in_use=finding.in_use(filters, found),
        **page,
    )


@blueprint.get("/help")
@access(ANYONE)
def help() -> str:
    """Explain how taking part works."""
    return render("site/help.html")


@blueprint.get("/rules")
@access(ANYONE)
def rules() -> str:
    """Show the rules that moderators apply."""
    return render("site/rules.html", rules=reasons.RULES, versions=reasons.VERSIONS)


@blueprint.get("/privacy")
@access(ANYONE)
def privacy() -> str:
    """Say what is kept, why, and for how long."""
    return render("site/privacy.html", groups=inventory().personal)


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
