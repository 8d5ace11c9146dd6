import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.opinions.vote_files import write_parquet
from tests.analysis.vote_samples import camps

ROOT = Path(__file__).resolve().parents[3]
Finished = subprocess.CompletedProcess[str]


def run(*arguments: str | Path) -> Finished:
    """Run the command in this process; what it prints and returns is kept."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Finished([], code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("votes")
    votes, _ = camps((30, 25))
    (folder / "votes.csv").write_bytes(votes.to_csv())
    write_parquet(votes, folder / "votes.parquet")
    command = [sys.executable, "-m", "analysis", "opinions", "votes.csv", "-o", "report.json"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def test_the_report_names_the_votes_it_was_made_from(reported: Path) -> None:
    report = json.loads((reported / "report.json").read_text(encoding="utf-8"))
    votes, _ = camps((30, 25))
    assert report["input"]["digest"] == votes.digest


def test_csv_and_parquet_give_the_same_report_byte_by_byte(reported: Path) -> None:
    run("opinions", reported / "votes.parquet", "-o", reported / "again.json")
    assert (reported / "again.json").read_bytes() == (reported / "report.json").read_bytes()


def test_comparing_a_report_with_itself_finds_nothing(reported: Path) -> None:
    done = run("compare", reported / "report.json", reported / "report.json")
    assert (done.returncode, done.stdout) == (0, "")


def test_comparing_prints_each_difference_and_exits_with_1(reported: Path) -> None:
    report = json.loads((reported / "report.json").read_text(encoding="utf-8"))
    report["participants"][0]["group"] = 9
    (reported / "changed.json").write_text(json.dumps(report), encoding="utf-8")
    done = run("compare", reported / "report.json", reported / "changed.json")
    assert done.returncode == 1
    assert done.stdout.startswith("participants[p0000].group: ")


def test_predictions_follow_the_rows_of_the_pairs(reported: Path) -> None:
    pairs = reported / "pairs.csv"
    pairs.write_text("participant,statement\np0003,s01\np0000,s02\n", encoding="utf-8")
    done = run("predict", reported / "report.json", pairs, "-o", reported / "out.csv")
    assert done.returncode == 0
    rows = list(csv.DictReader((reported / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["participant"], row["statement"]) for row in rows] == [
        ("p0003", "s01"),
        ("p0000", "s02"),
    ]
    assert all(0 < float(row["p_agree"]) < 1 for row in rows)


def test_a_pair_outside_the_report_is_refused_and_nothing_is_written(reported: Path) -> None:
    pairs = reported / "strange.csv"
    pairs.write_text("participant,statement\nnobody,s01\n", encoding="utf-8")
    done = run("predict", reported / "report.json", pairs, "-o", reported / "none.csv")
    assert done.returncode == 2
    assert "strange.csv: row 2, column participant: 'nobody' is not in the report" in done.stderr
    assert not (reported / "none.csv").exists()


def test_bad_votes_exit_with_2_and_one_line_and_write_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("participant,statement,choice\na,x,maybe\n", encoding="utf-8")
    done = run("opinions", bad, "-o", tmp_path / "out.json")
    assert done.returncode == 2
    assert done.stderr == (
        "bad.csv: row 2, column choice: 'maybe' is not a choice; "
        "write 1 (agree), 0 (pass) or -1 (disagree)\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["bad.csv"]


def test_a_folder_that_cannot_be_written_to_is_named(reported: Path) -> None:
    done = run("opinions", reported / "votes.csv", "-o", reported / "absent" / "out.json")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


def test_a_number_of_groups_out_of_range_is_refused(reported: Path) -> None:
    done = run("opinions", reported / "votes.csv", "-o", reported / "x.json", "--groups", "9")
    assert (done.returncode, done.stderr) == (2, "--groups 9: must be 1 to 5\n")


def test_a_polis_folder_with_statements_and_a_previous_report(tmp_path: Path) -> None:
    rows = ["participant,group-id,n-votes,n-agree,n-disagree," + ",".join(map(str, range(9)))]
    for person in range(24):
        side = 1 if person < 12 else -1
        rows.append(f"{person},0,9,{9 * (side > 0)},{9 * (side < 0)}," + ",".join([str(side)] * 9))
    (tmp_path / "participants-votes.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "s.csv").write_text("statement,text\n0,Zero\n99,Unseen\n", encoding="utf-8")
    options = ["--format", "polis", "--statements", tmp_path / "s.csv"]
    first = run("opinions", tmp_path, "-o", tmp_path / "a.json", *options)
    again = run(
        "opinions", tmp_path, "-o", tmp_path / "b.json", *options, "--previous", tmp_path / "a.json"
    )
    assert (first.returncode, again.returncode) == (0, 0)
    report = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert "checked against n-agree" in report["input"]["sign"]
    assert report["grouping"]["k"] == 2
    assert {"99", "0"} <= {entry["id"] for entry in report["statements"]}
    assert run("compare", tmp_path / "a.json", tmp_path / "b.json").returncode == 0


def test_strata_and_population_add_the_representation_of_the_crowd(reported: Path) -> None:
    rows = [f"p{number:04},{'old' if number % 5 else 'young'}" for number in range(55)]
    (reported / "strata.csv").write_text("participant,age\n" + "\n".join(rows) + "\n")
    (reported / "shares.csv").write_text("column,value,share\nage,young,0.4\nage,old,0.6\n")
    options = ["--strata", reported / "strata.csv", "--population", reported / "shares.csv"]
    done = run("opinions", reported / "votes.csv", "-o", reported / "r.json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads((reported / "r.json").read_text(encoding="utf-8"))
    assert [cell["participants"] for cell in report["representation"]["strata"]] == [11, 44]
    assert len(report["representation"]["statements"]) == 40
    plain = json.loads((reported / "report.json").read_text(encoding="utf-8"))
    assert "representation" not in plain
    assert {key: report[key] for key in plain} == plain


def test_strata_without_population_are_refused_in_one_line(reported: Path) -> None:
    done = run("opinions", reported / "votes.csv", "-o", reported / "x.json", "--strata", "s.csv")
    assert (done.returncode, done.stderr) == (2, "--population: is missing; --strata needs it\n")


def test_a_bad_cell_of_the_strata_exits_with_2_and_one_line(reported: Path) -> None:
    (reported / "bad.csv").write_text("participant,age\np0001,child\n", encoding="utf-8")
    (reported / "pop.csv").write_text("column,value,share\nage,old,1\n", encoding="utf-8")
    options = ["--strata", reported / "bad.csv", "--population", reported / "pop.csv"]
    done = run("opinions", reported / "votes.csv", "-o", reported / "none.json", *options)
    assert done.returncode == 2
    assert done.stderr.startswith("bad.csv: row 2, column age: 'child' has no share")
    assert done.stderr.count("\n") == 1
    assert not (reported / "none.json").exists()
