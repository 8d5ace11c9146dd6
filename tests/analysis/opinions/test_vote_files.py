import gzip
from pathlib import Path

import pytest

from analysis.errors import AnalysisError, MalformedVotesError
from analysis.opinions.vote_files import (
    read_polis_folder,
    read_statements,
    read_votes,
    write_parquet,
)
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import camps, rows_of

COMMENTS = (
    "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    '1,0,7,2,0,1,"Free, ""clean"" water"\n2,1,7,0,2,-1,No\n'
)
FINAL = (
    "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n"
    "10,0,0,2,1,1,1,-1\n11,,0,2,1,1,1,-1\n12,1,0,1,0,0,0,\n"
)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"participant,statement\na,x\n", "row 1, column choice: the column is missing"),
        (b"participant,statement,choice\na,x,1\nb,y,2\n", "row 3, column choice: '2' is not"),
        (b"participant,statement,choice\n,x,1\n", "row 2, column participant: is empty"),
        (b"participant,statement,choice\na,,1\n", "row 2, column statement: is empty"),
        (b"participant,statement,choice\na,x\n", "row 2, column 3: the row has 2 cells"),
        (b"participant,statement,choice\na,x,1,9\n", "row 2, column 4: the row has 4 cells"),
        (b"participant,statement,choice\na,\xff,1\n", "row 2, column 1: the row is not UTF-8"),
        (b'participant,statement,choice\n"a,x,1\n', "the row is not CSV"),
        (b"", "row 1, column participant: the column is missing"),
    ],
)
def test_a_fault_is_named_by_file_row_and_column(text: bytes, message: str) -> None:
    with pytest.raises(MalformedVotesError, match=r"^v\.csv: ") as refusal:
        VoteTable.from_csv_bytes(text, "v.csv")
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_other_columns_spellings_and_a_byte_order_mark_are_accepted() -> None:
    data = b"\xef\xbb\xbfchoice,when,statement,participant\r\n1.0,x,s,a\r\n -1 ,x,s,b\r\n"
    assert rows_of(VoteTable.from_csv_bytes(data)) == [("a", "s", 1), ("b", "s", -1)]


def test_csv_packed_csv_and_parquet_hold_the_same_table(tmp_path: Path) -> None:
    votes, _ = camps((8, 8))
    (tmp_path / "v.csv").write_bytes(votes.to_csv())
    (tmp_path / "v.csv.gz").write_bytes(gzip.compress(votes.to_csv()))
    write_parquet(votes, tmp_path / "v.parquet")
    read = {read_votes(tmp_path / name).digest for name in ("v.csv", "v.csv.gz", "v.parquet")}
    assert read == {votes.digest}


def test_a_parquet_fault_is_named_by_row_and_column(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"participant": [1, 2], "statement": ["x", "x"], "choice": [1, 5]}
    parquet.write_table(pa.table(columns), tmp_path / "v.parquet")
    with pytest.raises(MalformedVotesError, match=r"v\.parquet: row 2, column choice: 5 is not"):
        read_votes(tmp_path / "v.parquet")


@pytest.mark.parametrize("choice", [None, 0.5])
def test_a_missing_or_half_choice_is_not_a_pass(tmp_path: Path, choice: float | None) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"participant": ["a", "b"], "statement": ["x", "x"], "choice": [1.0, choice]}
    parquet.write_table(pa.table(columns), tmp_path / "v.parquet")
    with pytest.raises(MalformedVotesError, match=r"v\.parquet: row 2, column choice"):
        read_votes(tmp_path / "v.parquet")


def test_a_parquet_file_without_a_column_is_told_which(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pa.table({"participant": ["a"], "choice": [1]}), tmp_path / "v.parquet")
    with pytest.raises(MalformedVotesError, match="column statement: the column is missing"):
        read_votes(tmp_path / "v.parquet")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"absent\.csv: cannot be read"):
        read_votes(tmp_path / "absent.csv")


def test_a_polis_folder_gives_votes_texts_groups_and_moderation(tmp_path: Path) -> None:
    votes, listed, export = read_polis_folder(
        write(tmp_path, comments=COMMENTS, participants_votes=FINAL)
    )
    expected = [("10", "0", 1), ("10", "1", -1), ("11", "0", 1), ("11", "1", -1), ("12", "0", 0)]
    assert rows_of(votes) == expected
    assert listed.texts == {"0": 'Free, "clean" water', "1": "No"}
    assert listed.moderated_out == {"1"}
    assert export.groups == {"10": "0", "12": "1"}


def test_a_packed_polis_folder_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "participants-votes.csv.gz").write_bytes(gzip.compress(FINAL.encode()))
    assert read_polis_folder(tmp_path)[0].n_votes == 5


@pytest.mark.parametrize(("agree", "word"), [(1, "checked"), (-1, "turned")])
def test_the_sign_of_vote_events_follows_the_counts(tmp_path: Path, agree: int, word: str) -> None:
    events = "timestamp,comment-id,voter-id,vote\n" + "".join(
        f"{time},{item},{person},{side * agree}\n"
        for time, item, person, side in [
            (5, 0, 10, 1),
            (1, 0, 10, -1),
            (2, 0, 11, 1),
            (3, 1, 10, -1),
            (4, 1, 11, -1),
        ]
    )
    votes, _, export = read_polis_folder(write(tmp_path, comments=COMMENTS, votes=events))
    assert rows_of(votes) == [("10", "0", 1), ("10", "1", -1), ("11", "0", 1), ("11", "1", -1)]
    assert word in export.sign


def test_inverted_final_votes_are_turned_by_their_own_counts(tmp_path: Path) -> None:
    inverted = FINAL.replace("2,1,1,1,-1", "2,2,0,-1,-1")
    votes, _, export = read_polis_folder(write(tmp_path, participants_votes=inverted))
    assert rows_of(votes)[0] == ("10", "0", 1)
    assert "turned" in export.sign


def test_counts_that_fit_neither_sign_are_refused(tmp_path: Path) -> None:
    muddle = "participant,n-agree,n-disagree,0,1\n1,2,0,1,1\n2,2,0,-1,-1\n3,0,2,1,1\n4,0,2,-1,-1\n"
    with pytest.raises(MalformedVotesError, match="contradict the votes"):
        read_polis_folder(write(tmp_path, participants_votes=muddle))


def test_a_strange_vote_in_a_polis_export_is_named(tmp_path: Path) -> None:
    broken = FINAL.replace("1,-1\n11", "x,-1\n11")
    with pytest.raises(MalformedVotesError, match=r"participants-votes.csv: row 2, column 0: 'x'"):
        read_polis_folder(write(tmp_path, participants_votes=broken))


def test_a_folder_without_votes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"neither participants-votes\.csv nor votes\.csv"):
        read_polis_folder(tmp_path)


def test_a_list_of_statements_carries_text_and_moderation(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("statement,text,moderated_out\na,One,0\nb,Two,1\n", encoding="utf-8")
    listed = read_statements(path)
    assert listed.texts == {"a": "One", "b": "Two"}
    assert listed.moderated_out == {"b"}


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "v.csv"
    file.write_text("participant,statement,choice,choice\na,x,1,-1\n", encoding="utf-8")
    with pytest.raises(MalformedVotesError, match="row 1, column choice: the column stands twice"):
        read_votes(file)
