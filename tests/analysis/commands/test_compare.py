from typing import Any

from analysis.commands.compare import compare_reports


def report(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "schema": "sarn.opinions/1",
        "engine": {"version": "1"},
        "participants": [{"id": "a", "x": 1.0, "group": 0}, {"id": "b", "x": 2.0, "group": 1}],
        "consensus": [{"statement": "s", "side": "agree"}, {"statement": "t", "side": "agree"}],
        "too_few": [],
    }
    return {**base, **changes}


def test_rounding_and_another_machine_are_no_difference() -> None:
    people = [{"id": "a", "x": 1.0 + 9e-7, "group": 0}, {"id": "b", "x": 2.0, "group": 1}]
    other = report(participants=people, engine={"version": "2"})
    assert list(compare_reports(report(), other)) == []


def test_a_moved_participant_is_named() -> None:
    people = [{"id": "a", "x": 1.1, "group": 0}, {"id": "b", "x": 2.0, "group": 1}]
    assert list(compare_reports(report(), report(participants=people))) == [
        "participants[a].x: 1.0 and 1.1"
    ]


def test_entries_are_matched_by_name_and_their_order_counts() -> None:
    turned = report()["consensus"][::-1]
    assert list(compare_reports(report(), report(consensus=turned))) == [
        "consensus: the order differs"
    ]


def test_missing_entries_and_keys_are_named() -> None:
    people = report()["participants"][:1]
    lines = list(compare_reports(report(), report(participants=people, too_few=None)))
    assert lines == [
        "participants[b]: only in the first report",
        "too_few: [] and None",
    ]


def test_a_number_is_not_a_truth_value() -> None:
    assert list(compare_reports({"a": 1}, {"a": True})) == ["a: 1 and True"]
