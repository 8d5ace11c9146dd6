"""Ways of handing over a message: a mail server, a folder while developing, or none."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

#: Seconds that a mail server may be silent.
TIMEOUT = 20
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
#: Answers from here on are for good (RFC 5321, 4.2.1).
_FOR_GOOD = 500


class RefusedError(Exception):
    """The server will never take this message to this address."""


class UnreachableError(Exception):
    """The server could not take the message now."""


class Courier(Protocol):
    """An open way of sending."""

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand over one message.

        Raises
        ------
        RefusedError
        UnreachableError
        """


class Transport(Protocol):
    """A way of sending that can be opened."""

    def open(self) -> contextlib.AbstractContextManager[Courier]:
        """Open it for some messages; raises UnreachableError."""


@dataclass(frozen=True)
class MailServer:
    """A server that takes mail by SMTP."""

    host: str
    port: int
    scheme: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    sender: str = ""

    @classmethod
    def from_url(cls, url: str, sender: str) -> "MailServer":
        """Read ``smtp://user:password@host:port``.

        ``smtp`` asks for encryption before anything else is said, ``smtps`` is encrypted from the
        start, ``smtp+plain`` is not encrypted at all.

        Raises
        ------
        ValueError
            Not such an address.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
            raise ValueError("SARN_SMTP_URL must look like smtp://user:password@host:587")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            scheme=parts.scheme,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
        )

    @contextmanager
    def open(self) -> Iterator["SmtpCourier"]:
        """Connect, encrypt and sign in."""
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise UnreachableError(type(error).__name__) from error
        try:
            yield SmtpCourier(connection, self.sender)
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=context
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.scheme == "smtp":
                connection.starttls(context=context)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


class SmtpCourier:
    """An open connection to a mail server."""

    def __init__(self, connection: smtplib.SMTP, sender: str) -> None:
        self._connection = connection
        self._sender = sender

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand over one message."""
        try:
            self._connection.send_message(message, self._sender, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code = min(code for code, _words in error.recipients.values())
            raise _failure(code) from error
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedError("address") from error
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnreachableError(type(error).__name__) from error


@dataclass(frozen=True)
class Folder:
    """Writes each message into a file, to be looked at while developing."""

    path: Path

    @contextmanager
    def open(self) -> Iterator["Folder"]:
        """Make the folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        yield self

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Write one message."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        (self.path / f"{name}.eml").write_bytes(message.as_bytes())


def _failure(code: int) -> Exception:
    return RefusedError(str(code)) if code >= _FOR_GOOD else UnreachableError(str(code))
