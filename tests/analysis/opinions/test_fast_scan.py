import importlib.util

import numpy as np
import pytest

from analysis.commands.compare import compare_reports
from analysis.errors import AnalysisError
from analysis.opinions.ideal_point import fit_ideal_point, locate_participants
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import LocalEngine, engine_named, worth_compiling
from analysis.opinions.pipeline import analyse_votes
from tests.analysis.vote_samples import camps, table_of

HAS_NUMBA = importlib.util.find_spec("numba") is not None
needs_numba = pytest.mark.skipif(
    not HAS_NUMBA, reason="Numba is not installed (requirements-fast.txt)"
)
PARAMETERS = OpinionParameters(stability_resamples=2)


@needs_numba
@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_compiled_loops_place_everybody_where_numpy_does(dimensions: int) -> None:
    votes, _ = camps((30, 25, 20), shown=0.3)
    parameters = OpinionParameters(dimensions=dimensions, block_participants=20)
    found = []
    for compiled in (False, True):
        engine = LocalEngine(1, compiled=compiled)
        model = fit_ideal_point(votes, parameters, engine=engine)
        places = locate_participants(model, votes, parameters, engine=engine)
        found.append(np.hstack([places.mean, places.covariance.reshape(len(places.mean), -1)]))
    assert found[0] == pytest.approx(found[1], abs=1e-9)


@needs_numba
def test_participants_without_opinions_keep_the_prior_in_compiled_loops_too() -> None:
    votes = table_of([("a", "x", 1), ("b", "x", 0), ("c", "y", -1)])
    model = fit_ideal_point(votes, PARAMETERS)
    engine = LocalEngine(1, compiled=True)
    places = locate_participants(model, votes, PARAMETERS, engine=engine)
    assert places.mean[1].tolist() == [0, 0, 0, 0]
    assert places.covariance[1].diagonal().tolist() == [1, 1, 1, PARAMETERS.inclination_variance]


@needs_numba
def test_a_report_is_the_same_with_and_without_the_extra_and_names_it() -> None:
    votes, _ = camps((40, 30, 20))
    plain = analyse_votes(votes, PARAMETERS, engine=LocalEngine(1)).to_dict()
    fast = analyse_votes(votes, PARAMETERS, engine=LocalEngine(2, compiled=True)).to_dict()
    assert list(compare_reports(plain, fast)) == []
    assert "numba" in fast["engine"]["libraries"]
    assert "numba" not in plain["engine"]["libraries"]


@needs_numba
def test_by_default_the_extra_is_used_where_there_are_very_many_votes() -> None:
    assert engine_named("local", compiled=worth_compiling(1_000_000)).compiled is not None
    assert engine_named("local", compiled=worth_compiling(1_000)).compiled is None


@pytest.mark.skipif(HAS_NUMBA, reason="Numba is installed here")
def test_without_numba_the_engine_does_without_and_says_how_to_get_it() -> None:
    assert engine_named("local", compiled=worth_compiling(1_000_000)).compiled is None
    with pytest.raises(AnalysisError, match=r"requirements-fast\.txt"):
        LocalEngine(compiled=True)
