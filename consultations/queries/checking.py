"""Reads: what people say to a published summary, counted, and second votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from consultations import shares, standing
from consultations.models import (
    ClauseVote,
    Contribution,
    ContributionKind,
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
    for of_whole, answer, number in whole:
        _count(all_of_it, of_whole, answer, number)
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


def open_rows(session: Session, consultation_id: int) -> list[tuple[object, ...]]:
    """Return what may be shown of the newest check that is over, as rows of a table; two queries.

    Returns
    -------
    list of tuple
        Place of the sentence (``whole`` for all of it), group, answers, share with its range, and
        whether the sentence is contested; empty cells where too few answered.
    """
    summary = session.scalars(
        select(Summary)
        .where(Summary.consultation_id == consultation_id, Summary.checked_at.is_not(None))
        .order_by(Summary.number.desc())
        .limit(1)
    ).first()
    found = checked(summary) if summary else None
    if summary is None or found is None:
        return []
    positions = session.execute(
        select(Finding.id, Finding.position)
        .where(Finding.summary_id == summary.id)
        .order_by(Finding.position)
    )
    rows = [_open_row("whole", share, "") for share in found.whole]
    for number, position in positions:
        contested = int(number in found.contested)
        rows += [_open_row(position, share, contested) for share in found.findings.get(number, ())]
    return rows


def _open_row(sentence: object, share: shares.Share, contested: object) -> tuple[object, ...]:
    counts = share.counts or {}
    given = ("" if share.total is None else counts.get(answer, 0) for answer in shares.ANSWERS)
    ends = (share.share, share.low, share.high)
    ranged = ("" if end is None else round(end, 4) for end in ends)
    total = "" if share.total is None else share.total
    return (sentence, share.group, total, *given, *ranged, contested)


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
    if not found:
        return {}
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


def _count(groups: Groups, group: int | None, answer: object, count: int) -> None:
    name = shares.NO_GROUP if group is None else str(group)
    groups.setdefault(name, {})[str(answer)] = count
