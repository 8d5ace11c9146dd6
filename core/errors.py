"""Errors that the domain raises: a family decides the HTTP status, a code the words."""

from datetime import timedelta
from math import ceil


class PlatformError(Exception):
    """Root of the domain's errors.

    Parameters
    ----------
    code : str
        Stable name such as ``consultation.closed``; the shell translates it.
    details : object
        Named values for the translated sentence. Never personal data: they may be logged.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class NotFoundError(PlatformError):
    """The thing does not exist, or is hidden from this actor."""


class NotAllowedError(PlatformError):
    """The rules say that this actor may not do this."""


class InvalidError(PlatformError):
    """A value breaks a rule of the domain.

    Parameters
    ----------
    field : str or None
        Name of the value, equal to the form field that carried it.
    """

    def __init__(self, code: str, *, field: str | None = None, **details: object) -> None:
        super().__init__(code, **details)
        self.field = field


class ConflictError(PlatformError):
    """The right request at the wrong moment: closed, stale or done already."""


class ThrottledError(PlatformError):
    """Too many attempts; ``retry_after`` says when to try again."""

    def __init__(self, code: str, *, retry_after: timedelta) -> None:
        super().__init__(code, seconds=ceil(retry_after.total_seconds()))
        self.retry_after = retry_after


class BusyError(PlatformError):
    """The site is doing as much of this as it can; ``retry_after`` says when to try again."""

    def __init__(self, code: str, *, retry_after: timedelta) -> None:
        super().__init__(code)
        self.retry_after = retry_after
