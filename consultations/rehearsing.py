"""For samples only: mark a consultation as a sample, let days pass in it, and vote in bulk.

A sample is played through the services, under the rules that hold for everyone, and those rules
look at the clock. So the clock stays, and what was done moves into the past instead: every date of
one consultation, together. The ledger is left alone: it tells when the sample was really made.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from consultations import participation, policy, tallies
from consultations.models import (
    AnalysisRun,
    CharterAgreement,
    Choice,
    Consultation,
    Contribution,
    ContributionRevision,
    DissentGroup,
    Draft,
    Finding,
    FindingWording,
    GroupCharter,
    GroupMeeting,
    GroupMember,
    GroupMinutes,
    GroupPosition,
    GroupProposal,
    GroupRound,
    HearingForm,
    News,
    OfficialResponse,
    Panel,
    Participant,
    Ratifier,
    RevisedFinding,
    Snapshot,
    StageChange,
    Stakeholder,
    StakeholderNotice,
    Statement,
    Summary,
    Vote,
    WorkingGroup,
)
from core.actor import Actor
from core.clock import BANGKOK, now
from core.database import Base, UtcDateTime
from core.notices import Notice

Rows = tuple[type[Base], ColumnElement[bool]]


def mark_as_sample(session: Session, consultation: Consultation) -> None:
    """Say that a consultation is a sample; every page of it then says so."""
    consultation.is_sample = True
    session.flush()


def holds_others(session: Session) -> bool:
    """Whether the database holds a consultation that is no sample."""
    return bool(session.scalar(select(exists().where(Consultation.is_sample.is_(False)))))


def let_days_pass(session: Session, consultation: Consultation, days: int) -> None:
    """Move every date of a sample so many whole days into the past."""
    number = consultation.id
    people = select(Participant.id).where(Participant.consultation_id == number)
    written = select(Contribution.id).where(Contribution.consultation_id == number)
    statements = select(Statement.id).where(Statement.number_in_id == number)
    summaries = select(Summary.id).where(Summary.consultation_id == number)
    findings = select(Finding.id).where(Finding.summary_id.in_(summaries))
    groups = select(Stakeholder.id).where(Stakeholder.consultation_id == number)
    dated: tuple[Rows, ...] = (
        (Consultation, Consultation.id == number),
        (StageChange, StageChange.consultation_id == number),
        (Draft, Draft.consultation_id == number),
        (Participant, Participant.consultation_id == number),
        (Contribution, Contribution.consultation_id == number),
        (ContributionRevision, ContributionRevision.contribution_id.in_(written)),
        (Vote, Vote.statement_id.in_(statements)),
        (Snapshot, Snapshot.consultation_id == number),
        (AnalysisRun, AnalysisRun.consultation_id == number),
        (Summary, Summary.consultation_id == number),
        (OfficialResponse, OfficialResponse.consultation_id == number),
        (Notice, Notice.participant_id.in_(people)),
        (News, News.consultation_id == number),
        (HearingForm, HearingForm.consultation_id == number),
        (Stakeholder, Stakeholder.consultation_id == number),
        (StakeholderNotice, StakeholderNotice.stakeholder_id.in_(groups)),
        (Ratifier, Ratifier.summary_id.in_(summaries)),
        (FindingWording, FindingWording.finding_id.in_(findings)),
        (DissentGroup, DissentGroup.summary_id.in_(summaries)),
        (RevisedFinding, RevisedFinding.finding_id.in_(findings)),
        *_groups_and_panels(number),
    )
    move_back(session, dated, days)


def _groups_and_panels(number: int) -> tuple[Rows, ...]:
    """Return the rows of working groups and panels of a consultation."""
    groups = select(WorkingGroup.id).where(WorkingGroup.consultation_id == number)
    meetings = select(GroupMeeting.id).where(GroupMeeting.group_id.in_(groups))
    proposals = select(GroupProposal.id).where(GroupProposal.group_id.in_(groups))
    rounds = select(GroupRound.id).where(GroupRound.proposal_id.in_(proposals))
    charters = select(GroupCharter.id).where(GroupCharter.group_id.in_(groups))
    return (
        (Panel, Panel.consultation_id == number),
        (WorkingGroup, WorkingGroup.consultation_id == number),
        (GroupMember, GroupMember.group_id.in_(groups)),
        (GroupCharter, GroupCharter.group_id.in_(groups)),
        (CharterAgreement, CharterAgreement.charter_id.in_(charters)),
        (GroupMeeting, GroupMeeting.group_id.in_(groups)),
        (GroupMinutes, GroupMinutes.meeting_id.in_(meetings)),
        (GroupRound, GroupRound.proposal_id.in_(proposals)),
        (GroupPosition, GroupPosition.round_id.in_(rounds)),
    )


def cast_votes(
    session: Session, actor: Actor, consultation: Consultation, choices: Mapping[str, Choice]
) -> None:
    """Cast all votes of one who has not voted yet, under the rules of ``voting.cast``.

    Parameters
    ----------
    choices : mapping of str to Choice
        By the statement's reference.

    Raises
    ------
    ConflictError
        ``consultation.closed`` or ``consultation.not_open_yet``.
    NotAllowedError
        ``participation.sign_in`` or ``participation.own_agency``.
    """
    moment = now()
    policy.require_can_take_part(actor, consultation)
    policy.require_taking_contributions(consultation, moment)
    participant = participation.join(session, actor, consultation)
    statements = session.execute(
        select(Statement.id, Statement.reference).where(Statement.reference.in_(choices))
    )
    day = moment.astimezone(BANGKOK).date()
    rows: list[dict[str, Any]] = [
        {
            "statement_id": number,
            "participant_id": participant.id,
            "choice": int(choices[reference]),
            "voted_on": day,
        }
        for number, reference in statements
    ]
    if rows:
        session.execute(insert(Vote), rows)
        for row in rows:
            tallies.shift(session, row["statement_id"], None, row["choice"])


def move_back(session: Session, dated: Iterable[Rows], days: int) -> None:
    """Move every date and moment of some rows into the past; what is loaded is read anew."""
    session.flush()
    for model, condition in dated:
        _move_table(session, model, condition, timedelta(days=days))
    session.expire_all()


def _move_table(
    session: Session, model: type[Base], condition: ColumnElement[bool], span: timedelta
) -> None:
    table = Base.metadata.tables[model.__tablename__]
    keys = list(table.primary_key)
    moments = [column for column in table.c if isinstance(column.type, UtcDateTime | Date)]
    rows = session.execute(select(*keys, *moments).where(condition)).all()
    values = [
        {f"at_{column.name}": value for column, value in zip(keys, row, strict=False)}
        | {
            f"to_{column.name}": value - span if value is not None else None
            for column, value in zip(moments, row[len(keys) :], strict=True)
        }
        for row in rows
    ]
    if values:
        session.execute(
            update(table)
            .where(and_(*(column == bindparam(f"at_{column.name}") for column in keys)))
            .values({column: bindparam(f"to_{column.name}") for column in moments}),
            values,
        )
