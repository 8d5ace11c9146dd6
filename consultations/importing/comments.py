"""Writes comments from a CSV file on a consultation's draft."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.errors import AnalysisError
from analysis.texts.comment_files import CommentTable
from analysis.texts.comment_files import read_comments as read_comment_table
from consultations.importing.outcome import Imported
from consultations.importing.polis_files import malformed
from consultations.models import (
    Comment,
    Consultation,
    Draft,
    DraftState,
    Origin,
    Participant,
    Stance,
    Tier,
)
from consultations.screening import Screen
from core import ledger
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import InvalidError, NotFoundError
from core.languages import language_of
from core.text import plain_text

_STANCES = {
    "": None,
    "support": Stance.SUPPORT,
    "agree": Stance.SUPPORT,
    "for": Stance.SUPPORT,
    "1": Stance.SUPPORT,
    "oppose": Stance.OPPOSE,
    "disagree": Stance.OPPOSE,
    "against": Stance.OPPOSE,
    "-1": Stance.OPPOSE,
    "unsure": Stance.UNSURE,
    "neutral": Stance.UNSURE,
    "0": Stance.UNSURE,
}


def read_comments(path: Path) -> CommentTable:
    """Read ``comment,text[,stance,author,language,clause]``.

    Raises
    ------
    InvalidError
        ``import.malformed``; ``detail`` names file, row, column and the mend.
    """
    try:
        table = read_comment_table(path)
    except AnalysisError as error:
        raise malformed(str(error)) from error
    for number, stance in enumerate(table.stances, start=2):
        if stance.strip().lower() not in _STANCES:
            raise malformed(
                f"{path.name}: row {number}, column stance: {stance!r} is not a stance; "
                "write support, oppose or unsure, or leave it empty"
            )
    return table


def import_comments(
    session: Session, actor: Actor, table: CommentTable, *, slug: str, screen: Screen
) -> Imported:
    """Write comments on the newest published draft, each author as one imported participant.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    InvalidError
        ``import.malformed`` for an unknown clause or an empty text.
    """
    consultation = session.scalars(select(Consultation).where(Consultation.slug == slug)).first()
    if consultation is None:
        raise NotFoundError("consultation.unknown")
    draft = _draft_for_comments(session, consultation)
    _check_clauses(table, {clause.key for clause in draft.clauses})
    people = _authors(session, consultation, table)
    comments = [
        _comment(table, place, consultation, draft, people, screen) for place in range(len(table))
    ]
    session.add_all(comments)
    ledger.record(
        session,
        actor,
        "comments.imported",
        consultation_id=consultation.id,
        detail={"comments": len(comments), "digest": table.digest},
    )
    session.flush()
    return Imported(consultation.id, len(set(people.values())), comments=len(comments))


def _draft_for_comments(session: Session, consultation: Consultation) -> Draft:
    """Return the newest published draft, or an empty one for a conversation without a text."""
    draft = session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
    ).first()
    if draft is None:
        number = session.scalar(
            select(func.coalesce(func.max(Draft.number), 0) + 1).where(
                Draft.consultation_id == consultation.id
            )
        )
        draft = Draft(
            consultation_id=consultation.id,
            number=number,
            state=DraftState.PUBLISHED,
            created_at=now(),
            published_at=now(),
            clauses=[],
        )
        session.add(draft)
        session.flush()
    else:
        session.refresh(draft, ["clauses"])
    return draft


def _check_clauses(table: CommentTable, known: set[str]) -> None:
    for number, clause in enumerate(table.clauses, start=2):
        if clause and clause not in known:
            raise malformed(
                f"row {number}, column clause: the draft has no clause {clause!r}; "
                "use the key in the clause's link, or leave it empty"
            )


def _authors(session: Session, consultation: Consultation, table: CommentTable) -> dict[str, str]:
    """Return the participant of each comment; comments without author get one each."""
    labels = [
        f"author:{author}" if author else f"comment:{comment}"
        for author, comment in zip(table.authors, table.comments, strict=True)
    ]
    found = {
        str(label): person
        for person, label in session.execute(
            select(Participant.id, Participant.imported_as).where(
                Participant.consultation_id == consultation.id,
                Participant.imported_as.is_not(None),
            )
        )
    }
    day = now().astimezone(BANGKOK).date()
    for label in dict.fromkeys(labels):
        if label not in found:
            person = Participant(
                consultation_id=consultation.id,
                tier=Tier.IMPORTED,
                joined_on=day,
                imported_as=label[:64],
            )
            session.add(person)
            session.flush()
            found[label] = person.id
    return {comment: found[label] for comment, label in zip(table.comments, labels, strict=True)}


def _comment(
    table: CommentTable,
    place: int,
    consultation: Consultation,
    draft: Draft,
    people: Mapping[str, str],
    screen: Screen,
) -> Comment:
    name = table.comments[place]
    try:
        body = plain_text(table.texts[place], max_length=20_000)
    except InvalidError as error:
        raise malformed(
            f"row {place + 2}, column text: comment {name} "
            + ("is empty" if error.code == "text.empty" else "is longer than 20,000 characters")
        ) from error
    return Comment(
        consultation_id=consultation.id,
        draft_id=draft.id,
        clause_key=table.clauses[place],
        participant_id=people[name],
        origin=Origin.IMPORTED,
        body=body,
        language=table.languages[place] or language_of(body),
        stance=_STANCES[table.stances[place].strip().lower()],
        visibility=screen(body, consultation.moderation_policy).visibility,
        created_at=now(),
        imported_as=name,
    )
