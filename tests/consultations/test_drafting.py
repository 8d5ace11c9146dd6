"""Writing a draft: import, correct the split, write, move; no word is lost on the way."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session

from consultations import drafting
from consultations.documents import read_document
from consultations.drafting import ClauseWords
from consultations.models import Draft, Stage
from consultations.outline import parse_outline
from consultations.outline_editing import change_kind, merge_with_previous, split_at
from consultations.outline_numbering import Kind
from core.actor import Actor, Role
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.drafts import (
    TEXT,
    Desk,
    answering,
    imported,
    keys,
    opened,
    preparing,
    stored,
)
from tests.consultations.planted import make_staff
from tests.factories import make_actor, make_draft

WORDS = ClauseWords(number="มาตรา ๓", body="ให้เก็บทุกวัน")
ASIDE = {
    "heading_en": "Collection",
    "body_en": "Food waste is collected twice a week.",
    "explanation_th": "รถมาสองครั้ง",
    "explanation_en": "The truck comes twice.",
}


def written(session: Session, draft: Draft) -> str:
    """Return every word of the text itself, without spaces, in reading order."""
    parts = ((row.number, row.heading, row.body) for row in stored(session, draft))
    return "".join("".join(part) for part in parts).replace(" ", "").replace("\n", "")


def test_an_imported_text_is_split_into_clauses_with_keys(
    session: Session, keyring: Keyring
) -> None:
    draft = imported(session, preparing(session, keyring))
    assert keys(session, draft) == ["preamble", "ch1", "s1", "s2", "ch2", "s3", "s4"]
    by_key = {clause.key: clause for clause in stored(session, draft)}
    assert (by_key["ch2"].number, by_key["ch2"].heading) == ("หมวด ๒", "การเก็บ")
    assert (by_key["s3"].parent_key, by_key["s3"].kind) == ("ch2", "section")
    assert by_key["s2"].body.startswith("ในระเบียบนี้\n(๑)")
    assert draft.number == 1


def test_a_second_import_keeps_keys_translation_and_explanation(
    session: Session, keyring: Keyring
) -> None:
    desk = preparing(session, keyring)
    draft = imported(session, desk)
    words = ClauseWords(number="มาตรา ๓", body="ให้เก็บขยะเปียกสัปดาห์ละสองครั้ง", **ASIDE)
    drafting.write_clause(session, desk.staff.officer, draft.id, "s3", words)
    renumbered = TEXT.replace("มาตรา ๔", "มาตรา ๕").replace("มาตรา ๓", "มาตรา ๔")
    inserted = renumbered.replace(
        "หมวด ๒\nการเก็บ\n", "หมวด ๒\nการเก็บ\n\nมาตรา ๓ เทศบาลจัดถังให้ทุกบ้านโดยไม่คิดเงิน\n"
    )
    again = imported(session, desk, inserted)
    assert again.id == draft.id
    assert keys(session, again) == ["preamble", "ch1", "s1", "s2", "ch2", "s3x2", "s3", "s4"]
    moved = next(clause for clause in stored(session, again) if clause.key == "s3")
    assert moved.number == "มาตรา ๔"
    assert {name: getattr(moved, name) for name in ASIDE} == ASIDE


def test_an_import_during_answering_begins_the_next_draft_with_the_published_keys(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring, ["ให้มีคณะกรรมการหนึ่งคณะ", "คณะกรรมการประชุมทุกเดือน"])
    opened_draft = opened(session, desk)
    drafting.remove_clause(session, desk.staff.officer, opened_draft.id, "s2")
    text = "มาตรา ๑ คณะกรรมการประชุมทุกเดือน\n\nมาตรา ๒ ให้มีคณะกรรมการหนึ่งคณะ"
    draft = imported(session, desk, text)
    assert (draft.id, draft.number) == (opened_draft.id, 2)
    assert keys(session, draft) == ["s2", "s1"]


def test_an_import_on_a_draft_that_changed_meanwhile_is_refused(
    session: Session, keyring: Keyring
) -> None:
    desk = preparing(session, keyring)
    known = drafting.known_units(session, desk.consultation.id)
    outline = drafting.recognise_units(
        parse_outline(read_document(TEXT.encode(), "draft.txt")), known
    )
    imported(session, desk, "มาตรา ๑ ข้อความอื่น")
    with pytest.raises(InvalidError, match="overtaken"):
        drafting.import_outline(session, desk.staff.officer, desk.consultation.id, outline, known)


def test_a_text_without_a_clause_is_refused(session: Session, keyring: Keyring) -> None:
    desk = preparing(session, keyring)
    with pytest.raises(InvalidError, match=r"document\.empty"):
        imported(session, desk, "หมวด ๑\nบททั่วไป")


Deed = Callable[[Session, Actor, Desk, Draft], Any]
DEEDS: dict[str, Deed] = {
    "import": lambda session, actor, desk, _draft: drafting.import_lines(
        session, actor, desk.consultation.id, []
    ),
    "next": lambda session, actor, desk, _draft: drafting.open_next(
        session, actor, desk.consultation.id
    ),
    "write": lambda session, actor, _desk, draft: drafting.write_clause(
        session, actor, draft.id, "s1", WORDS
    ),
    "add": lambda session, actor, _desk, draft: drafting.add_after(
        session, actor, draft.id, "s1", WORDS
    ),
    "remove": lambda session, actor, _desk, draft: drafting.remove_clause(
        session, actor, draft.id, "s1"
    ),
    "move": lambda session, actor, _desk, draft: drafting.move_clause(
        session, actor, draft.id, "s1", up=False
    ),
    "split": lambda session, actor, _desk, draft: drafting.correct_split(
        session, actor, draft.id, lambda outline: merge_with_previous(outline, "s2")
    ),
    "explain": lambda session, actor, _desk, draft: drafting.explain_change(
        session, actor, draft.id, "s1", response_ids=[], note_th="แก้คำผิด"
    ),
}


def test_only_an_officer_of_the_agency_writes(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    draft = opened(session, desk)
    strangers = [
        make_staff(session, keyring).officer,
        desk.staff.approver,
        make_actor(session, keyring),
        make_actor(session, keyring, Role.MODERATOR),
    ]
    for stranger, deed in product(strangers, DEEDS.values()):
        with pytest.raises(NotAllowedError, match="other_agency"):
            deed(session, stranger, desk, draft)


@pytest.mark.parametrize("stage", [Stage.IN_REVIEW, Stage.OPEN, Stage.RATIFICATION])
def test_a_draft_is_written_only_before_people_comment_and_while_answers_are_written(
    session: Session, keyring: Keyring, stage: Stage
) -> None:
    desk = answering(session, keyring)
    draft = opened(session, desk)
    desk.consultation.stage = stage
    session.flush()
    for deed in DEEDS.values():
        with pytest.raises(ConflictError, match="wrong_stage"):
            deed(session, desk.staff.officer, desk, draft)


def test_a_published_draft_never_changes(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    published = make_draft(session, desk.consultation, number=2)
    before = written(session, published)
    for name, deed in DEEDS.items():
        if name not in ("import", "next"):
            with pytest.raises(ConflictError, match=r"draft\.published"):
                deed(session, desk.staff.officer, desk, published)
    assert written(session, published) == before


def test_an_unknown_draft_or_clause_is_not_found(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    draft, officer = opened(session, desk), desk.staff.officer
    with pytest.raises(NotFoundError, match=r"draft\.unknown"):
        drafting.write_clause(session, officer, draft.id + 99, "s1", WORDS)
    for deed in (
        lambda: drafting.write_clause(session, officer, draft.id, "s9", WORDS),
        lambda: drafting.add_after(session, officer, draft.id, "s9", WORDS),
        lambda: drafting.remove_clause(session, officer, draft.id, "s9"),
        lambda: drafting.move_clause(session, officer, draft.id, "s9", up=True),
    ):
        with pytest.raises(NotFoundError, match=r"clause\.unknown"):
            deed()


def test_written_words_are_cleaned_as_imported_ones_are(session: Session, keyring: Keyring) -> None:
    desk = preparing(session, keyring)
    draft = imported(session, desk)
    typed = ClauseWords(number=" มาตรา  ๓ ", body="ให้ทําดังนี้\r\nข้อแรก\n")
    clause = drafting.write_clause(session, desk.staff.officer, draft.id, "s3", typed)
    assert (clause.number, clause.body) == ("มาตรา ๓", "ให้ทำดังนี้\nข้อแรก")


def test_a_clause_needs_a_heading_or_a_text_of_bearable_length(
    session: Session, keyring: Keyring
) -> None:
    desk = preparing(session, keyring)
    draft, officer = imported(session, desk), desk.staff.officer
    with pytest.raises(InvalidError, match=r"clause\.empty"):
        drafting.write_clause(session, officer, draft.id, "s3", ClauseWords(number="มาตรา ๓"))
    with pytest.raises(InvalidError, match=r"text\.too_long") as caught:
        drafting.write_clause(session, officer, draft.id, "s3", ClauseWords(body="ก" * 50_001))
    assert caught.value.field == "body"


def test_who_saves_without_changing_a_word_is_not_its_author(
    session: Session, keyring: Keyring
) -> None:
    desk = preparing(session, keyring)
    draft = imported(session, desk)
    second = make_actor(session, keyring, Role.OFFICER, agency=desk.staff.agency)
    clause = stored(session, draft)[2]
    same = ClauseWords(number=clause.number, body=clause.body)
    drafting.write_clause(session, second, draft.id, clause.key, same)
    assert draft.prepared_by_id == desk.staff.officer.account_id
    drafting.write_clause(session, second, draft.id, clause.key, WORDS)
    assert draft.prepared_by_id == second.account_id


def test_every_change_of_the_order_makes_its_author_answer_for_the_draft(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring, ["หนึ่ง", "สอง", "สาม", "สี่"])
    draft = opened(session, desk)
    for deed in ("add", "move", "split", "explain", "remove"):
        author = make_actor(session, keyring, Role.OFFICER, agency=desk.staff.agency)
        DEEDS[deed](session, author, desk, draft)
        assert draft.prepared_by_id == author.account_id, deed


def test_joining_a_clause_keeps_all_that_stands_beside_it(
    session: Session, keyring: Keyring
) -> None:
    desk = preparing(session, keyring)
    draft, officer = imported(session, desk), desk.staff.officer
    drafting.write_clause(
        session, officer, draft.id, "s3", ClauseWords(body="ก่อน", body_en="Before.")
    )
    drafting.write_clause(session, officer, draft.id, "s4", ClauseWords(body="หลัง", **ASIDE))
    drafting.correct_split(
        session, officer, draft.id, lambda outline: merge_with_previous(outline, "s4")
    )
    joined = stored(session, draft)[-1]
    assert joined.key == "s3"
    assert joined.body == "ก่อน\nหลัง"
    assert joined.body_en == "Before.\nCollection\nFood waste is collected twice a week."
    assert (joined.explanation_th, joined.explanation_en) == (
        ASIDE["explanation_th"],
        ASIDE["explanation_en"],
    )


def test_a_clause_that_becomes_a_chapter_takes_its_translation_along(
    session: Session, keyring: Keyring
) -> None:
    desk = preparing(session, keyring)
    draft, officer = imported(session, desk), desk.staff.officer
    drafting.write_clause(session, officer, draft.id, "s3", ClauseWords(body="ก", body_en="A"))
    two = ClauseWords(body="ก\nข", body_en="A\nB")
    drafting.write_clause(session, officer, draft.id, "s4", two)
    for key in ("s3", "s4"):
        drafting.correct_split(
            session,
            officer,
            draft.id,
            lambda outline, key=key: change_kind(outline, key, Kind.PART),
        )
    third, fourth, paragraph = stored(session, draft)[-3:]
    assert (third.heading, third.heading_en, third.body_en) == ("ก", "A", "")
    assert (fourth.body_en, paragraph.body, paragraph.body_en) == ("", "ก\nข", "A\nB")


def test_corrections_lose_no_word_and_keep_places_unique(
    session: Session, keyring: Keyring
) -> None:
    desk = preparing(session, keyring)
    draft, officer = imported(session, desk), desk.staff.officer
    words = sorted(written(session, draft))
    corrections: list[Callable[[], Any]] = [
        lambda: split(session, officer, draft, "s2", 1),
        lambda: kind(session, officer, draft, "s3", Kind.CHAPTER),
        lambda: drafting.move_clause(session, officer, draft.id, "ch2", up=True),
        lambda: merge(session, officer, draft, "s4"),
        lambda: kind(session, officer, draft, "s1", Kind.CLAUSE),
        lambda: drafting.move_clause(session, officer, draft.id, "s1", up=False),
        lambda: merge(session, officer, draft, "ch1"),
    ]
    for correction in corrections:
        correction()
        found = keys(session, draft)
        assert len(set(found)) == len(found)
        assert sorted(written(session, draft)) == words
        holders = {clause.parent_key for clause in stored(session, draft)} - {None}
        assert holders <= set(found)


def split(session: Session, actor: Actor, draft: Draft, key: str, line: int) -> Draft:
    return drafting.correct_split(
        session, actor, draft.id, lambda outline: split_at(outline, key, line)
    )


def merge(session: Session, actor: Actor, draft: Draft, key: str) -> Draft:
    return drafting.correct_split(
        session, actor, draft.id, lambda outline: merge_with_previous(outline, key)
    )


def kind(session: Session, actor: Actor, draft: Draft, key: str, new: Kind) -> Draft:
    return drafting.correct_split(
        session, actor, draft.id, lambda outline: change_kind(outline, key, new)
    )
