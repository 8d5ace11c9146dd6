"""Store one choice of one participant on one thing, so that the database keeps it single."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consultations.models import (
    Choice,
    ClauseVote,
    FindingVerdict,
    Participant,
    Ratifier,
    ResponseRating,
    RevisedVote,
    Vote,
)
from core.clock import BANGKOK, now
from core.database import is_sqlite


def store_choice(
    session: Session,
    table: type[Vote | ClauseVote],
    subject: dict[str, int],
    participant: Participant,
    choice: Choice,
) -> Choice:
    """Insert or replace a choice in one statement; the last one counts. One query.

    Parameters
    ----------
    table : type
        ``Vote`` or ``ClauseVote``.
    subject : dict of str to int
        The one column that says what the vote is on, with its value.

    Returns
    -------
    Choice
        As stored.
    """
    values = {
        **subject,
        "participant_id": participant.id,
        "choice": int(choice),
        "voted_on": now().astimezone(BANGKOK).date(),
    }
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement: Any = insert(table).values(values)
    upsert = statement.on_conflict_do_update(
        index_elements=[*subject, "participant_id"],
        set_={name: statement.excluded[name] for name in ("choice", "voted_on")},
    )
    return Choice(session.execute(upsert.returning(table.choice)).scalar_one())


def store_single(
    session: Session,
    table: type[Ratifier | FindingVerdict | RevisedVote | ResponseRating],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    first: Mapping[str, Any] | None = None,
) -> None:
    """Insert the one row of a key, or change its values in place. One query.

    Parameters
    ----------
    first : mapping, optional
        Values that only a new row gets.
    """
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement: Any = insert(table).values({**key, **values, **(first or {})})
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[*key], set_={name: statement.excluded[name] for name in values}
        )
    )
