"""Whether this browser wants single keys to act; they do until they are turned off."""

from flask import request
from werkzeug.wrappers import Response

COOKIE = "shortcuts"


def are_on() -> bool:
    """Whether single keys act in this browser."""
    return request.cookies.get(COOKIE) != "off"


def remember(answer: Response) -> Response:
    """Keep in the browser what its form asks for."""
    wanted = "on" if request.form.get("shortcuts") == "on" else "off"
    answer.set_cookie(
        COOKIE,
        wanted,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer
