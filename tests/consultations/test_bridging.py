"""Support across opinion groups stands before support from one."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import tallies
from consultations.bridging import scores
from consultations.models import DiscussionPlace, DiscussionTheme, Statement, Support
from core.keyring import Keyring
from tests.consultations.planted import analyse, plant


def opinions(**members: int | None) -> dict[str, Any]:
    rows = [{"id": person, "group": group} for person, group in members.items()]
    return {"participants": rows}


def test_two_groups_count_for_more_than_one_with_twice_the_support() -> None:
    people = {f"a{n}": 0 for n in range(10)} | {f"b{n}": 1 for n in range(10)}
    shared = [("shared", person) for person in ("a0", "a1", "b0", "b1")]
    partial = [("partial", f"a{n}") for n in range(8)]
    found = scores(opinions(**people), [*shared, *partial])
    # Geometric means: of 3/12 and 3/12, and of 9/12 and 1/12 rounded down in favour of neither.
    assert found == {"shared": 250_000, "partial": 250_000}
    assert scores(opinions(**people), partial[:7])["partial"] < 250_000


def test_a_small_group_weighs_as_much_as_a_large_one() -> None:
    people = {f"a{n}": 0 for n in range(98)} | {f"b{n}": 1 for n in range(8)}
    few = [("few", person) for person in ("a0", *(f"b{n}" for n in range(4)))]
    many = [("many", f"a{n}") for n in range(5)]
    found = scores(opinions(**people), [*few, *many])
    assert found["few"] > found["many"]


def test_without_two_groups_nothing_is_scored() -> None:
    assert scores(opinions(a=0, b=0), [("c", "a")]) == {}
    assert scores(opinions(a=None), [("c", "a")]) == {}


def test_people_in_no_group_do_not_count() -> None:
    assert scores(opinions(a=0, b=1, c=None), [("x", "c")]) == {}


def test_a_run_orders_the_discussion_and_the_statements(session: Session, keyring: Keyring) -> None:
    planted = plant(session, keyring)
    one_sided, shared, *_ = planted.comments
    for comment, places in ((one_sided, (0, 2, 4, 6)), (shared, (8, 9, 10, 11))):
        for place in places:
            session.add(Support(comment_id=comment.id, participant_id=planted.people[place].id))
            tallies.count_support(session, comment.id, 1)
    session.flush()
    analyse(session, planted.consultation)
    rows = session.execute(select(DiscussionPlace.comment_id, DiscussionPlace.bridging))
    score = {row[0]: row[1] for row in rows}
    assert score[shared.id] > score[one_sided.id] > 0
    assert set(score.values()) - {score[shared.id], score[one_sided.id]} == {0}
    assert max(session.scalars(select(Statement.extremity))) > 0
    named = set(session.scalars(select(DiscussionTheme.key)))
    assert set(session.scalars(select(DiscussionPlace.theme_key))) - {""} == named
