"""Taking a proposed wording over: one act, credited, told, and walked from end to end."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import drafting
from consultations.anchoring import AnchorState
from consultations.drafting import ClauseWords, store
from consultations.models import (
    Audience,
    ChangeCause,
    Clause,
    Comment,
    Disposition,
    Draft,
    OfficialResponse,
    ThemeComment,
    Visibility,
)
from consultations.pseudonyms import pseudonym
from consultations.queries import behind, clause_changes, credits, promises, reading, trail
from core.errors import ConflictError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.notices import Notice
from tests.consultations.drafts import Desk, answering, opened, stored
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import make_comment

WORDING = "ให้มีคณะกรรมการสองคณะ โดยมีผู้แทนชุมชน"


def proposal(
    session: Session,
    desk: Desk,
    disposition: Disposition = Disposition.PARTLY,
    **overrides: object,
) -> tuple[Comment, OfficialResponse]:
    """A wording for the first clause in a theme that is answered."""
    values = {"proposed_wording": WORDING, "clause_key": "s1", **overrides}
    comment = make_comment(session, _published(session, desk), **values)
    _, _, [theme] = make_summary(session, desk.consultation, themes=1)
    session.add(ThemeComment(theme_id=theme.id, comment_id=comment.id))
    response = make_response(
        session, desk.consultation, theme, disposition=disposition, clause_key="s1"
    )
    return comment, response


def taken(session: Session, draft_id: int) -> list[tuple[int | None, int | None]]:
    rows = session.scalars(select(ChangeCause).where(ChangeCause.draft_id == draft_id))
    return [(row.response_id, row.taken_from_id) for row in rows]


def test_one_act_makes_a_wording_the_text_and_credits_it(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    comment, response = proposal(session, desk)
    draft, officer = opened(session, desk), desk.staff.officer
    beside = promises.promises(session, desk.consultation.id, draft.id, "s1")
    assert [wording.reference for wording in beside.wordings] == [comment.reference]
    assert [row[0].id for row in beside.responses] == [response.id]
    drafting.take_over(session, officer, draft.id, "s1", comment.reference)
    assert stored(session, draft)[0].body == WORDING
    assert taken(session, draft.id) == [(response.id, comment.id)]
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=[], note_th="ตามที่เสนอ")
    assert taken(session, draft.id) == [(response.id, comment.id)]
    drafting.write_clause(session, officer, draft.id, "s1", ClauseWords(body="ข้อความอื่น"))
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=[], note_th="แก้เอง")
    assert taken(session, draft.id) == [(None, None)]


def test_only_published_wordings_that_an_answer_accepts_are_taken(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    refused, _ = proposal(session, desk, Disposition.NOT_ACCEPTED)
    counted, _ = proposal(session, desk, audience=Audience.COUNTED, visibility=Visibility.COUNTED)
    elsewhere, _ = proposal(session, desk, clause_key="s2")
    draft, officer = opened(session, desk), desk.staff.officer
    with pytest.raises(ConflictError, match="not_accepted"):
        drafting.take_over(session, officer, draft.id, "s1", refused.reference)
    for comment in (counted, elsewhere):
        with pytest.raises(NotFoundError, match="contribution"):
            drafting.take_over(session, officer, draft.id, "s1", comment.reference)
    beside = promises.promises(session, desk.consultation.id, draft.id, "s1")
    assert beside.wordings == []


def test_the_author_is_told_and_the_credit_goes_with_the_comment(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    comment, _ = proposal(session, desk)
    draft = opened(session, desk)
    drafting.take_over(session, desk.staff.officer, draft.id, "s1", comment.reference)
    assert session.scalars(select(Notice)).all() == []
    drafting.publish(session, desk.staff.approver, draft.id)
    notice = session.scalars(select(Notice).where(Notice.code == "draft.wording_taken")).one()
    assert notice.participant_id == comment.participant_id
    assert notice.details["reference"] == comment.reference
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "draft.published")
    ).one()
    assert comment.reference in entry.content
    credit = credits.credits(session, desk.consultation.id, [2])["s1"]
    assert (credit.author, credit.is_verbatim) == (pseudonym(comment.participant_id or ""), True)
    comment.visibility = Visibility.HIDDEN
    session.flush()
    assert credits.credits(session, desk.consultation.id, [2]) == {}
    assert credits.credits_of_comments(session, [comment.id]) == {}


def test_a_change_is_walked_back_to_every_comment_and_each_comment_to_its_fate(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    consultation = desk.consultation
    comment, response = proposal(session, desk)
    theme_id = response.theme_id or 0
    others = [make_comment(session, _published(session, desk), clause_key="s1") for _ in range(3)]
    counted = make_comment(
        session,
        _published(session, desk),
        audience=Audience.COUNTED,
        visibility=Visibility.COUNTED,
        body="นับอย่างเดียว",
    )
    session.add_all(
        ThemeComment(theme_id=theme_id, comment_id=each.id) for each in [*others, counted]
    )
    draft = opened(session, desk)
    drafting.take_over(session, desk.staff.officer, draft.id, "s1", comment.reference)
    drafting.publish(session, desk.staff.approver, draft.id)
    # Back: the changed clause, the answer that caused it, what it answers, the words behind it.
    page = reading.comparison_page(session, consultation, 1, 2)
    [changed] = [clause for clause in page.clauses if clause.is_changed]
    assert changed.is_because_of_comments
    [cause] = changed.causes
    assert cause.response_id == response.id
    assert cause.answered is not None
    assert cause.answered.theme is not None
    assert cause.answered.theme.id == theme_id
    words, total = behind.contributions_page(session, response.id, page=1)
    assert {each.body for each in words} == {each.body for each in [comment, *others]}
    assert total == 4
    assert counted.body not in {each.body for each in words}
    # Forward: each comment to theme, answer and changed clause, with what became of its words.
    for each in [comment, *others]:
        trace = trail.trace_at(session, consultation, each.reference, None)
        assert [theme.id for theme in trace.themes] == [theme_id]
        assert [answer.id for answer in trace.responses] == [response.id]
        assert [change.clause_key for change in trace.changes] == ["s1"]
        assert trace.anchor is AnchorState.EDITED
    with pytest.raises(NotFoundError, match="unknown"):
        trail.trace_at(session, consultation, counted.reference, None)
    own = trail.trace_at(session, consultation, counted.reference, counted.participant_id)
    assert [answer.id for answer in own.responses] == [response.id]
    [change] = clause_changes.clause_changes(session, [response.id])
    assert (change.draft_number, change.clause_key) == (2, "s1")
    assert (
        session.scalars(
            select(Clause.body).where(Clause.draft_id == draft.id, Clause.key == "s1")
        ).one()
        == WORDING
    )


def _published(session: Session, desk: Desk) -> Draft:
    draft = store.latest_published(session, desk.consultation.id)
    assert draft is not None
    return draft
