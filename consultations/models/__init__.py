"""Every table of a consultation; importing this completes the metadata."""

from consultations.models import places
from consultations.models.analysis import AnalysisRun, RunState, Snapshot
from consultations.models.commitment import (
    SETTLED,
    Commitment,
    CommitmentProgress,
    CommitmentState,
    LawStage,
    LawStep,
)
from consultations.models.consultation import (
    Admission,
    Consultation,
    Kind,
    ModerationPolicy,
    Stage,
    StageChange,
)
from consultations.models.contribution import (
    COUNTING,
    OFFLINE,
    Audience,
    Comment,
    Contribution,
    ContributionKind,
    ContributionRevision,
    Origin,
    Stance,
    Statement,
    Visibility,
)
from consultations.models.covering import SealedWords
from consultations.models.discussion import (
    DiscussionPlace,
    DiscussionTheme,
    Reply,
    Support,
)
from consultations.models.draft import Clause, Draft, DraftState
from consultations.models.following import Following
from consultations.models.motion import Motion, MotionKind, MotionState
from consultations.models.news import News
from consultations.models.offline import (
    BatchState,
    OfflineBatch,
    OfflineEntry,
    OfflineScan,
    OfflineState,
)
from consultations.models.open_data import OpenFile
from consultations.models.participant import Participant, ParticipationKey, Tier, Tombstone
from consultations.models.passage import Passage, Tally
from consultations.models.ratification import (
    Dissent,
    DissentGroup,
    FindingVerdict,
    FindingWording,
    Ratifier,
    RevisedFinding,
    RevisedVote,
    Verdict,
)
from consultations.models.report import EditionState, ReportEdition, ReportFile
from consultations.models.response import (
    ChangeCause,
    Disposition,
    Ground,
    OfficialResponse,
    ResponseState,
)
from consultations.models.strata import ParticipantProfile, PopulationTable
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
from consultations.models.vote import Choice, ClauseVote, Vote
from consultations.models.work import DataExport, ImportPreview

__all__ = [
    "COUNTING",
    "OFFLINE",
    "SETTLED",
    "Admission",
    "AnalysisRun",
    "Audience",
    "BatchState",
    "ChangeCause",
    "Choice",
    "Clause",
    "ClauseVote",
    "Comment",
    "Commitment",
    "CommitmentProgress",
    "CommitmentState",
    "Consultation",
    "Contribution",
    "ContributionKind",
    "ContributionRevision",
    "DataExport",
    "DiscussionPlace",
    "DiscussionTheme",
    "Disposition",
    "Dissent",
    "DissentGroup",
    "Draft",
    "DraftState",
    "EditionState",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "FindingVerdict",
    "FindingWording",
    "Following",
    "Ground",
    "ImportPreview",
    "Kind",
    "LawStage",
    "LawStep",
    "ModerationPolicy",
    "Motion",
    "MotionKind",
    "MotionState",
    "News",
    "OfficialResponse",
    "OfflineBatch",
    "OfflineEntry",
    "OfflineScan",
    "OfflineState",
    "OpenFile",
    "Origin",
    "Participant",
    "ParticipantProfile",
    "ParticipationKey",
    "Passage",
    "PopulationTable",
    "Ratifier",
    "Reply",
    "ReportEdition",
    "ReportFile",
    "ResponseState",
    "RevisedFinding",
    "RevisedVote",
    "RunState",
    "SealedWords",
    "Section",
    "Snapshot",
    "Stage",
    "StageChange",
    "Stance",
    "Statement",
    "Summary",
    "SummaryState",
    "Support",
    "Tally",
    "Theme",
    "ThemeComment",
    "ThemeKind",
    "Tier",
    "Tombstone",
    "Verdict",
    "Visibility",
    "Vote",
    "places",
]
