"""Somebody's place on the map comes from their own votes and lies where people vote like them."""

from typing import Any

import numpy as np
import pytest

from consultations.map_data import regions
from consultations.standing import LEAST_VOTES, locate, places

STATEMENTS = [f"S{n}" for n in range(12)]


def crowd(people: int = 400) -> tuple[list[dict[str, Any]], dict[str, dict[str, int]]]:
    """Two groups that stand apart and differ on every statement, with some noise."""
    rng = np.random.default_rng(1)
    rows, votes = [], {}
    for number in range(people):
        group = number % 2
        x, y = (1 if group else -1) + float(rng.normal(0, 0.2)), float(rng.normal(0, 0.2))
        rows.append({"id": f"p{number}", "x": x, "y": y, "group": group})
        choice = 1 if group else -1
        votes[f"p{number}"] = {
            name: choice if rng.random() < 0.9 else -choice for name in STATEMENTS
        }
    return rows, votes


def made() -> tuple[list[dict[str, Any]], dict[str, dict[str, int]], dict[str, Any]]:
    rows, votes = crowd()
    cast = [(p, s, c) for p, own in votes.items() for s, c in own.items()]
    return rows, votes, places(rows, cast)


def test_most_people_are_placed_in_their_own_group_near_their_own_point() -> None:
    rows, votes, found = made()
    standings = [(row, locate(found, votes[row["id"]])) for row in rows]
    right = [
        row["group"] == max(own.groups, key=own.groups.__getitem__) for row, own in standings if own
    ]
    near = [abs(row["x"] - own.x) for row, own in standings if own]
    assert sum(right) / len(rows) > 0.97
    assert sum(near) / len(rows) < 0.3


def test_fewer_votes_leave_more_room() -> None:
    _rows, _votes, found = made()
    few = locate(found, dict.fromkeys(STATEMENTS[:LEAST_VOTES], 1))
    many = locate(found, dict.fromkeys(STATEMENTS, 1))
    assert few is not None
    assert many is not None
    assert few.groups[1] < many.groups[1]


@pytest.mark.parametrize(
    "choices",
    [{}, {"S0": 1, "S1": 1}, dict.fromkeys(STATEMENTS, 0), {"gone": 1, "S0": 1, "S1": -1}],
)
def test_who_has_said_too_little_is_not_placed(choices: dict[str, int]) -> None:
    assert locate(made()[2], choices) is None


def test_a_map_of_nobody_places_nobody() -> None:
    assert locate(places([], []), dict.fromkeys(STATEMENTS, 1)) is None


def test_the_material_names_no_person() -> None:
    assert '"p' not in repr(made()[2]).replace("'", '"').replace('"people"', "")


def test_a_region_holds_four_fifths_of_its_group() -> None:
    points = [(float(n % 10), float(n // 10), 0) for n in range(100)]
    (region,) = regions(points)
    inside = [
        ((x - region["x"]) / region["major"]) ** 2 + ((y - region["y"]) / region["minor"]) ** 2
        <= 1.001
        for x, y, _ in points
    ]
    assert 0.78 <= sum(inside) / 100 <= 0.86
