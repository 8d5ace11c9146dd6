"""Reads: panels with their prototype clauses, and what may be told of their answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import (
    Consultation,
    Degree,
    Panel,
    PanelAnswer,
    PanelClause,
    PanelSeat,
    SeatState,
)
from consultations.shares import LEAST, hidden_groups, wilson
from core.errors import NotFoundError


@dataclass(frozen=True)
class Told:
    """What may be told of one question about one clause.

    Attributes
    ----------
    total : int or None
        How many answered; None where they are fewer than ``LEAST``.
    counts : mapping of Degree to int or None
        None for a cell that is kept back, because it or what it would give away is too small.
    share, low, high : float or None
        Share of "yes" with its Wilson interval of 95 %; None with its cell.
    """

    total: int | None
    counts: Mapping[Degree, int | None]
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ClauseResult:
    """A prototype clause with what may be told of the answers to it."""

    clause: PanelClause
    understood: Told
    workable: Told
    #: What members would change, in no order; for the agency only.
    changes: Sequence[str]


@dataclass(frozen=True)
class PanelPage:
    """A panel with its clauses, and how many were invited, accepted and answered."""

    panel: Panel
    clauses: Sequence[ClauseResult]
    invited: int
    accepted: int
    answered: int


def told(counts: Mapping[Degree, int]) -> Told:
    """Return what may be told of some counts; small cells, and what would tell them, are not."""
    filled = {each: counts.get(each, 0) for each in Degree}
    total = sum(filled.values())
    if total < LEAST:
        return Told(None, dict.fromkeys(Degree))
    hidden = hidden_groups({each.value: count for each, count in filled.items()})
    shown = {each: None if each in hidden else count for each, count in filled.items()}
    yes = shown[Degree.YES]
    if yes is None:
        return Told(total, shown)
    return Told(total, shown, yes / total, *wilson(yes, total))


def panels_of(
    session: Session, consultation_id: int, *, public_only: bool = False
) -> Sequence[Panel]:
    """Return the panels of a consultation by their number; one query."""
    query = select(Panel).where(Panel.consultation_id == consultation_id).order_by(Panel.number)
    if public_only:
        query = query.where(Panel.published_at.is_not(None))
    return session.scalars(query).all()


def panel_numbered(
    session: Session, consultation_id: int, number: int, *, public_only: bool = False
) -> Panel:
    """Return a panel of a consultation; NotFoundError ``panel.unknown``. One query."""
    found = next(
        (
            each
            for each in panels_of(session, consultation_id, public_only=public_only)
            if each.number == number
        ),
        None,
    )
    if found is None:
        raise NotFoundError("panel.unknown")
    return found


def panel_of_seat(session: Session, panel_id: int) -> tuple[Panel, Consultation]:
    """Return a panel with its consultation; NotFoundError ``panel.unknown``. Two queries."""
    panel = session.get(Panel, panel_id)
    if panel is None:
        raise NotFoundError("panel.unknown")
    return panel, session.get_one(Consultation, panel.consultation_id)


def clauses_of(session: Session, panel: Panel) -> Sequence[PanelClause]:
    """Return the prototype clauses of a panel in order; one query."""
    return session.scalars(
        select(PanelClause).where(PanelClause.panel_id == panel.id).order_by(PanelClause.position)
    ).all()


def answers_of(session: Session, seat: PanelSeat) -> dict[int, PanelAnswer]:
    """Return what a member has said, by clause; one query."""
    rows = session.scalars(select(PanelAnswer).where(PanelAnswer.seat_id == seat.id))
    return {each.clause_id: each for each in rows}


def panel_page(session: Session, panel: Panel) -> PanelPage:
    """Return a panel with its results; three queries."""
    clauses = clauses_of(session, panel)
    answers = session.scalars(
        select(PanelAnswer)
        .where(PanelAnswer.clause_id.in_([each.id for each in clauses]))
        .order_by(PanelAnswer.change)
    ).all()
    states = Counter(
        session.scalars(select(PanelSeat.state).where(PanelSeat.panel_id == panel.id)).all()
    )
    results = []
    for clause in clauses:
        own = [each for each in answers if each.clause_id == clause.id]
        results.append(
            ClauseResult(
                clause,
                told(Counter(each.understood for each in own)),
                told(Counter(each.workable for each in own)),
                [each.change for each in own if each.change],
            )
        )
    return PanelPage(
        panel,
        results,
        states.total(),
        states[SeatState.ACTIVE],
        len({each.seat_id for each in answers}),
    )
