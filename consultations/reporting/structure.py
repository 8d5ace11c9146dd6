"""Pure: what the results report holds, in its official order, whatever format it is written in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from consultations.queries.picture_themes import ThemeRow
from consultations.queries.results import CampaignRow, SmallVoiceRow, StatementRow
from consultations.reporting.deeds import (
    Both,
    Change,
    Checking,
    Disposed,
    ModerationFigures,
    NextSteps,
)

SCHEMA: Final = "sarn.results/1"


@dataclass(frozen=True)
class About:
    """Title and agency, whom it affects, and what could still change."""

    slug: str
    title: Both
    agency: Both
    kind: str
    summary: Both
    scope: Both
    affected: Both
    source: str
    is_sample: bool


@dataclass(frozen=True)
class DraftNote:
    """A published draft and what the agency said about it."""

    number: int
    published_on: date | None
    note: Both


@dataclass(frozen=True)
class Channel:
    """Contributions by where they came from: counts of what is in the numbers."""

    origin: str
    comments: int
    statements: int


@dataclass(frozen=True)
class Methods:
    """How people could take part; `offline` as announced, `outside` as it was done."""

    offline: Both
    outside: Both
    moderation: str
    drafts: tuple[DraftNote, ...]
    agency_replies: int


@dataclass(frozen=True)
class Step:
    """A public step of the life cycle, with its reason where one was needed."""

    event: str
    stage: str
    on: date
    reason: str


@dataclass(frozen=True)
class Dates:
    """Announced days and how long; `days` counts the first and the last."""

    announced_on: date | None
    opens_at: datetime | None
    closes_at: datetime | None
    days: int | None
    short_reason: str
    steps: tuple[Step, ...]
    answers_due_on: date | None
    answered_on: date | None


@dataclass(frozen=True)
class People:
    """Numbers by channel and tier, as the results page has them.

    Attributes
    ----------
    counts : mapping of str to int
        participants, voters, commenters, votes, statements, comments.
    tiers : mapping
        participants, voters and commenters by tier.
    strata : tuple of mapping
        Answers about themselves, small cells hidden by ``consultations.strata``.
    """

    counts: Mapping[str, int]
    tiers: Mapping[str, Mapping[str, int]]
    strata: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Subject:
    """A theme with the name that a person gave it; empty while there is only the machine's."""

    label: Both
    theme: ThemeRow


@dataclass(frozen=True)
class Group:
    """An opinion group: its number from 0, people, stability in [0, 1], and what sets it apart."""

    number: int
    people: int
    stability: float | None
    apart: tuple[StatementRow, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence of the published summary.

    Attributes
    ----------
    withheld : bool
        It repeats words that are no longer published; the texts are empty.
    left_out_reason : str or None
        Why the agency left it out; None when it stands in the summary.
    """

    section: str
    text: Both
    withheld: bool
    left_out_reason: str | None


@dataclass(frozen=True)
class Views:
    """Views by group: what is shared and where they differ, with ranges; and how sure it is."""

    groups: tuple[Group, ...]
    common: tuple[StatementRow, ...]
    differences: tuple[StatementRow, ...]
    unsure: tuple[StatementRow, ...]
    too_few: int
    #: Statements found in all, of which the lists show the first.
    found: Mapping[str, int]
    interval: float


@dataclass(frozen=True)
class Method:
    """Limits of the method, and how to check the figures."""

    limits: tuple[str, ...]
    run: int
    engine: str
    analysed_at: datetime | None
    taken_at: datetime
    digests: Mapping[str, str]


@dataclass(frozen=True)
class ResultsReport:
    """The whole report. Parts that depend on a finished analysis are None before there is one."""

    edition: int
    about: About
    methods: Methods
    dates: Dates
    people: People | None
    channels: tuple[Channel, ...]
    #: People who may have taken part on the site and elsewhere, at most.
    possible_doubles: int
    subjects: tuple[Subject, ...]
    small_voices: tuple[SmallVoiceRow, ...]
    campaigns: tuple[CampaignRow, ...]
    views: Views | None
    sentences: tuple[Sentence, ...]
    answers: tuple[Disposed, ...]
    changes: tuple[Change, ...]
    next_steps: NextSteps
    checking: Checking | None
    moderation: ModerationFigures
    method: Method | None
    #: When it was put together; no part of its digest.
    made_at: datetime
