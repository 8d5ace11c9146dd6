"""From words to a message that no title or address can break out of."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

#: Longest subject, in characters; mail programs show fewer.
SUBJECT_LENGTH = 150
#: Sentence breaks inside a title must not end a header, and direction marks must not turn it round.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
#: Invisible, but part of how words are written.
_KEPT = frozenset("\u200b\u200c\u200d")


class AddressError(Exception):
    """An address that no message can be sent to."""


@dataclass(frozen=True)
class Words:
    """What a letter says, in one language."""

    subject: str
    text: str
    html: str
    language: str


def make_message(
    words: Words,
    *,
    sender: Address,
    recipient: str,
    message_id: str,
    at: datetime,
    unsubscribe: str | None,
) -> EmailMessage:
    """Put a letter into a message of plain text and HTML.

    Parameters
    ----------
    recipient : str
        One address.
    unsubscribe : str or None
        Address of the page that stops such letters, also by one request as in RFC 8058.

    Raises
    ------
    AddressError
        The recipient is no address, or more than one.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(words.subject)
    message["From"] = sender
    message["To"] = parsed_address(recipient)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{sender.domain}>"
    message["Content-Language"] = words.language
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(words.text, cte="base64")
    message.add_alternative(words.html, subtype="html", cte="base64")
    return message


def one_line(text: str) -> str:
    """Return a text as one line without invisible marks, cut where it is long."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or character in _KEPT
        or unicodedata.category(character) not in _DROPPED
    )
    line = " ".join(kept.split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def parsed_address(address: str, name: str = "") -> Address:
    """Return one address with an ASCII domain.

    Raises
    ------
    AddressError
    """
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        parsed = Address(display_name=name, addr_spec=f"{local}@{ascii_domain}")
    except (UnicodeError, ValueError, IndexError) as error:
        raise AddressError from error
    # An address that would need quoting could hide a second one from a careless server.
    if not parsed.username or not parsed.domain or parsed.addr_spec != f"{local}@{ascii_domain}":
        raise AddressError
    if any(character.isspace() or ord(character) < 0x20 for character in address):
        raise AddressError
    return parsed
