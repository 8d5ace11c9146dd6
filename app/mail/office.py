"""The site's way of sending letters, by configuration; there may be none."""

from dataclasses import dataclass
from email.headerregistry import Address

from flask import Flask, current_app

from app.config import Config
from app.mail.message import parsed_address
from app.mail.transport import Folder, MailServer, Transport

#: Written as the sender's name; the same in every language, as a name is.
SENDER_NAME = "Sarn"
#: Sender while developing; letters go into a folder only.
_DEVELOPERS_SENDER = "sarn@localhost.localdomain"


@dataclass(frozen=True)
class MailOffice:
    """How letters are sent, from whom, and where their links lead."""

    #: None when the site sends no letters.
    transport: Transport | None
    sender: Address
    site_url: str


def init_app(app: Flask, config: Config) -> None:
    """Choose the way of sending: a mail server, else a folder while developing, else none."""
    sender = config.mail_from or _DEVELOPERS_SENDER
    transport: Transport | None = None
    if config.smtp_url:
        transport = MailServer.from_url(config.smtp_url, sender)
    elif not config.is_production:
        transport = Folder(config.instance_path / "mail")
    app.extensions["mail"] = MailOffice(
        transport, parsed_address(sender, SENDER_NAME), config.site_url.rstrip("/")
    )


def mail_office() -> MailOffice:
    """Return the site's way of sending letters."""
    found: MailOffice = current_app.extensions["mail"]
    return found


def sends_mail() -> bool:
    """Whether the site sends letters at all."""
    return mail_office().transport is not None
