"""Reads: the consultations that someone looks for, by where they stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from consultations import participation, policy
from consultations.announcement import last_day
from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Consultation, Kind, Stage
from consultations.queries.catalogue import Counts, counts_of
from core.accounts.models import Agency
from core.actor import Actor
from core.clock import BANGKOK
from core.text import tidy

#: Closing within this time counts as soon.
SOON: Final = timedelta(days=7)
PAGE_SIZE: Final = 20
#: How many consultations of each standing the front page shows before "all of them".
SHOWN_OF_EACH: Final = 6


class Standing(StrEnum):
    """Where a consultation stands for someone who looks for one, in the order of the front page."""

    CLOSING_SOON = "closing_soon"
    OPEN_NOW = "open_now"
    OPENS_SOON = "opens_soon"
    RESULTS_OUT = "results_out"
    IN_SUMMARY = "in_summary"
    CONCLUDED = "concluded"


_RANK: Final = {standing: rank for rank, standing in enumerate(Standing)}
_ENDED_STAGES: Final = (Stage.CONCLUDED, Stage.MONITORING, Stage.ARCHIVED)


@dataclass(frozen=True)
class Listing:
    """One consultation in the finder."""

    consultation: Consultation
    standing: Standing
    stage: Stage
    #: Days until it closes, 0 on the last day; None unless it is open.
    days_left: int | None
    counts: Counts
    took_part: bool


@dataclass(frozen=True)
class Filters:
    """What someone looks for; an empty filter lets everything through."""

    words: str = ""
    standing: Standing | None = None
    kind: Kind | None = None

    def __bool__(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.words.strip() or self.standing or self.kind)


@dataclass(frozen=True)
class Found:
    """What the finder shows: consultations in order, and how many there are, shown or not."""

    listings: list[Listing]
    total: int
    #: How many there are of each standing that is shown.
    totals: dict[Standing, int]

    def of(self, standing: Standing) -> list[Listing]:
        """Return those shown of one standing."""
        return [listing for listing in self.listings if listing.standing is standing]


def front_page(session: Session, actor: Actor, at: datetime) -> Found:
    """Return the first consultations of every standing; at most 5 queries.

    Open ones come in the order in which they close, those to come in the order in which they open,
    all others with the latest first.
    """
    ranked = _ranked(Filters(), at)
    return _found(session, actor, at, ranked, ranked.c.place <= SHOWN_OF_EACH)


def search(session: Session, actor: Actor, at: datetime, filters: Filters, page: int = 1) -> Found:
    """Return one page (from 1) of the consultations that pass the filters; at most 5 queries."""
    ranked = _ranked(filters, at)
    first = (page - 1) * PAGE_SIZE
    shown = and_(ranked.c.row > first, ranked.c.row <= first + PAGE_SIZE)
    return _found(session, actor, at, ranked, shown)


def days_left(consultation: Consultation, at: datetime) -> int | None:
    """Return in how many days the consultation closes, 0 on its last day; None unless open."""
    closes_at = consultation.closes_at
    if closes_at is None or not policy.is_taking_contributions(consultation, at):
        return None
    return (last_day(closes_at) - at.astimezone(BANGKOK).date()).days


def _ranked(filters: Filters, at: datetime) -> Subquery:
    """Public consultations that pass the filters, with their places among all and their like."""
    standing = _standing(at)
    by_closing = case((standing <= _RANK[Standing.OPEN_NOW], Consultation.closes_at))
    by_opening = case((standing == _RANK[Standing.OPENS_SOON], Consultation.opens_at))
    order = (standing, by_closing, by_opening, Consultation.closes_at.desc(), Consultation.id)
    listed = select(
        Consultation.id,
        standing.label("standing"),
        func.row_number().over(partition_by=standing, order_by=order).label("place"),
        func.row_number().over(order_by=order).label("row"),
        func.count().over(partition_by=standing).label("of_standing"),
        func.count().over().label("total"),
    ).where(Consultation.stage.not_in(PRIVATE_STAGES))
    return _filtered(listed, filters, standing).subquery()


def _filtered(
    listed: Select[*tuple[Any, ...]], filters: Filters, standing: ColumnElement[int]
) -> Select[*tuple[Any, ...]]:
    if filters.kind is not None:
        listed = listed.where(Consultation.kind == filters.kind)
    if filters.standing is not None:
        wanted = {filters.standing}
        if filters.standing is Standing.OPEN_NOW:
            wanted.add(Standing.CLOSING_SOON)
        listed = listed.where(standing.in_([_RANK[value] for value in wanted]))
    for word in tidy(filters.words).split():
        columns = (Consultation.title_th, Consultation.title_en, Agency.name_th, Agency.name_en)
        listed = listed.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return listed.join(Agency, Agency.id == Consultation.agency_id)


def _standing(at: datetime) -> ColumnElement[int]:
    """Rank of the standing that holds at a moment, as ``policy.current_stage`` would have it."""
    stage, opens_at, closes_at = Consultation.stage, Consultation.opens_at, Consultation.closes_at
    begun = and_(stage == Stage.SCHEDULED, opens_at <= at)
    still = or_(closes_at.is_(None), closes_at > at)
    taking = and_(or_(stage.in_(policy.TAKING_STAGES), begun), still)
    to_come = and_(stage == Stage.SCHEDULED, or_(opens_at.is_(None), opens_at > at))
    return case(
        (and_(taking, closes_at <= at + SOON), _RANK[Standing.CLOSING_SOON]),
        (taking, _RANK[Standing.OPEN_NOW]),
        (to_come, _RANK[Standing.OPENS_SOON]),
        (stage.in_((Stage.RATIFICATION, Stage.ANSWERING)), _RANK[Standing.RESULTS_OUT]),
        (stage.in_(_ENDED_STAGES), _RANK[Standing.CONCLUDED]),
        else_=_RANK[Standing.IN_SUMMARY],
    )


def _found(
    session: Session, actor: Actor, at: datetime, ranked: Subquery, shown: ColumnElement[bool]
) -> Found:
    rows = session.execute(
        select(Consultation, ranked.c.standing, ranked.c.of_standing, ranked.c.total)
        .join(ranked, ranked.c.id == Consultation.id)
        .where(shown)
        .order_by(ranked.c.row)
    ).all()
    consultations = [row[0] for row in rows]
    counts = counts_of(session, [consultation.id for consultation in consultations])
    taken = participation.taken_part_in(session, actor, consultations)
    standings = list(Standing)
    listings = [
        Listing(
            consultation=consultation,
            standing=standings[rank],
            stage=policy.current_stage(consultation, at),
            days_left=days_left(consultation, at),
            counts=counts[consultation.id],
            took_part=consultation.id in taken,
        )
        for consultation, rank, _of_standing, _total in rows
    ]
    totals = {standings[rank]: of_standing for _, rank, of_standing, _total in rows}
    return Found(listings, rows[0].total if rows else 0, totals)
