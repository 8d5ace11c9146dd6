"""Service: count those consultations beforehand in which very many take part."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Participant, Tally
from consultations.queries.catalogue import Counts, counted
from core.clock import now

#: Above so many participants or contributions a consultation is counted beforehand.
MANY = 1_000


def count_large(session: Session) -> dict[int, Counts]:
    """Return the counts of the consultations in which many take part; writes nothing."""
    large: set[int] = set()
    for column in (Participant.consultation_id, Contribution.consultation_id):
        large |= set(session.scalars(select(column).group_by(column).having(func.count() > MANY)))
    return counted(session, sorted(large))


def store(session: Session, counts: dict[int, Counts]) -> None:
    """Keep what was counted, in place of what was kept before."""
    moment = now()
    session.execute(delete(Tally))
    session.add_all(
        Tally(consultation_id=number, counted_at=moment, **vars(found))
        for number, found in counts.items()
    )
    session.flush()
