import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.errors import AnalysisError
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import LocalEngine
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.report import OpinionReport
from analysis.opinions.stability import adjusted_rand
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import Rows, camps, rows_of, table_of

QUICK = OpinionParameters(stability_resamples=2)
EVERYONE = 90
PARTICIPANT_KEYS = {"id", "votes", "included", "x", "y", "group", "membership"}
STATEMENT_KEYS = {
    *("id", "agree", "disagree", "pass", "seen", "by_group", "group_aware_consensus"),
    *("bridging", "bridging_low", "divisiveness", "priority"),
}
GROUP_KEYS = {
    *("group", "agree", "disagree", "pass", "seen", "p_agree", "low", "high"),
    "representativeness",
}
Report = dict[str, Any]


def analysed(votes: VoteTable, **options: Any) -> Report:
    report = analyse_votes(votes, options.pop("parameters", QUICK), **options)
    document: Report = json.loads(report.to_json())
    return document


def conversation() -> tuple[VoteTable, dict[str, int]]:
    """Two camps, one statement that all like, one that three people saw and liked."""
    votes, members = camps((50, 40))
    rows: Rows = rows_of(votes)
    rows += [(person, "liked", 1 if place % 12 else 0) for place, person in enumerate(members)]
    rows += [(person, "rare", 1) for person in list(members)[:3]]
    return table_of(rows), members


def by_id(entries: list[Report]) -> dict[str, Report]:
    return {str(entry["id"]): entry for entry in entries}


@pytest.mark.parametrize("method", ["ideal-point", "polis"])
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", "x", 1)],
        [("a", "x", 1), ("b", "x", -1), ("c", "x", 0)],
        [("a", f"s{item}", item % 3 - 1) for item in range(9)],
        [(f"p{person}", "x", person % 3 - 1) for person in range(30)],
        [(f"p{person}", f"s{item}", 0) for person in range(20) for item in range(9)],
        [(f"p{person}", f"s{item}", 1) for person in range(20) for item in range(9)],
    ],
    ids=[
        "empty",
        "one vote",
        "three votes",
        "one participant",
        "one statement",
        "all pass",
        "equal",
    ],
)
def test_conversations_without_substance_get_a_report(rows: Rows, method: str) -> None:
    report = analysed(table_of(rows), method=method)
    again = analysed(table_of(rows), method=method, previous=report)
    assert report["input"]["votes"] == len(rows)
    assert report["consensus"] == [] or len(rows) > 20
    assert again["statements"] == report["statements"]
    if len(rows) < 10:
        assert len(report["too_few"]) == report["input"]["statements"]
        assert report["grouping"]["chosen_by"] in {"too few", "silhouette"}


def test_the_report_has_the_keys_of_its_schema() -> None:
    report = analysed(conversation()[0])
    assert report["schema"] == "sarn.opinions/1"
    assert set(report["input"]) == {"participants", "statements", "votes", "digest"}
    assert {"version", "libraries"} <= set(report["engine"])
    assert set(report["participants"][0]) >= PARTICIPANT_KEYS
    assert {"id", "size", "stability"} <= set(report["groups"][0])
    assert {"k", "chosen_by", "stability", "warning"} <= set(report["grouping"])
    assert set(report["statements"][0]) >= STATEMENT_KEYS
    assert set(report["statements"][0]["by_group"][0]) >= GROUP_KEYS
    assert {"statement", "side", "bridging_low", "by_group_low"} <= set(report["consensus"][0])
    assert set(report["representative"]) == {"0", "1"}
    assert report["differences"]
    assert report["parameters"]["dimensions"] == 3


def test_planted_groups_are_found() -> None:
    votes, members = conversation()
    report = analysed(votes)
    found = np.array([row["group"] for row in report["participants"]])
    truth = np.array([members[row["id"]] for row in report["participants"]])
    assert report["grouping"]["k"] == 2
    assert adjusted_rand(truth, found) > 0.95
    assert [group["size"] for group in report["groups"]] == np.bincount(found).tolist()


def test_what_all_like_is_consensus_and_what_three_saw_is_not() -> None:
    report = analysed(conversation()[0])
    assert report["consensus"][0]["statement"] == "liked"
    assert report["consensus"][0]["side"] == "agree"
    assert [entry["statement"] for entry in report["too_few"]] == ["rare"]
    lists = json.dumps([report[key] for key in ("consensus", "differences", "representative")])
    assert "rare" not in lists


def test_statements_that_divide_the_camps_are_listed_as_differences() -> None:
    report = analysed(conversation()[0])
    for entry in report["differences"]:
        one, other = entry["p_agree"]
        assert abs(one - other) > 0.3


def test_labels_are_the_same_for_any_order_of_rows_and_any_threads() -> None:
    votes, _ = conversation()
    wanted = analysed(votes)
    rows = rows_of(votes)
    for seed, threads in ((0, 1), (1, 2), (2, 4)):
        order = np.random.default_rng(seed).permutation(len(rows))
        shuffled = table_of([rows[place] for place in order])
        assert analysed(shuffled, engine=LocalEngine(threads)) == wanted


def test_turning_every_vote_swaps_agree_and_disagree_everywhere() -> None:
    votes, _ = conversation()
    report, turned = analysed(votes), analysed(replace(votes, choices=-votes.choices))
    before, after = by_id(report["statements"]), by_id(turned["statements"])
    other = {"agree": "disagree", "disagree": "agree"}
    for name, entry in before.items():
        assert entry["agree"] == after[name]["disagree"]
        assert entry["bridging"] == pytest.approx(after[name]["bridging_disagree"], abs=1e-6)
        assert entry["divisiveness"] == pytest.approx(after[name]["divisiveness"], abs=1e-6)
    assert [(entry["statement"], other[entry["side"]]) for entry in report["consensus"]] == [
        (entry["statement"], entry["side"]) for entry in turned["consensus"]
    ]
    assert report["majority"]["agree"] == turned["majority"]["disagree"]
    groups = [[row["group"] for row in part["participants"]] for part in (report, turned)]
    assert adjusted_rand(np.array(groups[0]), np.array(groups[1])) == 1.0


def test_a_participant_who_only_passes_changes_no_position() -> None:
    votes, _ = conversation()
    rows = rows_of(votes)
    report = analysed(votes)
    more = analysed(table_of([*rows, *[("zz", name, 0) for name in votes.statements[:3]]]))
    for one, other in zip(report["participants"], more["participants"][:-1], strict=True):
        assert (one["x"], one["y"], one["group"]) == (other["x"], other["y"], other["group"])
    assert not more["participants"][-1]["included"]


def test_a_repeated_statement_gets_the_same_figures() -> None:
    votes, _ = conversation()
    rows = rows_of(votes)
    twice = analysed(table_of(rows + [(p, "s00 again", c) for p, s, c in rows if s == "s00"]))
    entries = by_id(twice["statements"])
    one, other = entries["s00"], entries["s00 again"]
    assert one["by_group"] == other["by_group"]
    assert one["bridging"] == pytest.approx(other["bridging"], abs=1e-3)


def test_group_figures_follow_from_the_counts() -> None:
    report = analysed(conversation()[0])
    for entry in report["statements"]:
        product = 1.0
        for group in entry["by_group"]:
            share = (group["agree"] + 1) / (group["seen"] + 2)
            product *= share
            assert group["p_agree"] == pytest.approx(share, abs=1e-9)
            assert group["seen"] == group["agree"] + group["disagree"] + group["pass"]
            assert group["low"] <= group["high"]
        assert entry["group_aware_consensus"] == pytest.approx(product, abs=1e-9)


def test_a_statement_removed_by_moderation_is_counted_but_on_no_list_and_in_no_model() -> None:
    votes, _ = conversation()
    report = analysed(votes, moderated_out={"liked"})
    without = analysed(votes.without_statements({"liked"}))
    assert by_id(report["statements"])["liked"]["seen"] == EVERYONE
    assert "liked" not in json.dumps([report["consensus"], report["majority"], report["too_few"]])
    assert [(row["x"], row["y"], row["group"]) for row in report["participants"]] == [
        (row["x"], row["y"], row["group"]) for row in without["participants"]
    ]


def test_statements_that_nobody_saw_are_listed_as_too_few() -> None:
    report = analysed(conversation()[0], statements={"unseen": "Nobody read this", "s00": "Text"})
    entry = by_id(report["statements"])["unseen"]
    assert (entry["seen"], entry["bridging"], entry["text"]) == (0, None, "Nobody read this")
    assert {"statement": "unseen", "seen": 0, "needed": 10} in report["too_few"]


def test_the_last_report_keeps_map_and_group_numbers() -> None:
    votes, members = conversation()
    first = analysed(votes)
    fewer = votes.select_participants(
        np.array(
            [members[name] == 1 or number >= 25 for number, name in enumerate(votes.participants)]
        )
    )
    fresh, kept = analysed(fewer), analysed(fewer, previous=first)
    places = by_id(first["participants"])

    def same_group(report: Report) -> float:
        rows = report["participants"]
        return float(np.mean([row["group"] == places[row["id"]]["group"] for row in rows]))

    assert same_group(fresh) < 0.2
    assert same_group(kept) > 0.95
    shift = [abs(row["x"] - places[row["id"]]["x"]) for row in kept["participants"]]
    assert np.mean(shift) < 0.3


def test_an_officers_number_of_groups_is_taken_and_named() -> None:
    report = analysed(conversation()[0], parameters=replace(QUICK, wanted_groups=3))
    assert (report["grouping"]["k"], report["grouping"]["chosen_by"]) == (3, "officer")


def test_the_polis_method_has_groups_and_lists_but_no_model() -> None:
    votes, members = conversation()
    report = analysed(votes, method="polis")
    found = np.array([row["group"] for row in report["participants"]])
    truth = np.array([members[row["id"]] for row in report["participants"]])
    assert report["grouping"]["chosen_by"] == "silhouette"
    assert adjusted_rand(truth, found) > 0.9
    assert report["model"] is None
    assert report["consensus"] == []
    assert report["majority"]["agree"][0] == "liked"


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(AnalysisError, match="--method magic: unknown"):
        analyse_votes(conversation()[0], method="magic")


def test_a_report_survives_json() -> None:
    report = analyse_votes(conversation()[0], QUICK)
    assert OpinionReport.from_json(report.to_json()).to_dict() == report.to_dict()


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "other/1"}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(AnalysisError, match="not a"):
        OpinionReport.from_json(text)


def test_a_damaged_previous_report_is_refused() -> None:
    votes, _ = conversation()
    report = analysed(votes)
    del report["participants"][0]["x"]
    with pytest.raises(AnalysisError, match="previous report is damaged"):
        analyse_votes(votes, QUICK, previous=report)
