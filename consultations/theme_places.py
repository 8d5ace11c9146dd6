"""What the machine and people say about comments and chosen themes, read and changed in bulk.

A place is a pair of theme and comment; what is said of it is one small number, so that a change of
ten thousand of them can be kept with its deed and undone.
"""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from consultations.models import ThemePlacement

#: Nothing is said of the place.
ABSENT = -1
_PEOPLE: tuple[bool | None, ...] = (None, False, True)
_TABLE = ThemePlacement.metadata.tables["theme_placement"]

#: Theme and comment.
Place = tuple[int, int]
#: Theme, comment, what was said before, what is said now.
Step = tuple[int, int, int, int]


def is_member() -> ColumnElement[bool]:
    """Return the condition under which a comment belongs to its theme."""
    machine_alone = ThemePlacement.by_person.is_(None) & ThemePlacement.by_machine
    return or_(ThemePlacement.by_person.is_(True), machine_alone)


def code(by_machine: bool, by_person: bool | None) -> int:
    """Return what is said of a place as a number from 0 to 5."""
    return 3 * by_machine + _PEOPLE.index(by_person)


def decoded(value: int) -> tuple[bool, bool | None]:
    """Return what a number from 0 to 5 stands for: by the machine, by a person."""
    return value >= 3, _PEOPLE[value % 3]


def belongs(value: int) -> bool:
    """Whether a comment of which this is said belongs to the theme."""
    if value == ABSENT:
        return False
    by_machine, by_person = decoded(value)
    return by_person if by_person is not None else by_machine


def decided(value: int, by_person: bool) -> int:
    """Return what is said once a person has decided."""
    return code(value != ABSENT and decoded(value)[0], by_person)


def undecided(value: int) -> int:
    """Return what is said without any person's word."""
    return code(True, None) if value != ABSENT and decoded(value)[0] else ABSENT


def joined(own: int, other: int) -> int:
    """Return what is said of a comment in a theme that takes another theme in.

    A comment that belongs to either belongs to both together; nobody's word is lost.
    """
    if other == ABSENT or (not belongs(other) and own == ABSENT):
        return own
    if own == ABSENT:
        return other
    by_machine = decoded(own)[0] or decoded(other)[0]
    said = {decoded(own)[1], decoded(other)[1]}
    if True in said:
        return code(by_machine, True)
    if belongs(own) or belongs(other):
        return code(True, None)
    return own


def read(
    session: Session, themes: Iterable[int], comments: Iterable[int] | None = None
) -> dict[Place, int]:
    """Return what is said of the places of some themes, or of some comments in them; one query."""
    query = select(
        ThemePlacement.theme_id,
        ThemePlacement.comment_id,
        ThemePlacement.by_machine,
        ThemePlacement.by_person,
    ).where(ThemePlacement.theme_id.in_(list(themes)))
    if comments is not None:
        query = query.where(ThemePlacement.comment_id.in_(list(comments)))
    rows = session.execute(query)
    return {(theme, comment): code(machine, person) for theme, comment, machine, person in rows}


def steps(
    said: Mapping[Place, int], places: Iterable[Place], change: Callable[[int], int]
) -> list[Step]:
    """Return the steps that change what is said of some places; those that change nothing not."""
    found = []
    for place in places:
        before = said.get(place, ABSENT)
        after = change(before)
        if after != before:
            found.append((*place, before, after))
    return found


def take(session: Session, taken: Iterable[Step]) -> None:
    """Write some steps; at most three statements."""
    added, changed, gone = [], [], []
    for theme, comment, before, after in taken:
        if after == ABSENT:
            gone.append({"t": theme, "c": comment})
            continue
        machine, person = decoded(after)
        if before == ABSENT:
            row = {"theme_id": theme, "comment_id": comment}
            added.append({**row, "by_machine": machine, "by_person": person})
        else:
            changed.append({"t": theme, "c": comment, "machine": machine, "person": person})
    session.flush()
    here = (_TABLE.c.theme_id == bindparam("t")) & (_TABLE.c.comment_id == bindparam("c"))
    connection = session.connection()
    if gone:
        connection.execute(delete(_TABLE).where(here), gone)
    if changed:
        connection.execute(
            update(_TABLE)
            .where(here)
            .values(by_machine=bindparam("machine"), by_person=bindparam("person")),
            changed,
        )
    if added:
        connection.execute(insert(_TABLE), added)


def take_back(session: Session, taken: Iterable[Step]) -> list[Step]:
    """Undo steps where nobody has said anything else since; return the steps that did it."""
    wanted = [(theme, comment, before, after) for theme, comment, before, after in taken]
    said = read(session, {theme for theme, *_ in wanted})
    back = [
        (theme, comment, after, before)
        for theme, comment, before, after in wanted
        if said.get((theme, comment), ABSENT) == after
    ]
    take(session, back)
    return back
