"""The scorecard: what each figure counts, checked by hand on small cases."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import commitments, scorecard
from consultations.models import Draft, OfficialResponse, Origin, Stage, Visibility
from consultations.queries import scorecard as facts
from consultations.scorecard import Facts, Principle, Share
from consultations.shares import wilson
from core import ledger
from core.actor import Actor, Role, system_actor
from core.clock import now
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.drafts import Desk, answering, preparing, responses
from tests.factories import make_comment, make_statement
from tests.queries import count_queries

MODERATOR = Actor(account_id=1, roles=frozenset({Role.MODERATOR}))
APPROVER = Actor(account_id=2, roles=frozenset({Role.APPROVER}))


def shares(session: Session, desk: Desk) -> dict[Principle, tuple[int, int]]:
    session.flush()
    number = desk.consultation.id
    found = facts.facts_of(session, [number])[number]
    return {name: (share.of, share.total) for name, share in found.shares.items()}


def decided(session: Session, desk: Desk, subject: str, kind: str, rule: str, digest: str) -> None:
    ledger.record(
        session,
        MODERATOR,
        "contribution.decided",
        consultation_id=desk.consultation.id,
        subject=subject,
        detail={"kind": kind, "rule": rule, "reason_digest": digest},
    )


def draft_of(session: Session, desk: Desk) -> Draft:
    return session.scalars(select(Draft).where(Draft.consultation_id == desk.consultation.id)).one()


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    other = answering(session, keyring)
    make_comment(session, draft_of(session, other))
    return answering(session, keyring)


def test_every_principle_has_a_figure_even_where_nothing_happened(
    session: Session, keyring: Keyring
) -> None:
    empty = preparing(session, keyring, Stage.OPEN)
    found = scorecard.figures(
        facts.facts_of(session, [empty.consultation.id])[empty.consultation.id]
    )
    assert [figure.principle for figure in found] == list(Principle)
    known = {figure.principle for figure in found if figure.value is not None}
    assert known == {Principle.DECENTRALIZATION}


def test_comments_count_once_an_official_answer_reaches_them(session: Session, desk: Desk) -> None:
    for visibility in (Visibility.PUBLISHED, Visibility.PUBLISHED, Visibility.HIDDEN):
        make_comment(session, draft_of(session, desk), visibility=visibility)
    assert shares(session, desk)[Principle.SERVE_CITIZENS] == (0, 2)


def test_statements_of_citizens_are_counted_against_all(session: Session, desk: Desk) -> None:
    for origin in (Origin.PARTICIPANT, Origin.PARTICIPANT, Origin.AGENCY):
        make_statement(session, desk.consultation, origin=origin)
    make_statement(session, desk.consultation, visibility=Visibility.PENDING)
    assert shares(session, desk)[Principle.CITIZENSHIP] == (2, 3)


def test_refusals_need_a_rule_and_a_reason(session: Session, desk: Desk) -> None:
    empty = facts._NOTHING
    decided(session, desk, "A", "hide", "insult", "f" * 64)
    decided(session, desk, "B", "hold", "", empty)
    decided(session, desk, "C", "publish", "", empty)
    found = shares(session, desk)
    assert found[Principle.SERVE_NOT_STEER] == (1, 2)
    assert found[Principle.VALUE_PEOPLE] == (1, 2)


def test_an_answer_changed_behind_the_ledger_no_longer_counts(session: Session, desk: Desk) -> None:
    kept, changed = responses(session, desk, 2)
    entries = [
        {"id": each.id, "sha256": commitments.response_digest(each)} for each in (kept, changed)
    ]
    ledger.record(
        session,
        APPROVER,
        "response.published",
        consultation_id=desk.consultation.id,
        detail={"responses": entries},
    )
    assert shares(session, desk)[Principle.ACCOUNTABILITY_NOT_SIMPLE] == (2, 2)
    changed.reason_th += " แก้ภายหลัง"
    found = shares(session, desk)
    assert found[Principle.ACCOUNTABILITY_NOT_SIMPLE] == (1, 2)
    assert found[Principle.ETHICS] == (1, 1)


def test_waiting_is_counted_from_the_last_arrival_in_the_ledger(
    session: Session, desk: Desk
) -> None:
    moment = now() - timedelta(days=10)
    for action, subject, days in (
        ("comment.submitted", "A", 0),
        ("comment.submitted", "B", 1),
        ("comment.edited", "A", 2),
        ("contribution.decided", "A", 5),
        ("contribution.decided", "B", 2),
        ("contribution.decided", "Z", 2),
    ):
        entry = ledger.record(
            session,
            MODERATOR,
            action,
            consultation_id=desk.consultation.id,
            subject=subject,
            detail={"kind": "publish", "rule": "", "reason_digest": ""},
        )
        entry.recorded_at = moment + timedelta(days=days)
        session.flush()
    number = desk.consultation.id
    found = facts.facts_of(session, [number])[number].days[Principle.RESPONSIVENESS]
    assert sorted(found) == [pytest.approx(1), pytest.approx(3)]


def test_sealing_is_counted_of_entries_older_than_an_hour(session: Session, desk: Desk) -> None:
    for hours in (3, 2, 0):
        entry = ledger.record(session, system_actor(), "x.y", consultation_id=desk.consultation.id)
        entry.recorded_at = now() - timedelta(hours=hours)
    session.flush()
    oldest = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "x.y").order_by(LedgerEntry.recorded_at)
    ).first()
    assert oldest is not None
    oldest.position = 1
    assert shares(session, desk)[Principle.ACCOUNTABILITY] == (1, 2)


def test_a_short_consultation_without_a_reason_does_not_count(session: Session, desk: Desk) -> None:
    made = desk.consultation
    made.opens_at, made.closes_at = now() - timedelta(days=20), now() - timedelta(days=10)
    assert shares(session, desk)[Principle.RULE_OF_LAW] == (0, 1)
    made.short_reason = "เรื่องเร่งด่วน"
    assert shares(session, desk)[Principle.RULE_OF_LAW] == (1, 1)


def test_a_closing_that_was_moved_and_answers_that_are_late_are_days_not_kept(
    session: Session, desk: Desk
) -> None:
    made, number = desk.consultation, desk.consultation.id
    ledger.record(session, system_actor(), "consultation.close", consultation_id=number)
    made.answers_due_on = now().date() - timedelta(days=2)
    assert shares(session, desk)[Principle.STRATEGIC_DEMOCRATIC] == (1, 2)
    [answer] = responses(session, desk)
    answer.published_at = now() - timedelta(days=4)
    assert shares(session, desk)[Principle.STRATEGIC_DEMOCRATIC] == (2, 2)
    ledger.record(session, APPROVER, "consultation.extend", consultation_id=number)
    assert shares(session, desk)[Principle.STRATEGIC_DEMOCRATIC] == (1, 2)


def test_as_many_queries_for_many_consultations_as_for_one(
    session: Session, keyring: Keyring
) -> None:
    made = [answering(session, keyring).consultation.id for _ in range(4)]
    session.flush()
    needed = []
    for numbers in (made[:1], made):
        with count_queries(session.get_bind()) as sent:
            facts.facts_of(session, numbers)
        needed.append(len(sent))
    assert needed[0] == needed[1] <= 12


def test_the_entries_behind_a_figure_are_its_own(session: Session, desk: Desk) -> None:
    decided(session, desk, "A", "hide", "insult", "f" * 64)
    ledger.record(session, APPROVER, "draft.published", consultation_id=desk.consultation.id)
    session.flush()
    rows, total = facts.entries_behind(session, desk.consultation.id, Principle.SERVE_NOT_STEER, 1)
    assert ([row.action for row in rows], total) == (["contribution.decided"], 1)


@given(st.integers(0, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share(case: tuple[int, int]) -> None:
    of, total = case
    low, high = wilson(of, total)
    assert 0 <= low <= (of / total if total else 0.5) + 1e-12
    assert (of / total if total else 0.5) - 1e-12 <= high <= 1


def test_the_interval_is_wilsons() -> None:
    assert wilson(8, 10) == (
        pytest.approx(0.4902, abs=1e-4),
        pytest.approx(0.9433, abs=1e-4),
    )


def test_cases_of_several_consultations_add_up() -> None:
    one = Facts({Principle.EQUITY: Share(1, 2)}, {Principle.EFFICIENCY: (3.0,)})
    two = Facts({Principle.EQUITY: Share(2, 9)}, {Principle.EFFICIENCY: (5.0, 1.0)})
    found = {
        figure.principle: figure for figure in scorecard.figures(scorecard.together([one, two]))
    }
    assert (found[Principle.EQUITY].of, found[Principle.EQUITY].total) == (3, 11)
    assert not found[Principle.EQUITY].is_small
    days = found[Principle.EFFICIENCY]
    assert (days.value, days.low, days.high, days.is_small) == (3.0, 1.0, 5.0, True)


def test_parts_of_the_people_count_when_near_their_share() -> None:
    cells = [
        {"share": 0.5, "population": 0.5},
        {"share": 0.39, "population": 0.5},
        {"share": 0.4, "population": 0.5},
        {"share": None, "population": 0.2},
        {"share": 0.2, "population": None},
    ]
    assert scorecard.represented([{"cells": cells}]) == Share(2, 3)


def test_responses_of_other_consultations_stay_out(session: Session, keyring: Keyring) -> None:
    one, two = answering(session, keyring), answering(session, keyring)
    responses(session, two)
    assert session.scalars(select(OfficialResponse)).all()
    assert shares(session, one)[Principle.ACCOUNTABILITY_NOT_SIMPLE] == (0, 0)
