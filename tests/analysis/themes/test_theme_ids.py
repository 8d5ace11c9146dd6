"""Matching themes of two runs."""

from analysis.texts.parameters import ThemeParameters
from analysis.themes.theme_ids import Numbering, match_groups

PARAMETERS = ThemeParameters()


def group(*names):
    return frozenset(names)


def matched(groups, previous):
    return match_groups(groups, previous, PARAMETERS)


def test_a_theme_that_grows_keeps_its_id():
    (origin,) = matched([group("a", "b", "c", "d")], {"t1": group("a", "b")})
    assert (origin.kept, origin.change) == ("t1", "kept")


def test_the_larger_part_of_a_split_theme_keeps_the_id():
    large, small = matched(
        [group("a", "b", "c"), group("d", "e")], {"t1": group("a", "b", "c", "d", "e")}
    )
    assert (large.kept, large.change) == ("t1", "kept")
    assert (small.kept, small.change, small.before) == (None, "split", ["t1"])


def test_a_theme_that_swallows_another_says_so():
    (origin,) = matched(
        [group("a", "b", "c", "d", "e")], {"t1": group("a", "b", "c"), "t2": group("d", "e")}
    )
    assert (origin.kept, origin.change, origin.before) == ("t1", "merged", ["t1", "t2"])


def test_without_shared_comments_everything_is_new():
    (origin,) = matched([group("x")], {"t1": group("a")})
    assert (origin.kept, origin.change, origin.before) == (None, "new", [])
    assert matched([group("x")], {})[0].change == "new"
    assert matched([], {"t1": group("a")}) == []


def test_numbers_go_on_after_the_last_one():
    numbering = Numbering("t", 7)
    assert [numbering.take(), numbering.take(), numbering.last] == ["t8", "t9", 9]
