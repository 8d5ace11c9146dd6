"""What people tell about themselves: small counts stay hidden, also from those who subtract."""

from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import strata
from consultations.strata import LEAST, NOT_SAID, STRATA, publish, read_population
from core.errors import InvalidError

counts = st.lists(st.integers(0, 40), min_size=4, max_size=4)


def table(numbers: list[int]) -> dict[str, int]:
    """Three genders, then those who did not say."""
    return dict(zip((*STRATA["gender"], NOT_SAID), numbers, strict=True))


@given(counts)
def test_no_shown_number_speaks_of_fewer_than_five_and_none_is_exact(numbers: list[int]) -> None:
    shown = publish("gender", table(numbers))
    if shown is not None:
        people = [cell.people for cell in shown.cells if cell.people is not None]
        assert all(number >= LEAST for number in people)
        assert all(number % LEAST == 0 for number in [*people, shown.not_said or 0])


@given(counts)
def test_a_hidden_number_could_be_anything_below_five_for_who_knows_the_sum(
    numbers: list[int],
) -> None:
    shown = publish("gender", table(numbers))
    if shown is None:
        return
    hidden = [place for place, cell in enumerate(shown.cells) if cell.people is None]
    assert (shown.not_said is None) == bool(hidden)
    for values in product(range(LEAST), repeat=len(hidden)):
        other = list(numbers)
        for place, value in zip(hidden, values, strict=True):
            other[place] = value
        other[-1] = sum(numbers) - sum(other[:-1])
        assert publish("gender", table(other)) == shown


@given(counts, st.integers(0, 3))
def test_one_person_more_changes_at_most_one_step(numbers: list[int], place: int) -> None:
    more = [number + (where == place) for where, number in enumerate(numbers)]
    before, after = publish("gender", table(numbers)), publish("gender", table(more))
    if before and after and all(cell.people for cell in (*before.cells, *after.cells)):
        pairs = zip(before.cells, after.cells, strict=True)
        assert {(b.people or 0) - (a.people or 0) for a, b in pairs} <= {0, LEAST}


def test_shares_and_population_speak_of_the_shown_answers_only() -> None:
    shown = publish("gender", table([30, 10, 2, 50]), {"woman": 0.4, "man": 0.4, "another": 0.2})
    assert shown is not None
    assert [(c.share, c.population) for c in shown.cells] == [
        (0.75, 0.5),
        (0.25, 0.5),
        (None, None),
    ]
    assert shown.not_said is None


@pytest.mark.parametrize("numbers", [[0, 0, 0, 90], [4, 4, 4, 90], [30, 30, 1, 0], [30, 30, 2, 6]])
def test_a_question_that_would_reveal_someone_is_not_shown_at_all(numbers: list[int]) -> None:
    assert publish("gender", table(numbers)) is None


@pytest.mark.parametrize("shares", ["0.4\n0.6", "40\n60", "40%\n60%"])
def test_shares_are_read_as_parts_of_one_or_of_a_hundred(shares: str) -> None:
    one, two = shares.split()
    data = f"\ufeffstratum,value,share\r\ngender,woman,{one}\r\ngender,man,{two}\r\n"
    assert read_population(data.encode()) == {"gender": {"woman": 0.4, "man": 0.6}}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "no rows"),
        ("gender,woman,0.4", "sum to 0.4"),
        ("gender,woman,0.5\ngender,woman,0.5", "stands twice"),
        ("gender,nobody,1", "row 2: use one of woman"),
        ("height,tall,1", "row 2: use one of age"),
        ("gender,woman,many", "row 2: the share"),
        ("gender,woman,nan", "row 2: the share"),
        ("gender,woman", "row 2: there must be 3 columns"),
    ],
)
def test_a_table_that_does_not_hold_is_refused_with_its_row(rows: str, said: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read_population(f"stratum,value,share\n{rows}\n".encode())
    assert said in str(refused.value.details["detail"])


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    with suppress(InvalidError):
        read = read_population(b"stratum,value,share\n" + data)
        assert all(sum(shares.values()) == pytest.approx(1) for shares in read.values())


def test_the_template_names_every_answer() -> None:
    lines = strata.template().splitlines()
    assert lines[0] == "stratum,value,share"
    assert len(lines) == 1 + sum(map(len, STRATA.values()))
