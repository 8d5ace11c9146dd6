import zlib

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import covering, snapshots
from consultations.comment_words import Words
from consultations.commenting import edit
from consultations.covering import Span
from consultations.models import (
    Comment,
    Consultation,
    ContributionRevision,
    SealedWords,
    Visibility,
)
from consultations.queries.receipts import receipt
from core.actor import Actor, Role
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.keyring import Keyring
from core.notices import notices_for
from core.text import tidy
from moderation import covers, rules
from moderation.models import Decision, DecisionKind
from moderation.redacting import MOST_PASSAGES, cover, uncover
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
)

PHONE = "081-234-5678"
WRITTEN = f"โทรหาเขาที่ {PHONE} หรือไปที่บ้าน เบอร์ {PHONE}"
SHOWN = WRITTEN.replace(PHONE, "⟦ปกปิด: ข้อมูลส่วนบุคคล⟧")
WHY = {"rule": "personal_data", "reason": "เป็นหมายเลขโทรศัพท์ของผู้อื่น"}


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


@pytest.fixture
def author(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


@pytest.fixture
def comment(session: Session, consultation: Consultation, author: Actor) -> Comment:
    draft = make_draft(session, consultation)
    make_comment(session, draft, body=WRITTEN)
    person = joined(session, author, consultation)
    return make_comment(
        session, draft, participant_id=person.id, body=WRITTEN, reason=f"ถามได้ที่ {PHONE}"
    )


def test_a_text_is_shown_with_its_marks_and_offsets_move_with_it() -> None:
    spans = covering.with_places([Span(2, 4, "a", 1)], [(3, 6), (8, 9)], "b", 2)

    def mark(rule: str) -> str:
        return f"<{rule}{rule}>"

    text = covering.shown("0123456789", spans, mark)

    assert text == "01<aa><bb>67<bb>9"
    assert [text[covering.to_shown(place, spans, mark)] for place in (0, 1, 6, 7, 9)] == list(
        "01679"
    )
    for place in (0, 1, 6, 7, 9):
        there = covering.to_shown(place, spans, mark)
        assert covering.to_original(there, spans, mark) == place


def test_nobody_can_write_a_mark_themselves() -> None:
    assert tidy("⟦ปกปิด: ก⟧") == "[ปกปิด: ก]"


def test_covered_words_are_shown_nowhere_and_the_rest_stays(
    session: Session, moderator: Actor, comment: Comment
) -> None:
    cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=1)

    assert comment.body == SHOWN
    assert comment.reason == "ถามได้ที่ ⟦ปกปิด: ข้อมูลส่วนบุคคล⟧"
    assert comment.visibility is Visibility.PUBLISHED
    [notice] = notices_for(session, str(comment.participant_id))
    assert (notice.code, notice.details["rule"]) == ("decision.cover", "personal_data")


def test_the_analysis_does_not_get_them(
    session: Session, moderator: Actor, comment: Comment
) -> None:
    cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=1)

    frozen = snapshots.freeze(session, comment.consultation_id)
    session.flush()
    rows = snapshots.csv_rows(zlib.decompress(frozen.comments_csv))
    texts = {row["comment"]: row["text"] for row in rows}
    assert texts.pop(comment.reference) == SHOWN
    assert list(texts.values()) == [WRITTEN]


def test_the_original_is_sealed_and_comes_back_whole(
    session: Session, keyring: Keyring, moderator: Actor, comment: Comment
) -> None:
    salt = comment.salt
    cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=1)
    row = session.scalars(select(SealedWords)).one()
    assert PHONE not in row.sealed
    assert covers.original_of(session, keyring, comment).texts["body"] == WRITTEN

    uncover(session, moderator, comment.reference, reason="ปกปิดเกินไป", expected_revision=2)

    assert (comment.body, comment.salt) == (WRITTEN, salt)
    assert session.scalar(select(SealedWords)) is None
    kinds = session.scalars(select(Decision.kind).order_by(Decision.id)).all()
    assert kinds == [DecisionKind.COVER, DecisionKind.UNCOVER]


def test_the_receipt_holds_before_and_after(
    session: Session, moderator: Actor, comment: Comment
) -> None:
    cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=1)
    assert receipt(session, comment.reference).is_intact
    assert PHONE not in receipt(session, comment.reference).content
    uncover(session, moderator, comment.reference, reason="ปกปิดเกินไป", expected_revision=2)
    assert receipt(session, comment.reference).is_intact


def test_more_can_be_covered_later_with_a_rule_of_its_own(
    session: Session, moderator: Actor, comment: Comment
) -> None:
    cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=1)
    why = {"rule": "threat", "reason": "เป็นคำขู่"}
    cover(session, moderator, comment.reference, passages="ไปที่บ้าน", **why, expected_revision=2)

    assert comment.body == SHOWN.replace("ไปที่บ้าน", "⟦ปกปิด: การข่มขู่⟧")


def test_an_english_text_gets_an_english_mark(
    session: Session, moderator: Actor, comment: Comment
) -> None:
    draft = make_draft(session, make_consultation_of(session, comment), number=2)
    english = make_comment(session, draft, body=f"Call {PHONE} now", language="en")

    cover(session, moderator, english.reference, passages=PHONE, **WHY, expected_revision=1)

    assert english.body == "Call ⟦covered: personal data⟧ now"


def make_consultation_of(session: Session, comment: Comment) -> Consultation:
    return session.get_one(Consultation, comment.consultation_id)


def test_new_words_of_the_author_are_read_before_they_appear(
    session: Session, moderator: Actor, author: Actor, comment: Comment
) -> None:
    cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=1)

    edit(
        session,
        author,
        comment.reference,
        words=Words(body="โทรหาสำนักงาน"),
        screen=rules.screen,
    )

    assert (comment.body, comment.visibility) == ("โทรหาสำนักงาน", Visibility.PENDING)
    assert session.scalar(select(SealedWords)) is None
    earlier = session.scalars(select(ContributionRevision)).one()
    assert earlier.body == SHOWN


def test_a_quote_beside_the_covered_words_stays_where_it_is() -> None:
    quoted = "หรือไปที่บ้าน"
    spans = covering.with_places([], covering.occurrences(WRITTEN, PHONE), "personal_data", 1)

    def mark(rule: str) -> str:
        return covers.mark_of("th", rule)

    [(start, end)] = covering.occurrences(WRITTEN, quoted)
    moved = covering.to_shown(start, spans, mark), covering.to_shown(end, spans, mark)
    assert [moved] == covering.occurrences(SHOWN, quoted)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"passages": " \n "}, "cover.needed"),
        ({"passages": "ข"}, "cover.too_short"),
        ({"passages": "\n".join(["โทรหา"] * (MOST_PASSAGES + 1))}, "cover.too_many"),
        ({"passages": f"{PHONE}\nไม่มีคำนี้"}, "cover.not_found"),
        ({"passages": WRITTEN}, "cover.everything"),
        ({"rule": "off_topic"}, "rule.covers_nothing"),
        ({"rule": ""}, "rule.needed"),
        ({"reason": " "}, "text.empty"),
    ],
)
def test_what_does_not_hold_changes_nothing(
    session: Session, moderator: Actor, comment: Comment, values: dict[str, str], code: str
) -> None:
    sent = {"passages": PHONE, **WHY, **values}
    with pytest.raises(InvalidError, match=code.replace(".", r"\.")):
        cover(session, moderator, comment.reference, **sent, expected_revision=1)
    assert comment.body == WRITTEN
    assert session.scalar(select(Decision)) is None


def test_the_same_words_are_not_covered_twice(
    session: Session, moderator: Actor, comment: Comment
) -> None:
    cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=1)
    with pytest.raises(InvalidError, match=r"cover\.nothing_new"):
        cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=2)


def test_a_stale_view_covers_nothing(session: Session, moderator: Actor, comment: Comment) -> None:
    with pytest.raises(ConflictError, match="decided_meanwhile"):
        cover(session, moderator, comment.reference, passages=PHONE, **WHY, expected_revision=5)
    with pytest.raises(ConflictError, match=r"cover\.nothing_covered"):
        uncover(session, moderator, comment.reference, reason="ก", expected_revision=1)


def test_nobody_covers_words_in_the_consultation_of_their_own_agency(
    session: Session, keyring: Keyring
) -> None:
    agency = make_agency(session)
    insider = make_actor(session, keyring, Role.OFFICER, Role.MODERATOR, agency=agency)
    consultation = make_consultation(session, keyring, agency=agency)
    comment = make_comment(session, make_draft(session, consultation), body=WRITTEN)

    with pytest.raises(NotAllowedError, match="own_agency"):
        cover(session, insider, comment.reference, passages=PHONE, **WHY, expected_revision=1)
