"""Reads: working groups with their members, charters, meetings, proposals and plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from consultations.models import (
    CharterAgreement,
    Commitment,
    Consultation,
    GroupCharter,
    GroupMeeting,
    GroupMember,
    GroupMinutes,
    GroupPosition,
    GroupProposal,
    GroupRound,
    MemberState,
    RoundOutcome,
    Sector,
    WorkingGroup,
)
from consultations.queries.commitments import commitment_rows
from consultations.queries.group_rows import (
    CharterRow,
    GroupPage,
    GroupRow,
    MeetingRow,
    ProposalRow,
    RoundRow,
    Said,
)
from core.errors import NotFoundError


def groups_of(session: Session, consultation_id: int) -> list[GroupRow]:
    """Return the groups of a consultation by their number; three queries."""
    groups = session.scalars(
        select(WorkingGroup)
        .where(WorkingGroup.consultation_id == consultation_id)
        .order_by(WorkingGroup.number)
    ).all()
    numbers = [each.id for each in groups]
    sectors: defaultdict[int, dict[Sector, int]] = defaultdict(dict)
    for group_id, sector, count in session.execute(
        select(GroupMember.group_id, GroupMember.sector, func.count())
        .where(
            GroupMember.group_id.in_(numbers),
            GroupMember.state == MemberState.ACTIVE,
            GroupMember.is_facilitator.is_(False),
        )
        .group_by(GroupMember.group_id, GroupMember.sector)
    ):
        sectors[group_id][sector] = count
    adopted = GroupRound.outcome == RoundOutcome.ADOPTED
    decided = {
        group_id: (proposals, count)
        for group_id, proposals, count in session.execute(
            select(
                GroupProposal.group_id,
                func.count(GroupProposal.id.distinct()),
                func.count(GroupRound.id).filter(adopted),
            )
            .join(GroupRound, GroupRound.proposal_id == GroupProposal.id)
            .where(GroupProposal.group_id.in_(numbers))
            .group_by(GroupProposal.group_id)
        )
    }
    return [GroupRow(each, sectors[each.id], *decided.get(each.id, (0, 0))) for each in groups]


def group_numbered(session: Session, consultation_id: int, number: int) -> WorkingGroup:
    """Return a group of a consultation; NotFoundError ``group.unknown``. One query."""
    found = session.scalars(
        select(WorkingGroup).where(
            WorkingGroup.consultation_id == consultation_id, WorkingGroup.number == number
        )
    ).first()
    if found is None:
        raise NotFoundError("group.unknown")
    return found


def consultation_of(session: Session, group: WorkingGroup) -> Consultation:
    """Return the consultation that a group belongs to; one query."""
    return session.get_one(Consultation, group.consultation_id)


def seat_numbered(session: Session, group: WorkingGroup, number: int) -> GroupMember:
    """Return a seat of a group; NotFoundError ``group.unknown``. One query."""
    found = session.scalars(
        select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.number == number)
    ).first()
    if found is None:
        raise NotFoundError("group.unknown")
    return found


def latest_charter(session: Session, group: WorkingGroup) -> GroupCharter | None:
    """Return the newest version of a group's charter, agreed or not; one query."""
    return session.scalars(
        select(GroupCharter)
        .where(GroupCharter.group_id == group.id)
        .order_by(GroupCharter.version.desc())
        .limit(1)
    ).first()


def group_page(session: Session, group: WorkingGroup) -> GroupPage:
    """Return all that a group shows, the newest in front; nine queries."""
    members = _members(session, group)
    steps = session.scalars(
        select(Commitment)
        .join(GroupProposal, GroupProposal.id == Commitment.proposal_id)
        .where(GroupProposal.group_id == group.id)
        .options(selectinload(Commitment.progress))
        .order_by(Commitment.due_on, Commitment.number)
    ).all()
    return GroupPage(
        group,
        list(members.values()),
        _charters(session, group),
        _meetings(session, group),
        _proposals(session, group, members),
        commitment_rows(steps),
    )


def proposal_numbered(session: Session, group: WorkingGroup, number: int) -> ProposalRow:
    """Return a proposal with its rounds; NotFoundError ``group.proposal_unknown``. 3 queries."""
    found = _proposals(session, group, _members(session, group), number)
    if not found:
        raise NotFoundError("group.proposal_unknown")
    return found[0]


def meeting_numbered(session: Session, group: WorkingGroup, number: int) -> MeetingRow:
    """Return a meeting with its minutes; NotFoundError ``group.meeting_unknown``. Two queries."""
    found = next((e for e in _meetings(session, group) if e.meeting.number == number), None)
    if found is None:
        raise NotFoundError("group.meeting_unknown")
    return found


def _members(session: Session, group: WorkingGroup) -> dict[int, GroupMember]:
    rows = session.scalars(
        select(GroupMember).where(GroupMember.group_id == group.id).order_by(GroupMember.number)
    )
    return {each.id: each for each in rows}


def _charters(session: Session, group: WorkingGroup) -> list[CharterRow]:
    charters = session.scalars(
        select(GroupCharter)
        .where(GroupCharter.group_id == group.id)
        .order_by(GroupCharter.version.desc())
    ).all()
    agreed: defaultdict[int, set[int]] = defaultdict(set)
    for each in session.scalars(
        select(CharterAgreement).where(
            CharterAgreement.charter_id.in_([each.id for each in charters])
        )
    ):
        agreed[each.charter_id].add(each.member_id)
    return [CharterRow(each, agreed[each.id]) for each in charters]


def _meetings(session: Session, group: WorkingGroup) -> list[MeetingRow]:
    meetings = session.scalars(
        select(GroupMeeting)
        .where(GroupMeeting.group_id == group.id)
        .order_by(GroupMeeting.held_on.desc(), GroupMeeting.number.desc())
    ).all()
    minutes: defaultdict[int, list[GroupMinutes]] = defaultdict(list)
    for each in session.scalars(
        select(GroupMinutes)
        .where(GroupMinutes.meeting_id.in_([each.id for each in meetings]))
        .order_by(GroupMinutes.version.desc())
    ):
        minutes[each.meeting_id].append(each)
    return [MeetingRow(each, minutes[each.id]) for each in meetings]


def _proposals(
    session: Session,
    group: WorkingGroup,
    members: Mapping[int, GroupMember],
    number: int | None = None,
) -> list[ProposalRow]:
    query = (
        select(GroupProposal, GroupRound, GroupCharter)
        .join(GroupRound, GroupRound.proposal_id == GroupProposal.id)
        .join(GroupCharter, GroupCharter.id == GroupRound.charter_id)
        .where(GroupProposal.group_id == group.id)
        .order_by(GroupProposal.number.desc(), GroupRound.number)
    )
    if number is not None:
        query = query.where(GroupProposal.number == number)
    rows: Sequence[Any] = session.execute(query).all()
    said: defaultdict[int, list[Said]] = defaultdict(list)
    for position in session.scalars(
        select(GroupPosition)
        .where(GroupPosition.round_id.in_([asked.id for _, asked, _ in rows]))
        .order_by(GroupPosition.round_id, GroupPosition.member_id)
    ):
        said[position.round_id].append(Said(members[position.member_id], position))
    found: dict[int, tuple[GroupProposal, list[RoundRow]]] = {}
    for proposal, asked, charter in rows:
        rounds = found.setdefault(proposal.id, (proposal, []))[1]
        rounds.append(RoundRow(asked, charter, said[asked.id]))
    return [
        ProposalRow(proposal, members[proposal.author_id], rounds)
        for proposal, rounds in found.values()
    ]
