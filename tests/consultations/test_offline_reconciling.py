"""Votes of one person on paper and on the site count once, if the person says that they are one."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import voting
from consultations.models import Choice, OfflineEntry, Vote
from consultations.offline import codes, reconciling
from consultations.offline.said import Said
from consultations.queries import channels
from core.clock import now
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.offline_world import World, make_world, today


@pytest.fixture
def world(session: Session, keyring: Keyring) -> World:
    return make_world(session, keyring, opens_at=now() - timedelta(days=5))


PAPER = Said(votes={1: "agree", 2: "agree"}, clause_votes={"s2": "agree"})


def paper(world: World, days_ago: int) -> OfflineEntry:
    entry = world.enter(PAPER, said_on=today() - timedelta(days=days_ago))
    world.confirm(entry)
    return entry


@pytest.mark.parametrize(
    ("paper_days_ago", "counts", "from_site"), [(1, -1, 1), (0, -1, 1), (-1, 1, 0)]
)
def test_the_later_vote_counts_and_on_the_same_day_that_of_the_site(
    world: World, paper_days_ago: int, counts: int, from_site: int
) -> None:
    citizen, first = world.citizen(), world.statements[0]
    voting.cast(world.session, citizen, first.reference, Choice.DISAGREE)
    with time_machine.travel(now() + timedelta(days=max(0, -paper_days_ago)), tick=False):
        entry = paper(world, max(0, paper_days_ago))
        reconciling.match(world.session, citizen, codes.in_groups(world.slip(entry)).lower())
    votes = world.session.scalars(select(Vote).where(Vote.statement_id == first.id)).all()
    assert [vote.choice for vote in votes] == [counts]
    world.session.expire_all()
    assert (first.agrees, first.disagrees) == ((1, 0) if counts == 1 else (0, 1))
    # What stands only on the paper moves to the one person.
    assert world.statements[1].agrees == 1
    assert entry.match == {"from_offline": 3 - from_site, "from_site": from_site}
    assert len({vote.participant_id for vote in world.session.scalars(select(Vote))}) == 1


def test_nothing_that_is_kept_leads_from_the_paper_to_the_person_on_the_site(world: World) -> None:
    citizen = world.citizen()
    voting.cast(world.session, citizen, world.statements[0].reference, Choice.PASS)
    own = world.session.scalars(select(Vote.participant_id)).one()
    entry = paper(world, 1)
    reconciling.match(world.session, citizen, world.slip(entry))
    kept = [str(getattr(entry, each.name)) for each in OfflineEntry.__table__.columns]
    assert own not in kept
    deeds = world.session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "offline.matched")
    ).all()
    assert [deed.subject for deed in deeds] == [""]


def test_whoever_matched_is_no_longer_among_the_possible_doubles(world: World) -> None:
    citizen = world.citizen()
    voting.cast(world.session, citizen, world.statements[0].reference, Choice.PASS)
    entry = paper(world, 1)
    assert channels.by_channel(world.session, world.number).possible_doubles == 1
    reconciling.match(world.session, citizen, world.slip(entry))
    found = channels.by_channel(world.session, world.number)
    assert (found.possible_doubles, found.matched) == (0, 1)
    with pytest.raises(ConflictError, match=r"slip\.matched"):
        reconciling.match(world.session, citizen, world.slip(entry))


def test_only_the_holder_of_the_code_who_took_part_can_match(world: World) -> None:
    entry = world.enter(PAPER)
    stranger = world.citizen()
    with pytest.raises(NotFoundError, match=r"slip\.unknown"):
        reconciling.match(world.session, stranger, entry.reference)
    with pytest.raises(ConflictError, match=r"slip\.not_counted"):
        reconciling.match(world.session, stranger, world.slip(entry))
    world.confirm(entry)
    with pytest.raises(NotAllowedError, match=r"slip\.take_part_first"):
        reconciling.match(world.session, stranger, world.slip(entry))
    assert reconciling.erasable(world.session, world.keyring, world.slip(entry))


def test_after_the_closing_nothing_is_joined_any_more(world: World) -> None:
    citizen = world.citizen()
    voting.cast(world.session, citizen, world.statements[0].reference, Choice.PASS)
    entry = paper(world, 1)
    assert world.consultation.closes_at is not None
    later = world.consultation.closes_at + timedelta(days=3)
    with (
        time_machine.travel(later, tick=False),
        pytest.raises(ConflictError, match=r"offline\.too_late"),
    ):
        reconciling.match(world.session, citizen, world.slip(entry))
