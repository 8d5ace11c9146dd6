"""What every deed on the theme workbench begins and ends with: the lock, the rule, the record."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations import policy, theme_places
from consultations.models import (
    ChangeKind,
    ChosenTheme,
    Consultation,
    Stage,
    ThemeChange,
    ThemeDesk,
    ThemeState,
)
from consultations.participation import locked_consultation
from consultations.theme_places import Step
from core import ledger
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.text import plain_text, single_line

LONGEST_LABEL, LONGEST_TEXT, LONGEST_REASON = 200, 2000, 2000
#: Stages at which themes are worked on: until participants check what became of them.
WORKING_STAGES = (Stage.OPEN, Stage.EXTENDED, Stage.CLOSED, Stage.SUMMARY)


@dataclass(frozen=True)
class Wording:
    """What people call a theme and how they describe it."""

    label_th: str = ""
    label_en: str = ""
    description_th: str = ""
    description_en: str = ""

    def cleaned(self) -> "Wording":
        """Return it as it is kept.

        Raises
        ------
        InvalidError
            ``theme.label_th_required``, ``text.too_long``.
        """
        if not self.label_th.strip():
            raise InvalidError("theme.label_th_required", field="label_th")
        return Wording(
            _line(self.label_th, "label_th"),
            _line(self.label_en, "label_en"),
            _text(self.description_th, "description_th"),
            _text(self.description_en, "description_en"),
        )


@dataclass(frozen=True)
class Undo:
    """What it takes to undo a deed.

    Attributes
    ----------
    fields : sequence of (theme, name, value)
        Columns of themes as they were before.
    places : sequence of Step
    """

    fields: Sequence[tuple[ChosenTheme, str, Any]] = ()
    places: Sequence[Step] = ()

    @property
    def themes(self) -> set[ChosenTheme]:
        """The themes that the deed changed."""
        return {theme for theme, *_ in self.fields}

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept; the revisions are those that the deed has led to."""
        return {
            "fields": [[theme.id, name, value] for theme, name, value in self.fields],
            "revisions": {str(theme.id): theme.revision for theme in self.themes},
            "places": [list(step) for step in self.places],
        }


def open_desk(session: Session, actor: Actor, consultation_id: int) -> ThemeDesk:
    """Lock the workbench of a consultation for a change; one at a time changes something on it.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *WORKING_STAGES)
    desk = _locked(session, consultation_id)
    if desk is not None:
        return desk
    try:
        with session.begin_nested():
            desk = ThemeDesk(consultation_id=consultation_id)
            session.add(desk)
            session.flush()
    except IntegrityError:
        # Somebody else opened it at the same moment.
        desk = _locked(session, consultation_id)
    if desk is None:
        raise NotFoundError("consultation.unknown")
    return desk


def is_working(consultation: Consultation) -> bool:
    """Whether themes can be worked on now."""
    return policy.current_stage(consultation, now()) in WORKING_STAGES


def open_theme(session: Session, actor: Actor, number: int, seen: int | None = None) -> ChosenTheme:
    """Return a chosen theme that the actor may change now.

    Parameters
    ----------
    seen : int or None
        Its revision on the page that the actor decided on; None where it does not matter.

    Raises
    ------
    NotFoundError
        ``theme.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``; ``theme.changed_meanwhile``, ``theme.gone``.
    """
    theme = session.get(ChosenTheme, number)
    if theme is None:
        raise NotFoundError("theme.unknown")
    open_desk(session, actor, theme.consultation_id)
    session.refresh(theme)
    if theme.state is not ThemeState.CHOSEN:
        raise ConflictError("theme.gone")
    if seen is not None and seen != theme.revision:
        raise ConflictError("theme.changed_meanwhile")
    return theme


def other_theme(session: Session, theme: ChosenTheme, number: int) -> ChosenTheme:
    """Return another chosen theme of the same consultation.

    Raises InvalidError ``theme.choose_other``.
    """
    other = session.get(ChosenTheme, number, populate_existing=True)
    known = other is not None and other.consultation_id == theme.consultation_id
    if other is None or not known or other.state is not ThemeState.CHOSEN or other.id == theme.id:
        raise InvalidError("theme.choose_other", field="target")
    return other


def required_reason(reason: str) -> str:
    """Return a reason as it is kept; raises InvalidError ``reason.needed``, ``text.too_long``."""
    if not reason.strip():
        raise InvalidError("reason.needed", field="reason")
    return plain_text(reason, max_length=LONGEST_REASON, field="reason")


def record(
    session: Session,
    actor: Actor,
    consultation_id: int,
    kind: ChangeKind,
    *,
    theme: ChosenTheme | None = None,
    reason: str = "",
    undo: Undo | None = None,
) -> ThemeChange:
    """Keep a deed with who did it and why, raise the revisions, and write it to the ledger."""
    places = undo.places if undo else ()
    for each in undo.themes if undo else ():
        each.revision += 1
    theme_places.take(session, places)
    change = ThemeChange(
        consultation_id=consultation_id,
        theme_id=theme.id if theme else None,
        kind=kind,
        label_th=(theme.label_th or theme.terms) if theme else "",
        label_en=theme.label_en if theme else "",
        comment_count=len({step[1] for step in places}),
        reason=reason,
        done_by_id=actor.account_id,
        role=(Role.OFFICER if actor.has(Role.OFFICER) else Role.APPROVER).value,
        changed_at=now(),
        undo=undo.as_json() if undo else None,
        can_undo=undo is not None,
    )
    session.add(change)
    digest = hashlib.sha256(reason.encode()).hexdigest()
    ledger.record(
        session,
        actor,
        f"theme.{kind.value}",
        consultation_id=consultation_id,
        subject=f"chosen_theme:{theme.id}" if theme else "",
        detail={"comments": change.comment_count, "reason_sha256": digest},
    )
    session.flush()
    return change


def _locked(session: Session, consultation_id: int) -> ThemeDesk | None:
    return session.get(ThemeDesk, consultation_id, populate_existing=True, with_for_update=True)


def _line(value: str, field: str) -> str:
    return single_line(value, max_length=LONGEST_LABEL, field=field) if value.strip() else ""


def _text(value: str, field: str) -> str:
    return plain_text(value, max_length=LONGEST_TEXT, field=field) if value.strip() else ""
