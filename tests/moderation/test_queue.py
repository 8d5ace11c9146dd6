from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from consultations.models import (
    Consultation,
    Contribution,
    ContributionRevision,
    Draft,
    Visibility,
)
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from moderation.deciding import decide
from moderation.flagging import flag
from moderation.models import Flag
from moderation.queries.queue import PAGE_SIZE, Queue, Tab, load
from tests.factories import (
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
)
from tests.queries import count_queries

WORDS = {"rule": "threat", "reason": "ข้อความข่มขู่"}


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    """A draft with a comment that nobody needs to look at, and one that is withdrawn."""
    made = make_draft(session, consultation)
    make_comment(session, made)
    make_comment(session, made, visibility=Visibility.WITHDRAWN)
    return made


def references(found: Queue) -> list[str]:
    return [entry.contribution.reference for entry in found.entries]


def hours_ago(hours: int) -> datetime:
    return now() - timedelta(hours=hours)


def add_flags(session: Session, contribution: Contribution, *flagged_at: datetime) -> None:
    consultation = session.get_one(Consultation, contribution.consultation_id)
    for moment in flagged_at:
        participant = make_participant(session, consultation)
        session.add(
            Flag(
                contribution_id=contribution.id,
                participant_id=participant.id,
                rule="insult",
                flagged_at=moment,
            )
        )
    session.flush()


def test_what_has_waited_longest_comes_first(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    pending = {"visibility": Visibility.PENDING}
    newer = make_comment(session, draft, created_at=hours_ago(1), **pending)
    older = make_comment(session, draft, created_at=hours_ago(2), **pending)

    found = load(session, moderator, tab=Tab.NEW)

    assert references(found) == [older.reference, newer.reference]
    assert found.entries[0].waiting_since == older.created_at


def test_an_edited_contribution_waits_since_the_edit(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    pending = {"visibility": Visibility.PENDING}
    edited = make_comment(session, draft, created_at=hours_ago(9), **pending)
    other = make_comment(session, draft, created_at=hours_ago(2), **pending)
    changed_at = hours_ago(1)
    session.add(
        ContributionRevision(
            contribution_id=edited.id, revision=1, body="เดิม", salt=b"0" * 16, changed_at=changed_at
        )
    )

    found = load(session, moderator, tab=Tab.NEW)

    assert references(found) == [other.reference, edited.reference]
    assert found.entries[1].waiting_since == changed_at


def test_what_most_have_flagged_comes_first_then_the_oldest_flag(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    late, early, often = (make_comment(session, draft) for _ in range(3))
    add_flags(session, late, hours_ago(1))
    add_flags(session, early, hours_ago(5))
    add_flags(session, often, hours_ago(2), hours_ago(1))

    found = load(session, moderator, tab=Tab.FLAGGED)

    assert references(found) == [often.reference, early.reference, late.reference]
    assert [entry.flag_count for entry in found.entries] == [2, 1, 1]


def test_decisions_move_a_contribution_from_part_to_part(
    session: Session, keyring: Keyring, moderator: Actor, draft: Draft
) -> None:
    comment = make_comment(session, draft, visibility=Visibility.PENDING)
    seen = []
    for kind, revision in (("publish", 1), ("hold", 2), ("hide", 3)):
        decide(
            session, moderator, comment.reference, kind=kind, expected_revision=revision, **WORDS
        )
        seen.append(
            [
                tab
                for tab in Tab
                if comment.reference in references(load(session, moderator, tab=tab))
            ]
        )
    decide(session, moderator, comment.reference, kind="publish", expected_revision=4)
    flag(session, make_actor(session, keyring), comment.reference, rule="insult")

    assert seen == [[Tab.DONE], [Tab.HELD], [Tab.DONE]]
    assert references(load(session, moderator, tab=Tab.FLAGGED)) == [comment.reference]
    assert references(load(session, moderator, tab=Tab.DONE)) == []


def test_what_was_decided_last_comes_first_among_the_decided(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    first, second = (make_comment(session, draft) for _ in range(2))
    for comment in (first, second):
        decide(session, moderator, comment.reference, kind="hide", expected_revision=1, **WORDS)

    assert references(load(session, moderator, tab=Tab.DONE)) == [second.reference, first.reference]


def test_a_withdrawn_contribution_is_in_no_part(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    comment = make_comment(session, draft)
    add_flags(session, comment, hours_ago(1))
    comment.visibility = Visibility.WITHDRAWN

    assert load(session, moderator, tab=Tab.NEW).counts == dict.fromkeys(Tab, 0)


def test_signals_come_from_everything_that_a_comment_shows(
    session: Session, moderator: Actor, draft: Draft
) -> None:
    make_comment(
        session,
        draft,
        visibility=Visibility.PENDING,
        body="ติดต่อได้",
        reason="a@example.org",
        proposed_wording="โทร 081-234-5678",
    )

    [entry] = load(session, moderator, tab=Tab.NEW).entries

    assert entry.signals == ("phone", "email")


def test_a_moderator_never_sees_the_queue_of_the_own_agency(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    pending = {"visibility": Visibility.PENDING}
    make_statement(session, consultation, **pending)
    agency = make_agency(session)
    insider = make_actor(session, keyring, Role.MODERATOR, agency=agency)
    make_statement(session, make_consultation(session, keyring, agency=agency), **pending)

    found = load(session, insider, tab=Tab.NEW)

    assert found.counts[Tab.NEW] == 1
    assert [entry.consultation.id for entry in found.entries] == [consultation.id]


def test_pages_follow_each_other_and_end(
    session: Session, moderator: Actor, consultation: Consultation
) -> None:
    for _ in range(PAGE_SIZE + 1):
        make_statement(session, consultation, visibility=Visibility.PENDING)

    first, second, beyond = (
        load(session, moderator, tab=Tab.NEW, page=page) for page in (1, 2, 99)
    )

    assert (len(first.entries), len(second.entries)) == (PAGE_SIZE, 1)
    assert set(references(first)).isdisjoint(references(second))
    assert (beyond.page, beyond.page_count) == (2, 2)
    assert references(beyond) == references(second)


def test_the_queue_takes_two_queries_whatever_it_holds(
    session: Session, keyring: Keyring, moderator: Actor, draft: Draft
) -> None:
    make_comment(session, draft, visibility=Visibility.PENDING)
    for _ in range(5):
        other = make_draft(session, make_consultation(session, keyring))
        add_flags(session, make_comment(session, other, visibility=Visibility.PENDING), now())
    session.expire_all()
    assert moderator.account_id is not None

    with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
        found = load(session, moderator, tab=Tab.NEW)
        shown = [(entry.contribution.body, entry.consultation.title_th) for entry in found.entries]

    assert len(shown) == 6
    assert len(sent) == 2
