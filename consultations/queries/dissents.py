"""Reads: what is said against a published summary, as it is grouped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consultations.models import Dissent, DissentGroup, Visibility

#: Most dissents that a page prints of one group; the others are counted.
MOST_PRINTED: Final = 200


@dataclass(frozen=True)
class DissentRow:
    """A published dissent, without its author."""

    id: int
    reference: str
    finding_id: int | None
    body: str
    language: str


@dataclass(frozen=True)
class Voices:
    """Dissents that say the same, the first one first; ``group`` is None before they are grouped.

    Attributes
    ----------
    count : int
        How many there are; not all of a large group are listed.
    """

    group: DissentGroup | None
    finding_id: int | None
    dissents: Sequence[DissentRow]
    count: int


def dissents(session: Session, summary_id: int) -> list[Voices]:
    """Return the published dissents as they are grouped, largest group first; two queries."""
    rows = session.execute(
        _published(summary_id).order_by(Dissent.finding_id.is_(None), Dissent.id)
    ).all()
    if not rows:
        return []
    groups = {
        group.id: group
        for group in session.scalars(
            select(DissentGroup).where(DissentGroup.summary_id == summary_id)
        )
    }
    said: dict[tuple[int, int], list[DissentRow]] = {}
    for row in rows:
        dissent = DissentRow(row.id, row.reference, row.finding_id, row.body, row.language)
        key = (1, row.group_id) if row.group_id in groups else (0, row.id)
        said.setdefault(key, []).append(dissent)
    found = [
        Voices(
            groups.get(number) if is_group else None,
            own[0].finding_id,
            own[:MOST_PRINTED],
            len(own),
        )
        for (is_group, number), own in said.items()
    ]
    return sorted(found, key=lambda voices: (-voices.count, voices.dissents[0].id))


def waiting_dissents(session: Session, summary_id: int) -> int:
    """Count the dissents that a moderator has not read yet; one query."""
    return (
        session.scalar(
            select(func.count(Dissent.id)).where(
                Dissent.summary_id == summary_id, Dissent.visibility == Visibility.PENDING
            )
        )
        or 0
    )


def _published(summary_id: int) -> Select[int, str, int | None, str, str, int | None]:
    return select(
        Dissent.id,
        Dissent.reference,
        Dissent.finding_id,
        Dissent.body,
        Dissent.language,
        Dissent.group_id,
    ).where(Dissent.summary_id == summary_id, Dissent.visibility == Visibility.PUBLISHED)
