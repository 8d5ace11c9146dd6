import importlib.util

import pytest

from analysis.errors import AnalysisError
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import LocalEngine, blocks_of, engine_named
from analysis.opinions.pipeline import analyse_votes
from tests.analysis.vote_samples import camps

HAS_DASK = importlib.util.find_spec("dask") is not None


def test_blocks_cover_the_range_once() -> None:
    assert list(blocks_of(7, 3)) == [(0, 3), (3, 6), (6, 7)]
    assert list(blocks_of(0, 3)) == []


def test_results_come_in_the_order_of_the_items() -> None:
    assert LocalEngine(3).map(lambda item: item * 2, range(20)) == list(range(0, 40, 2))


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(AnalysisError, match="--engine cloud: there is no such engine"):
        engine_named("cloud")


@pytest.mark.skipif(HAS_DASK, reason="Dask is installed here")
def test_a_missing_dask_is_named_with_its_mend() -> None:
    with pytest.raises(AnalysisError, match="Dask is not installed"):
        engine_named("dask")


@pytest.mark.skipif(not HAS_DASK, reason="Dask is not installed")
def test_dask_gives_the_same_report() -> None:
    votes, _ = camps((30, 20))
    parameters = OpinionParameters(stability_resamples=2, block_participants=8)
    local = analyse_votes(votes, parameters, engine=LocalEngine())
    assert analyse_votes(votes, parameters, engine=engine_named("dask")).to_json() == (
        local.to_json()
    )
