"""Hostile texts and files go through everything without a crash; their time is in benchmarks/."""

import os
from pathlib import Path

import pytest

from analysis.errors import AnalysisError
from analysis.summary.writing import summarise
from analysis.texts.comment_files import CommentTable, read_comments
from analysis.texts.personal_data import find_personal_data, mask_personal_data
from analysis.themes.pipeline import analyse_comments, find_duplicates
from benchmarks.text_data import generated_texts, hostile_csv, hostile_texts
from benchmarks.texts import hostile_steps, read_all

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("HOSTILE_DATA", ROOT.parent / "shared/data/hostile"))
GENERATED = dict(generated_texts(20_000))

needs_folder = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no hostile texts in {FOLDER}; name a folder in HOSTILE_DATA"
)


@pytest.mark.parametrize("step", hostile_steps())
@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_text_goes_through(name: str, step: str) -> None:
    hostile_steps()[step](GENERATED[name])


@pytest.mark.parametrize("name", GENERATED)
def test_quotes_of_a_generated_text_are_parts_of_it(name: str) -> None:
    texts = (GENERATED[name], "ขอให้ซ่อมไฟถนนหน้าโรงเรียนโดยเร็ว " + GENERATED[name])
    report = analyse_comments(CommentTable(("a", "b"), texts))
    for theme in report.themes:
        for quote in theme.quotes:
            words = texts["ab".index(quote.comment)][quote.start : quote.end]
            assert words
            assert len(words) <= 280


@needs_folder
@pytest.mark.parametrize("step", ["normalise", "words", "language", "mask", "rewording"])
def test_every_hostile_text_of_the_folder_goes_through(step: str) -> None:
    call = hostile_steps()[step]
    for _, text in hostile_texts(FOLDER):
        call(text)


@needs_folder
def test_hostile_texts_are_analysed_together() -> None:
    found = dict(hostile_texts(FOLDER))
    table = CommentTable(tuple(found), tuple(found.values()))
    report = analyse_comments(table)
    placed = [comment for theme in report.themes for comment in theme.comments]
    assert sorted([*placed, *report.not_substantive]) == sorted(found)
    for theme in report.themes:
        for quote in theme.quotes:
            assert found[quote.comment][quote.start : quote.end]
    assert find_duplicates(table)["schema"] == "sarn.duplicates/1"
    summary = summarise({}, report.to_dict(), statements={}, comments=found, table=table)
    assert summary.sentences


@needs_folder
def test_every_hostile_file_is_read_or_refused_in_one_line() -> None:
    files = hostile_csv(FOLDER)
    assert files
    for path in files:
        for told in read_all(path):
            assert "\n" not in told
            assert not told or path.name in told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"comment,text\n1,\xed\xa0\x80\n", "row 2, column 2: not UTF-8; save the file as UTF-8"),
        (b"comment,text\n1,\xff\n", "row 2, column 2: not UTF-8"),
        ('comment,text\n1,"open\n'.encode("utf-16"), "not UTF-8"),
    ],
)
def test_half_characters_and_other_encodings_are_refused_with_the_place(
    data: bytes, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "c.csv"
    file.write_bytes(data)
    with pytest.raises(AnalysisError, match=told):
        read_comments(file)


def test_thousands_of_numbers_are_all_masked() -> None:
    text = "บัญชี 1234567890 โทร 0812345678 " * 2_000
    assert len(find_personal_data(text)) == 4_000
    assert not any(digit in mask_personal_data(text) for digit in "0123456789")


def test_an_account_is_found_by_the_nearest_word_before_it() -> None:
    far = "บัญชี " + "x" * 60 + " account 1234567890"
    assert [span.kind for span in find_personal_data(far)] == ["bank-account"]
    assert not find_personal_data("บัญชี " + "x" * 60 + " 1234567890")
