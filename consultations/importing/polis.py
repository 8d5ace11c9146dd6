"""Writes a conversation from a Polis export as a closed consultation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from analysis.opinions.polis_export import PolisExport
from consultations import tallies
from consultations.importing.outcome import Imported
from consultations.importing.polis_files import Conversation
from consultations.models import (
    Consultation,
    Kind,
    Origin,
    Participant,
    Stage,
    Statement,
    Tier,
    Visibility,
    Vote,
)
from core import ledger
from core.accounts.registering import agency_by_slug
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError
from core.languages import language_of
from core.slugs import checked_slug
from core.text import plain_text, single_line, tidy


def import_polis(
    session: Session,
    actor: Actor,
    conversation: Conversation,
    *,
    agency_slug: str,
    slug: str,
    title: str,
) -> Imported:
    """Write a conversation as a closed consultation, with Polis's groups beside ours.

    Raises
    ------
    NotFoundError
        ``agency.unknown``.
    InvalidError
        ``slug.invalid``.
    ConflictError
        ``consultation.exists``.
    """
    agency = agency_by_slug(session, agency_slug)
    if session.scalar(select(Consultation.id).where(Consultation.slug == slug)) is not None:
        raise ConflictError("consultation.exists", slug=slug)
    consultation = _consultation(conversation, agency.id, slug=slug, title=title)
    session.add(consultation)
    session.flush()
    people = _insert_participants(session, consultation, conversation)
    statements = _insert_statements(session, consultation, conversation, people)
    votes = _insert_votes(session, consultation, conversation.export, people, statements)
    tallies.recount(session, consultation.id)
    ledger.record(
        session,
        actor,
        "consultation.imported",
        consultation_id=consultation.id,
        detail={"votes": votes, "digest": conversation.export.votes.digest},
    )
    session.flush()
    return Imported(
        consultation.id, len(people), len(statements), votes, note=conversation.export.sign
    )


def _consultation(
    conversation: Conversation, agency_id: int, *, slug: str, title: str
) -> Consultation:
    """Return the consultation to be; a title or text goes to the language it is written in."""
    times = [row.written_at for row in conversation.statements.values()]
    name, about = single_line(title, max_length=300), tidy(conversation.description)[:20_000]
    name_is_thai, about_is_thai = (language_of(words) == "th" for words in (name, about))
    return Consultation(
        slug=checked_slug(slug),
        agency_id=agency_id,
        kind=Kind.PRINCIPLE,
        stage=Stage.CLOSED,
        title_th=name if name_is_thai else "",
        title_en="" if name_is_thai else name,
        summary_th=about if about_is_thai else "",
        summary_en="" if about_is_thai else about,
        source=f"Polis {conversation.source}".strip(),
        opens_at=min(times, default=now()),
        closes_at=max(times, default=now()) + timedelta(seconds=1),
        created_at=now(),
    )


def _insert_participants(
    session: Session, consultation: Consultation, conversation: Conversation
) -> dict[str, str]:
    day = (consultation.closes_at or now()).astimezone(BANGKOK).date()
    people = [
        Participant(
            consultation_id=consultation.id,
            tier=Tier.IMPORTED,
            joined_on=day,
            imported_as=person,
            imported_group=conversation.export.groups.get(person),
        )
        for person in conversation.participants
    ]
    session.add_all(people)
    session.flush()
    return {str(person.imported_as): person.id for person in people}


def _insert_statements(
    session: Session,
    consultation: Consultation,
    conversation: Conversation,
    people: Mapping[str, str],
) -> dict[str, int]:
    rows = {
        key: Statement(
            consultation_id=consultation.id,
            number_in_id=consultation.id,
            number=int(key),
            participant_id=people.get(row.author),
            origin=Origin.IMPORTED,
            body=plain_text(row.body or "-", max_length=20_000),
            language=language_of(row.body),
            visibility=Visibility.HIDDEN if row.is_hidden else Visibility.PUBLISHED,
            is_meta=row.is_meta,
            created_at=row.written_at,
        )
        for key, row in conversation.statements.items()
    }
    session.add_all(rows.values())
    session.flush()
    return {key: row.id for key, row in rows.items()}


def _insert_votes(
    session: Session,
    consultation: Consultation,
    export: PolisExport,
    people: Mapping[str, str],
    statements: Mapping[str, int],
) -> int:
    day = (consultation.closes_at or now()).astimezone(BANGKOK).date()
    votes = export.votes
    person_ids = [people[person] for person in votes.participants]
    statement_ids = [statements[statement] for statement in votes.statements]
    rows: list[dict[str, Any]] = [
        {
            "statement_id": statement_ids[statement],
            "participant_id": person_ids[person],
            "choice": choice,
            "voted_on": day,
        }
        for person, statement, choice in zip(
            votes.participant_index().tolist(),
            votes.statement_index.tolist(),
            votes.choices.tolist(),
            strict=True,
        )
    ]
    if rows:
        session.execute(insert(Vote), rows)
    return len(rows)
