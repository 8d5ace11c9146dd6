"""Reads: which values of each filter would find something, and how much."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Consultation
from consultations.queries.filters import Filters
from consultations.queries.standing import RANK, Standing, standing_at
from core.accounts.models import Agency

#: Filters that offer a choice.
CHOICES: Final = ("agency", "topic", "province", "kind")


class Facet(NamedTuple):
    """A value of a filter, and how many consultations it would find."""

    value: str
    found: int
    #: Names of an agency; empty where the value is a code.
    name_th: str = ""
    name_en: str = ""


def ranks_of(standing: Standing) -> set[int]:
    """Return the ranks that a standing covers: what closes soon is open too."""
    is_open = standing is Standing.OPEN_NOW
    return {RANK[standing]} | ({RANK[Standing.CLOSING_SOON]} if is_open else set())


def facets(
    session: Session, about: Select[*tuple[Any, ...]], at: datetime, filters: Filters
) -> tuple[Mapping[str, Sequence[Facet]], Mapping[Standing, int]]:
    """Return the choices of every filter, and the counts by standing. One query.

    Each filter is counted as if it were empty and all others held, so that a choice says what it
    would find.

    Parameters
    ----------
    about : select
        Numbers of the consultations with the words that are looked for.
    """
    rows = session.execute(_grouped(about, at)).all()
    standings = list(Standing)
    totals: Counter[Standing] = Counter()
    for row in _passing(rows, filters, "standing"):
        totals[standings[row.standing]] += row.found
    choices = {name: _choices(rows, filters, name) for name in CHOICES}
    return choices, {each: totals[each] for each in standings if totals[each]}


def _grouped(about: Select[*tuple[Any, ...]], at: datetime) -> Select[*tuple[Any, ...]]:
    each = (
        select(
            standing_at(at).label("standing"),
            Agency.slug.label("agency"),
            Agency.name_th,
            Agency.name_en,
            Consultation.topic,
            Consultation.province,
            Consultation.kind,
        )
        .join(Agency, Agency.id == Consultation.agency_id)
        .where(Consultation.stage.not_in(PRIVATE_STAGES), Consultation.id.in_(about))
        .subquery()
    )
    return select(*each.c, func.count().label("found")).group_by(*each.c)


def _passing(rows: Sequence[Any], filters: Filters, left_open: str) -> list[Any]:
    """Return the groups that pass all filters but one."""
    values = {name: getattr(filters, name) for name in CHOICES if name != left_open}
    wanted = {name: value for name, value in values.items() if value}
    standing = filters.standing if left_open != "standing" else None
    ranks = ranks_of(standing) if standing is not None else set(RANK.values())
    return [
        row
        for row in rows
        if row.standing in ranks
        and all(getattr(row, name) == value for name, value in wanted.items())
    ]


def _choices(rows: Sequence[Any], filters: Filters, name: str) -> list[Facet]:
    counts: Counter[str] = Counter()
    names: dict[str, tuple[str, str]] = {}
    for row in _passing(rows, filters, name):
        value = str(getattr(row, name))
        counts[value] += row.found
        names[value] = (row.name_th, row.name_en) if name == "agency" else ("", "")
    return [Facet(value, counts[value], *names[value]) for value in counts if value]
