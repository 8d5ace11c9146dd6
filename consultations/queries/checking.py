"""Reads: what people say to a published summary, counted, and what is said against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from consultations import shares, standing
from consultations.models import (
    ClauseVote,
    Contribution,
    ContributionKind,
    Dissent,
    DissentGroup,
    Finding,
    FindingVerdict,
    Participant,
    Ratifier,
    RevisedFinding,
    RevisedVote,
    Summary,
    Support,
    Visibility,
    Vote,
)
from consultations.queries.results import own_choices, places
from core.errors import NotFoundError

#: Chance of a group from which somebody is counted with it.
SURE: Final = 0.6
#: Most dissents that a page prints of one group; the others are counted.
MOST_PRINTED: Final = 200

_CHOICES: Final = {1: "agree", 0: "pass", -1: "disagree"}

Groups = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Turnout:
    """How many of those who voted or wrote have answered."""

    answered: int
    eligible: int


@dataclass(frozen=True)
class Checked:
    """What was said to the summary: shares of the whole, and of each finding by its number."""

    turnout: Turnout
    whole: Sequence[shares.Share]
    findings: Mapping[int, Sequence[shares.Share]]
    #: Numbers of the findings that are contested.
    contested: frozenset[int]


@dataclass(frozen=True)
class SecondVote:
    """A contested finding's other wording, and what people say to it once its vote is over."""

    revised: RevisedFinding
    #: None while people vote, and before.
    shares: Sequence[shares.Share] | None

    @property
    def is_preferred(self) -> bool:
        """Whether most of those who chose a side say that the new wording is better."""
        everybody = self.shares[0] if self.shares else None
        return everybody is not None and everybody.low is not None and everybody.low > 0.5


@dataclass(frozen=True)
class DissentRow:
    """A published dissent, without its author."""

    id: int
    reference: str
    finding_id: int | None
    body: str
    language: str


@dataclass(frozen=True)
class Voices:
    """Dissents that say the same, the first one first; ``group`` is None before they are grouped.

    Attributes
    ----------
    count : int
        How many there are; not all of a large group are listed.
    """

    group: DissentGroup | None
    finding_id: int | None
    dissents: Sequence[DissentRow]
    count: int


def has_voted_or_written() -> ColumnElement[bool]:
    """Whether a participant may check the summary; correlated to ``Participant``."""
    return or_(
        exists().where(Vote.participant_id == Participant.id),
        exists().where(ClauseVote.participant_id == Participant.id),
        exists().where(
            Contribution.participant_id == Participant.id,
            Contribution.kind != ContributionKind.DISSENT,
            Contribution.visibility != Visibility.WITHDRAWN,
        ),
        exists().where(Support.participant_id == Participant.id),
    )


def may_check(session: Session, participant_id: str) -> bool:
    """Whether a participant has voted or written; one query."""
    found = select(Participant.id).where(Participant.id == participant_id, has_voted_or_written())
    return session.scalar(found) is not None


def own_group(session: Session, summary: Summary, participant_id: str) -> int | None:
    """Return the opinion group that somebody's own votes put them in; two queries."""
    located = standing.locate(places(session, summary.run_id), own_choices(session, participant_id))
    likely = dict(located.groups) if located else {}
    best = max(likely, key=lambda group: (likely[group], -group), default=-1)
    return best if best >= 0 and likely[best] >= SURE else None


def turnout(session: Session, summary: Summary) -> Turnout:
    """Count who answered, and who could have; two queries, none once the check is over."""
    if summary.check_counts is not None:
        return Turnout(**summary.check_counts["turnout"])
    answered = select(func.count()).where(Ratifier.summary_id == summary.id)
    eligible = select(func.count(Participant.id)).where(
        Participant.consultation_id == summary.consultation_id, has_voted_or_written()
    )
    return Turnout(session.scalar(answered) or 0, session.scalar(eligible) or 0)


def counted(session: Session, summary: Summary) -> dict[str, Any]:
    """Count every answer to a summary, as it is kept when the check ends; four queries.

    Returns
    -------
    dict
        ``turnout``; ``whole`` and, by the number of the finding, ``findings``: answers by opinion
        group. Small numbers stand in it: only ``checked`` may be shown.
    """
    people = turnout(session, summary)
    whole = session.execute(
        select(Ratifier.opinion_group, Ratifier.verdict, func.count())
        .where(Ratifier.summary_id == summary.id, Ratifier.verdict.is_not(None))
        .group_by(Ratifier.opinion_group, Ratifier.verdict)
    )
    single = session.execute(
        select(
            FindingVerdict.finding_id, Ratifier.opinion_group, FindingVerdict.verdict, func.count()
        )
        .join(Ratifier, Ratifier.participant_id == FindingVerdict.participant_id)
        .join(Finding, Finding.id == FindingVerdict.finding_id)
        .where(Finding.summary_id == summary.id, Ratifier.summary_id == summary.id)
        .group_by(FindingVerdict.finding_id, Ratifier.opinion_group, FindingVerdict.verdict)
    )
    findings: dict[str, Groups] = {}
    for finding_id, group, verdict, count in single:
        _count(findings.setdefault(str(finding_id), {}), group, verdict, count)
    all_of_it: Groups = {}
    for group, verdict, count in whole:
        _count(all_of_it, group, verdict, count)
    return {
        "turnout": {"answered": people.answered, "eligible": people.eligible},
        "whole": all_of_it,
        "findings": findings,
    }


def checked(summary: Summary) -> Checked | None:
    """Return what may be shown of the answers; None until the check is over. No query.

    Nothing but the turnout is told while people answer: from one look to the next, a single
    answer could be read off.
    """
    counts = summary.check_counts
    if counts is None:
        return None
    findings = {int(number): groups for number, groups in counts["findings"].items()}
    return Checked(
        turnout=Turnout(**counts["turnout"]),
        whole=shares.shown(counts["whole"]),
        findings={number: shares.shown(groups) for number, groups in findings.items()},
        contested=frozenset(n for n, groups in findings.items() if shares.is_contested(groups)),
    )


def dissents(session: Session, summary_id: int) -> list[Voices]:
    """Return the published dissents as they are grouped, largest group first; two queries."""
    rows = session.execute(
        _published(summary_id).order_by(Dissent.finding_id.is_(None), Dissent.id)
    ).all()
    groups = {
        group.id: group
        for group in session.scalars(
            select(DissentGroup).where(DissentGroup.summary_id == summary_id)
        )
    }
    said: dict[tuple[int, int], list[DissentRow]] = {}
    for *row, group_id in rows:
        dissent = DissentRow(*row)
        key = (1, group_id) if group_id in groups else (0, dissent.id)
        said.setdefault(key, []).append(dissent)
    found = [
        Voices(
            groups.get(number) if is_group else None,
            own[0].finding_id,
            own[:MOST_PRINTED],
            len(own),
        )
        for (is_group, number), own in said.items()
    ]
    return sorted(found, key=lambda voices: (-voices.count, voices.dissents[0].id))


def waiting_dissents(session: Session, summary_id: int) -> int:
    """Count the dissents that a moderator has not read yet; one query."""
    return (
        session.scalar(
            select(func.count(Dissent.id)).where(
                Dissent.summary_id == summary_id, Dissent.visibility == Visibility.PENDING
            )
        )
        or 0
    )


def second_votes(session: Session, summary_id: int, at: datetime) -> dict[int, SecondVote]:
    """Return the second votes of a summary by the finding's number; two queries.

    Parameters
    ----------
    at : datetime
        Votes that are over by then are told.
    """
    found = session.scalars(
        select(RevisedFinding)
        .join(Finding, Finding.id == RevisedFinding.finding_id)
        .where(Finding.summary_id == summary_id)
    ).all()
    over = [each.id for each in found if each.ends_at is not None and each.ends_at <= at]
    counts: dict[int, Groups] = {number: {} for number in over}
    rows = session.execute(
        select(RevisedVote.revised_id, RevisedVote.opinion_group, RevisedVote.choice, func.count())
        .where(RevisedVote.revised_id.in_(over))
        .group_by(RevisedVote.revised_id, RevisedVote.opinion_group, RevisedVote.choice)
    )
    for number, group, choice, count in rows:
        _count(counts[number], group, _CHOICES[choice], count)
    return {
        each.finding_id: SecondVote(each, _of_sides(counts[each.id]) if each.id in counts else None)
        for each in found
    }


def own_finding(session: Session, summary: Summary, number: int) -> Finding:
    """Return a finding that can be checked; raises NotFoundError ``finding.unknown``."""
    found = session.get(Finding, number)
    if found is None or found.summary_id != summary.id or found.left_out_reason is not None:
        raise NotFoundError("finding.unknown")
    return found


def _of_sides(counts: Groups) -> list[shares.Share]:
    """Return the share that prefers the new wording, of those who chose a side."""
    sides = {
        group: {name: cell.get(name, 0) for name in ("agree", "disagree")}
        for group, cell in counts.items()
    }
    return shares.shown(sides, ("agree", "disagree"))


def _published(summary_id: int) -> Select[Any]:
    return select(
        Dissent.id,
        Dissent.reference,
        Dissent.finding_id,
        Dissent.body,
        Dissent.language,
        Dissent.group_id,
    ).where(Dissent.summary_id == summary_id, Dissent.visibility == Visibility.PUBLISHED)


def _count(groups: Groups, group: int | None, answer: object, count: int) -> None:
    name = shares.NO_GROUP if group is None else str(group)
    groups.setdefault(name, {})[str(answer)] = count
