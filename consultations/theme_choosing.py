"""Service: choose themes among the machine's, make, word, pin and drop them, show them to all."""

from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import theme_places
from consultations.models import (
    ChangeKind,
    ChosenTheme,
    DiscussionPlace,
    DiscussionTheme,
    ThemeChange,
    ThemeState,
)
from consultations.theme_deeds import (
    Undo,
    Wording,
    open_desk,
    open_theme,
    record,
    required_reason,
)
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotFoundError


def adopt(session: Session, actor: Actor, consultation_id: int, key: str) -> ChosenTheme:
    """Choose a machine theme of the latest run, with the comments that the machine sees in it.

    Each of them is a suggestion until a person has read it. Nothing is lost of what people did to a
    theme that began as the same one and was dropped: that stays in the history.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``theme.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``, ``theme.chosen_already``.
    """
    open_desk(session, actor, consultation_id)
    found = _candidate(session, consultation_id, key)
    aside = _taken_from(session, consultation_id, key)
    if aside is not None and aside.state is not ThemeState.SET_ASIDE:
        raise ConflictError("theme.chosen_already")
    fields = [] if aside is None else [(aside, "state", ThemeState.SET_ASIDE.value)]
    theme = aside or _new(session, consultation_id, found)
    theme.state = ThemeState.CHOSEN
    session.flush()
    numbers = machine_comments(session, consultation_id, key)
    places = [(theme.id, number) for number in numbers]
    suggested = theme_places.steps({}, places, lambda _before: theme_places.code(True, None))
    undo = Undo(fields or [(theme, "state", ThemeState.DROPPED.value)], suggested)
    record(session, actor, consultation_id, ChangeKind.ADOPTED, theme=theme, undo=undo)
    return theme


def set_aside(
    session: Session, actor: Actor, consultation_id: int, key: str, *, reason: str
) -> ChosenTheme:
    """Say why a machine theme is not chosen; it can be chosen later all the same.

    Raises as ``adopt``, and InvalidError ``reason.needed``, ``text.too_long``.
    """
    open_desk(session, actor, consultation_id)
    found = _candidate(session, consultation_id, key)
    if _taken_from(session, consultation_id, key) is not None:
        raise ConflictError("theme.chosen_already")
    words = required_reason(reason)
    theme = _new(session, consultation_id, found)
    theme.state = ThemeState.SET_ASIDE
    session.flush()
    undo = Undo([(theme, "state", ThemeState.DROPPED.value)])
    change = ChangeKind.SET_ASIDE
    record(session, actor, consultation_id, change, theme=theme, reason=words, undo=undo)
    return theme


def create(session: Session, actor: Actor, consultation_id: int, wording: Wording) -> ChosenTheme:
    """Make a theme by hand; it has no comments yet.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``theme.label_th_required``, ``text.too_long``.
    ConflictError
        ``consultation.wrong_stage``.
    """
    open_desk(session, actor, consultation_id)
    theme = ChosenTheme(
        consultation_id=consultation_id, chosen_at=now(), **asdict(wording.cleaned())
    )
    session.add(theme)
    session.flush()
    undo = Undo([(theme, "state", ThemeState.DROPPED.value)])
    record(session, actor, consultation_id, ChangeKind.CREATED, theme=theme, undo=undo)
    return theme


def word(
    session: Session, actor: Actor, number: int, *, seen: int, wording: Wording, reason: str
) -> ChosenTheme:
    """Give a theme other words, which everyone sees; raises as ``open_theme`` and ``create``."""
    theme = open_theme(session, actor, number, seen)
    cleaned, words = asdict(wording.cleaned()), required_reason(reason)
    before = [(theme, name, getattr(theme, name)) for name in cleaned]
    for name, value in cleaned.items():
        setattr(theme, name, value)
    _done(session, actor, theme, ChangeKind.WORDED, words, Undo(before))
    return theme


def pin(session: Session, actor: Actor, number: int, *, pinned: bool) -> ChosenTheme:
    """Ask later runs to keep the machine theme together, or let go of it.

    Raises as ``open_theme``, and ConflictError ``theme.made_by_hand``.
    """
    theme = open_theme(session, actor, number)
    if not theme.machine_key:
        raise ConflictError("theme.made_by_hand")
    if theme.is_pinned != pinned:
        kind = ChangeKind.PINNED if pinned else ChangeKind.UNPINNED
        undo = Undo([(theme, "is_pinned", theme.is_pinned)])
        theme.is_pinned = pinned
        _done(session, actor, theme, kind, "", undo)
    return theme


def drop(session: Session, actor: Actor, number: int, *, seen: int, reason: str) -> ChosenTheme:
    """Choose a theme no longer; its comments and its history are kept.

    Raises as ``open_theme``, and InvalidError ``reason.needed``, ``text.too_long``.
    """
    theme = open_theme(session, actor, number, seen)
    words = required_reason(reason)
    undo = Undo([(theme, "state", ThemeState.CHOSEN.value)])
    theme.state = ThemeState.DROPPED
    _done(session, actor, theme, ChangeKind.DROPPED, words, undo)
    return theme


def show(
    session: Session, actor: Actor, consultation_id: int, *, shown: bool, reason: str
) -> ThemeChange:
    """Let everyone see the chosen themes in the place of the machine's, or the machine's again.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``reason.needed``, ``text.too_long``.
    ConflictError
        ``consultation.wrong_stage``; ``theme.none_chosen``; ``theme.shown_already``.
    """
    desk = open_desk(session, actor, consultation_id)
    words = required_reason(reason)
    if shown == (desk.shown_at is not None):
        raise ConflictError("theme.shown_already")
    chosen = select(func.count(ChosenTheme.id)).where(
        ChosenTheme.consultation_id == consultation_id, ChosenTheme.state == ThemeState.CHOSEN
    )
    if shown and not session.scalar(chosen):
        raise ConflictError("theme.none_chosen")
    desk.shown_at = now() if shown else None
    kind = ChangeKind.SHOWN if shown else ChangeKind.UNSHOWN
    return record(session, actor, consultation_id, kind, reason=words)


def machine_comments(session: Session, consultation_id: int, key: str) -> list[int]:
    """Return the numbers of the comments that the latest run puts into a theme; one query."""
    rows = session.scalars(
        select(DiscussionPlace.comment_id)
        .where(DiscussionPlace.consultation_id == consultation_id, DiscussionPlace.theme_key == key)
        .order_by(DiscussionPlace.comment_id)
    )
    return list(rows)


def _done(
    session: Session, actor: Actor, theme: ChosenTheme, kind: ChangeKind, reason: str, undo: Undo
) -> None:
    record(session, actor, theme.consultation_id, kind, theme=theme, reason=reason, undo=undo)


def _candidate(session: Session, consultation_id: int, key: str) -> DiscussionTheme:
    found = session.get(DiscussionTheme, (consultation_id, key))
    if found is None:
        raise NotFoundError("theme.unknown")
    return found


def _taken_from(session: Session, consultation_id: int, key: str) -> ChosenTheme | None:
    """Return what people made of a machine theme, unless they dropped it."""
    return session.scalars(
        select(ChosenTheme)
        .where(
            ChosenTheme.consultation_id == consultation_id,
            ChosenTheme.machine_key == key,
            ChosenTheme.state != ThemeState.DROPPED,
        )
        .order_by(ChosenTheme.id.desc())
        .limit(1)
    ).first()


def _new(session: Session, consultation_id: int, found: DiscussionTheme) -> ChosenTheme:
    theme = ChosenTheme(
        consultation_id=consultation_id,
        machine_key=found.key,
        terms=found.terms,
        language=found.language,
        chosen_at=now(),
    )
    session.add(theme)
    return theme
