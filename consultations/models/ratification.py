"""Tables of the check of a summary by the people it speaks of, and of what follows from it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from consultations.models.contribution import Contribution, ContributionKind
from core.database import Base, Json, UtcDateTime, text_enum


class Verdict(StrEnum):
    """What a participant says to a sentence, or to the summary as a whole."""

    REFLECTS = "reflects"
    MISSES = "misses"
    WRONG = "wrong"


class FindingWording(Base):
    """A wording that the agency gave a sentence; all are kept, the last one holds."""

    __tablename__ = "finding_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), index=True
    )
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    #: Words that the check could not vouch for; they are shown with the wording.
    unchecked: Mapped[list[str]] = mapped_column(Json)
    worded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    worded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Ratifier(Base):
    """A participant who checked a summary, with what they say to the whole of it."""

    __tablename__ = "ratifier"
    __table_args__ = (Index("ix_ratifier_count", "summary_id", "opinion_group", "verdict"),)

    summary_id: Mapped[int] = mapped_column(
        ForeignKey("summary.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    #: Opinion group of the run that their own votes put them in; None without a clear one.
    opinion_group: Mapped[int | None] = mapped_column(SmallInteger)
    #: None while they only spoke to single sentences.
    verdict: Mapped[Verdict | None] = mapped_column(text_enum(Verdict))
    #: The day only, in Bangkok.
    answered_on: Mapped[date]


class FindingVerdict(Base):
    """What a participant says to one sentence; at most one row for each pair."""

    __tablename__ = "finding_verdict"
    __table_args__ = (Index("ix_finding_verdict_count", "finding_id", "verdict"),)

    finding_id: Mapped[int] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict))


class DissentGroup(Base):
    """Dissents that say the same, and what the agency answers to them."""

    __tablename__ = "dissent_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(
        ForeignKey("summary.id", ondelete="CASCADE"), index=True
    )
    #: None when about the summary as a whole.
    finding_id: Mapped[int | None] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), index=True
    )
    #: Place among the groups of the summary, from 0.
    position: Mapped[int]
    answer_th: Mapped[str] = mapped_column(Text, default="")
    answer_en: Mapped[str] = mapped_column(Text, default="")
    #: Who wrote the answer; someone else publishes it.
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Dissent(Contribution):
    """What a participant says against a sentence of a summary, or against the whole of it."""

    __tablename__ = "dissent"
    __mapper_args__ = {"polymorphic_identity": ContributionKind.DISSENT}

    id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    summary_id: Mapped[int] = mapped_column(
        ForeignKey("summary.id", ondelete="CASCADE"), index=True
    )
    #: None when about the summary as a whole.
    finding_id: Mapped[int | None] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("dissent_group.id", ondelete="SET NULL"), index=True
    )

    @property
    def clause_key(self) -> str:
        """Empty: a dissent is about a sentence of the summary."""
        return ""


class RevisedFinding(Base):
    """Another wording of a contested sentence, put to a second vote of the same participants."""

    __tablename__ = "revised_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), unique=True
    )
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    unchecked: Mapped[list[str]] = mapped_column(Json)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: First moment at which votes are taken; None until someone else has let it go out.
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: First moment at which they are no longer taken.
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RevisedVote(Base):
    """Whether the new wording says it better: one participant's present choice."""

    __tablename__ = "revised_vote"
    __table_args__ = (
        CheckConstraint("choice IN (-1, 0, 1)", name="choice_is_known"),
        Index("ix_revised_vote_count", "revised_id", "opinion_group", "choice"),
    )

    revised_id: Mapped[int] = mapped_column(
        ForeignKey("revised_finding.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    choice: Mapped[int] = mapped_column(SmallInteger)
    #: As in ``Ratifier``.
    opinion_group: Mapped[int | None] = mapped_column(SmallInteger)
