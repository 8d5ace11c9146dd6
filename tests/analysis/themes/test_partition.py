"""Themes of comments: nothing lost, the same for any order, ids that last."""

import json

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score
from threadpoolctl import threadpool_limits

from analysis.errors import MalformedCommentsError
from analysis.texts.comment_files import CommentTable
from analysis.texts.parameters import ThemeParameters
from analysis.themes.partition import number_of_themes, shared_number
from analysis.themes.pipeline import analyse_comments
from analysis.themes.report import ThemeReport
from tests.analysis.text_samples import ENGLISH, THAI, comments_on, table_of

TEXTS, SUBJECTS = comments_on(THAI)


@pytest.fixture(scope="module")
def report():
    return analyse_comments(table_of(TEXTS))


def themes_of(report):
    return {comment: theme.id for theme in report.themes for comment in theme.comments}


def everything(report):
    return sorted([*themes_of(report), *report.not_substantive])


def part_of(table, places):
    return CommentTable(
        tuple(table.comments[place] for place in places),
        tuple(table.texts[place] for place in places),
    )


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["ok"],
        ["Please repair the bridge near the temple"],
        ["", " ", "\n"],
        ["🙂🙂🙂", "https://example.org/petition"],
        ["We want the pier to stay open in the evening"] * 60,
        ["ไม่เห็นด้วยกับการขึ้นค่าปรับ"] * 60,
        [f"{word} is needed here soon" for word in ("light", "water", "a bus", "a school", "rest")],
        ["ส" * 5_000, "ก" + "่" * 3_000] * 20,
        ["\u202e\u200bdesrever txet siht", "\ud800 lone surrogate in a text"],
        [*TEXTS[:40], "The harbour must not be closed"],
    ],
    ids=[
        "none",
        "tiny",
        "one",
        "blank",
        "no text",
        "equal",
        "equal thai",
        "five",
        "runs",
        "odd",
        "mixed",
    ],
)
def test_every_comment_is_listed_once(texts):
    table = table_of(texts)
    found = analyse_comments(table)
    assert everything(found) == sorted(table.comments)
    json.dumps(found.to_dict(), allow_nan=False)


def test_subjects_are_found(report):
    themes = themes_of(report)
    found = [themes[f"c{place}"] for place in range(len(TEXTS))]
    assert adjusted_mutual_info_score(SUBJECTS, found) > 0.6


def test_sub_themes_divide_their_theme(report):
    for theme in report.themes:
        assert sorted(c for sub in theme.sub_themes for c in sub.comments) == theme.comments


def test_labels_are_words_of_the_theme(report):
    texts = dict(zip(table_of(TEXTS).comments, TEXTS, strict=True))
    for theme in report.themes:
        assert theme.label_terms
        for term in theme.label_terms:
            assert any(term in texts[comment] for comment in theme.comments)


def test_words_of_the_title_name_no_theme():
    found = analyse_comments(table_of(TEXTS), title="ร่างแผนเรื่องรถเมล์ ขยะ และไฟ")
    terms = {term for theme in found.themes for term in theme.label_terms}
    assert not terms & {"รถเมล์", "ขยะ", "ไฟ"}


def test_order_and_threads_change_nothing(report):
    table = table_of(TEXTS)
    wanted = json.dumps(report.to_dict())
    for seed in range(20):
        places = np.random.default_rng(seed).permutation(len(table)).tolist()
        with threadpool_limits(1 + seed % 2):
            assert json.dumps(analyse_comments(part_of(table, places)).to_dict()) == wanted


def test_languages_are_never_mixed():
    english, _ = comments_on(ENGLISH)
    found = analyse_comments(table_of([*TEXTS, *english]))
    thai = {f"c{place}" for place in range(len(TEXTS))}
    for theme in found.themes:
        assert set(theme.comments) <= thai or not set(theme.comments) & thai
        assert theme.language == ("th" if set(theme.comments) <= thai else "en")


def test_few_comments_are_listed_and_not_grouped():
    found = analyse_comments(table_of([*TEXTS, "The harbour must not be closed"]))
    (listed,) = [theme for theme in found.themes if theme.kind == "listed"]
    assert (listed.language, listed.comments, listed.sub_themes) == ("en", [f"c{len(TEXTS)}"], [])


def test_themes_are_found_within_each_answer():
    stances = ["agree" if place % 2 else "disagree" for place in range(len(TEXTS))]
    found = analyse_comments(table_of(TEXTS, stances=stances))
    by_id = {theme.id: theme for theme in found.themes}
    assert {theme.stance for theme in found.themes} == {"agree", "disagree"}
    for theme in found.themes:
        assert theme.stances == {theme.stance: theme.size}
        for other in theme.siblings:
            assert by_id[other].stance != theme.stance
            assert theme.id in by_id[other].siblings


def test_people_are_counted_apart_from_comments():
    table = table_of(TEXTS, authors=[f"a{place // 3}" for place in range(len(TEXTS))])
    found = analyse_comments(table)
    for theme in found.themes:
        assert theme.people == table.people(theme.comments)
        assert theme.people < theme.size


def test_copies_count_as_one_text_and_as_many_comments():
    campaign = "ขอคัดค้านการสร้างเขื่อนกันคลื่นหน้าหาดเพราะทำลายแหล่งวางไข่เต่าทะเลและอาชีพประมงพื้นบ้านของเรา"
    found = analyse_comments(table_of([*TEXTS, *[campaign] * 200]))
    (entry,) = found.campaigns
    assert (entry.size, len(entry.variants)) == (200, 1)
    (theme,) = [theme for theme in found.themes if theme.id == entry.theme]
    assert theme.size == theme.distinct_texts + 199
    assert set(entry.comments) <= set(theme.comments)


def test_added_words_are_grouped_on_their_own():
    campaign = "ขอคัดค้านการสร้างเขื่อนกันคลื่นหน้าหาดเพราะทำลายแหล่งวางไข่เต่าทะเลและอาชีพประมงพื้นบ้านของเรา"
    addition = TEXTS[0].replace("ซอย", "ตลาด")
    table = table_of([*TEXTS, *[campaign] * 5, f"{campaign} {addition}"])
    found = analyse_comments(table)
    (theme,) = [theme for theme in found.themes if theme.additions]
    (span,) = theme.additions
    assert addition in table.texts[-1][span.start - 5 : span.end + 5]
    assert theme.id == themes_of(found)["c0"]


def test_a_small_distinct_voice_is_a_sub_theme_or_theme():
    voice = [
        "นกกระเรียนพันธุ์ไทยกำลังวางไข่ในทุ่งนา",
        "ปกป้องรังของนกกระเรียนในทุ่งนาด้วย",
        "นกกระเรียนในทุ่งนาเหลือเพียงไม่กี่คู่",
        "ไข่ของนกกระเรียนถูกรบกวนในทุ่งนาทุกปี",
    ]
    found = analyse_comments(table_of([*TEXTS, *voice]))
    wanted = {f"c{len(TEXTS) + place}" for place in range(4)}
    groups = [theme.comments for theme in found.themes]
    groups += [sub.comments for theme in found.themes for sub in theme.sub_themes]
    assert any(wanted <= set(group) and len(group) <= 6 for group in groups)


def test_ids_last_when_comments_are_added():
    table = table_of(TEXTS)
    first = analyse_comments(part_of(table, [n for n in range(len(TEXTS)) if n % 4]))
    again = analyse_comments(table, previous=first.to_dict())
    before, after = themes_of(first), themes_of(again)
    assert np.mean([before[comment] != after[comment] for comment in before]) <= 0.1
    assert all(theme.before for theme in again.themes if theme.change == "kept")


def test_a_refit_starts_from_the_themes_that_were_there():
    before = analyse_comments(table_of(TEXTS)).to_dict()
    first, second, *rest = before["themes"]
    first["comments"] = sorted(first["comments"] + second["comments"])
    before["themes"] = [first, *rest]
    again = analyse_comments(table_of(TEXTS), previous=before)
    assert {theme.id for theme in again.themes} == {theme["id"] for theme in before["themes"]}


def test_a_refit_starts_afresh_when_there_are_far_too_few_themes(report):
    before = analyse_comments(table_of(TEXTS)).to_dict()
    first = before["themes"][0]
    first["comments"] = sorted(
        comment for theme in before["themes"] for comment in theme["comments"]
    )
    before["themes"] = [first]
    again = analyse_comments(table_of(TEXTS), previous=before)
    assert len(again.themes) == len(report.themes)


def test_a_refit_starts_afresh_when_most_comments_are_new(report):
    few = analyse_comments(part_of(table_of(TEXTS), range(35))).to_dict()
    again = analyse_comments(table_of(TEXTS), previous=few)
    assert len(again.themes) == len(report.themes)


def test_a_refit_of_the_same_comments_changes_no_id(report):
    again = analyse_comments(table_of(TEXTS), previous=report.to_dict())
    assert themes_of(again) == themes_of(report)
    assert again.numbering["theme"] == report.numbering["theme"]


def test_a_retired_id_is_never_used_again(report):
    english, _ = comments_on(ENGLISH)
    table = CommentTable(tuple(f"e{n}" for n in range(len(english))), tuple(english))
    other = analyse_comments(table, previous=report.to_dict())
    assert not {theme.id for theme in other.themes} & {theme.id for theme in report.themes}
    assert all(theme.change == "new" for theme in other.themes)


def test_a_report_travels_as_json(report):
    read = ThemeReport.from_dict(json.loads(json.dumps(report.to_dict())))
    assert read == report


@pytest.mark.parametrize("bad", [{}, {"schema": "sarn.opinions/1"}, {"schema": "sarn.themes/1"}])
def test_anything_else_is_no_report(bad):
    with pytest.raises(MalformedCommentsError):
        ThemeReport.from_dict(bad)


def test_an_earlier_report_of_another_kind_is_refused():
    with pytest.raises(MalformedCommentsError):
        analyse_comments(table_of(TEXTS[:3]), previous={"schema": "sarn.opinions/1"})


def test_the_number_of_themes_follows_the_rule():
    parameters = ThemeParameters()
    assert [number_of_themes(n, parameters) for n in (30, 59, 150, 1_000, 50_000)] == [
        4,
        5,
        9,
        20,
        20,
    ]
    assert shared_number([100, 100], parameters) == [5, 5]
    assert shared_number([400, 4], parameters)[1] == 1


def test_form_wording_is_not_a_theme():
    forms = [f"ชื่อโครงการ ปรับปรุงถนนสายหลักของเทศบาล รายละเอียด {text}" for text in TEXTS]
    found = analyse_comments(table_of(forms))
    terms = {term for theme in found.themes for term in theme.label_terms}
    assert not terms & {"โครงการ", "ปรับปรุง", "เทศบาล", "รายละเอียด"}
