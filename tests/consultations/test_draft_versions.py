"""Versions of a draft: the next one, reasons of changes, publication, who is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from consultations import drafting, news
from consultations.drafting import ClauseWords
from consultations.models import (
    ChangeCause,
    Disposition,
    Draft,
    DraftState,
    Evidence,
    EvidenceKind,
    Ground,
    News,
    OfficialResponse,
    ResponseState,
    Section,
    Stage,
    ThemeComment,
    Visibility,
)
from core.actor import Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.jobs import Job
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.mailing.kinds import NewsKind
from core.notices import Notice
from tests.consultations.drafts import (
    Desk,
    answering,
    keys,
    opened,
    preparing,
    responses,
    stored,
)
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import make_actor, make_comment, make_consultation

NEW_WORDS = ClauseWords(number="มาตรา ๑", body="ให้มีคณะกรรมการสองคณะ")


@pytest.fixture
def session(fresh_session: Session) -> Session:
    """A database of its own: these tests use several connections or transactions."""
    return fresh_session


def edited(session: Session, desk: Desk, key: str = "s1") -> Draft:
    draft = opened(session, desk)
    drafting.write_clause(session, desk.staff.officer, draft.id, key, NEW_WORDS)
    return draft


def causes(session: Session, draft: Draft) -> list[tuple[str, int | None, str]]:
    rows = session.scalars(
        select(ChangeCause).where(ChangeCause.draft_id == draft.id).order_by(ChangeCause.id)
    )
    return [(cause.clause_key, cause.response_id, cause.note_th) for cause in rows]


def test_the_next_draft_begins_as_a_copy(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    published = session.scalars(select(Draft)).one()
    first = stored(session, published)[0]
    first.heading_en, first.explanation_th = "Committee", "มีกรรมการ"
    session.flush()
    draft = opened(session, desk)
    assert (draft.number, draft.state) == (2, DraftState.WORKING)
    copied = stored(session, draft)
    names = ("key", "number", "body", "kind", "position", "heading_en", "explanation_th")
    for old, new in zip(stored(session, published), copied, strict=True):
        assert [getattr(old, name) for name in names] == [getattr(new, name) for name in names]
        assert old.id != new.id


def test_beginning_the_next_draft_twice_gives_the_same(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    assert opened(session, desk).id == opened(session, desk).id


def test_there_is_no_next_draft_without_a_published_one(session: Session, keyring: Keyring) -> None:
    with pytest.raises(ConflictError, match="none_published"):
        opened(session, preparing(session, keyring, Stage.ANSWERING))


def test_an_initiative_needs_a_reason_in_thai_and_a_response_does_not(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    draft, officer = edited(session, desk), desk.staff.officer
    with pytest.raises(InvalidError, match="note_required") as caught:
        drafting.explain_change(
            session, officer, draft.id, "s1", response_ids=[], note_en="Only English"
        )
    assert caught.value.field == "note_th"
    [response] = responses(session, desk)
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=[response.id] * 2)
    assert causes(session, draft) == [("s1", response.id, "")]


def test_a_reason_can_be_changed(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    draft, officer = edited(session, desk), desk.staff.officer
    first, second = responses(session, desk, 2)
    both = [first.id, second.id]
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=both, note_th="ตามนี้")
    drafting.explain_change(session, officer, draft.id, "s2", response_ids=[], note_th="แก้คำ")
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=[second.id])
    assert causes(session, draft) == [("s2", None, "แก้คำ"), ("s1", second.id, "")]


def test_only_responses_and_clauses_of_this_consultation_count(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    draft, officer = edited(session, desk), desk.staff.officer
    [foreign] = responses(session, answering(session, keyring))
    with pytest.raises(NotFoundError, match=r"response\.unknown"):
        drafting.explain_change(session, officer, draft.id, "s1", response_ids=[foreign.id])
    with pytest.raises(NotFoundError, match=r"clause\.unknown"):
        drafting.explain_change(session, officer, draft.id, "s9", response_ids=[], note_th="ก")
    drafting.remove_clause(session, officer, draft.id, "s2")
    drafting.explain_change(session, officer, draft.id, "s2", response_ids=[], note_th="ซ้ำ")
    assert causes(session, draft) == [("s2", None, "ซ้ำ")]


def test_an_unexplained_change_is_not_published(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring, ["หนึ่ง", "สอง", "สาม"])
    draft, staff = edited(session, desk), desk.staff
    drafting.remove_clause(session, staff.officer, draft.id, "s2")
    drafting.explain_change(session, staff.officer, draft.id, "s1", response_ids=[], note_th="ก")
    with pytest.raises(ConflictError, match="change_unexplained") as caught:
        drafting.publish(session, staff.approver, draft.id)
    assert caught.value.details == {"count": 1}


def test_a_response_that_is_not_public_cannot_be_the_reason(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    draft, staff = edited(session, desk), desk.staff
    [response] = responses(session, desk, state=ResponseState.APPROVED)
    drafting.explain_change(session, staff.officer, draft.id, "s1", response_ids=[response.id])
    with pytest.raises(ConflictError, match="response_unpublished"):
        drafting.publish(session, staff.approver, draft.id)


def test_a_draft_with_the_same_text_is_not_published(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    draft = opened(session, desk)
    words = ClauseWords(number="มาตรา 1", body="ให้มีคณะกรรมการหนึ่งคณะ", body_en="One committee")
    drafting.write_clause(session, desk.staff.officer, draft.id, "s1", words)
    with pytest.raises(ConflictError, match=r"draft\.unchanged"):
        drafting.publish(session, desk.staff.approver, draft.id)


def test_a_draft_without_a_clause_is_not_published(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    draft = opened(session, desk)
    for key in ("s1", "s2"):
        drafting.remove_clause(session, desk.staff.officer, draft.id, key)
    with pytest.raises(ConflictError, match="needs_draft"):
        drafting.publish(session, desk.staff.approver, draft.id)


def test_nobody_publishes_what_they_wrote_last(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    both = make_actor(session, keyring, Role.OFFICER, Role.APPROVER, agency=desk.staff.agency)
    draft = opened(session, desk)
    drafting.write_clause(session, both, draft.id, "s1", NEW_WORDS)
    drafting.explain_change(session, both, draft.id, "s1", response_ids=[], note_th="แก้คำ")
    with pytest.raises(NotAllowedError, match="own_work"):
        drafting.publish(session, both, draft.id)
    with pytest.raises(NotAllowedError, match="approver_needed"):
        drafting.publish(session, desk.staff.officer, draft.id)
    other_agency = answering(session, keyring).staff.approver
    with pytest.raises(NotAllowedError, match="approver_needed"):
        drafting.publish(session, other_agency, draft.id)
    assert drafting.publish(session, desk.staff.approver, draft.id).published_at is not None


def explained(session: Session, desk: Desk, response: OfficialResponse) -> Draft:
    draft, officer = edited(session, desk), desk.staff.officer
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=[response.id])
    return draft


def test_a_published_draft_is_recorded_with_a_digest_and_never_published_again(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    draft = explained(session, desk, *responses(session, desk))
    published = drafting.publish(session, desk.staff.approver, draft.id, note_th=" แก้ ", note_en="")
    assert (published.state, published.note_th) == (DraftState.PUBLISHED, "แก้")
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "draft.published")
    ).one()
    assert '"changed":1' in entry.content
    assert '"sha256":"' in entry.content
    with pytest.raises(ConflictError, match=r"draft\.published"):
        drafting.publish(session, desk.staff.approver, draft.id)


def test_followers_hear_of_a_new_draft(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    draft = explained(session, desk, *responses(session, desk))
    drafting.publish(session, desk.staff.approver, draft.id)
    told = session.scalars(select(News).where(News.kind == NewsKind.DRAFT)).one()
    assert (told.consultation_id, told.code) == (desk.consultation.id, "draft.published")
    assert session.scalars(select(Job).where(Job.name == news.FAN_OUT)).all()


def test_reasons_of_clauses_that_are_as_they_were_fall_away(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    draft = explained(session, desk, *responses(session, desk))
    officer = desk.staff.officer
    drafting.explain_change(session, officer, draft.id, "s2", response_ids=[], note_th="เลิกแก้แล้ว")
    drafting.publish(session, desk.staff.approver, draft.id)
    assert [key for key, _response, _note in causes(session, draft)] == ["s1"]


def test_authors_behind_a_change_are_told_once(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    first = session.scalars(select(Draft)).one()
    _, [finding], [theme] = make_summary(
        session, desk.consultation, [Section.COMMON_GROUND], themes=1
    )
    comments = [make_comment(session, first) for _ in range(4)]
    hidden = make_comment(session, first, visibility=Visibility.HIDDEN)
    unheard = make_comment(session, first)
    people = [comment.participant_id for comment in comments]
    session.add_all(
        ThemeComment(theme_id=theme.id, comment_id=comment.id)
        for comment in (*comments[:2], hidden)
    )
    session.add_all(
        Evidence(finding_id=finding.id, kind=EvidenceKind.COMMENT, contribution_id=comment.id)
        for comment in comments[1:3]
    )
    answers = [make_response(session, desk.consultation, item) for item in (theme, finding)]
    single = OfficialResponse(
        consultation_id=desk.consultation.id,
        comment_id=comments[3].id,
        disposition=Disposition.PARTLY,
        ground=Ground.BUDGET,
        reason_th="บางส่วน",
        state=ResponseState.PUBLISHED,
        drafted_at=now(),
    )
    session.add(single)
    session.flush()
    draft, officer = edited(session, desk), desk.staff.officer
    because = [response.id for response in (*answers, single)]
    drafting.explain_change(session, officer, draft.id, "s1", response_ids=because)
    drafting.publish(session, desk.staff.approver, draft.id)
    told = session.scalars(select(Notice)).all()
    assert {notice.participant_id for notice in told} == set(people)
    assert len(told) == len(people)
    assert {notice.code for notice in told} == {"draft.changed"}
    expected = {"consultation": desk.consultation.slug, "draft": 2, "clauses": "มาตรา ๑"}
    assert told[0].details == expected
    assert unheard.participant_id not in people


def test_nobody_is_told_of_the_agencys_own_initiative(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    make_comment(session, session.scalars(select(Draft)).one())
    draft, staff = edited(session, desk), desk.staff
    drafting.explain_change(session, staff.officer, draft.id, "s1", response_ids=[], note_th="ก")
    drafting.publish(session, staff.approver, draft.id)
    assert session.scalars(select(Notice)).all() == []


def test_a_writer_who_comes_while_a_draft_is_published_finds_it_published(
    session: Session, keyring: Keyring
) -> None:
    desk = answering(session, keyring)
    draft = explained(session, desk, *responses(session, desk))
    session.commit()
    drafting.publish(session, desk.staff.approver, draft.id)
    engine = session.get_bind()
    assert isinstance(engine, Engine)

    def write() -> str:
        with Session(engine) as own, own.begin():
            try:
                drafting.write_clause(own, desk.staff.officer, draft.id, "s2", NEW_WORDS)
            except ConflictError as error:
                own.rollback()
                return error.code
        return "written"

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        with pytest.raises(TimeoutError):
            writer.result(timeout=0.3)
        session.commit()
        assert writer.result(timeout=20) == "draft.published"
    assert keys(session, draft) == ["s1", "s2"]


def test_two_who_begin_the_next_draft_at_once_find_one(session: Session, keyring: Keyring) -> None:
    desk = answering(session, keyring)
    make_consultation(session, keyring)
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)

    def begin(_number: int) -> int:
        with Session(engine) as own, own.begin():
            return drafting.open_next(own, desk.staff.officer, desk.consultation.id).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(begin, range(4)))) == 1
