"""The page for somebody who was faster than a limit: what they sent, when to send it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from flask import request, url_for

from app.challenge import FIELD
from app.limits import challenge_for
from app.rendering import render
from app.words import problem
from core.clock import now
from core.errors import ThrottledError

#: Fields of machinery, not of people; those of a solved task and of a form's token are made anew.
_LEFT_OUT: Final = frozenset({"csrf_token", FIELD})
#: Fields that are never sent back.
_HIDDEN: Final = "password"
#: Longest text of all fields together that is carried along.
_MOST: Final = 200_000
_LOOKS_WRITTEN: Final = 20


@dataclass(frozen=True)
class Sent:
    """What was sent, as the page sends it again.

    Attributes
    ----------
    kept : list of (name, value)
    written : list of str
        The values that a person wrote, to be seen and copied.
    passwords : list of str
        Names of fields that must be typed again.
    """

    kept: list[tuple[str, str]]
    written: list[str]
    passwords: list[str]


def page(error: ThrottledError) -> str:
    """Render the page."""
    return render(
        "errors/slowed.html",
        detail=problem(error.code, error.details),
        again_at=_next_minute(now() + error.retry_after),
        waits_long=error.retry_after > timedelta(minutes=1),
        sent=_sent() if request.method == "POST" and not request.files else None,
        task=challenge_for(error) if request.method == "POST" else None,
        field=FIELD,
        back=request.full_path if request.method == "GET" else url_for("site.finder"),
        is_new_password=request.endpoint != "accounts.sign_in",
    )


def _sent() -> Sent | None:
    given = [pair for pair in request.form.items(multi=True) if pair[0] not in _LEFT_OUT]
    if sum(len(value) for _name, value in given) > _MOST:
        return None
    kept = [(name, value) for name, value in given if _HIDDEN not in name]
    passwords = [name for name, _value in given if _HIDDEN in name]
    written = [value for name, value in kept if not passwords and _is_written(name, value)]
    return Sent(kept, written, passwords)


def _is_written(name: str, value: str) -> bool:
    looks_written = len(value) > _LOOKS_WRITTEN or " " in value.strip()
    return looks_written and not name.startswith(("quote_", "next"))


def _next_minute(moment: datetime) -> datetime:
    """Return the first full minute at which it is surely time."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def headers(error: ThrottledError) -> dict[str, Any]:
    """Return what tells programs when to come back."""
    return {"Retry-After": str(ceil(error.retry_after.total_seconds()))}
