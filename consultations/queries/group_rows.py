"""What reads of working groups return."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from consultations.group_rules import Count
from consultations.models import (
    GroupCharter,
    GroupMeeting,
    GroupMember,
    GroupMinutes,
    GroupPosition,
    GroupProposal,
    GroupRound,
    MemberState,
    Position,
    Sector,
    WorkingGroup,
)
from consultations.queries.commitments import CommitmentRow

#: Positions that say what somebody minds; printed beside the outcome.
DISSENT = (Position.OBJECTION, Position.RESERVATION)


@dataclass(frozen=True)
class GroupRow:
    """A group with how many sit in it and what it has decided."""

    group: WorkingGroup
    sectors: Mapping[Sector, int]
    proposals: int
    adopted: int

    @property
    def members(self) -> int:
        """How many decide."""
        return sum(self.sectors.values())


@dataclass(frozen=True)
class Said:
    """What one member said in a round."""

    member: GroupMember
    position: GroupPosition


@dataclass(frozen=True)
class RoundRow:
    """One round of a proposal with its rule, its count and who said what."""

    round: GroupRound
    charter: GroupCharter
    said: Sequence[Said]

    @property
    def count(self) -> Count:
        """How many took each position."""
        taken = Counter(each.position.position.value for each in self.said)
        return Count(self.round.eligible, **taken)

    def said_by(self, seat: GroupMember | None) -> GroupPosition | None:
        """Return what a member has said; None if nothing yet."""
        return next((e.position for e in self.said if seat and e.member.id == seat.id), None)

    @property
    def dissent(self) -> list[Said]:
        """Objections first, then reservations, each with its reason."""
        return [e for kind in DISSENT for e in self.said if e.position.position is kind]


@dataclass(frozen=True)
class ProposalRow:
    """A proposal with its rounds, the first in front."""

    proposal: GroupProposal
    author: GroupMember
    rounds: Sequence[RoundRow]

    @property
    def latest(self) -> RoundRow:
        """The round that holds."""
        return self.rounds[-1]


@dataclass(frozen=True)
class CharterRow:
    """One version of the charter, with the numbers of the members who agreed."""

    charter: GroupCharter
    agreed: Collection[int]


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with its minutes, the latest version first."""

    meeting: GroupMeeting
    minutes: Sequence[GroupMinutes]


@dataclass(frozen=True)
class GroupPage:
    """All that a group shows."""

    group: WorkingGroup
    members: Sequence[GroupMember]
    charters: Sequence[CharterRow]
    meetings: Sequence[MeetingRow]
    proposals: Sequence[ProposalRow]
    plan: Sequence[CommitmentRow] = field(default_factory=tuple)

    def seats(self, state: MemberState | str) -> list[GroupMember]:
        """Return the seats in a state."""
        return [each for each in self.members if each.state == state]

    @property
    def deciding(self) -> list[GroupMember]:
        """Who decides: the active members but for facilitators."""
        return [each for each in self.seats(MemberState.ACTIVE) if not each.is_facilitator]

    @property
    def in_force(self) -> CharterRow | None:
        """The version by which the group decides."""
        return next((each for each in self.charters if each.charter.in_force_at), None)

    @property
    def offered(self) -> CharterRow | None:
        """A newer version that not every member has agreed to yet."""
        newest = next(iter(self.charters), None)
        return newest if newest and newest.charter.in_force_at is None else None

    def agreed(self, row: CharterRow) -> int:
        """Return how many of those who decide have agreed to a version of the charter."""
        return sum(each.id in row.agreed for each in self.deciding)

    def owned_by(self, seat: GroupMember | None) -> set[int]:
        """Return the proposals of a member."""
        return {e.proposal.id for e in self.proposals if seat and e.author.id == seat.id}
