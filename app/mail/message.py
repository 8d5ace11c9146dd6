"""From words to a message that no title or address can break out of."""

import re
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

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_LOCAL = re.compile(rf"(?=.{{1,64}}\Z){_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})+")


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
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(words.text, cte="base64")
    message.add_alternative(words.html, subtype="html", cte="base64")
    # After the content: setting that drops every Content header that is there.
    message["Content-Language"] = words.language
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
    # What looks like an encoded word would be decoded on the way, line ends and all.
    line = " ".join(kept.split()).replace("=?", "= ?")
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def parsed_address(address: str, name: str = "") -> Address:
    """Return one plain address, its domain in ASCII.

    What would need quoting could hide a second address from a careless server, and few servers take
    other letters than ASCII before the @; neither is sent to.

    Raises
    ------
    AddressError
    """
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise AddressError from error
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
        raise AddressError
    return Address(display_name=name, username=local, domain=ascii_domain)
