"""A panel: invited in person, unlinkable, asked by clause; its results are public by two people."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import prototyping
from consultations.models import Degree, Panel, PanelAnswer, PanelSeat, Participant, Stage
from consultations.prototyping import Prototype, Said
from consultations.queries import panels
from consultations.shares import LEAST
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.drafts import Desk, preparing
from tests.factories import make_actor


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    return preparing(session, keyring, Stage.PREPARING)


def begun(session: Session, desk: Desk) -> Panel:
    closes_on = (now() + timedelta(days=7)).date()
    prototype = Prototype("ทดลองอ่าน", closes_on, ["ข้อ ๑ ก", "ข้อ ๒ ข"])
    return prototyping.begin(session, desk.staff.officer, desk.consultation.id, given=prototype)


def joined(session: Session, keyring: Keyring, desk: Desk, panel: Panel, actor: Actor) -> None:
    tokens = prototyping.invite(
        session, desk.staff.officer, keyring, panel.id, addresses=["a@example.org"]
    )
    prototyping.reply(session, actor, tokens[0], accepts=True)


def say(session: Session, panel: Panel, actor: Actor, degree: str, change: str = "") -> None:
    said = [Said(each.id, degree, "yes", change) for each in panels.clauses_of(session, panel)]
    prototyping.answer(session, actor, panel.id, said=said)


def test_only_who_accepts_in_person_has_a_place(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    panel, person = begun(session, desk), make_actor(session, keyring)
    with pytest.raises(NotFoundError, match=r"panel\.unknown"):
        say(session, panel, person, "yes")
    joined(session, keyring, desk, panel, person)
    with pytest.raises(ConflictError, match="one_seat"):
        joined(session, keyring, desk, panel, person)
    with pytest.raises(NotAllowedError, match="own_agency"):
        joined(session, keyring, desk, panel, desk.staff.approver)
    with pytest.raises(NotAllowedError, match="other_agency"):
        prototyping.invite(session, person, keyring, panel.id, addresses=["b@example.org"])
    say(session, panel, person, "yes")
    say(session, panel, person, "no", "พูดให้ง่ายกว่านี้")
    assert {e.understood for e in session.scalars(select(PanelAnswer))} == {Degree.NO}
    with pytest.raises(InvalidError, match="degree_unknown"):
        say(session, panel, person, "perhaps")


def test_two_people_publish_once_the_last_day_is_over(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    panel = begun(session, desk)
    people = [make_actor(session, keyring) for _ in range(6)]
    for person in people:
        joined(session, keyring, desk, panel, person)
        say(session, panel, person, "yes", "สั้นลง")
    with pytest.raises(NotAllowedError, match="approver_needed"):
        prototyping.publish(session, desk.staff.officer, panel.id)
    with pytest.raises(ConflictError, match=r"panel\.running"):
        prototyping.publish(session, desk.staff.approver, panel.id)
    with time_machine.travel(now() + timedelta(days=8)):
        with pytest.raises(ConflictError, match=r"panel\.over"):
            say(session, panel, people[0], "no")
        prototyping.publish(session, desk.staff.approver, panel.id)
    page = panels.panel_page(session, panel)
    assert (page.invited, page.accepted, page.answered) == (6, 6, 6)
    result = page.clauses[0].understood
    assert (result.total, result.counts[Degree.YES], result.share) == (6, 6, 1.0)
    assert result.low is not None
    assert 0.5 < result.low < 1


def test_who_erases_their_data_leaves_no_words_and_no_link(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    panel, person = begun(session, desk), make_actor(session, keyring)
    joined(session, keyring, desk, panel, person)
    say(session, panel, person, "yes", "สั้นลง")
    prototyping.forget(session, person)
    session.expire_all()
    assert session.scalars(select(PanelSeat.person_key)).all() == [None]
    assert session.scalars(select(Participant)).all() == []
    assert set(session.scalars(select(PanelAnswer.change))) == {""}


@given(st.lists(st.sampled_from(Degree), max_size=40))
def test_no_small_cell_can_be_read_or_computed(said: list[Degree]) -> None:
    counts = Counter(said)
    result = panels.told(counts)
    if len(said) < LEAST:
        assert result.total is None
        assert set(result.counts.values()) == {None}
        return
    shown = {each: count for each, count in result.counts.items() if count is not None}
    assert all(count == 0 or count >= LEAST for count in shown.values())
    hidden = len(said) - sum(shown.values())
    assert hidden == 0 or hidden >= LEAST
    assert len(result.counts) - len(shown) != 1
    assert (result.share is None) == (result.counts[Degree.YES] is None)
