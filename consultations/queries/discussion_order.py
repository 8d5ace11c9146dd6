"""Reads: which comments stand on one page of a discussion, by key and not by counting rows.

A page is what comes after a key (or before it) in the chosen order. However far one reads, a page
costs the same, and what arrives meanwhile neither repeats nor hides what has not been read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    cast,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from consultations.models import (
    Contribution,
    DiscussionPlace,
    Stance,
    Visibility,
)
from core.errors import NotFoundError

PAGE_SIZE = 50
#: Of a search, so many words are looked for.
MOST_WORDS = 5
#: A prime below the square root of the largest number of both databases.
_PRIME = 2_147_483_647
_LARGEST = 2**63 - 1
#: What stands in its place as a stub, with the reason, instead of vanishing.
_STUBS = (Visibility.HELD, Visibility.HIDDEN)


class Order(StrEnum):
    """In which order comments are read."""

    BRIDGING = "bridging"
    RECENT = "recent"
    OLDEST = "oldest"
    SUPPORTED = "supported"
    UNANSWERED = "unanswered"
    RANDOM = "random"


_RISING = frozenset({Order.OLDEST, Order.UNANSWERED, Order.RANDOM})

Key = tuple[int, ...]


@dataclass(frozen=True)
class Filters:
    """Which comments are read; None leaves a question open."""

    clause_key: str | None = None
    theme_key: str = ""
    stance: str = ""
    answered: bool | None = None
    #: Looked for in the words of the comments, all of them.
    words: str = ""

    @property
    def only_published(self) -> bool:
        """Whether stubs stay out: they have no words, stance or theme that anyone may see."""
        return bool(self.theme_key or self.stance or self.words) or self.answered is not None


@dataclass(frozen=True)
class Where:
    """Which page of an order: from one comment on, after a key, before a key, or the first."""

    after: str = ""
    before: str = ""
    at: str = ""


@dataclass(frozen=True)
class PageOfKeys:
    """The comments of a page in order, and the keys of the pages around it; empty at the ends."""

    ids: tuple[int, ...]
    before: str
    after: str


@dataclass(frozen=True)
class Reading:
    """A discussion as one person reads it."""

    consultation_id: int
    order: Order = Order.RECENT
    filters: Filters = Filters()
    #: Shuffles the random order; the same number gives the same order.
    seed: int = 0
    #: Whose own comments are shown while they wait for a moderator.
    own_id: str | None = None


def page_of_keys(session: Session, reading: Reading, where: Where) -> PageOfKeys:
    """Return one page; at most two queries.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: ``where.at`` names no comment of this discussion.
    """
    rising = reading.order in _RISING
    if where.at:
        start = _key_of(session, reading, where.at)
        rows = _rows(session, reading, start, rising=rising, inclusive=True)
        return _page(rows, has_before=True)
    before, after = _parsed(reading, where.before), _parsed(reading, where.after)
    if before is not None:
        rows = _rows(session, reading, before, rising=not rising)
        page = _page(rows, has_before=True)
        # Read backwards: turn it round; what was beyond the page's end is now before its start.
        is_first = not page.after
        return PageOfKeys(page.ids[::-1], "" if is_first else page.after, page.before)
    rows = _rows(session, reading, after, rising=rising)
    return _page(rows, has_before=after is not None)


def _page(rows: Sequence[Any], *, has_before: bool) -> PageOfKeys:
    shown = rows[:PAGE_SIZE]
    if not shown:
        return PageOfKeys((), "", "")
    first, last = (_written(row) for row in (shown[0], shown[-1]))
    has_after = len(rows) > PAGE_SIZE
    return PageOfKeys(
        tuple(row[-1] for row in shown), first if has_before else "", last if has_after else ""
    )


def _rows(
    session: Session, reading: Reading, start: Key | None, *, rising: bool, inclusive: bool = False
) -> Sequence[Any]:
    """Return the keys of a page and of one comment more. One query."""
    branches = [
        _branch(reading, condition, start, rising=rising, inclusive=inclusive)
        for condition in _readable(reading)
    ]
    if len(branches) == 1:
        return session.execute(branches[0]).all()
    together = union_all(*(select(*branch.subquery().c) for branch in branches)).subquery()
    columns = [column if rising else column.desc() for column in together.c]
    return session.execute(select(*together.c).order_by(*columns).limit(PAGE_SIZE + 1)).all()


def _branch(
    reading: Reading,
    condition: ColumnElement[bool],
    start: Key | None,
    *,
    rising: bool,
    inclusive: bool,
) -> Select[*tuple[Any, ...]]:
    columns = _columns(reading)
    query = select(*(column.label(f"k{place}") for place, column in enumerate(columns)))
    query = query.where(
        DiscussionPlace.consultation_id == reading.consultation_id,
        condition,
        *filtering(reading.filters),
    )
    if start is not None:
        here, there = tuple_(*columns), tuple_(*(literal(part, BigInteger) for part in start))
        if inclusive:
            query = query.where(here >= there if rising else here <= there)
        else:
            query = query.where(here > there if rising else here < there)
    ordered = (column if rising else column.desc() for column in columns)
    return query.order_by(*ordered).limit(PAGE_SIZE + 1)


def _readable(reading: Reading) -> list[ColumnElement[bool]]:
    """Return whose rows are read, one condition for each range of the index."""
    conditions = [DiscussionPlace.visibility == Visibility.PUBLISHED]
    if reading.filters.only_published:
        return conditions
    conditions += [DiscussionPlace.visibility == each for each in _STUBS]
    conditions.append(
        (DiscussionPlace.visibility == Visibility.WITHDRAWN) & (DiscussionPlace.replies > 0)
    )
    if reading.own_id is not None:
        own = select(Contribution.id).where(
            Contribution.participant_id == reading.own_id,
            Contribution.visibility == Visibility.PENDING,
        )
        conditions.append(
            (DiscussionPlace.visibility == Visibility.PENDING) & DiscussionPlace.comment_id.in_(own)
        )
    return conditions


def _columns(reading: Reading) -> tuple[Any, ...]:
    place = DiscussionPlace
    number = place.comment_id
    match reading.order:
        case Order.BRIDGING:
            return place.bridging, place.supports, number
        case Order.SUPPORTED:
            return place.supports, number
        case Order.UNANSWERED:
            return place.answers, number
        case Order.RANDOM:
            return _shuffled(reading.seed), number
    return (number,)


def _shuffled(seed: int) -> ColumnElement[int]:
    """Mix the comments' numbers: two affine maps modulo a prime, multiplied."""
    number = cast(DiscussionPlace.comment_id, BigInteger)

    def mapped(salt: int) -> ColumnElement[int]:
        factor = (seed * 48_271 + salt) % (_PRIME - 1) + 1
        return (number * literal(factor, BigInteger) + literal(seed + salt, BigInteger)) % literal(
            _PRIME, BigInteger
        )

    return (mapped(69_621) * mapped(39_373)) % literal(_PRIME, BigInteger)


def filtering(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on places that filters stand for."""
    place, conditions = DiscussionPlace, []
    if filters.clause_key is not None:
        conditions.append(place.clause_key == filters.clause_key)
    if filters.theme_key:
        conditions.append(place.theme_key == filters.theme_key)
    if filters.stance:
        known = filters.stance in list(Stance)
        conditions.append(place.stance == Stance(filters.stance) if known else literal(False))
    if filters.answered is not None:
        conditions.append(place.answers > 0 if filters.answered else place.answers == 0)
    words = filters.words.split()[:MOST_WORDS]
    if words:
        holds = [Contribution.body.icontains(word, autoescape=True) for word in words]
        matching = select(Contribution.id).where(Contribution.id == place.comment_id, *holds)
        conditions.append(matching.correlate(place).exists())
    return conditions


def _key_of(session: Session, reading: Reading, reference: str) -> Key:
    row = session.execute(
        select(*_columns(reading))
        .join(Contribution, Contribution.id == DiscussionPlace.comment_id)
        .where(
            Contribution.reference == reference,
            DiscussionPlace.consultation_id == reading.consultation_id,
            or_(*_readable(reading)),
        )
    ).first()
    if row is None:
        raise NotFoundError("contribution.unknown")
    return tuple(row)


def _parsed(reading: Reading, text: str) -> Key | None:
    """Return the key that an address holds; None when it holds none for this order."""
    parts = text.split("-")
    fits = len(parts) == len(_columns(reading))
    if not fits or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    if any(len(part) > 19 for part in parts):
        return None
    key = tuple(map(int, parts))
    return key if all(part <= _LARGEST for part in key) else None


def _written(row: Any) -> str:
    return "-".join(str(part) for part in row)
