"""Response headers, cookie flags and limits on what a request may carry."""

import secrets

from flask import Flask, Response, g, request, session
from werkzeug.exceptions import BadRequest

MAX_REQUEST_BYTES = 26 * 1024 * 1024
MAX_FORM_BYTES = 1024 * 1024
MAX_FORM_PARTS = 500
ONE_YEAR = 31_536_000
#: Where browsers tell what the policy stopped.
REPORTS = "/security-reports"


def init_app(app: Flask, *, production: bool) -> None:
    """Set cookie flags and request limits, and add headers to every response."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        SESSION_COOKIE_NAME="__Host-sarn" if production else "sarn",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PREFERRED_URL_SCHEME="https" if production else "http",
    )
    app.before_request(_refuse_null)
    app.after_request(_add_headers)
    if production:
        app.after_request(_add_transport_header)


def csp_nonce() -> str:
    """Return the nonce of this response, the same each time within it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def content_security_policy(nonce: str) -> str:
    """Return the policy of a page: own files only, nothing inline, never framed."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            f"report-uri {REPORTS}",
            "report-to csp",
        )
    )


def _refuse_null() -> None:
    """Refuse an address with a null character: no database text can hold one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise BadRequest


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = content_security_policy(csp_nonce())
    headers["Reporting-Endpoints"] = f'csp="{REPORTS}"'
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    if request.endpoint == "static" and request.args.get("v"):
        headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    elif request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store" if "_user_id" in session else "no-cache")
        headers.add("Vary", "Cookie")
    return response


def _add_transport_header(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    return response
