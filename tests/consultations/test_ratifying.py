"""Participants check a summary: who may, when, once each, and what is counted of it."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import ratifying, shares
from consultations.models import (
    Contribution,
    FindingVerdict,
    Ratifier,
    Stage,
    Visibility,
    Vote,
)
from consultations.queries import checking
from core import ledger
from core.actor import Role, system_actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.jobs import Job
from core.keyring import Keyring
from tests.consultations.checked import Check, answer_all, end, make_check, signed_in
from tests.factories import make_actor, make_participant


@pytest.fixture
def check(session: Session, keyring: Keyring) -> Check:
    return make_check(session, keyring)


def say(session: Session, check: Check, who: int, verdict: str, finding: int | None = None) -> None:
    ratifying.answer(
        session, check.people[who], check.consultation.id, finding_id=finding, verdict=verdict
    )


def test_the_last_answer_of_a_person_counts_once(session: Session, check: Check) -> None:
    for verdict in ("reflects", "wrong", "misses"):
        say(session, check, 0, verdict, check.shared.id)
        say(session, check, 0, verdict)

    rows = session.execute(select(FindingVerdict.verdict, FindingVerdict.participant_id)).all()
    assert [tuple(row) for row in rows] == [("misses", check.planted.people[0].id)]
    assert session.scalars(select(Ratifier.verdict)).all() == ["misses"]


def test_an_answer_to_a_sentence_is_none_to_the_whole(session: Session, check: Check) -> None:
    say(session, check, 0, "wrong", check.shared.id)
    assert session.scalars(select(Ratifier.verdict)).all() == [None]
    assert checking.turnout(session, check.summary) == checking.Turnout(1, 36)


def test_whoever_takes_back_the_last_answer_has_not_answered(
    session: Session, check: Check
) -> None:
    say(session, check, 0, "wrong", check.shared.id)
    say(session, check, 0, "reflects")
    say(session, check, 0, "", check.shared.id)
    assert checking.turnout(session, check.summary).answered == 1
    say(session, check, 0, "")
    assert checking.turnout(session, check.summary).answered == 0
    assert session.scalar(select(func.count()).select_from(FindingVerdict)) == 0


def test_people_stand_in_the_group_that_their_votes_put_them_in(
    session: Session, check: Check
) -> None:
    answer_all(session, check, None, "r" * 36)
    rows = session.execute(select(Ratifier.participant_id, Ratifier.opinion_group))
    groups = {row.participant_id: row.opinion_group for row in rows}
    even = {groups[person.id] for person in check.planted.people[::2]}
    odd = {groups[person.id] for person in check.planted.people[1::2]}
    assert len(even) == len(odd) == 1
    assert even | odd == {0, 1}


def test_only_who_voted_or_wrote_can_answer(
    session: Session, keyring: Keyring, check: Check
) -> None:
    only_looked = make_participant(session, check.consultation)
    idle = signed_in(session, keyring, only_looked, check.consultation)
    for actor, code in (
        (make_actor(session, keyring), r"check\.take_part_first"),
        (idle, r"check\.take_part_first"),
        (check.staff.officer, r"participation\.own_agency"),
    ):
        with pytest.raises(NotAllowedError, match=code):
            ratifying.answer(
                session, actor, check.consultation.id, finding_id=None, verdict="reflects"
            )
    assert checking.turnout(session, check.summary).eligible == 36


def test_nothing_is_accepted_outside_the_window(session: Session, check: Check) -> None:
    consultation = check.consultation
    ends_at = consultation.check_ends_at
    assert ends_at is not None
    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False):
        say(session, check, 0, "reflects")
    with (
        time_machine.travel(ends_at, tick=False),
        pytest.raises(ConflictError, match=r"check\.over"),
    ):
        say(session, check, 1, "reflects")
    for stage, code in (
        (Stage.SUMMARY, r"check\.not_open_yet"),
        (Stage.ANSWERING, r"check\.over"),
    ):
        consultation.stage = stage
        session.flush()
        with pytest.raises(ConflictError, match=code):
            say(session, check, 1, "reflects")
    assert session.scalar(select(func.count()).select_from(Ratifier)) == 1


def test_only_sentences_that_stand_in_the_summary_are_answered(
    session: Session, check: Check
) -> None:
    left_out = check.findings[-1]
    left_out.left_out_reason = "ซ้ำ"
    session.flush()
    for number in (left_out.id, 999_999):
        with pytest.raises(NotFoundError, match=r"finding\.unknown"):
            say(session, check, 0, "reflects", number)
    with pytest.raises(InvalidError, match=r"verdict\.unknown"):
        say(session, check, 0, "agree")


def test_the_ledger_gets_the_counts_and_no_answer(session: Session, check: Check) -> None:
    answer_all(session, check, check.shared, "r" * 20)
    before = session.scalars(
        select(ledger.LedgerEntry.action).where(
            ledger.LedgerEntry.consultation_id == check.consultation.id
        )
    ).all()
    assert not [action for action in before if "verdict" in action or "check" in action]
    end(session, check)
    entry = session.scalars(
        select(ledger.LedgerEntry).where(ledger.LedgerEntry.action == "summary.checked")
    ).one()
    assert '"answered":20' in entry.content
    assert '"eligible":36' in entry.content


def test_nothing_but_the_turnout_is_told_while_people_answer(
    session: Session, check: Check
) -> None:
    answer_all(session, check, check.shared, "r" * 36)
    assert checking.checked(check.summary) is None
    end(session, check)
    found = checking.checked(check.summary)
    assert found is not None
    assert [share.total for share in found.findings[check.shared.id]] == [36, 18, 18]


def test_a_check_ends_once(session: Session, check: Check) -> None:
    answer_all(session, check, None, "rrrrrr")
    ends_at = check.consultation.check_ends_at
    assert ends_at is not None
    with time_machine.travel(ends_at, tick=False):
        assert ratifying.close_due(session, system_actor()) == 1
        assert ratifying.close_due(session, system_actor()) == 0
    names = session.scalars(select(Job.name).order_by(Job.id)).all()
    assert names.count("dissents.group") == 1
    assert "open_data.make" in names


def test_one_group_that_rejects_a_sentence_makes_it_contested(
    session: Session, check: Check
) -> None:
    answer_all(session, check, check.shared, "rw" * 18)
    other = next(each for each in check.findings if each is not check.shared)
    answer_all(session, check, other, "r" * 36)
    end(session, check)
    found = checking.checked(check.summary)
    assert found is not None
    assert found.contested == {check.shared.id}


STEPS = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from(["whole", "first", "second"]),
        st.sampled_from(["reflects", "misses", "wrong", ""]),
        st.booleans(),
    ),
    max_size=60,
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, hidden=st.sets(st.integers(0, 7), max_size=3))
def test_whatever_happens_the_shares_are_a_recount_by_hand(
    session: Session,
    keyring: Keyring,
    steps: list[tuple[int, str, str, bool]],
    hidden: set[int],
) -> None:
    """Random answers, changes, late answers and decisions of moderators."""
    with session.begin_nested() as savepoint:
        check = make_check(session, keyring, comments=8)
        first, second = check.findings[:2]
        named = {"whole": None, "first": first.id, "second": second.id}
        kept: dict[tuple[int, str], str] = {}
        ends_at = check.consultation.check_ends_at
        assert ends_at is not None
        for who, what, verdict, late in steps:
            with time_machine.travel(ends_at if late else now(), tick=False):
                if late:
                    with pytest.raises(ConflictError):
                        say(session, check, who, verdict, named[what])
                    continue
                say(session, check, who, verdict, named[what])
            kept.pop((who, what), None)
            if verdict:
                kept[who, what] = verdict
        for place in hidden:
            written = session.get_one(Contribution, check.planted.comments[place].id)
            written.visibility = Visibility.HIDDEN
        session.flush()
        end(session, check)
        counts = check.summary.check_counts
        assert counts is not None
        assert counts["turnout"] == {"answered": len({who for who, _ in kept}), "eligible": 36}
        for what, number in named.items():
            by_hand = Counter(said for (_, of), said in kept.items() if of == what)
            groups = counts["whole"] if number is None else counts["findings"].get(str(number), {})
            assert {k: v for k, v in shares.together(groups).items() if v} == dict(by_hand)
            of_groups = Counter(str(who % 2 == 0) for (who, of) in kept if of == what)
            assert sorted(sum(cell.values()) for cell in groups.values()) == sorted(
                of_groups.values()
            )
        savepoint.rollback()
    session.expire_all()


def test_who_voted_on_clauses_only_or_was_hidden_is_counted_alike(
    session: Session, keyring: Keyring
) -> None:
    check = make_check(session, keyring, comments=8)
    session.query(Vote).filter(Vote.participant_id == check.planted.people[0].id).delete()
    check.planted.comments[0].visibility = Visibility.HIDDEN
    session.flush()
    assert checking.turnout(session, check.summary).eligible == 36
    check.planted.comments[0].visibility = Visibility.WITHDRAWN
    session.flush()
    assert checking.turnout(session, check.summary).eligible == 35
    assert Role.PARTICIPANT in check.people[0].roles
