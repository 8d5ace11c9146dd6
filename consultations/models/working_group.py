"""Tables of working groups: who sits in them, by which rule they decide, and what they decided."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime, text_enum


class Sector(StrEnum):
    """For which part of society a member sits in a group."""

    AGENCY = "agency"
    BUSINESS = "business"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"
    CITIZENS = "citizens"


class MemberState(StrEnum):
    """How a seat is held."""

    INVITED = "invited"
    ACTIVE = "active"
    DECLINED = "declined"
    LEFT = "left"
    #: The invitation was taken back before anybody accepted it.
    WITHDRAWN = "withdrawn"


class DecisionRule(StrEnum):
    """When a proposal is adopted; ``consultations.group_rules`` computes it."""

    CONSENSUS = "consensus"
    CONSENT = "consent"
    TWO_THIRDS = "two_thirds"
    MAJORITY = "majority"


class Position(StrEnum):
    """What a member says to a proposal."""

    CONSENT = "consent"
    RESERVATION = "reservation"
    OBJECTION = "objection"
    ABSTAIN = "abstain"


class RoundOutcome(StrEnum):
    """How a round ended."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    NO_QUORUM = "no_quorum"
    #: Its author put an amended text to another round.
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


class WorkingGroup(Base):
    """People of several sectors who decide together on a part of a consultation's subject."""

    __tablename__ = "working_group"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: Number in the consultation, from 1; part of its address.
    number: Mapped[int]
    title_th: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    #: What it is to do, and what the agency does with its decisions.
    purpose_th: Mapped[str] = mapped_column(Text)
    purpose_en: Mapped[str] = mapped_column(Text, default="")
    founded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    founded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupMember(Base):
    """One seat of a group, and who holds it under the name that they agreed to show."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    #: Number in the group, from 1; what the ledger names instead of the person.
    number: Mapped[int]
    #: Leads the work and never decides.
    is_facilitator: Mapped[bool] = mapped_column(default=False)
    sector: Mapped[Sector] = mapped_column(text_enum(Sector))
    #: For whom or what the seat is.
    seat: Mapped[str] = mapped_column(String(200))
    state: Mapped[MemberState] = mapped_column(text_enum(MemberState), default=MemberState.INVITED)
    #: None before the invitation is accepted, and once the account is closed.
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    #: What the member agreed to show; empty before, and once their account is closed.
    shown_name: Mapped[str] = mapped_column(String(200), default="")
    shown_organisation: Mapped[str] = mapped_column(String(200), default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GroupCharter(Base):
    """One version of how a group works and decides. In force once every member has agreed."""

    __tablename__ = "group_charter"
    __table_args__ = (UniqueConstraint("group_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    version: Mapped[int]
    #: Shared aim, ways of working, and how conflicts are settled.
    body: Mapped[str] = mapped_column(Text)
    rule: Mapped[DecisionRule] = mapped_column(text_enum(DecisionRule))
    #: How many of a hundred members have to answer for a round to count.
    quorum: Mapped[int]
    #: Full days that members have to answer.
    round_days: Mapped[int]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CharterAgreement(Base):
    """A member agreed to a version of the charter."""

    __tablename__ = "charter_agreement"

    charter_id: Mapped[int] = mapped_column(
        ForeignKey("group_charter.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("group_member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupMeeting(Base):
    """A meeting of a group with its agenda."""

    __tablename__ = "group_meeting"
    __table_args__ = (UniqueConstraint("group_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    number: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    agenda: Mapped[str] = mapped_column(Text)
    announced_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    announced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupMinutes(Base):
    """Minutes of a meeting. A correction is another row; the first words stay readable."""

    __tablename__ = "group_minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id", ondelete="CASCADE"))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    #: What was corrected and why; empty in the first version.
    correction: Mapped[str] = mapped_column(Text, default="")
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupProposal(Base):
    """What a member puts to the group. With a day it is a step of the joint action plan."""

    __tablename__ = "group_proposal"
    __table_args__ = (UniqueConstraint("group_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    #: Who proposes it and, where it is a step, who owns it: nobody can promise for another.
    author_id: Mapped[int] = mapped_column(ForeignKey("group_member.id", ondelete="CASCADE"))
    #: The day by which the author's side does it; None where it is no step.
    due_on: Mapped[date | None]
    #: What the author's side contributes to it.
    resources: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupRound(Base):
    """One text of a proposal, to which every member of its opening can answer until it closes."""

    __tablename__ = "group_round"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("group_proposal.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    #: The version whose rule and quorum hold for this round, whatever is agreed later.
    charter_id: Mapped[int] = mapped_column(ForeignKey("group_charter.id"))
    #: How many could answer: the members at the opening but for facilitators.
    eligible: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[RoundOutcome | None] = mapped_column(text_enum(RoundOutcome))


class GroupPosition(Base):
    """What one member says in one round, under their name; kept beside the outcome."""

    __tablename__ = "group_position"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("group_round.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("group_member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[Position] = mapped_column(text_enum(Position))
    reason: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
