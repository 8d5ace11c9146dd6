"""The picture: small, without words or people, honest about its limits. And its geometry."""

import json
from typing import Any

import pytest

from app.charts import HEIGHT, WIDTH, opinion_map
from consultations import picture
from consultations.picture import Sources, draw, references


def statement(name: str, **overrides: Any) -> dict[str, Any]:
    group = {"agree": 8, "disagree": 1, "pass": 1, "seen": 10, "p_agree": 0.75, "low": 0.5}
    counts = {"agree": 16, "disagree": 2, "pass": 2, "seen": 20}
    parts = [{**group, "group": number, "high": 0.9} for number in (0, 1)]
    return {"id": name, **counts, "by_group": parts, **overrides}


def opinions(people: int = 40, **overrides: Any) -> dict[str, Any]:
    participants = [
        {"id": f"p{n}", "included": n > 0, "x": n / 7, "y": -n / 3, "group": n % 2}
        for n in range(people)
    ]
    report = {
        "input": {"votes": 20 * people},
        "parameters": {"interval": 0.9, "statement_votes": 10},
        "participants": participants,
        "groups": [{"id": n, "size": people // 2, "stability": 0.9} for n in (0, 1)],
        "grouping": {"k": 2, "stability": 0.9, "warning": None, "chosen_by": "bic"},
        "statements": [statement("A"), statement("B"), statement("C")],
        "consensus": [{"statement": "A", "side": "agree", "by_group_low": [0.6, 0.55]}],
        "differences": [{"statement": "B"}],
        "representative": {"0": [{"statement": "B", "side": "agree"}], "1": []},
        "too_few": [{"statement": "C", "seen": 3, "needed": 10}],
    }
    return {**report, **overrides}


def theme(kind: str = "theme", language: str = "en") -> dict[str, Any]:
    return {
        "id": "T1",
        "kind": kind,
        "language": language,
        "stance": "",
        "label_terms": ["ferry"],
        "size": 2,
        "people": 2,
        "stances": {"oppose": 2},
        "comments": ["X", "Y"],
        "sub_themes": [{"label_terms": ["boat"], "people": 2}],
        "quotes": [{"comment": "X", "start": 0, "end": 5, "role": "typical"}],
        "weak": ["Y"],
    }


def sources(
    report: dict[str, Any] | None = None, groups: dict[str, str] | None = None, *found: Any
) -> Sources:
    themes = {"themes": list(found), "minority": [], "campaigns": [], "not_substantive": []}
    texts = {"X": "Later boats, please.", "Y": "The pier is dark."}
    tiers = {"email": {"participants": 41, "voters": 40, "commenters": 2}}
    return Sources(
        report or opinions(), themes, texts, dict.fromkeys("xyz", ""), tiers, groups or {}
    )


def test_it_holds_no_words_and_no_labels_of_people() -> None:
    drawn = json.dumps(draw(sources(None, None, theme())))
    assert "Later boats" not in drawn
    assert '"p1"' not in drawn


def test_a_small_crowd_is_drawn_one_by_one_and_a_large_one_by_how_dense_it_stands() -> None:
    small = draw(sources(opinions(people=1501)))["map"]
    assert len(small["points"]) == small["of"] == 1500
    drawn = draw(sources(opinions(people=100_001)))
    assert drawn["map"]["points"] == []
    assert sum(people for *_place, people in drawn["map"]["cells"]) == 100_000
    assert len(json.dumps(drawn)) < 60_000
    assert "map_density" in drawn["limits"]
    assert "map_density" not in draw(sources())["limits"]


def test_each_group_has_a_region_that_holds_most_of_it() -> None:
    (first, second) = draw(sources())["map"]["regions"]
    assert (first["group"], second["group"]) == (0, 1)
    assert first["major"] >= first["minor"] >= 0


def test_a_picture_of_an_older_run_is_completed() -> None:
    old = draw(sources())
    for part in ("days", "clauses", "strata", "weighting", "found", "passed"):
        del old[part]
    del old["map"]["regions"]
    old["limits"].append("map_sample")
    whole = picture.completed(old)
    assert whole["days"]["rows"] == whole["map"]["regions"] == []
    assert whole["weighting"]["state"] == "none"
    assert "map_sample" not in whole["limits"]


def test_a_claim_rests_on_the_group_that_agrees_least() -> None:
    (row,) = draw(sources())["consensus"]
    assert (row["side"], row["low"]) == ("agree", 0.55)


def test_it_names_every_contribution_whose_words_a_page_needs() -> None:
    assert references(draw(sources(None, None, theme()))) == {"A", "B", "C", "X"}
    assert references(draw(sources(None, None, theme("listed")))) == {"A", "B", "C", "X", "Y"}


def test_long_lists_are_cut_and_their_length_is_told() -> None:
    many = [{"statement": "C", "seen": 3, "needed": 10}] * 1000
    drawn = draw(sources(opinions(too_few=many), None, {**theme("listed"), "comments": ["X"] * 99}))
    assert drawn["too_few"]["count"] == 1000
    assert len(drawn["too_few"]["statements"]) == picture.LISTED_STATEMENTS
    assert len(drawn["themes"][0]["comments"]) == picture.LISTED_COMMENTS


def test_a_theme_names_its_counterparts_by_kind_and_without_anybodys_words() -> None:
    reasons = [
        {"kind": kind, "value": "a passage", "here": 2, "there": 2}
        for kind in ("passage", "clause", "passage")
    ]
    linked = {**theme(), "links": [{"theme": "T9", "reasons": reasons, "suggestion": True}]}
    drawn = draw(sources(None, None, linked))
    assert drawn["themes"][0]["links"] == [{"theme": "T9", "kinds": ["clause", "passage"]}]
    assert "a passage" not in json.dumps(drawn)


def test_groups_of_another_system_are_counted_beside_ours() -> None:
    groups = {f"p{n}": "7" if n < 20 else "" for n in range(40)}
    drawn = draw(sources(None, groups))["imported"]
    assert drawn["groups"] == ["7"]
    assert drawn["rows"] == [
        {"group": 0, "counts": [9, 10]},
        {"group": 1, "counts": [10, 10]},
    ]
    assert draw(sources())["imported"] is None


@pytest.mark.parametrize(
    ("grouping", "code"),
    [
        ({"k": 0, "stability": None, "warning": "too few participants"}, "no_groups"),
        ({"k": 1, "stability": None, "warning": None}, "one_group"),
        ({"k": 2, "stability": 0.4, "warning": "unstable"}, "unstable_groups"),
    ],
)
def test_weak_groups_are_a_limit_that_is_told(grouping: dict[str, Any], code: str) -> None:
    assert code in draw(sources(opinions(grouping=grouping)))["limits"]


def test_limits_speak_only_of_what_the_page_shows() -> None:
    assert draw(sources())["limits"] == ["self_selected", "map_flat", "comments_not_people"]
    two = draw(sources(None, None, theme(), theme(language="th")))["limits"]
    assert {"themes_by_words", "languages_apart"} <= set(two)


def test_the_map_keeps_everyone_inside_and_proportions_equal() -> None:
    drawn = opinion_map({"points": [(-2, -1, 0), (2, 1, 1), (0, 0, -1)]})
    places = {layer.group: (layer.label_x, layer.label_y) for layer in drawn.layers}
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in places.values())
    assert places[-1] == (WIDTH / 2, HEIGHT / 2)
    across, down = places[1][0] - places[0][0], places[0][1] - places[1][1]
    assert across == pytest.approx(2 * down, abs=0.2)


def test_groups_on_the_map_differ_by_shape_and_nobodys_group_is_a_ring() -> None:
    drawn = opinion_map({"points": [(n, n % 3, n - 1) for n in range(6)]})
    shapes = {layer.group: layer.shape for layer in drawn.layers}
    assert shapes[-1] == "ring"
    assert len(set(shapes.values())) == 6


def test_people_at_one_place_become_one_larger_mark() -> None:
    alone = opinion_map({"points": [(0, 0, 0), (9, 0, 0)]}).layers[0].path
    crowd = opinion_map({"points": [*[(0, 0, 0)] * 9, (9, 0, 0)]}).layers[0].path
    assert alone.count("M") == crowd.count("M") == 2
    assert len(crowd) != len(alone) or crowd != alone


@pytest.mark.parametrize("points", [[], [(1.5, -2.0, 0)], [(1, 1, 0), (1, 1, 0)]])
def test_a_map_of_nobody_or_of_one_place_can_be_drawn(
    points: list[tuple[float, float, int]],
) -> None:
    assert len(opinion_map({"points": points}).layers) == min(len(points), 1)
