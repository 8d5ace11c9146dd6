"""`python -m analysis themes` and `duplicates`: files in, files out, one line on bad input."""

import json

import numpy as np
import pytest

from analysis.__main__ import main
from analysis.texts.comment_files import CommentTable, write_comments
from tests.analysis.text_samples import THAI, comments_on, table_of

TEXTS, _ = comments_on(THAI)


@pytest.fixture
def comments(tmp_path):
    path = tmp_path / "comments.csv"
    write_comments(table_of(TEXTS), path)
    return path


def test_themes_writes_a_report(comments, tmp_path):
    output = tmp_path / "themes.json"
    assert main(["themes", str(comments), "-o", str(output)]) == 0
    report = json.loads(output.read_text(encoding="utf-8"))
    assert report["schema"] == "sarn.themes/1"
    assert report["input"]["comments"] == len(TEXTS)
    assert sum(theme["size"] for theme in report["themes"]) == len(TEXTS)


def test_the_same_comments_in_another_order_give_the_same_file(comments, tmp_path):
    table = table_of(TEXTS)
    places = np.random.default_rng(1).permutation(len(table)).tolist()
    turned = tmp_path / "turned.csv"
    write_comments(
        CommentTable(
            tuple(table.comments[p] for p in places), tuple(table.texts[p] for p in places)
        ),
        turned,
    )
    outputs = [tmp_path / "one.json", tmp_path / "other.json"]
    for source, output in zip((comments, turned), outputs, strict=True):
        main(["themes", str(source), "-o", str(output)])
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_the_last_report_keeps_the_ids(comments, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    main(["themes", str(comments), "-o", str(first)])
    assert main(["themes", str(comments), "-o", str(second), "--previous", str(first)]) == 0
    changes = {theme["change"] for theme in json.loads(second.read_text())["themes"]}
    assert changes == {"kept"}


def test_duplicates_writes_groups(tmp_path):
    source, output = tmp_path / "comments.csv", tmp_path / "groups.json"
    write_comments(table_of([TEXTS[0], TEXTS[0] + "!!", TEXTS[5], "🙂"]), source)
    assert main(["duplicates", str(source), "-o", str(output)]) == 0
    report = json.loads(output.read_text())
    assert [group["comments"] for group in report["groups"]] == [["c0", "c1"]]
    assert report["not_substantive"] == ["c3"]


@pytest.mark.parametrize("command", ["themes", "duplicates"])
def test_bad_input_gives_one_line_and_writes_nothing(command, tmp_path, capsys):
    source, output = tmp_path / "comments.csv", tmp_path / "out.json"
    source.write_text("comment,text\n1,a\n1,b\n")
    assert main([command, str(source), "-o", str(output)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "comments.csv: row 3, column 1" in error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comments.csv"]


def test_another_report_as_the_last_one_is_refused(comments, tmp_path, capsys):
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"schema": "sarn.opinions/1"}')
    output = tmp_path / "out.json"
    arguments = ["themes", str(comments), "-o", str(output), "--previous", str(wrong)]
    assert main(arguments) == 2
    assert "sarn.themes/1" in capsys.readouterr().err
    assert not output.exists()


def opinions_on(names, tmp_path):
    """Write votes of two camps that all agree with the named comments; return the report."""
    votes, opinions = tmp_path / "votes.csv", tmp_path / "opinions.json"
    rows = ["participant,statement,choice"]
    for person in range(60):
        side = 1 if person % 2 else -1
        rows += [f"p{person},{name},1" for name in names]
        rows += [f"p{person},x{number},{side * (-1) ** number}" for number in range(12)]
    votes.write_text("\n".join(rows) + "\n")
    assert main(["opinions", str(votes), "-o", str(opinions)]) == 0
    return opinions


def test_a_comment_that_all_groups_agree_with_is_the_bridging_quote(comments, tmp_path):
    opinions, output = opinions_on(["c3"], tmp_path), tmp_path / "themes.json"
    arguments = ["themes", str(comments), "-o", str(output), "--opinions", str(opinions)]
    assert main(arguments) == 0
    report = json.loads(output.read_text(encoding="utf-8"))
    quotes = [q for theme in report["themes"] for q in theme["quotes"] if q["role"] == "bridging"]
    typical = [q["comment"] for theme in report["themes"] for q in theme["quotes"]]
    assert [quote["comment"] for quote in quotes] == ["c3"]
    assert TEXTS[3][quotes[0]["start"] : quotes[0]["end"]] == TEXTS[3]
    assert typical.count("c3") == 1


@pytest.mark.parametrize(
    "content", ['{"schema": "sarn.themes/1"}', '{"schema": "sarn.opinions/1", "groups": [1, 2]}']
)
def test_anything_but_an_opinion_report_is_refused(content, comments, tmp_path, capsys):
    wrong, output = tmp_path / "wrong.json", tmp_path / "out.json"
    wrong.write_text(content)
    assert main(["themes", str(comments), "-o", str(output), "--opinions", str(wrong)]) == 2
    assert "wrong.json: row 1, column 1:" in capsys.readouterr().err
