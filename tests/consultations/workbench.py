"""A consultation with two machine themes, made of rows alone, and deeds on its workbench."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from consultations import theme_choosing, theme_places, theme_reading
from consultations.models import (
    ChosenTheme,
    Comment,
    Consultation,
    DiscussionPlace,
    DiscussionTheme,
    ReadingOutcome,
    Stage,
)
from consultations.theme_deeds import Wording
from consultations.theme_reading import Said
from core.actor import Actor, Role
from core.keyring import Keyring
from tests.consultations.planted import Staff, make_staff
from tests.factories import make_actor, make_comment, make_consultation, make_draft

WORDING = Wording("ค่าจอดรถ", "Parking fees")
#: Comments that the machine puts into its themes.
FERRY, PARKING = "t1", "t2"


@dataclass(frozen=True)
class Desk:
    """A closed consultation: six comments on ferries, four on parking, the last of each unsure."""

    consultation: Consultation
    staff: Staff
    second: Actor
    ferry: list[Comment]
    parking: list[Comment]

    @property
    def id(self) -> int:
        """Number of the consultation."""
        return self.consultation.id


def make_desk(session: Session, keyring: Keyring, **overrides: Any) -> Desk:
    staff = make_staff(session, keyring)
    values = {"stage": Stage.CLOSED, **overrides}
    consultation = make_consultation(session, keyring, agency=staff.agency, **values)
    draft = make_draft(session, consultation)
    # Noise: another consultation with a theme of the same name.
    elsewhere = make_consultation(session, keyring, agency=staff.agency, stage=Stage.CLOSED)
    put(session, elsewhere, FERRY, [make_comment(session, make_draft(session, elsewhere))])
    ferry = [make_comment(session, draft, body=f"เรือข้ามฟาก {n}") for n in range(6)]
    parking = [make_comment(session, draft, body=f"ค่าจอดรถ {n}") for n in range(4)]
    put(session, consultation, FERRY, ferry)
    put(session, consultation, PARKING, parking)
    second = make_actor(session, keyring, Role.OFFICER, agency=staff.agency)
    return Desk(consultation, staff, second, ferry, parking)


def put(session: Session, consultation: Consultation, key: str, comments: list[Comment]) -> None:
    """Let the latest run put comments into a theme; it is unsure of the last of them."""
    if session.get(DiscussionTheme, (consultation.id, key)) is None:
        session.add(
            DiscussionTheme(
                consultation_id=consultation.id, key=key, position=int(key[1:]), terms=key
            )
        )
    session.flush()
    for comment in comments:
        session.execute(
            update(DiscussionPlace)
            .where(DiscussionPlace.comment_id == comment.id)
            .values(theme_key=key, is_weak=comment is comments[-1])
        )


def adopted(session: Session, desk: Desk, key: str) -> ChosenTheme:
    return theme_choosing.adopt(session, desk.staff.officer, desk.id, key)


def held(session: Session, theme: ChosenTheme) -> set[int]:
    """Return the comments that belong to a theme."""
    said = theme_places.read(session, [theme.id])
    return {comment for (_theme, comment), value in said.items() if theme_places.belongs(value)}


def read(
    session: Session,
    desk: Desk,
    comment: Comment,
    *themes: ChosenTheme,
    by: Actor | None = None,
    **said: Any,
) -> None:
    """Let somebody put a comment into themes."""
    values = {"outcome": ReadingOutcome.PLACED, **said}
    choice = Said(themes=[theme.id for theme in themes], **values)
    theme_reading.read(session, by or desk.staff.officer, desk.id, comment.reference, choice)
