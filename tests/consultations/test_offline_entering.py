"""One person enters what was said on paper, another one confirms it; only then does it count."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import erasing, snapshots
from consultations.announcement import last_day
from consultations.models import (
    ClauseVote,
    Comment,
    Contribution,
    OfflineScan,
    OfflineState,
    Origin,
    ParticipantProfile,
    Stage,
    Tier,
    Visibility,
    Vote,
)
from consultations.offline import deadline, entering
from consultations.offline.said import Provenance, Said, SaidComment
from consultations.queries import channels, offline, receipts
from core import ledger
from core.accounts.consents import ConsentEvent, Purpose
from core.accounts.models import IdentityLink
from core.actor import Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.offline_world import SAID, World, make_world, scan, today
from tests.factories import make_actor


@pytest.fixture
def world(session: Session, keyring: Keyring) -> World:
    return make_world(session, keyring)


def count(session: Session, *tables: type) -> list[int]:
    return [len(session.scalars(select(table)).all()) for table in tables]


def test_nothing_counts_before_the_second_person(world: World) -> None:
    entry = world.enter()
    assert entry.state is OfflineState.WAITING
    assert count(world.session, Contribution, Vote, ClauseVote) == [4, 0, 0]  # the statements
    assert "ชุมชน" not in (entry.sealed_words or "")


def test_confirmed_words_count_as_if_sent_on_the_site(world: World) -> None:
    entry = world.enter()
    participant = world.confirm(entry)
    comment = world.session.scalars(select(Comment)).one()
    assert (comment.body, comment.origin) == ("ขอให้มีผู้แทนชุมชน", Origin.PAPER)
    assert comment.visibility is Visibility.PUBLISHED
    assert comment.participant_id == participant.id == entry.participant_id
    assert participant.tier is Tier.OFFLINE
    world.session.expire_all()
    assert [(it.agrees, it.disagrees) for it in world.statements] == [(1, 0), (0, 1), (0, 0)]
    assert count(world.session, Vote, ClauseVote, ParticipantProfile) == [2, 1, 1]
    given = world.session.scalars(select(ConsentEvent.purpose)).all()
    assert set(given) == {Purpose.OFFLINE, Purpose.PROFILE}
    assert entry.sealed_words is None
    found = receipts.receipt(world.session, comment.reference)
    assert found.is_intact
    assert found.present is not None
    public = offline.receipt_of(world.session, entry.reference)
    assert public is not None
    assert list(public.contributions) == [comment.reference]


def test_a_suspicious_text_waits_for_a_moderator_as_on_the_site(world: World) -> None:
    words = SaidComment("s1", "โทรหาผมที่ 081-234-5678")
    world.confirm(world.enter(Said(comments=(words,))))
    assert world.session.scalars(select(Comment)).one().visibility is Visibility.PENDING


def test_nobody_confirms_their_own_words_not_even_with_a_second_account(world: World) -> None:
    entry = world.enter()
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        world.confirm(entry, world.first)
    for actor in (world.first, world.second):
        world.session.add(
            IdentityLink(
                account_id=actor.account_id,
                issuer="https://id.example",
                person_index=b"p" * 32,
                subject_index=f"subject {actor.account_id}".encode(),
                verified_on=now().date(),
            )
        )
    world.session.flush()
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        world.confirm(entry)
    for deed in (entering.give_back, entering.reject):
        with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
            deed(
                world.session,
                world.second,
                world.number,
                entry.reference,
                1,
                reason="อ่านไม่ออก",
            )


def test_a_correction_goes_back_to_the_first_person(world: World) -> None:
    entry = world.enter()
    entering.correct(
        world.session,
        world.second,
        world.number,
        entry.reference,
        entry.revision,
        provenance=Provenance("phone", today(), consented=True),
        said=Said(comments=(SaidComment("", "ทั้งร่าง"),)),
    )
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        world.confirm(entry, world.second)
    world.confirm(entry, world.first)
    comment = world.session.scalars(select(Comment)).one()
    assert (comment.body, comment.clause_key, comment.origin) == ("ทั้งร่าง", "", Origin.PHONE)


def test_what_is_given_back_is_corrected_before_it_can_be_confirmed(world: World) -> None:
    entry = world.enter()
    who = (world.session, world.second, world.number, entry.reference)
    with pytest.raises(InvalidError, match=r"reason\.needed"):
        entering.give_back(*who, entry.revision, reason=" ")
    entering.give_back(*who, entry.revision, reason="ข้อ 2 อ่านผิด")
    assert (entry.state, entry.note) == (OfflineState.RETURNED, "ข้อ 2 อ่านผิด")
    with pytest.raises(ConflictError, match=r"offline\.returned"):
        world.confirm(entry)
    with pytest.raises(ConflictError, match=r"offline\.changed"):
        entering.give_back(*who, 1, reason="อีกครั้ง")


def test_what_is_rejected_loses_words_and_scan_and_frees_its_form(world: World) -> None:
    entry = world.enter(form_number=7)
    reference, slip = entry.reference, world.slip(entry)
    entering.reject(
        world.session, world.second, world.number, reference, 1, reason="ไม่ใช่แบบของเรื่องนี้"
    )
    assert entry.state is OfflineState.REJECTED
    assert entry.sealed_words is None
    assert count(world.session, OfflineScan) == [0]
    again = world.enter(form_number=7)
    assert (again.reference, world.slip(again)) == (reference, slip)
    with pytest.raises(ConflictError, match=r"offline\.settled"):
        world.confirm(entry)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": "fax"}, "offline.channel"),
        ({"consented": False}, "offline.consent"),
        ({"form_number": 21}, "offline.form_unknown"),
        ({"said_on": None}, "offline.date"),
        ({"said_on": today() + timedelta(days=1)}, "offline.date"),
        ({"said_on": today() - timedelta(days=9)}, "offline.date"),
        ({"said": Said()}, "offline.nothing"),
        ({"said": Said(votes={9: "agree"})}, "statement.unknown_here"),
        ({"said": Said(votes={1: "maybe"})}, "vote.choice_unknown"),
        ({"said": Said(comments=(SaidComment("s9", "ก"),))}, "clause.unknown_here"),
        ({"said": Said(clause_votes={"s9": "agree"})}, "clause.unknown_here"),
        ({"said": Said(votes={1: "agree"}, profile={"age": "9"})}, "profile.answer_unknown"),
    ],
)
def test_what_cannot_be_right_is_refused(
    world: World, change: dict[str, object], code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        world.enter(**change)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_paper_needs_its_scan_and_a_form_is_entered_once(world: World) -> None:
    given = Provenance("paper", today(), form_number=3, consented=True)
    with pytest.raises(InvalidError, match=r"offline\.scan_missing"):
        entering.enter(world.session, world.first, world.number, provenance=given, said=SAID)
    world.enter(form_number=3)
    with pytest.raises(InvalidError, match=r"offline\.form_used"):
        world.enter(form_number=3)


def test_only_the_agency_enters(world: World) -> None:
    elsewhere = make_actor(
        world.session,
        world.keyring,
        Role.OFFICER,
        agency=make_world(world.session, world.keyring).agency,
    )
    entry = world.enter()
    for actor in (elsewhere, world.citizen()):
        with pytest.raises((NotAllowedError, NotFoundError)):
            world.confirm(entry, actor)


def test_entering_ends_with_the_declared_day_or_the_analysis(world: World) -> None:
    closes_at = world.consultation.closes_at
    assert closes_at is not None
    closing = last_day(closes_at)
    last = closing + timedelta(days=5)
    with pytest.raises(InvalidError, match=r"offline\.until"):
        deadline.declare(world.session, world.first, world.number, until=last + timedelta(days=60))
    deadline.declare(world.session, world.first, world.number, until=last)
    with time_machine.travel(closes_at + timedelta(days=2), tick=False):
        entry = world.enter(said_on=closing)
        with pytest.raises(InvalidError, match=r"offline\.date"):
            world.enter(said_on=closing + timedelta(days=1))
        snapshots.freeze(world.session, world.number)
        world.session.flush()
        with pytest.raises(ConflictError, match=r"offline\.too_late"):
            world.confirm(entry)
        with pytest.raises(ConflictError, match=r"offline\.declare_earlier"):
            deadline.declare(world.session, world.first, world.number, until=last)
    with time_machine.travel(closes_at + timedelta(days=7), tick=False):
        assert not deadline.is_entering(world.session, world.consultation, now())


def test_what_the_ledger_keeps_has_no_words(world: World) -> None:
    world.confirm(world.enter(place="ศาลากลางบ้าน"))
    rows = world.session.scalars(select(ledger.LedgerEntry.content)).all()
    assert any('"offline.confirmed"' in row and '"paper"' in row for row in rows)
    assert not any("ชุมชน" in row or "ศาลา" in row for row in rows)


def test_erasing_by_the_slip_leaves_nothing_that_leads_to_the_writer(world: World) -> None:
    entry, other = world.enter(), world.enter(Said(votes={3: "pass"}))
    participant = world.confirm(entry).id
    world.confirm(other)
    erasing.erase_participant(world.session, world.citizen(), participant)
    world.session.expire_all()
    assert (entry.participant_id, entry.place) == (None, "")
    assert world.session.scalars(select(Comment.body)).all() == [""]
    assert [it.agrees for it in world.statements] == [0, 0, 0]
    assert count(world.session, OfflineScan, ParticipantProfile) == [1, 0]
    assert not erasing.erase_participant(world.session, world.citizen(), participant)


def test_votes_of_a_closed_consultation_stay_and_lead_to_nobody(world: World) -> None:
    entry = world.enter(Said(votes={1: "agree"}))
    participant = world.confirm(entry).id
    world.consultation.stage = Stage.SUMMARY
    world.session.flush()
    erasing.erase_participant(world.session, world.citizen(), participant)
    assert world.session.scalars(select(Vote.participant_id)).one() != participant
    assert entry.participant_id is None


def test_the_end_of_a_consultations_key_cuts_papers_off(world: World) -> None:
    entry = world.enter()
    world.confirm(entry)
    erasing.destroy_keys(world.session, world.first, world.number)
    world.session.expire_all()
    assert entry.participant_id is None
    assert count(world.session, OfflineScan) == [0]


def test_channels_are_counted_with_a_bound_on_who_is_counted_twice(world: World) -> None:
    for _ in range(5):
        world.confirm(world.enter())
    for _ in range(6):
        world.confirm(world.enter(Said(votes={1: "pass"}), channel="phone"))
    found = channels.by_channel(world.session, world.number)
    assert [(row.channel, row.contributions, row.people) for row in found.rows] == [
        ("participant", 0, 0),
        ("paper", 5, 5),
        ("phone", 0, 6),
    ]
    assert (found.possible_doubles, found.matched) == (0, 0)
    world.confirm(world.enter(channel="meeting"))
    assert {row.people for row in channels.by_channel(world.session, world.number).rows} == {None}


def test_a_scan_is_kept_encrypted(world: World) -> None:
    world.enter()
    sealed = world.session.scalars(select(OfflineScan.sealed)).one()
    assert scan().content not in sealed
    assert world.keyring.open_file(sealed) == scan().content
