import numpy as np
import pytest

from analysis.opinions.representation import (
    RepresentationRefusedError,
    participation,
    rake,
    weighted_shares,
)
from tests.analysis.vote_samples import table_of

POPULATION = {"age": {"young": 0.5, "old": 0.5}, "place": {"town": 0.7, "country": 0.3}}


def answers(young: int = 15, old: int = 25) -> dict[str, list[str | None]]:
    size = young + old
    return {
        "age": ["young"] * young + ["old"] * old,
        "place": ["town" if number % 2 else "country" for number in range(size)],
    }


def test_participation_sets_shares_side_by_side() -> None:
    young = participation(answers(), POPULATION)[0]
    assert (young.stratum, young.value, young.participants) == ("age", "young", 15)
    assert (young.share, young.population_share) == (15 / 40, 0.5)


def test_weights_of_one_stratum_match_the_hand_worked_ratio() -> None:
    weights = rake({"age": answers()["age"]}, {"age": POPULATION["age"]})
    assert weights == pytest.approx([0.5 / (15 / 40)] * 15 + [0.5 / (25 / 40)] * 25)


def test_raked_weights_reach_every_margin_and_have_mean_one() -> None:
    weights = rake(answers(), POPULATION)
    young = np.array([answer == "young" for answer in answers()["age"]])
    town = np.array([answer == "town" for answer in answers()["place"]])
    assert weights.mean() == pytest.approx(1.0)
    assert weights[young].sum() / weights.sum() == pytest.approx(0.5)
    assert weights[town].sum() / weights.sum() == pytest.approx(0.7)


def test_who_leaves_an_answer_out_still_counts() -> None:
    given = {"age": [*answers()["age"], None]}
    weights = rake(given, {"age": POPULATION["age"]})
    assert weights[-1] == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    ("young", "reason"), [(0, "nobody in 'young'"), (4, "only 4 in 'young', at least 5")]
)
def test_empty_and_tiny_cells_are_refused_with_the_reason(young: int, reason: str) -> None:
    with pytest.raises(RepresentationRefusedError, match=reason):
        rake({"age": answers(young=young)["age"]}, {"age": POPULATION["age"]})


def test_a_weight_that_makes_one_voice_count_for_many_is_refused() -> None:
    with pytest.raises(RepresentationRefusedError, match="leave the range"):
        rake({"age": answers(young=5, old=95)["age"]}, {"age": POPULATION["age"]})


def test_an_answer_outside_the_population_is_refused() -> None:
    with pytest.raises(RepresentationRefusedError, match="'middle' is not among"):
        participation({"age": ["middle"]}, {"age": POPULATION["age"]})


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(RepresentationRefusedError, match="sum to 1"):
        participation({}, {"age": {"young": 0.5, "old": 0.4}})


def test_contradicting_strata_are_refused() -> None:
    same = answers(young=20, old=20)["age"]
    population = {"age": {"young": 0.5, "old": 0.5}, "again": {"young": 0.6, "old": 0.4}}
    with pytest.raises(RepresentationRefusedError, match="contradict"):
        rake({"age": same, "again": same}, population)


def test_raw_and_weighted_agreement_stand_side_by_side() -> None:
    votes = table_of([("a", "x", 1), ("b", "x", -1), ("c", "x", -1)])
    share = weighted_shares(votes, np.array([2.0, 0.5, 0.5]), probability=0.9)[0]
    assert share.raw == pytest.approx(1 / 3)
    assert share.weighted == pytest.approx(2 / 3)
    assert share.effective_votes == pytest.approx(9 / 4.5)
    assert share.low < share.weighted < share.high
