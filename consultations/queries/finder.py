"""Reads: the consultations that someone looks for, by where they stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, select
from sqlalchemy.orm import Session

from consultations import participation, policy
from consultations.announcement import last_day
from consultations.answer_clock import Clock, answer_clock
from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Consultation, Following, Stage
from consultations.queries import facets, passages
from consultations.queries.answer_duty import answered_ones
from consultations.queries.catalogue import Counts, counts_of
from consultations.queries.facets import Facet
from consultations.queries.filters import Filters, Mine
from consultations.queries.followed import followed_by
from consultations.queries.passages import ClauseFound
from consultations.queries.standing import RANK, Standing, standing_at
from core.accounts.models import Agency
from core.actor import Actor
from core.clock import BANGKOK

PAGE_SIZE: Final = 20
#: How many consultations of each standing the front page shows before "all of them".
SHOWN_OF_EACH: Final = 4


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
    is_followed: bool
    #: How long the agency still has to answer; None unless it owes answers.
    clock: Clock | None
    #: Clauses in which the words that were looked for stand.
    clauses: Sequence[ClauseFound] = ()


@dataclass(frozen=True)
class Found:
    """What the finder shows: consultations in order, and how many there are, shown or not."""

    listings: list[Listing]
    total: int
    #: How many there are of each standing, with the other filters.
    totals: Mapping[Standing, int]
    #: Values of each filter that would find something, with the other filters.
    facets: Mapping[str, Sequence[Facet]]

    def of(self, standing: Standing) -> list[Listing]:
        """Return those shown of one standing."""
        return [listing for listing in self.listings if listing.standing is standing]


def front_page(session: Session, actor: Actor, at: datetime) -> Found:
    """Return the first consultations of every standing; at most 6 queries.

    Open ones come in the order in which they close, those to come in the order in which they open,
    all others with the latest first.
    """
    everything = select(Consultation.id)
    ranked = _ranked(everything, at)
    shown = ranked.c.place <= SHOWN_OF_EACH
    choices, totals = facets.facets(session, everything, at, Filters())
    rows = _shown(session, actor, ranked, shown)
    listings = _listings(session, actor, at, rows)
    return Found(listings, sum(totals.values()), totals, choices)


def search(session: Session, actor: Actor, at: datetime, filters: Filters, page: int = 1) -> Found:
    """Return one page (from 1) of the consultations that pass the filters; at most 9 queries.

    Those with the words in their title come first.
    """
    own = _own(session, actor, filters)
    about = _about(session, filters, own)
    ranked = _ranked(_matching(about, at, filters), at, filters.terms)
    first = (page - 1) * PAGE_SIZE
    shown = and_(ranked.c.row > first, ranked.c.row <= first + PAGE_SIZE)
    choices, totals = facets.facets(session, about, at, filters)
    rows = _shown(session, actor, ranked, shown)
    taken = own if filters.mine is Mine.TOOK_PART else None
    listings = _listings(session, actor, at, rows, terms=filters.terms, taken=taken)
    return Found(listings, rows[0].total if rows else 0, totals, choices)


def days_left(consultation: Consultation, at: datetime) -> int | None:
    """Return in how many days the consultation closes, 0 on its last day; None unless open."""
    closes_at = consultation.closes_at
    if closes_at is None or not policy.is_taking_contributions(consultation, at):
        return None
    return (last_day(closes_at) - at.astimezone(BANGKOK).date()).days


def _own(session: Session, actor: Actor, filters: Filters) -> Collection[int] | None:
    """Return what belongs to the person, where only that is looked for."""
    if filters.mine is Mine.TOOK_PART:
        return participation.all_taken_part_in(session, actor)
    return followed_by(session, actor) if filters.mine is Mine.FOLLOWING else None


def _about(
    session: Session, filters: Filters, own: Collection[int] | None
) -> Select[*tuple[Any, ...]]:
    """Return the numbers of what holds the words and, where asked for, belongs to the person.

    Words are looked for once, by a query of their own, unless only a person's own are looked
    through, which are few.
    """
    found = select(Consultation.id).join(Agency, Agency.id == Consultation.agency_id)
    if own is not None:
        found = found.where(Consultation.id.in_(sorted(own)))
    if not filters.terms:
        return found
    holding = passages.holding_all(session, filters.terms)
    numbers = session.scalars(holding).all() if own is None else holding
    return found.where(Consultation.id.in_(numbers))


def _matching(
    about: Select[*tuple[Any, ...]], at: datetime, filters: Filters
) -> Select[*tuple[Any, ...]]:
    """Return the numbers of what also passes the filters that offer a choice."""
    found = about
    for column, value in (
        (Agency.slug, filters.agency),
        (Consultation.topic, filters.topic),
        (Consultation.province, filters.province),
        (Consultation.kind, filters.kind),
    ):
        if value:
            found = found.where(column == value)
    if filters.standing is not None:
        found = found.where(standing_at(at).in_(facets.ranks_of(filters.standing)))
    return found


def _ranked(
    matching: Select[*tuple[Any, ...]], at: datetime, terms: Sequence[str] = ()
) -> Subquery:
    """Public consultations among some, with their places among all and their like."""
    standing = standing_at(at)
    by_closing = case((standing <= RANK[Standing.OPEN_NOW], Consultation.closes_at))
    by_opening = case((standing == RANK[Standing.OPENS_SOON], Consultation.opens_at))
    order: tuple[Any, ...] = (
        standing,
        by_closing,
        by_opening,
        Consultation.closes_at.desc(),
        Consultation.id,
    )
    if terms:
        titled = and_(*(passages.in_title(term) for term in terms))
        order = (case((titled, 0), else_=1), *order)
    return (
        select(
            Consultation.id,
            standing.label("standing"),
            func.row_number().over(partition_by=standing, order_by=order).label("place"),
            func.row_number().over(order_by=order).label("row"),
            func.count().over().label("total"),
        )
        .where(Consultation.stage.not_in(PRIVATE_STAGES), Consultation.id.in_(matching))
        .subquery()
    )


def _shown(
    session: Session, actor: Actor, ranked: Subquery, shown: ColumnElement[bool]
) -> Sequence[Any]:
    is_followed = exists().where(
        Following.consultation_id == Consultation.id, Following.account_id == actor.account_id
    )
    return session.execute(
        select(Consultation, ranked.c.standing, ranked.c.total, is_followed)
        .join(ranked, ranked.c.id == Consultation.id)
        .where(shown)
        .order_by(ranked.c.row)
    ).all()


def _listings(
    session: Session,
    actor: Actor,
    at: datetime,
    rows: Sequence[Any],
    *,
    terms: Sequence[str] = (),
    taken: Collection[int] | None = None,
) -> list[Listing]:
    consultations = [row[0] for row in rows]
    numbers = [consultation.id for consultation in consultations]
    counts = counts_of(session, numbers, votes=False)
    if taken is None:
        taken = participation.taken_part_in(session, actor, consultations)
    owing = [each.id for each in consultations if answer_clock(each, at, is_answered=False)]
    answered = answered_ones(session, owing) if owing else set()
    clauses = passages.clauses_found(session, numbers, terms)
    standings = list(Standing)
    return [
        Listing(
            consultation=consultation,
            standing=standings[rank],
            stage=policy.current_stage(consultation, at),
            days_left=days_left(consultation, at),
            counts=counts[consultation.id],
            took_part=consultation.id in taken,
            is_followed=bool(is_followed),
            clock=answer_clock(consultation, at, is_answered=consultation.id in answered),
            clauses=clauses.get(consultation.id, ()),
        )
        for consultation, rank, _total, is_followed in rows
    ]
