"""What an official decided about a theme lasts from run to run."""

import json
from collections.abc import Iterable

import pytest

from analysis.__main__ import main
from analysis.errors import MalformedCommentsError
from analysis.texts.comment_files import CommentTable, write_comments
from analysis.themes.pinning import Pin, with_pins
from analysis.themes.pipeline import analyse_comments
from tests.analysis.text_samples import ENGLISH, THAI, comments_on, table_of

TEXTS, SUBJECTS = comments_on({**THAI, **ENGLISH})
ALL = table_of(TEXTS)


def part(table: CommentTable, places: Iterable[int]) -> CommentTable:
    places = list(places)
    return CommentTable(
        tuple(table.comments[p] for p in places), tuple(table.texts[p] for p in places)
    )


HALF = part(ALL, range(0, len(ALL), 2))
BEFORE = analyse_comments(HALF).to_dict()
THEMES = [theme for theme in BEFORE["themes"] if theme["language"] == "th"]


def theme_of(report, name):
    return next(theme for theme in report.themes if theme.id == name)


def test_a_pinned_theme_keeps_its_id_name_and_comments() -> None:
    pinned = THEMES[-1]
    after = analyse_comments(ALL, previous=BEFORE, pins=[Pin(pinned["id"], "ชื่อของเรา")])
    theme = theme_of(after, pinned["id"])
    assert theme.name == "ชื่อของเรา"
    assert set(pinned["comments"]) <= set(theme.comments)
    assert theme.pinned == sorted(pinned["comments"])


def test_it_survives_a_fresh_start() -> None:
    thai = table_of(comments_on(THAI)[0])
    few = part(thai, (place * len(thai) // 36 for place in range(36)))
    assert len(thai) > 2 * len(few)  # so many are new that the run starts afresh
    before = analyse_comments(few).to_dict()
    pinned = next(theme for theme in before["themes"] if theme["kind"] == "theme")
    after = analyse_comments(thai, previous=before, pins=[Pin(pinned["id"])])
    assert set(pinned["comments"]) <= set(theme_of(after, pinned["id"]).comments)


def test_merged_themes_stay_one_run_after_run() -> None:
    one, other = THEMES[0], THEMES[1]
    joined = {*one["comments"], *other["comments"]}
    report = analyse_comments(
        HALF, previous=BEFORE, pins=[Pin(one["id"], "รวม", merge=(other["id"],))]
    )
    for table in (HALF, ALL, ALL):
        theme = theme_of(report, one["id"])
        assert joined <= set(theme.comments)
        assert theme.name == "รวม"
        assert other["id"] not in {entry.id for entry in report.themes}
        report = analyse_comments(table, previous=report.to_dict())


def test_comments_that_join_later_are_not_fixed() -> None:
    pinned = THEMES[0]
    after = analyse_comments(ALL, previous=BEFORE, pins=[Pin(pinned["id"])])
    theme = theme_of(after, pinned["id"])
    assert len(theme.comments) > len(theme.pinned)
    again = analyse_comments(ALL, previous=after.to_dict(), pins=[Pin(theme.id, "Renamed")])
    assert theme_of(again, theme.id).pinned == theme.pinned


def test_two_pinned_themes_never_meet() -> None:
    pins = [Pin(theme["id"]) for theme in THEMES]
    after = analyse_comments(ALL, previous=BEFORE, pins=pins)
    for theme in THEMES:
        assert set(theme["comments"]) <= set(theme_of(after, theme["id"]).comments)


def test_a_pin_is_let_go() -> None:
    name = THEMES[0]["id"]
    fixed = analyse_comments(HALF, previous=BEFORE, pins=[Pin(name, "A")]).to_dict()
    free = analyse_comments(HALF, previous=fixed, pins=[Pin(name, pinned=False)])
    assert all(not theme.pinned and not theme.name for theme in free.themes)


def test_a_pinned_theme_whose_comments_are_gone_is_gone() -> None:
    name = THEMES[0]["id"]
    fixed = analyse_comments(HALF, previous=BEFORE, pins=[Pin(name, "A")]).to_dict()
    left = [p for p, c in enumerate(HALF.comments) if c not in THEMES[0]["comments"]]
    rest = part(HALF, left)
    after = analyse_comments(rest, previous=fixed)
    assert all(not theme.pinned for theme in after.themes)


def test_pins_do_not_depend_on_the_order_of_comments() -> None:
    pins = [Pin(THEMES[1]["id"], "A", merge=(THEMES[2]["id"],))]
    turned = CommentTable(ALL.comments[::-1], ALL.texts[::-1])
    one, other = (
        json.dumps(analyse_comments(table, previous=BEFORE, pins=pins).to_dict())
        for table in (ALL, turned)
    )
    assert one == other


def test_without_a_last_report_there_is_nothing_to_pin() -> None:
    with pytest.raises(MalformedCommentsError, match="no last report"):
        analyse_comments(HALF, pins=[Pin("t1")])


@pytest.mark.parametrize(
    ("pins", "told"),
    [
        ([Pin("t999")], "'t999': no such theme"),
        ([Pin(THEMES[0]["id"], merge=("t999",))], "'t999': no such theme"),
        ([Pin(THEMES[0]["id"], merge=(THEMES[1]["id"],)), Pin(THEMES[1]["id"])], "no such theme"),
    ],
)
def test_unknown_themes_are_refused(pins, told) -> None:
    with pytest.raises(MalformedCommentsError, match=told):
        with_pins(BEFORE, pins)


def test_themes_of_two_languages_are_not_merged() -> None:
    other = next(theme["id"] for theme in BEFORE["themes"] if theme["language"] == "en")
    with pytest.raises(MalformedCommentsError, match="another language"):
        with_pins(BEFORE, [Pin(THEMES[0]["id"], merge=(other,))])


def test_pins_come_from_a_file(tmp_path) -> None:
    source, last, pins = (tmp_path / name for name in ("c.csv", "last.json", "pins.json"))
    write_comments(HALF, source)
    last.write_text(json.dumps(BEFORE))
    pins.write_text(json.dumps([{"theme": THEMES[0]["id"], "name": "น้ำ"}]))
    output = tmp_path / "out.json"
    command = ["themes", str(source), "-o", str(output), "--previous", str(last)]
    assert main([*command, "--pins", str(pins)]) == 0
    themes = json.loads(output.read_text(encoding="utf-8"))["themes"]
    assert [theme["id"] for theme in themes if theme["name"] == "น้ำ"] == [THEMES[0]["id"]]


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[1]",
        '[{"name": "x"}]',
        '[{"theme": "t1", "merge": "t2"}]',
        '[{"theme": 1}]',
        "[",
        "x",
    ],
)
def test_a_bad_file_of_pins_exits_with_2_and_one_line(content, tmp_path, capsys) -> None:
    source, last, pins = (tmp_path / name for name in ("c.csv", "last.json", "pins.json"))
    write_comments(HALF, source)
    last.write_text(json.dumps(BEFORE))
    pins.write_text(content)
    output = tmp_path / "out.json"
    command = ["themes", str(source), "-o", str(output), "--previous", str(last)]
    assert main([*command, "--pins", str(pins)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("pins.json: ")
    assert error.count("\n") == 1
    assert not output.exists()
