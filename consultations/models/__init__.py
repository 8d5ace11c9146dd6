"""Every table of a consultation; importing this completes the metadata."""

from consultations.models import places
from consultations.models.analysis import AnalysisRun, RunState, Snapshot
from consultations.models.consultation import (
    Consultation,
    Kind,
    ModerationPolicy,
    Stage,
    StageChange,
)
from consultations.models.contribution import (
    Comment,
    Contribution,
    ContributionKind,
    ContributionRevision,
    Origin,
    Stance,
    Statement,
    Visibility,
)
from consultations.models.discussion import (
    DiscussionPlace,
    DiscussionTheme,
    Reply,
    Support,
)
from consultations.models.draft import Clause, Draft, DraftState
from consultations.models.participant import Participant, ParticipationKey, Tier
from consultations.models.response import (
    ChangeCause,
    Disposition,
    Ground,
    OfficialResponse,
    ResponseState,
)
from consultations.models.summary import (
    Evidence,
    EvidenceKind,
    Finding,
    Section,
    Summary,
    SummaryState,
    Theme,
    ThemeComment,
    ThemeKind,
)
from consultations.models.vote import Choice, Vote

__all__ = [
    "AnalysisRun",
    "ChangeCause",
    "Choice",
    "Clause",
    "Comment",
    "Consultation",
    "Contribution",
    "ContributionKind",
    "ContributionRevision",
    "DiscussionPlace",
    "DiscussionTheme",
    "Disposition",
    "Draft",
    "DraftState",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Ground",
    "Kind",
    "ModerationPolicy",
    "OfficialResponse",
    "Origin",
    "Participant",
    "ParticipationKey",
    "Reply",
    "ResponseState",
    "RunState",
    "Section",
    "Snapshot",
    "Stage",
    "StageChange",
    "Stance",
    "Statement",
    "Summary",
    "SummaryState",
    "Support",
    "Theme",
    "ThemeComment",
    "ThemeKind",
    "Tier",
    "Visibility",
    "Vote",
    "places",
]
