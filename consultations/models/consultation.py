"""Tables of a consultation and the events of its life cycle."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Agency
from core.database import Base, Json, UtcDateTime, text_enum

if TYPE_CHECKING:
    from consultations.models.hearing import TemplateVersion


class Kind(StrEnum):
    """What is being consulted on."""

    BILL = "bill"
    PRINCIPLE = "principle"
    SUBORDINATE_RULE = "subordinate_rule"
    PROJECT = "project"
    EVALUATION = "evaluation"


class Stage(StrEnum):
    """Where a consultation stands."""

    PREPARING = "preparing"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    OPEN = "open"
    EXTENDED = "extended"
    CLOSED = "closed"
    SUMMARY = "summary"
    RATIFICATION = "ratification"
    ANSWERING = "answering"
    CONCLUDED = "concluded"
    MONITORING = "monitoring"
    ARCHIVED = "archived"


class ModerationPolicy(StrEnum):
    """Whether contributions are read by a moderator before or after they appear."""

    BEFORE = "before"
    AFTER = "after"


class Admission(StrEnum):
    """Who can take part: how well it has to be known that somebody is one person."""

    #: Anyone with an e-mail account; people who are verified are counted apart.
    EVERYONE = "everyone"
    #: People whom an identity provider has verified, and organisations.
    VERIFIED = "verified"


class Consultation(Base):
    """The whole process on one subject, held by one agency."""

    __tablename__ = "consultation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[Kind] = mapped_column(text_enum(Kind))
    stage: Mapped[Stage] = mapped_column(text_enum(Stage), default=Stage.PREPARING, index=True)
    title_th: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    #: Plain text with blank lines between paragraphs.
    summary_th: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    #: What the agency can still change, and what it cannot, said before anyone takes part.
    scope_th: Mapped[str] = mapped_column(Text, default="")
    scope_en: Mapped[str] = mapped_column(Text, default="")
    #: Whom it affects, and how to take part without this site.
    affected_th: Mapped[str] = mapped_column(Text, default="", server_default="")
    affected_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    offline_th: Mapped[str] = mapped_column(Text, default="", server_default="")
    offline_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Whom to ask at the agency: office, telephone, e-mail.
    contact_th: Mapped[str] = mapped_column(Text, default="", server_default="")
    contact_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Code in ``consultations.subjects.TOPICS``; empty where none was chosen.
    topic: Mapped[str] = mapped_column(String(32), default="", server_default="")
    #: Code in ``consultations.subjects.PROVINCES``; empty where none was chosen.
    province: Mapped[str] = mapped_column(String(8), default="", server_default="")
    #: First moment at which contributions are taken.
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: First moment at which they are no longer taken.
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why the consultation is shorter than the advised number of days; empty when it is not.
    short_reason: Mapped[str] = mapped_column(Text, default="")
    #: Full days that participants have to check the summary, and when that ends this time.
    check_days: Mapped[int] = mapped_column(default=7, server_default="7")
    check_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The day by which the agency has promised its answers.
    answers_due_on: Mapped[date | None]
    #: A theme is answered from so many people; a single comment that proposes a wording or gives
    #: much evidence from so many supporters. Announced before opening.
    answer_people: Mapped[int] = mapped_column(default=1, server_default="1")
    answer_supports: Mapped[int] = mapped_column(default=10, server_default="10")
    moderation_policy: Mapped[ModerationPolicy] = mapped_column(
        text_enum(ModerationPolicy), default=ModerationPolicy.AFTER
    )
    admission: Mapped[Admission] = mapped_column(
        text_enum(Admission), default=Admission.EVERYONE, server_default="everyone"
    )
    #: Last day on which what was said in time elsewhere may be entered; None for the closing.
    offline_until: Mapped[date | None]
    #: Printed forms are numbered from 1 to this.
    forms_printed: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Made by the project to try things out; every page says so.
    is_sample: Mapped[bool] = mapped_column(default=False)
    #: Announced before opening: each label's votes are published, not only counts of them.
    open_votes: Mapped[bool] = mapped_column(default=False)
    #: Where an imported consultation comes from, with its licence; empty otherwise.
    source: Mapped[str] = mapped_column(Text, default="")
    #: Sealed random key that turns a person into a pseudonym here; None once destroyed.
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Account of the officer who asked for review; the approver must be someone else.
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Steps of the preparation that an officer has saved; None when it was not prepared by steps.
    prepared_steps: Mapped[list[str] | None] = mapped_column(Json)
    #: The version of its kind's template that it began with; None when it began without one.
    template_id: Mapped[int | None] = mapped_column(ForeignKey("template_version.id"))
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)
    template: Mapped["TemplateVersion | None"] = relationship()


class StageChange(Base):
    """One step of the life cycle: from where to where, when, by which kind of actor, and why."""

    __tablename__ = "stage_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    event: Mapped[str] = mapped_column(String(32))
    from_stage: Mapped[Stage] = mapped_column(text_enum(Stage))
    to_stage: Mapped[Stage] = mapped_column(text_enum(Stage))
    #: Role under which the step was taken, never the person.
    by_role: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
