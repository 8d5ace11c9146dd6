"""Service: let an invited panel read prototype clauses, and publish what its members answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from consultations import group_access, participation, policy, seconding
from consultations.models import (
    Consultation,
    Degree,
    Panel,
    PanelAnswer,
    PanelClause,
    PanelSeat,
    SeatState,
)
from consultations.participation import Hold, locked_consultation
from core import ledger
from core.accounts.registering import checked_address
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind
from core.text import plain_text, single_line

LONGEST_TITLE: Final = 200
LONGEST_CLAUSE: Final = 5000
LONGEST_CHANGE: Final = 2000
MOST_CLAUSES: Final = 30
MOST_SEATS: Final = 200
_PURPOSE = "panel.invitation"


@dataclass(frozen=True)
class Prototype:
    """What a panel reads, and until when."""

    title_th: str
    closes_on: date
    clauses: Sequence[str]
    title_en: str = ""


@dataclass(frozen=True)
class Said:
    """What a member says to one clause: values of ``Degree``, and what they would change."""

    clause_id: int
    understood: str
    workable: str
    change: str = ""


def begin(session: Session, actor: Actor, consultation_id: int, *, given: Prototype) -> Panel:
    """Begin a panel; nobody but the agency and those who accept sees it.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    InvalidError
        ``commitment.due_past`` on ``closes_on``; ``panel.clauses`` on ``clauses``; ``text.empty``
        or ``text.too_long``.
    """
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    policy.require_agency_staff(actor, consultation)
    group_access.require_living(consultation)
    if given.closes_on < _today():
        raise InvalidError("commitment.due_past", field="closes_on")
    if not 1 <= len(given.clauses) <= MOST_CLAUSES:
        raise InvalidError("panel.clauses", field="clauses", maximum=MOST_CLAUSES)
    latest = select(func.max(Panel.number)).where(Panel.consultation_id == consultation.id)
    title_en = given.title_en.strip()
    panel = Panel(
        consultation_id=consultation.id,
        number=(session.scalar(latest) or 0) + 1,
        title_th=single_line(given.title_th, max_length=LONGEST_TITLE, field="title_th"),
        title_en=title_en and single_line(title_en, max_length=LONGEST_TITLE, field="title_en"),
        closes_on=given.closes_on,
        begun_by_id=actor.account_id,
        begun_at=now(),
    )
    session.add(panel)
    session.flush()
    for position, body in enumerate(given.clauses, 1):
        words = plain_text(body, max_length=LONGEST_CLAUSE, field="clauses")
        session.add(PanelClause(panel_id=panel.id, position=position, body=words))
    _record(session, actor, panel, "begun", clauses=len(given.clauses))
    return panel


def invite(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    panel_id: int,
    *,
    addresses: Collection[str],
    by_letter: bool = True,
) -> list[str]:
    """Offer places to whoever reads the mailboxes; the addresses are kept nowhere else.

    Returns
    -------
    list of str
        The tokens that accept the places.

    Raises
    ------
    NotFoundError
        ``panel.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``panel.over``.
    InvalidError
        ``account.email_invalid``; ``panel.seats`` on ``addresses``.
    """
    panel, consultation = _locked(session, panel_id)
    policy.require_agency_staff(actor, consultation)
    _require_open(panel)
    checked = sorted({checked_address(each) for each in addresses})
    taken = select(func.count(PanelSeat.id)).where(PanelSeat.panel_id == panel.id)
    if not checked or len(checked) + (session.scalar(taken) or 0) > MOST_SEATS:
        raise InvalidError("panel.seats", field="addresses", maximum=MOST_SEATS)
    tokens = []
    for address in checked:
        seat = PanelSeat(panel_id=panel.id)
        session.add(seat)
        session.flush()
        tokens.append(keyring.seal_note(_PURPOSE, {"seat": seat.id}))
        if by_letter:
            details = {"token": tokens[-1], "what": "panel"}
            letter = Letter(LetterKind.INVITATION, 0, address=address, details=details)
            outbox.post(session, keyring, letter)
    _record(session, actor, panel, "invited", seats=len(tokens))
    return tokens


def invitation(session: Session, keyring: Keyring, token: str) -> tuple[PanelSeat, Panel]:
    """Return the place that an invitation offers; NotFoundError ``panel.invitation_unknown``."""
    note = keyring.open_note(_PURPOSE, token)
    seat = session.get(PanelSeat, int(note["seat"])) if note else None
    if seat is None or seat.state is not SeatState.INVITED:
        raise NotFoundError("panel.invitation_unknown")
    return seat, session.get_one(Panel, seat.panel_id)


def reply(session: Session, actor: Actor, token: str, *, accepts: bool) -> Panel:
    """Take a place in a panel, or refuse it.

    Raises
    ------
    NotFoundError
        ``panel.invitation_unknown``.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency`` or ``participation.verified_only``.
    ConflictError
        ``panel.over``, ``panel.one_seat``.
    """
    if actor.keyring is None:
        raise NotAllowedError("participation.sign_in")
    seat, panel = invitation(session, actor.keyring, token)
    panel, consultation = _locked(session, panel.id)
    session.refresh(seat)
    if seat.state is not SeatState.INVITED:
        raise NotFoundError("panel.invitation_unknown")
    if not accepts:
        seat.state = SeatState.DECLINED
        _record(session, actor, panel, "declined")
        return panel
    _require_open(panel)
    policy.require_can_take_part(actor, consultation)
    keys = participation.person_keys(actor, consultation)
    if not keys:
        raise ConflictError("participation.ended")
    if session.scalar(_held_by(panel, keys)) is not None:
        raise ConflictError("panel.one_seat")
    seat.state, seat.person_key = SeatState.ACTIVE, keys[0]
    _record(session, actor, panel, "joined")
    return panel


def answer(session: Session, actor: Actor, panel_id: int, *, said: Collection[Said]) -> None:
    """Store what a member says to clauses, in place of what they said before.

    Raises
    ------
    NotFoundError
        ``panel.unknown``: there is none, or the actor has no place in it.
    ConflictError
        ``panel.over``.
    InvalidError
        ``panel.degree_unknown``; ``text.too_long``.
    """
    panel, consultation = _locked(session, panel_id)
    seat = own_seat(session, actor, consultation, panel)
    _require_open(panel)
    known = set(session.scalars(select(PanelClause.id).where(PanelClause.panel_id == panel.id)))
    for each in said:
        if each.clause_id not in known:
            raise NotFoundError("panel.unknown")
        if not {each.understood, each.workable} <= set(Degree):
            raise InvalidError("panel.degree_unknown")
        change = each.change.strip()
        session.merge(
            PanelAnswer(
                seat_id=seat.id,
                clause_id=each.clause_id,
                understood=Degree(each.understood),
                workable=Degree(each.workable),
                change=plain_text(change, max_length=LONGEST_CHANGE) if change else "",
            )
        )
    session.flush()


def publish(session: Session, actor: Actor, panel_id: int) -> Panel:
    """Make the results public that somebody else had asked for, once the last day is over.

    Raises
    ------
    NotFoundError
        ``panel.unknown``.
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``panel.running``, ``panel.published``.
    """
    panel, consultation = _locked(session, panel_id)
    policy.require_approver(actor, consultation, panel.begun_by_id)
    seconding.require_other(session, actor, panel.begun_by_id)
    if panel.published_at is not None:
        raise ConflictError("panel.published")
    if _today() <= panel.closes_on:
        raise ConflictError("panel.running")
    panel.published_at = now()
    _record(session, actor, panel, "published")
    return panel


def own_seat(session: Session, actor: Actor, consultation: Consultation, panel: Panel) -> PanelSeat:
    """Return the actor's place in a panel; NotFoundError ``panel.unknown`` if there is none."""
    keys = participation.person_keys(actor, consultation)
    seat = session.scalar(_held_by(panel, keys))
    if seat is None:
        raise NotFoundError("panel.unknown")
    return seat


def forget(session: Session, actor: Actor) -> None:
    """Take away the words and the link of whoever erases their data; answers stay counted."""
    for keys in participation.own_keys(session, actor):
        mine = PanelSeat.person_key.in_(keys)
        seats = select(PanelSeat.id).where(mine)
        session.execute(update(PanelAnswer).where(PanelAnswer.seat_id.in_(seats)).values(change=""))
        session.execute(update(PanelSeat).where(mine).values(person_key=None))


def _held_by(panel: Panel, keys: Collection[bytes]) -> Select[PanelSeat]:
    return select(PanelSeat).where(PanelSeat.panel_id == panel.id, PanelSeat.person_key.in_(keys))


def _locked(session: Session, panel_id: int) -> tuple[Panel, Consultation]:
    panel = session.get(Panel, panel_id, populate_existing=True, with_for_update=True)
    if panel is None:
        raise NotFoundError("panel.unknown")
    return panel, session.get_one(Consultation, panel.consultation_id)


def _require_open(panel: Panel) -> None:
    if _today() > panel.closes_on:
        raise ConflictError("panel.over")


def _record(session: Session, actor: Actor, panel: Panel, action: str, **detail: object) -> None:
    ledger.record(
        session,
        actor,
        f"panel.{action}",
        consultation_id=panel.consultation_id,
        subject=f"panel:{panel.number}",
        detail=detail,
    )
    session.flush()


def _today() -> date:
    return now().astimezone(BANGKOK).date()
