"""From the domain's errors to HTTP: one table, one page, one JSON shape."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app import slowed
from app.identity import current_actor
from app.logs import security_event
from app.rendering import render
from app.transactions import roll_back
from app.words import problem
from core.errors import (
    BusyError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    PlatformError,
    ThrottledError,
)

STATUS: dict[type[PlatformError], int] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    InvalidError: 422,
    ConflictError: 409,
    ThrottledError: 429,
    BusyError: 503,
}

_HTTP_CODES = {
    400: "page.bad_request",
    403: "page.not_allowed",
    404: "page.unknown",
    405: "page.method",
    413: "page.too_large",
}

log = logging.getLogger("sarn.errors")


def init_app(app: Flask) -> None:
    """Answer every error with a page, or with problem+json where JSON was asked for."""
    app.register_error_handler(PlatformError, _platform_error)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: PlatformError) -> int:
    """Return the HTTP status of a domain error's family."""
    return next(status for family, status in STATUS.items() if isinstance(error, family))


def _platform_error(error: PlatformError) -> BaseResponse:
    roll_back()
    status = status_of(error)
    if status == 403 and not current_actor().is_anonymous:
        security_event("refused", reason=error.code)
    if status == 403 and current_actor().is_anonymous:
        if not _wants_json():
            return redirect(url_for("accounts.sign_in", next=_page_to_return_to()), 303)
        status = 401
    if isinstance(error, ThrottledError):
        return _slowed(error)
    response = _answer(status, error.code, problem(error.code, error.details))
    if isinstance(error, BusyError):
        response.headers["Retry-After"] = str(max(1, int(error.retry_after.total_seconds())))
    return response


def _slowed(error: ThrottledError) -> Response:
    if _wants_json():
        response = _answer(429, error.code, problem(error.code, error.details))
    else:
        response = make_response(slowed.page(error), 429)
    response.headers.update(slowed.headers(error))
    return response


def _page_to_return_to() -> str:
    """Return the page that someone was on: this one, or the one whose form they sent."""
    if request.method == "GET":
        return request.full_path
    parts = urlsplit(request.referrer or "/")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _expired_form(_error: CSRFError) -> BaseResponse:
    roll_back()
    return _answer(400, "form.expired", problem("form.expired"))


def _http_error(error: HTTPException) -> BaseResponse:
    roll_back()
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    code = _HTTP_CODES.get(status, "page.bad_request" if status < 500 else "page.failed")
    response = _answer(status, code, problem(code))
    if status == 405 and error.get_headers():
        allow = dict(error.get_headers()).get("Allow")
        if allow:
            response.headers["Allow"] = allow
    return response


def _database_error(error: OperationalError) -> BaseResponse:
    roll_back()
    log.error("database did not answer", exc_info=error)
    response = _answer(503, "page.busy", problem("page.busy"))
    response.headers["Retry-After"] = "2"
    return response


def _unexpected(error: Exception) -> BaseResponse:
    roll_back()
    log.error("request failed", exc_info=error)
    return _answer(500, "page.failed", problem("page.failed"))


def _wants_json() -> bool:
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _answer(status: int, code: str, sentence: str) -> Response:
    if _wants_json():
        response = jsonify(type=code, title=sentence, status=status)
        response.mimetype = "application/problem+json"
    else:
        response = make_response(_page(status, sentence))
    response.status_code = status
    return response


def _page(status: int, sentence: str) -> str:
    titles = {
        403: gettext("You do not have access"),
        404: gettext("Page not found"),
        409: gettext("This changed in the meantime"),
        413: gettext("Too large"),
        422: gettext("Something needs mending"),
        503: gettext("The site is busy"),
    }
    fallback = gettext("Something went wrong")
    return render(
        "errors/problem.html",
        status=status,
        title=titles.get(status, fallback),
        detail=sentence,
        action_href=url_for("site.finder"),
        action_text=gettext("Go to all consultations"),
    )
