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
from consultations.models.hearing import (
    HearingForm,
    NoticeChannel,
    NoticeState,
    Stakeholder,
    StakeholderKind,
    StakeholderNotice,
    TemplateVersion,
)
from consultations.models.motion import Motion, MotionKind, MotionState
from consultations.models.news import News
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
    "SETTLED",
    "Admission",
    "AnalysisRun",
    "Audience",
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
    "HearingForm",
    "ImportPreview",
    "Kind",
    "LawStage",
    "LawStep",
    "ModerationPolicy",
    "Motion",
    "MotionKind",
    "MotionState",
    "News",
    "NoticeChannel",
    "NoticeState",
    "OfficialResponse",
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
    "Stakeholder",
    "StakeholderKind",
    "StakeholderNotice",
    "Stance",
    "Statement",
    "Summary",
    "SummaryState",
    "Support",
    "Tally",
    "TemplateVersion",
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
