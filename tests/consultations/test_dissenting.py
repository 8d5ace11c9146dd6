"""What people write against a summary: moderated, grouped, answered, told."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import dissent_answering, dissent_words, dissenting
from consultations.models import (
    ContributionRevision,
    Dissent,
    DissentGroup,
    ModerationPolicy,
    Visibility,
)
from consultations.queries import dissents, receipts, trail
from core.actor import Role
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.notices import Notice
from moderation import deciding, rules
from tests.consultations.checked import Check, end, make_check
from tests.consultations.planted import bodies
from tests.factories import make_actor

WORDS = (
    "The sentence forgets those who work at night and never see the ferry at all.",
    "The sentence forgets those who work at night, and never see the ferry at all!",
    "Nobody asked the fishermen about the pier.",
)


@pytest.fixture
def check(session: Session, keyring: Keyring) -> Check:
    return make_check(session, keyring)


def write(
    session: Session, check: Check, who: int, body: str, finding: int | None = None
) -> Dissent:
    return dissenting.write(
        session,
        check.people[who],
        check.consultation.id,
        finding_id=finding,
        body=body,
        screen=rules.screen,
    )


def group(session: Session, check: Check) -> list[dissents.Voices]:
    said = dissent_answering.texts_to_group(session, check.summary.id)
    alike = {finding: dissent_words.alike(own) for finding, own in said.items()}
    dissent_answering.store_groups(session, check.summary.id, alike)
    return dissents.dissents(session, check.summary.id)


def test_a_dissent_is_screened_like_every_contribution(session: Session, check: Check) -> None:
    assert write(session, check, 0, WORDS[2]).visibility is Visibility.PUBLISHED
    assert write(session, check, 1, "Call 081 234 5678 now").visibility is Visibility.PENDING
    check.consultation.moderation_policy = ModerationPolicy.BEFORE
    session.flush()
    assert write(session, check, 2, WORDS[0]).visibility is Visibility.PENDING
    shown = dissents.dissents(session, check.summary.id)
    assert [each.dissents[0].body for each in shown] == [WORDS[2]]
    assert dissents.waiting_dissents(session, check.summary.id) == 2


def test_a_moderator_hides_a_dissent_and_it_is_gone_from_the_summary(
    session: Session, keyring: Keyring, check: Check
) -> None:
    written = write(session, check, 0, WORDS[0], check.shared.id)
    group(session, check)
    moderator = make_actor(session, keyring, Role.MODERATOR)
    deciding.decide(
        session,
        moderator,
        written.reference,
        kind="hide",
        rule="threat",
        reason="x",
        expected_revision=1,
    )
    assert dissents.dissents(session, check.summary.id) == []
    with pytest.raises(ConflictError, match=r"dissent\.settled"):
        write(session, check, 0, WORDS[1], check.shared.id)


def test_one_dissent_per_person_and_sentence_with_its_earlier_words(
    session: Session, check: Check
) -> None:
    first = write(session, check, 0, WORDS[0], check.shared.id)
    again = write(session, check, 0, WORDS[0], check.shared.id)
    changed = write(session, check, 0, WORDS[2], check.shared.id)
    assert first.id == again.id == changed.id
    write(session, check, 0, WORDS[0])
    assert len(session.scalars(select(Dissent)).all()) == 2
    kept = session.scalars(select(ContributionRevision)).all()
    assert [(each.revision, each.body) for each in kept] == [(1, WORDS[0])]


def test_a_withdrawn_dissent_makes_room_for_another(session: Session, check: Check) -> None:
    first = write(session, check, 0, WORDS[0])
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        dissenting.withdraw(session, check.people[1], first.reference)
    dissenting.withdraw(session, check.people[0], first.reference)
    second = write(session, check, 0, WORDS[2])
    assert second.id != first.id
    assert [v.dissents[0].id for v in dissents.dissents(session, check.summary.id)] == [second.id]


def test_nothing_is_written_or_withdrawn_after_the_check(session: Session, check: Check) -> None:
    first = write(session, check, 0, WORDS[0])
    ends_at = check.consultation.check_ends_at
    assert ends_at is not None
    with time_machine.travel(ends_at + timedelta(hours=1), tick=False):
        with pytest.raises(ConflictError, match=r"check\.over"):
            write(session, check, 1, WORDS[1])
        with pytest.raises(ConflictError, match=r"check\.over"):
            dissenting.withdraw(session, check.people[0], first.reference)


@pytest.mark.parametrize(("body", "code"), [(" ", "text.empty"), ("x" * 2_001, "text.too_long")])
def test_words_are_plain_and_bounded(session: Session, check: Check, body: str, code: str) -> None:
    with pytest.raises(InvalidError, match=code):
        write(session, check, 0, body)


def test_only_who_took_part_dissents(session: Session, keyring: Keyring, check: Check) -> None:
    with pytest.raises(NotAllowedError, match=r"check\.take_part_first"):
        dissenting.write(
            session,
            make_actor(session, keyring),
            check.consultation.id,
            finding_id=None,
            body="x",
            screen=rules.screen,
        )


def test_a_dissent_has_a_receipt_and_a_place_in_the_trail(session: Session, check: Check) -> None:
    written = write(session, check, 0, WORDS[0])
    slip = receipts.receipt(session, written.reference)
    assert slip.is_intact
    assert [entry.action for entry in slip.entries] == ["dissent.submitted"]
    mine = trail.traces_of(session, check.consultation, check.planted.people[0].id)
    assert [trace.contribution.reference for trace in mine] == [written.reference]


def test_dissents_that_say_the_same_stand_together(session: Session, check: Check) -> None:
    for who, words in enumerate(WORDS):
        write(session, check, who, words, check.shared.id)
    write(session, check, 3, WORDS[0])
    found = group(session, check)
    assert [each.count for each in found] == [2, 1, 1]
    assert [each.finding_id for each in found] == [check.shared.id, check.shared.id, None]


def test_a_later_dissent_joins_its_group_until_that_is_answered(
    session: Session, check: Check
) -> None:
    write(session, check, 0, WORDS[0])
    first = group(session, check)[0].group
    assert first is not None
    write(session, check, 1, WORDS[1])
    assert [each.count for each in group(session, check)] == [2]
    dissent_answering.answer_group(
        session, check.staff.officer, first.id, answer_th="ขอบคุณ", answer_en=""
    )
    dissent_answering.publish_answer(session, check.staff.approver, first.id)
    write(session, check, 2, f"{WORDS[0]} ")
    assert sorted(each.count for each in group(session, check)) == [1, 2]


def test_a_second_person_publishes_the_answer_and_authors_are_told(
    session: Session, check: Check
) -> None:
    written = write(session, check, 0, WORDS[0])
    found = group(session, check)[0].group
    assert found is not None
    end(session, check)
    officer, approver = check.staff.officer, check.staff.approver
    with pytest.raises(ConflictError, match=r"dissent\.no_answer"):
        dissent_answering.publish_answer(session, approver, found.id)
    with pytest.raises(InvalidError, match=r"response\.reason_required"):
        dissent_answering.answer_group(session, officer, found.id, answer_th=" ", answer_en="x")
    dissent_answering.answer_group(session, approver, found.id, answer_th="ก", answer_en="")
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        dissent_answering.publish_answer(session, approver, found.id)
    dissent_answering.answer_group(session, officer, found.id, answer_th="ข", answer_en="b")
    dissent_answering.publish_answer(session, approver, found.id)
    with pytest.raises(ConflictError, match=r"response\.published"):
        dissent_answering.answer_group(session, officer, found.id, answer_th="ค", answer_en="")
    told = session.scalars(
        select(Notice.participant_id).where(Notice.code == "dissent.answered")
    ).all()
    assert told == [written.participant_id]


def test_people_outside_the_agency_answer_nothing(
    session: Session, keyring: Keyring, check: Check
) -> None:
    write(session, check, 0, WORDS[0])
    group(session, check)
    number = session.scalars(select(DissentGroup.id)).one()
    for actor in (check.people[0], make_actor(session, keyring, Role.MODERATOR)):
        with pytest.raises(NotAllowedError):
            dissent_answering.answer_group(session, actor, number, answer_th="x", answer_en="")


def test_many_dissents_are_grouped_by_theme() -> None:
    texts = {f"D{n}": body for n, body in enumerate(bodies(72))}
    groups = dissent_words.alike(texts)
    assert 2 <= len(groups) < 36
    assert len({name for group in groups for name in group}) > 36
