"""Tables of what accounts want to be told, and of letters that wait to be sent."""

import secrets
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime, text_enum
from core.mailing.hours import QuietHours
from core.mailing.kinds import Channel, NewsKind


class MailChoice(Base):
    """How an account wants to hear of one kind of news; without a row the default holds."""

    __tablename__ = "mail_choice"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[NewsKind] = mapped_column(text_enum(NewsKind), primary_key=True)
    channel: Mapped[Channel] = mapped_column(text_enum(Channel), index=True)


class MailSettings(Base):
    """Quiet hours and the state of an account's address; without a row the defaults hold."""

    __tablename__ = "mail_settings"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    quiet_from: Mapped[int] = mapped_column(default=QuietHours.begin)
    quiet_until: Mapped[int] = mapped_column(default=QuietHours.end)
    #: Letters in a row that the address's server refused for good.
    failures: Mapped[int] = mapped_column(default=0)
    #: The day from which nothing is sent because the address refuses; None while it works.
    paused_on: Mapped[date | None]
    #: News of followed consultations and of staff's tasks up to here was seen on the site.
    news_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutgoingMail(Base):
    """A letter that waits. Gone once sent; what it says and to whom is sealed all the while."""

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The same in every attempt, so that a receiver can drop a letter that arrives twice.
    message_id: Mapped[str] = mapped_column(
        String(32), unique=True, default=lambda: secrets.token_hex(16)
    )
    sealed: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
