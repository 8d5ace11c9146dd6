"""Comments between two runs."""

import pytest

from analysis.errors import MalformedCommentsError
from analysis.texts.comment_files import CommentTable
from analysis.themes.pipeline import analyse_comments
from analysis.themes.provisional import assign_provisionally
from tests.analysis.text_samples import THAI, comments_on, table_of

TEXTS, SUBJECTS = comments_on(THAI)
KNOWN = table_of(TEXTS)
REPORT = analyse_comments(KNOWN).to_dict()
THEMES = {comment: theme["id"] for theme in REPORT["themes"] for comment in theme["comments"]}


def new(*texts):
    return CommentTable(tuple(f"n{place}" for place in range(len(texts))), texts)


def placed(*texts):
    return assign_provisionally(new(*texts), KNOWN, REPORT)


def test_a_new_comment_joins_its_subject():
    found = placed("รถขยะไม่มาเก็บขยะหลายวันส่งกลิ่นเหม็น", "รถเมล์รอนานและค่าโดยสารแพง")
    subjects = {
        name: {THEMES[f"c{n}"] for n, subject in enumerate(SUBJECTS) if subject == name}
        for name in THAI
    }
    assert found["n0"] in subjects["waste"]
    assert found["n1"] in subjects["transport"]


def test_a_copy_takes_the_theme_of_its_original():
    assert placed(TEXTS[3] + "!!")["n0"] == THEMES["c3"]


def test_nothing_is_made_up_for_other_languages_and_empty_texts():
    assert placed("The harbour must stay open", "🙂", "") == {"n0": None, "n1": None, "n2": None}
    assert placed() == {}


def test_a_report_without_themes_places_nothing():
    empty = analyse_comments(new()).to_dict()
    assert assign_provisionally(new("ไฟถนนดับทั้งซอย"), new(), empty) == {"n0": None}


def test_an_id_in_both_tables_is_refused():
    with pytest.raises(MalformedCommentsError):
        assign_provisionally(KNOWN, KNOWN, REPORT)
