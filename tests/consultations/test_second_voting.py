"""A contested sentence gets another wording, on which the same participants vote."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import second_voting
from consultations.models import Choice, News, RevisedVote, Stage
from consultations.queries import checking
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.checked import Check, answer_all, end, make_check
from tests.factories import make_actor


@pytest.fixture
def check(session: Session, keyring: Keyring) -> Check:
    """A check in which one group rejects the shared sentence; the agency answers now."""
    made = make_check(session, keyring)
    answer_all(session, made, made.shared, "rw" * 18)
    end(session, made)
    made.consultation.stage = Stage.ANSWERING
    session.flush()
    return made


def better(check: Check) -> dict[str, str]:
    return {"text_th": "", "text_en": check.shared.text_en.replace("most of", "most among")}


def begun(session: Session, check: Check) -> None:
    second_voting.propose(session, check.staff.officer, check.shared.id, **better(check))
    second_voting.begin(session, check.staff.approver, check.shared.id, days=3)


def test_only_a_contested_sentence_gets_a_second_vote(session: Session, check: Check) -> None:
    other = next(each for each in check.findings if each is not check.shared)
    with pytest.raises(ConflictError, match=r"finding\.not_contested"):
        second_voting.propose(
            session, check.staff.officer, other.id, text_th="", text_en=other.text_en
        )


def test_the_new_wording_is_held_against_the_evidence(session: Session, check: Check) -> None:
    officer, shared = check.staff.officer, check.shared
    with pytest.raises(InvalidError, match=r"second_vote\.same"):
        second_voting.propose(session, officer, shared.id, text_th="", text_en="")
    turned = shared.text_en.replace(" agree", " disagree", 1)
    with pytest.raises(InvalidError, match=r"wording\.side"):
        second_voting.propose(session, officer, shared.id, text_th="", text_en=turned)


def test_a_second_person_lets_it_begin(session: Session, check: Check) -> None:
    officer, approver, number = check.staff.officer, check.staff.approver, check.shared.id
    with pytest.raises(NotFoundError, match=r"second_vote\.unknown"):
        second_voting.begin(session, approver, number, days=3)
    second_voting.propose(session, approver, number, **better(check))
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        second_voting.begin(session, approver, number, days=3)
    second_voting.propose(session, officer, number, **better(check))
    for days in (0, 2, 31):
        with pytest.raises(InvalidError, match=r"second_vote\.days"):
            second_voting.begin(session, approver, number, days=days)
    second_voting.begin(session, approver, number, days=3)
    with pytest.raises(ConflictError, match=r"second_vote\.begun"):
        second_voting.propose(session, officer, number, **better(check))
    assert session.scalars(select(News.code).where(News.code != "")).all() == [
        "summary.second_vote"
    ]


def test_the_last_choice_counts_and_only_while_it_lasts(
    session: Session, keyring: Keyring, check: Check
) -> None:
    number = check.shared.id
    with pytest.raises(NotFoundError, match=r"second_vote\.unknown"):
        second_voting.cast(session, check.people[0], number, Choice.AGREE)
    begun(session, check)
    second_voting.cast(session, check.people[0], number, Choice.AGREE)
    second_voting.cast(session, check.people[0], number, Choice.DISAGREE)
    assert session.scalars(select(RevisedVote.choice)).all() == [-1]
    with pytest.raises(NotAllowedError, match=r"check\.take_part_first"):
        second_voting.cast(session, make_actor(session, keyring), number, Choice.AGREE)
    with (
        time_machine.travel(now() + timedelta(days=5), tick=False),
        pytest.raises(ConflictError, match=r"second_vote\.over"),
    ):
        second_voting.cast(session, check.people[1], number, Choice.AGREE)


def test_the_result_is_told_when_it_is_over_by_group(session: Session, check: Check) -> None:
    begun(session, check)
    for place, actor in enumerate(check.people[:30]):
        choice = Choice.PASS if place > 27 else Choice.AGREE if place % 7 else Choice.DISAGREE
        second_voting.cast(session, actor, check.shared.id, choice)
    running = checking.second_votes(session, check.summary.id, now())[check.shared.id]
    assert running.shares is None
    assert not running.is_preferred
    later = now() + timedelta(days=5)
    found = checking.second_votes(session, check.summary.id, later)[check.shared.id]
    assert found.shares is not None
    assert [share.total for share in found.shares] == [28, 14, 14]
    assert found.shares[0].counts == {"agree": 24, "disagree": 4}
    assert found.is_preferred
