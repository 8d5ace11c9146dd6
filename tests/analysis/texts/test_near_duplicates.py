"""Copies, variants and campaigns."""

import numpy as np
import pytest

from analysis.texts.campaigns import additions_to
from analysis.texts.comment_units import prepare
from analysis.texts.near_duplicates import find_near_duplicates
from analysis.texts.normalising import normalise
from analysis.texts.parameters import ThemeParameters
from analysis.texts.shingles import jaccard, shingle_set, signatures
from tests.analysis.text_samples import ENGLISH, THAI, comments_on, table_of

PARAMETERS = ThemeParameters()
TEMPLATE = (
    "I ask the council to withdraw clause seven because it takes away the riverside path that "
    "my family uses every evening, and nobody was told about the change before the hearing."
)
THAI_TEMPLATE = (
    "ขอให้ถอนมาตราเจ็ดออกจากร่างนี้ เพราะจะปิดทางเดินริมแม่น้ำที่ชาวบ้านใช้ทุกเย็น "
    "และไม่มีใครแจ้งให้ชุมชนทราบก่อนการรับฟังความคิดเห็นในครั้งนี้เลย"
)
OWN = (
    "My grandmother sold noodles on that path for thirty years and we still meet there on Sundays."
)


def groups_of(texts):
    labels = find_near_duplicates([normalise(text) for text in texts])
    return labels.tolist()


def test_case_marks_and_spaces_do_not_hide_a_copy():
    assert (
        len(set(groups_of([TEMPLATE, TEMPLATE.upper() + "!!!", TEMPLATE.replace(" ", "  ")]))) == 1
    )


def test_greetings_typing_errors_and_halves_stay_in_the_group():
    texts = [
        TEMPLATE,
        f"Dear council, {TEMPLATE} Yours, a resident",
        TEMPLATE.replace("evening", "evning").replace("council", "councl"),
        TEMPLATE[: int(len(TEMPLATE) * 0.7)],
    ]
    assert len(set(groups_of(texts))) == 1


def test_thai_copies_are_found():
    texts = [
        THAI_TEMPLATE,
        "เรียน ท่านประธาน " + THAI_TEMPLATE,
        THAI_TEMPLATE.replace("ทุกเย็น", "ทุกวัน"),
    ]
    assert len(set(groups_of(texts))) == 1


def test_different_comments_stay_apart():
    texts, _ = comments_on({**THAI, **ENGLISH})
    assert len(set(groups_of(texts))) == len(texts)


def test_a_template_with_an_equally_long_personal_text_is_attached():
    copies = [TEMPLATE] * 4
    long_addition = f"{TEMPLATE} {OWN} {OWN.upper()[::-1]}"
    labels = groups_of([*copies, long_addition])
    assert len(set(labels)) == 1


def test_attachment_does_not_chain():
    """A text that quotes a template and something else does not pull the other texts in."""
    other = (
        " ".join(OWN.split()[::-1])
        + " while the harbour office keeps its doors shut on market days"
    )
    mixed = f"{TEMPLATE} {other}"
    labels = groups_of([TEMPLATE, TEMPLATE, TEMPLATE, mixed, other])
    assert labels[3] == labels[0]
    assert labels[4] != labels[0]


def test_the_representative_is_the_most_frequent_wording():
    variant = TEMPLATE.replace("evening", "morning")
    labels = groups_of([variant, TEMPLATE, TEMPLATE])
    assert labels == [1, 1, 1]


def test_groups_do_not_depend_on_the_order():
    texts, _ = comments_on(ENGLISH)
    texts += [TEMPLATE, TEMPLATE.upper(), f"Hello. {TEMPLATE}", f"{TEMPLATE} {OWN}"]
    source = np.random.default_rng(3)
    wanted = _partition(texts, groups_of(texts))
    for _ in range(5):
        texts = [texts[place] for place in source.permutation(len(texts)).tolist()]
        assert _partition(texts, groups_of(texts)) == wanted


def _partition(texts, labels):
    return {
        frozenset(text for text, other in zip(texts, labels, strict=True) if other == label)
        for label in labels
    }


def test_no_text_and_one_text_are_fine():
    assert groups_of([]) == []
    assert groups_of(["just one comment here"]) == [0]


def test_signatures_estimate_the_similarity():
    first = shingle_set(normalise(TEMPLATE), 5)
    second = shingle_set(normalise(TEMPLATE[:130]), 5)
    made = signatures([first, second], 512, seed=0)
    assert float((made[0] == made[1]).mean()) == pytest.approx(jaccard(first, second), abs=0.08)


def test_jaccard_of_equal_and_apart_sets():
    one = np.array([1, 2, 3], dtype=np.uint64)
    assert jaccard(one, one) == 1
    assert jaccard(one, np.array([4], dtype=np.uint64)) == 0


def test_added_words_are_found_in_the_original():
    text = f"Dear all, {TEMPLATE} {OWN}"
    places = additions_to(TEMPLATE, text, PARAMETERS)
    assert [text[start:end] for start, end in places] == [OWN.rstrip(".")]


def test_a_new_order_is_no_addition():
    words = TEMPLATE.split()
    turned = " ".join(words[len(words) // 2 :] + words[: len(words) // 2])
    assert additions_to(TEMPLATE, turned, PARAMETERS) == []


def test_variants_count_every_comment_once():
    texts = [TEMPLATE] * 3 + [TEMPLATE.replace("evening", "morning")] * 2 + [f"{TEMPLATE} {OWN}"]
    prepared = prepare(table_of(texts), PARAMETERS)
    (group,) = prepared.groups
    assert [count for _, count in group.variants] == [3, 2, 1]
    assert sorted(group.members) == list(range(6))
    assert [texts[i][start:end] for i, start, end in group.additions] == [OWN.rstrip(".")]
