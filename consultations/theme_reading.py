"""Service: people read comments one at a time and say which chosen themes each belongs to."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import seconding, theme_places
from consultations.models import (
    ChosenTheme,
    Comment,
    ReadingOutcome,
    ThemeReading,
    ThemeState,
    Visibility,
)
from consultations.theme_deeds import open_desk
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError

#: The outcomes by name; the shell knows them without knowing the model.
OUTCOMES = {outcome.value: outcome for outcome in ReadingOutcome}


@dataclass(frozen=True)
class Said:
    """What a reader says of a comment.

    Attributes
    ----------
    seen : int
        Revision of the reading on the page that was answered; 0 when nobody had read it.
    is_second : bool
        Read blind, to measure how far two readers agree; changes nothing.
    """

    outcome: ReadingOutcome
    themes: Collection[int] = ()
    seen: int = 0
    is_second: bool = False


def read(
    session: Session, actor: Actor, consultation_id: int, reference: str, said: Said
) -> ThemeReading:
    """Keep what a reader says; a person's word stands above the machine's from then on.

    No theme at all is an answer too: the comment belongs to none of them.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``contribution.unknown``.
    NotAllowedError
        ``consultation.other_agency``; ``approval.own_work``: nobody reads twice as two readers.
    InvalidError
        ``theme.choose_read``: a skipped or unsure comment with themes.
    ConflictError
        ``consultation.wrong_stage``; ``theme.none_chosen``; ``theme.gone``: a theme of the choice
        is not there any more; ``theme.read_meanwhile``: somebody else read it since.
    """
    open_desk(session, actor, consultation_id)
    comment = _comment(session, consultation_id, reference)
    themes = _themes(session, consultation_id, said)
    reading = session.scalars(
        select(ThemeReading)
        .where(ThemeReading.comment_id == comment.id, ThemeReading.is_second == said.is_second)
        .execution_options(populate_existing=True)
    ).first()
    if (reading.revision if reading else 0) != said.seen or _is_read(reading, said):
        raise ConflictError("theme.read_meanwhile")
    if said.is_second:
        _require_other_reader(session, actor, comment.id)
    if reading is None:
        reading = ThemeReading(
            consultation_id=consultation_id,
            comment_id=comment.id,
            is_second=said.is_second,
            revision=0,
        )
        session.add(reading)
    reading.outcome, reading.themes = said.outcome, sorted(said.themes)
    reading.reader_id, reading.read_at = actor.account_id, now()
    reading.revision += 1
    session.flush()
    if not said.is_second and said.outcome is not ReadingOutcome.SKIPPED:
        _place(session, themes, comment.id, said)
        _log(session, actor, reading, reference)
    return reading


def _is_read(reading: ThemeReading | None, said: Said) -> bool:
    """Whether somebody would skip what is read already."""
    is_skip = said.outcome is ReadingOutcome.SKIPPED
    return is_skip and reading is not None and reading.outcome is not ReadingOutcome.SKIPPED


def _place(session: Session, themes: Collection[int], comment_id: int, said: Said) -> None:
    """Let a person's word stand on every chosen theme that somebody has put the comment into."""
    known = theme_places.read(session, themes, [comment_id])
    places = {*known, *((theme, comment_id) for theme in said.themes)}
    steps: list[theme_places.Step] = []
    for place in sorted(places):
        before = known.get(place, theme_places.ABSENT)
        if said.outcome is ReadingOutcome.UNSURE:
            after = theme_places.undecided(before)
        else:
            after = theme_places.decided(before, by_person=place[0] in said.themes)
        if after != before:
            steps.append((*place, before, after))
    theme_places.take(session, steps)


def _log(session: Session, actor: Actor, reading: ThemeReading, reference: str) -> None:
    ledger.record(
        session,
        actor,
        "theme.read",
        consultation_id=reading.consultation_id,
        subject=f"contribution:{reference}",
        detail={"outcome": reading.outcome.value, "themes": reading.themes},
    )
    session.flush()


def _comment(session: Session, consultation_id: int, reference: str) -> Comment:
    found = session.scalars(
        select(Comment).where(
            Comment.consultation_id == consultation_id,
            Comment.reference == reference,
            Comment.visibility == Visibility.PUBLISHED,
        )
    ).first()
    if found is None:
        raise NotFoundError("contribution.unknown")
    return found


def _themes(session: Session, consultation_id: int, said: Said) -> set[int]:
    """Return the chosen themes; the reader's choice must be among them."""
    rows = session.scalars(
        select(ChosenTheme.id).where(
            ChosenTheme.consultation_id == consultation_id, ChosenTheme.state == ThemeState.CHOSEN
        )
    )
    themes = set(rows)
    if not themes:
        raise ConflictError("theme.none_chosen")
    if said.themes and said.outcome is not ReadingOutcome.PLACED:
        raise InvalidError("theme.choose_read", field="themes")
    if not themes.issuperset(said.themes):
        raise ConflictError("theme.gone")
    return themes


def _require_other_reader(session: Session, actor: Actor, comment_id: int) -> None:
    first = session.scalars(
        select(ThemeReading.reader_id).where(
            ThemeReading.comment_id == comment_id,
            ThemeReading.is_second.is_(False),
            ThemeReading.outcome != ReadingOutcome.SKIPPED,
        )
    ).first()
    if first is None:
        raise NotFoundError("contribution.unknown")
    seconding.require_other(session, actor, first)
