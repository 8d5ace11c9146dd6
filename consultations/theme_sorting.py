"""Service: put comments of chosen themes in order: merge, split, move, take out, take in, undo."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from consultations import theme_places
from consultations.models import (
    ChangeKind,
    ChosenTheme,
    DiscussionPlace,
    ThemeChange,
    ThemeState,
)
from consultations.theme_deeds import (
    Undo,
    Wording,
    open_desk,
    open_theme,
    other_theme,
    record,
    required_reason,
)
from consultations.theme_places import Step
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError


def merge(
    session: Session, actor: Actor, number: int, *, seen: int, target: int, reason: str
) -> ChosenTheme:
    """Let another theme take in all comments of this one; nobody's support or words move.

    Raises as ``open_theme``, and InvalidError ``theme.choose_other``, ``reason.needed``.
    """
    theme = open_theme(session, actor, number, seen)
    other, words = other_theme(session, theme, target), required_reason(reason)
    said = theme_places.read(session, (theme.id, other.id))
    steps: list[Step] = []
    for (place, comment), value in said.items():
        if place != theme.id:
            continue
        own = said.get((other.id, comment), theme_places.ABSENT)
        after = theme_places.joined(own, value)
        if after != own:
            steps.append((other.id, comment, own, after))
    fields = [
        (theme, "state", ThemeState.CHOSEN.value),
        (theme, "merged_into_id", None),
        (other, "revision", other.revision),
    ]
    theme.state, theme.merged_into_id = ThemeState.MERGED, other.id
    _done(session, actor, theme, ChangeKind.MERGED, words, Undo(fields, steps))
    return other


def split(
    session: Session,
    actor: Actor,
    number: int,
    *,
    seen: int,
    comments: Collection[int],
    wording: Wording,
    reason: str,
) -> ChosenTheme:
    """Make a theme of its own out of some comments of this one.

    Raises as ``move``, and InvalidError ``theme.label_th_required``.
    """
    theme = open_theme(session, actor, number, seen)
    words = required_reason(reason)
    made = ChosenTheme(
        consultation_id=theme.consultation_id,
        language=theme.language,
        chosen_at=now(),
        **asdict(wording.cleaned()),
    )
    session.add(made)
    session.flush()
    steps = _moved(session, theme, made.id, _chosen(session, theme, comments))
    fields: list[tuple[ChosenTheme, str, Any]] = [
        (made, "state", ThemeState.DROPPED.value),
        (theme, "revision", theme.revision),
    ]
    _done(session, actor, theme, ChangeKind.SPLIT, words, Undo(fields, steps))
    return made


def move(
    session: Session,
    actor: Actor,
    number: int,
    *,
    seen: int,
    comments: Collection[int],
    target: int,
    reason: str,
) -> ChosenTheme:
    """Put some comments of a theme into another one instead.

    Raises as ``open_theme``, and InvalidError ``theme.choose_comments``, ``theme.choose_other``,
    ``reason.needed``.
    """
    theme = open_theme(session, actor, number, seen)
    chosen = _chosen(session, theme, comments)
    other, words = other_theme(session, theme, target), required_reason(reason)
    steps = _moved(session, theme, other.id, chosen)
    _done(session, actor, theme, ChangeKind.MOVED, words, Undo(_both(theme, other), steps))
    return other


def take_out(
    session: Session,
    actor: Actor,
    number: int,
    *,
    seen: int,
    comments: Collection[int],
    reason: str,
) -> ChosenTheme:
    """Say that some comments do not belong to a theme; raises as ``move``."""
    theme = open_theme(session, actor, number, seen)
    chosen, words = _chosen(session, theme, comments), required_reason(reason)
    said = theme_places.read(session, [theme.id], chosen)
    steps = theme_places.steps(
        said, said, lambda before: theme_places.decided(before, by_person=False)
    )
    undo = Undo([(theme, "revision", theme.revision)], steps)
    _done(session, actor, theme, ChangeKind.TAKEN_OUT, words, undo)
    return theme


def take_in(session: Session, actor: Actor, number: int, *, seen: int) -> ChosenTheme:
    """Take in what the latest run adds to the machine theme that this one began as.

    No comment of which anything is said already changes. Raises as ``open_theme``, and
    ConflictError ``theme.nothing_new``.
    """
    theme = open_theme(session, actor, number, seen)
    known = theme_places.read(session, [theme.id])
    found = session.scalars(
        select(DiscussionPlace.comment_id).where(
            DiscussionPlace.consultation_id == theme.consultation_id,
            DiscussionPlace.theme_key == theme.machine_key,
        )
    )
    news = [(theme.id, comment) for comment in found if (theme.id, comment) not in known]
    if not news or not theme.machine_key:
        raise ConflictError("theme.nothing_new")
    steps = theme_places.steps({}, news, lambda _before: theme_places.code(True, None))
    undo = Undo([(theme, "revision", theme.revision)], steps)
    _done(session, actor, theme, ChangeKind.TAKEN_IN, "", undo)
    return theme


def undo(session: Session, actor: Actor, change_id: int, *, reason: str) -> ThemeChange:
    """Undo a deed, as long as nothing has changed the themes since that it changed.

    What people have said of single comments since stays as they said it.

    Raises
    ------
    NotFoundError
        ``theme.change_unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``reason.needed``, ``text.too_long``.
    ConflictError
        ``consultation.wrong_stage``; ``theme.undone_already``; ``theme.changed_since``.
    """
    change = session.get(ThemeChange, change_id, options=[undefer(ThemeChange.undo)])
    if change is None:
        raise NotFoundError("theme.change_unknown")
    open_desk(session, actor, change.consultation_id)
    session.refresh(change)
    if change.undone_at is not None or change.undo is None:
        raise ConflictError("theme.undone_already")
    words, kept = required_reason(reason), change.undo
    themes = _unchanged(session, kept["revisions"])
    for number, name, value in kept["fields"]:
        if name == "state":
            themes[number].state = ThemeState(value)
        elif name != "revision":
            setattr(themes[number], name, value)
    back = theme_places.take_back(session, [tuple(step) for step in kept["places"]])
    for theme in themes.values():
        theme.revision += 1
    change.undone_at = now()
    about = session.get(ChosenTheme, change.theme_id) if change.theme_id else None
    deed = ChangeKind.UNDONE
    undone = record(session, actor, change.consultation_id, deed, theme=about, reason=words)
    undone.comment_count = len({step[1] for step in back})
    return undone


def _unchanged(session: Session, revisions: dict[str, int]) -> dict[int, ChosenTheme]:
    found = {
        theme.id: theme
        for theme in session.scalars(
            select(ChosenTheme)
            .where(ChosenTheme.id.in_([int(number) for number in revisions]))
            .execution_options(populate_existing=True)
        )
    }
    if any(
        int(number) not in found or found[int(number)].revision != revision
        for number, revision in revisions.items()
    ):
        raise ConflictError("theme.changed_since")
    return found


def _both(theme: ChosenTheme, other: ChosenTheme) -> list[tuple[ChosenTheme, str, Any]]:
    return [(theme, "revision", theme.revision), (other, "revision", other.revision)]


def _chosen(session: Session, theme: ChosenTheme, comments: Collection[int]) -> list[int]:
    """Return those of some comments that belong to a theme now."""
    said = theme_places.read(session, [theme.id], comments)
    found = [comment for (_theme, comment), value in said.items() if theme_places.belongs(value)]
    if not found:
        raise InvalidError("theme.choose_comments", field="comments")
    return found


def _moved(
    session: Session, theme: ChosenTheme, target: int, comments: Collection[int]
) -> list[Step]:
    said = theme_places.read(session, (theme.id, target), comments)
    out = theme_places.steps(
        said,
        [(theme.id, comment) for comment in comments],
        lambda before: theme_places.decided(before, by_person=False),
    )
    into = theme_places.steps(
        said,
        [(target, comment) for comment in comments],
        lambda before: theme_places.decided(before, by_person=True),
    )
    return [*out, *into]


def _done(
    session: Session, actor: Actor, theme: ChosenTheme, kind: ChangeKind, reason: str, undo: Undo
) -> None:
    record(session, actor, theme.consultation_id, kind, theme=theme, reason=reason, undo=undo)
