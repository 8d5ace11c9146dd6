"""Service: what people agreed to of their own will, when, and to which words. Never changed."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import BANGKOK, now
from core.database import Base, text_enum


class Purpose(StrEnum):
    """What nobody has to agree to in order to take part."""

    #: E-mails about one's own contributions.
    LETTERS = "letters"
    #: Age, region and gender, told in one consultation.
    PROFILE = "profile"
    #: Words, votes and answers given on paper, by telephone or at a meeting.
    OFFLINE = "offline"


@dataclass(frozen=True)
class Wording:
    """What people read when they agree."""

    version: int
    text_th: str
    text_en: str

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the words."""
        return hashlib.sha256(
            f"{self.version}\n{self.text_th}\n{self.text_en}".encode()
        ).hexdigest()


#: The words in force. A change of words is a new version; the old digest stays with the old events.
WORDINGS: dict[Purpose, Wording] = {
    Purpose.LETTERS: Wording(
        1,
        "ฉันยินยอมให้เว็บไซต์ส่งอีเมลถึงฉันเมื่อมีความคืบหน้าเกี่ยวกับสิ่งที่ฉันเขียน "
        "โดยระบบจะค้นหาข้อความแจ้งของฉันชั่วโมงละหนึ่งครั้ง",
        "I agree that the site e-mails me when something happens to what I wrote. To do so it "
        "looks once an hour whether there is news for me.",
    ),
    Purpose.PROFILE: Wording(
        1,
        "ฉันยินยอมให้ใช้ช่วงอายุ ภูมิภาค และเพศที่ฉันบอก "
        "เพื่อดูว่าผู้เข้าร่วมใกล้เคียงกับผู้ที่อาศัยอยู่ที่นี่เพียงใด โดยเผยแพร่เฉพาะจำนวนรวม",
        "I agree that the age band, region and gender that I told are used to see how close those "
        "who take part come to those who live here. Only counts are published.",
    ),
    Purpose.OFFLINE: Wording(
        1,
        "ฉันยินยอมให้เจ้าหน้าที่บันทึกสิ่งที่ฉันให้ไว้ในการรับฟังความคิดเห็นนี้ลงในเว็บไซต์ "
        "โดยเผยแพร่ความเห็นของฉันภายใต้นามแฝง ไม่เปิดเผยชื่อ",
        "I agree that officers enter what I say in this consultation on the site, and that my "
        "comments are published there under a pseudonym, without my name.",
    ),
}


class ConsentEvent(Base):
    """Somebody agreed or took it back. Of an account, or of one participant: never of both."""

    __tablename__ = "consent_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    #: For what is agreed to in one consultation, so that it leads to no account.
    participant_id: Mapped[str | None] = mapped_column(String(32), index=True)
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose))
    given: Mapped[bool]
    text_version: Mapped[int]
    #: Hexadecimal SHA-256 of the words that were agreed to.
    text_digest: Mapped[str] = mapped_column(String(64))
    #: The day only, in Bangkok.
    recorded_on: Mapped[date]


def record(
    session: Session,
    purpose: Purpose,
    *,
    given: bool,
    account_id: int | None = None,
    participant_id: str | None = None,
) -> None:
    """Write down that somebody agreed or took it back; nothing if it stands so already."""
    owner = (
        ConsentEvent.account_id == account_id
        if account_id is not None
        else ConsentEvent.participant_id == participant_id
    )
    last = session.scalars(
        select(ConsentEvent)
        .where(owner, ConsentEvent.purpose == purpose)
        .order_by(ConsentEvent.id.desc())
        .limit(1)
    ).first()
    words = WORDINGS[purpose]
    if (last.given if last else False) is given and (
        last is None or last.text_digest == words.digest
    ):
        return
    session.add(
        ConsentEvent(
            account_id=account_id,
            participant_id=participant_id,
            purpose=purpose,
            given=given,
            text_version=words.version,
            text_digest=words.digest,
            recorded_on=now().astimezone(BANGKOK).date(),
        )
    )
    session.flush()


def history(
    session: Session, account_id: int, participant_ids: Collection[str]
) -> Sequence[ConsentEvent]:
    """Return all that one agreed to and took back, the first in front; one query.

    Parameters
    ----------
    participant_ids : collection of str
        Who the person is in each consultation, known while they are signed in.
    """
    return session.scalars(
        select(ConsentEvent)
        .where(
            (ConsentEvent.account_id == account_id)
            | ConsentEvent.participant_id.in_(participant_ids)
        )
        .order_by(ConsentEvent.id)
    ).all()
