"""Comments: on the latest published draft only, quoted words checked, edits kept, own ones only."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import anchoring, commenting, commitments
from consultations.comment_words import BODY_LENGTH, Words, comment_content
from consultations.models import (
    Comment,
    Consultation,
    ContributionRevision,
    Draft,
    DraftState,
    ModerationPolicy,
    Stage,
    Stance,
    Visibility,
)
from core.actor import ANONYMOUS, Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from moderation.rules import screen
from tests.factories import make_actor, make_comment, make_consultation, make_draft


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    return make_draft(session, consultation)


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


def submit(
    session: Session, actor: Actor, draft: Draft, body: str = "เห็นด้วยกับมาตรานี้", **overrides: Any
) -> Comment:
    texts = {
        name: overrides.pop(name)
        for name in ("stance", "reason", "proposed_wording")
        if name in overrides
    }
    values: dict[str, Any] = {"clause_key": "s1", "quote": None, "screen": screen, **overrides}
    return commenting.submit(
        session, actor, draft.consultation_id, words=Words(body, **texts), **values
    )


def test_a_comment_is_stored_with_all_its_parts(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    comment = submit(
        session,
        citizen,
        draft,
        body="ควรมีสองคณะ",
        stance="oppose",
        reason="จังหวัดใหญ่มีงานมาก",
        proposed_wording="ให้มีคณะกรรมการสองคณะ",
    )
    assert (comment.body, comment.language) == ("ควรมีสองคณะ", "th")
    assert (comment.stance, comment.reason) == (Stance.OPPOSE, "จังหวัดใหญ่มีงานมาก")
    assert comment.proposed_wording == "ให้มีคณะกรรมการสองคณะ"
    assert (comment.draft_id, comment.clause_key) == (draft.id, "s1")
    assert comment.visibility is Visibility.PUBLISHED


def test_the_author_is_a_participant_and_not_the_account(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    comment = submit(session, citizen, draft)
    assert comment.participant_id is not None
    assert str(citizen.account_id) != comment.participant_id
    assert len(comment.participant_id) == 32


def test_a_comment_goes_to_the_latest_published_draft(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    second = make_draft(session, consultation, number=2)
    make_draft(session, consultation, number=3, state=DraftState.WORKING)
    assert submit(session, citizen, draft).draft_id == second.id


def test_a_comment_can_be_about_the_draft_as_a_whole(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    assert submit(session, citizen, draft, clause_key="").clause_key == ""


@pytest.mark.parametrize("key", ["s99", "S1"])
def test_an_unknown_clause_takes_no_comment(
    session: Session, draft: Draft, citizen: Actor, key: str
) -> None:
    with pytest.raises(NotFoundError, match=r"clause\.unknown"):
        submit(session, citizen, draft, clause_key=key)


def test_a_heading_without_words_takes_no_comment(
    session: Session, consultation: Consultation, citizen: Actor
) -> None:
    draft = make_draft(session, consultation, ["", "ข้อความ"])
    with pytest.raises(NotFoundError, match=r"clause\.unknown"):
        submit(session, citizen, draft)


def test_quoted_words_are_stored_where_they_stand(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    quote = anchoring.Quote("คณะกรรมการ", "ให้มี", "หนึ่งคณะ", 0)
    comment = submit(session, citizen, draft, quote=quote)
    assert (comment.quote_exact, comment.quote_start) == ("คณะกรรมการ", 5)
    assert (comment.quote_prefix, comment.quote_suffix) == ("ให้มี", "หนึ่งคณะ")


@pytest.mark.parametrize("key", ["s1", ""])
def test_words_that_are_not_in_the_clause_cannot_be_quoted(
    session: Session, draft: Draft, citizen: Actor, key: str
) -> None:
    quote = anchoring.Quote("อนุกรรมการ", "", "", 0)
    with pytest.raises(InvalidError) as refusal:
        submit(session, citizen, draft, clause_key=key, quote=quote)
    assert (refusal.value.code, refusal.value.field) == ("quote.not_found", "quote_exact")


@pytest.mark.parametrize(
    ("texts", "code", "field"),
    [
        ({"body": " \n "}, "text.empty", "body"),
        ({"body": "ก" * (BODY_LENGTH + 1)}, "text.too_long", "body"),
        ({"reason": "ก" * 5001}, "text.too_long", "reason"),
        ({"proposed_wording": "ก" * 20001}, "text.too_long", "proposed_wording"),
        ({"stance": "furious"}, "stance.unknown", "stance"),
        ({"proposed_wording": "ใหม่", "clause_key": ""}, "wording.needs_clause", "proposed_wording"),
    ],
)
def test_what_breaks_a_limit_is_refused_on_its_field(
    session: Session, draft: Draft, citizen: Actor, texts: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        submit(session, citizen, draft, **texts)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_comment_of_the_greatest_length_is_taken(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    assert len(submit(session, citizen, draft, body="ก" * BODY_LENGTH).body) == BODY_LENGTH


def test_the_clause_in_its_own_words_is_no_proposal(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    comment = submit(session, citizen, draft, proposed_wording=" ให้มีคณะกรรมการหนึ่งคณะ\n")
    assert comment.proposed_wording == ""


def test_the_same_words_twice_on_a_clause_are_refused(
    session: Session, draft: Draft, citizen: Actor, keyring: Keyring
) -> None:
    submit(session, citizen, draft, body="ซ้ำ")
    submit(session, citizen, draft, body="ซ้ำ", clause_key="s2")
    submit(session, make_actor(session, keyring), draft, body="ซ้ำ")
    with pytest.raises(InvalidError, match=r"comment\.repeated"):
        submit(session, citizen, draft, body="ซ้ำ ")


def test_the_instant_of_closing_is_too_late(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    closing = consultation.closes_at
    assert closing is not None
    with time_machine.travel(closing - timedelta(seconds=1), tick=False):
        submit(session, citizen, draft, body="ทัน")
    with (
        time_machine.travel(closing, tick=False),
        pytest.raises(ConflictError, match=r"consultation\.closed"),
    ):
        submit(session, citizen, draft, body="ไม่ทัน")


def test_a_visitor_cannot_comment(session: Session, draft: Draft) -> None:
    with pytest.raises(NotAllowedError, match=r"participation\.sign_in"):
        submit(session, ANONYMOUS, draft)


def test_an_officer_cannot_comment_on_the_own_agency(
    session: Session, keyring: Keyring, consultation: Consultation, draft: Draft
) -> None:
    officer = make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)
    with pytest.raises(NotAllowedError, match=r"participation\.own_agency"):
        submit(session, officer, draft)


def test_a_consultation_in_preparation_is_unknown_to_others(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    consultation.stage = Stage.PREPARING
    with pytest.raises(NotFoundError, match=r"consultation\.unknown"):
        submit(session, citizen, draft)


def test_a_comment_waits_where_moderators_read_first(
    session: Session, consultation: Consultation, draft: Draft, citizen: Actor
) -> None:
    consultation.moderation_policy = ModerationPolicy.BEFORE
    assert submit(session, citizen, draft).visibility is Visibility.PENDING


def test_the_ledger_can_prove_the_words_without_holding_them(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    comment = submit(session, citizen, draft, body="ถ้อยคำที่ไม่ควรปรากฏ")
    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    assert entry is not None
    content = json.loads(entry.content)
    expected = commitments.digest(comment.salt, comment_content(comment))
    assert (content["action"], content["subject"]) == ("comment.submitted", comment.reference)
    assert content["detail"]["digest"] == expected
    assert "ถ้อยคำ" not in entry.content
    assert str(comment.participant_id) not in entry.content


def test_an_edit_keeps_the_earlier_words(session: Session, draft: Draft, citizen: Actor) -> None:
    comment = submit(session, citizen, draft, body="เดิม", stance="support")
    salt = comment.salt
    commenting.edit(
        session, citizen, comment.reference, words=Words("ใหม่", "oppose"), screen=screen
    )
    kept = session.scalars(select(ContributionRevision)).one()
    assert (comment.body, comment.stance, comment.revision) == ("ใหม่", Stance.OPPOSE, 2)
    assert (kept.contribution_id, kept.revision, kept.body) == (comment.id, 1, "เดิม")
    assert (kept.stance, kept.salt) == (Stance.SUPPORT, salt)
    assert comment.salt != salt


def test_an_edit_that_changes_nothing_makes_no_revision(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    comment = submit(session, citizen, draft, body="เดิม")
    commenting.edit(session, citizen, comment.reference, words=Words("เดิม "), screen=screen)
    assert comment.revision == 1
    assert session.scalars(select(ContributionRevision)).all() == []


@pytest.mark.parametrize(
    ("before", "policy", "after"),
    [
        (Visibility.PUBLISHED, ModerationPolicy.AFTER, Visibility.PUBLISHED),
        (Visibility.PUBLISHED, ModerationPolicy.BEFORE, Visibility.PENDING),
        (Visibility.HELD, ModerationPolicy.AFTER, Visibility.PENDING),
    ],
)
def test_edited_words_are_screened_again(
    session: Session,
    draft: Draft,
    citizen: Actor,
    before: Visibility,
    policy: ModerationPolicy,
    after: Visibility,
) -> None:
    comment = submit(session, citizen, draft)
    comment.visibility = before
    session.get_one(Consultation, draft.consultation_id).moderation_policy = policy
    session.flush()
    commenting.edit(session, citizen, comment.reference, words=Words("ใหม่"), screen=screen)
    assert comment.visibility is after


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.WITHDRAWN])
def test_a_settled_comment_can_be_neither_changed_nor_withdrawn(
    session: Session, draft: Draft, citizen: Actor, visibility: Visibility
) -> None:
    comment = submit(session, citizen, draft)
    comment.visibility = visibility
    session.flush()
    with pytest.raises(ConflictError, match=r"comment\.settled"):
        commenting.edit(session, citizen, comment.reference, words=Words("ก"), screen=screen)
    with pytest.raises(ConflictError, match=r"comment\.settled"):
        commenting.withdraw(session, citizen, comment.reference)


def test_a_comment_can_be_changed_ten_times(session: Session, draft: Draft, citizen: Actor) -> None:
    reference = submit(session, citizen, draft).reference
    for number in range(commenting.MOST_EDITS):
        commenting.edit(session, citizen, reference, words=Words(f"ครั้งที่ {number}"), screen=screen)
    with pytest.raises(ConflictError, match=r"comment\.too_many_edits"):
        commenting.edit(session, citizen, reference, words=Words("อีกครั้ง"), screen=screen)


def test_someone_elses_comment_is_unknown(session: Session, draft: Draft, citizen: Actor) -> None:
    submit(session, citizen, draft)
    other = make_comment(session, draft)
    for reference in (other.reference, "NONE00000000"):
        with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
            commenting.edit(session, citizen, reference, words=Words("ก"), screen=screen)
        with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
            commenting.withdraw(session, citizen, reference)


def test_a_withdrawn_comment_is_withdrawn_and_recorded(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    comment = commenting.withdraw(session, citizen, submit(session, citizen, draft).reference)
    actions = session.scalars(select(LedgerEntry.action).order_by(LedgerEntry.id)).all()
    assert (comment.visibility, comment.revision) == (Visibility.WITHDRAWN, 2)
    assert actions == ["comment.submitted", "comment.withdrawn"]


def test_nothing_can_be_changed_after_closing(
    session: Session, draft: Draft, citizen: Actor
) -> None:
    reference = submit(session, citizen, draft).reference
    with time_machine.travel(now() + timedelta(days=30)):
        with pytest.raises(ConflictError, match=r"consultation\.closed"):
            commenting.edit(session, citizen, reference, words=Words("ก"), screen=screen)
        with pytest.raises(ConflictError, match=r"consultation\.closed"):
            commenting.withdraw(session, citizen, reference)
