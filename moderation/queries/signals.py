"""Reads: what speaks for a closer look at a contribution. Signals advise; people decide."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from consultations.models import AnalysisRun, Contribution, RunState
from moderation.models import RESTRICTING, Decision, Flag, GroupChoice

#: As many contributions of one consultation within ``BURST_TIME`` are a burst.
BURST: Final = 20
BURST_TIME: Final = timedelta(minutes=10)
#: Longest packed report, in bytes, that is opened to look for a group.
LARGEST_REPORT: Final = 20_000_000


@dataclass(frozen=True)
class Group:
    """A group of near-identical texts that a comment is one of."""

    #: Reference of the comment that the group is named after.
    template: str
    size: int
    #: Whether a moderator put it there, or else the analysis.
    by_moderator: bool


@dataclass(frozen=True)
class FlagWeight:
    """How much the open flags weigh by what became of earlier flags of the same people."""

    flags: int
    #: Sum over the flaggers of the share of their flags that were found right, each share with
    #: one right and one wrong flag added; a first flag weighs a half.
    weight: float


@dataclass(frozen=True)
class Signals:
    """Everything but the patterns in the text itself."""

    group: Group | None
    #: A moderator has taken it out of any group.
    is_taken_out: bool
    #: Contributions to the same consultation shortly before and after; 0 when they are no burst.
    burst: int
    flags: FlagWeight


def load(session: Session, contribution: Contribution) -> Signals:
    """Return the signals of one contribution, in at most six queries."""
    choice = session.get(GroupChoice, contribution.id)
    group = None
    if choice is None:
        group = _found_group(session, contribution)
    elif choice.template:
        group = _chosen_group(session, contribution, choice.template)
    return Signals(
        group=group,
        is_taken_out=choice is not None and not choice.template,
        burst=_burst(session, contribution),
        flags=_flag_weight(session, contribution.id),
    )


def _found_group(session: Session, contribution: Contribution) -> Group | None:
    for entry in _groups(session, contribution.consultation_id):
        if contribution.reference in entry["comments"]:
            return Group(entry["template"], int(entry["size"]), by_moderator=False)
    return None


def _chosen_group(session: Session, contribution: Contribution, template: str) -> Group:
    """Return the group as it is with all that moderators put in and took out."""
    members = {template}
    for entry in _groups(session, contribution.consultation_id):
        if entry["template"] == template:
            members |= set(entry["comments"])
    rows = session.execute(
        select(Contribution.reference, GroupChoice.template)
        .join(Contribution, Contribution.id == GroupChoice.contribution_id)
        .where(Contribution.consultation_id == contribution.consultation_id)
    )
    for reference, chosen in rows:
        if chosen == template:
            members.add(reference)
        else:
            members.discard(reference)
    return Group(template, len(members), by_moderator=True)


def _groups(session: Session, consultation_id: int) -> list[Mapping[str, Any]]:
    packed = session.scalar(
        select(AnalysisRun.themes_json)
        .where(
            AnalysisRun.consultation_id == consultation_id,
            AnalysisRun.state == RunState.DONE,
            func.length(AnalysisRun.themes_json) < LARGEST_REPORT,
        )
        .order_by(AnalysisRun.id.desc())
        .limit(1)
    )
    if not packed:
        return []
    report: dict[str, list[Mapping[str, Any]]] = json.loads(zlib.decompress(packed))
    return report.get("campaigns", [])


def _burst(session: Session, contribution: Contribution) -> int:
    half = BURST_TIME / 2
    number = session.scalar(
        select(func.count(Contribution.id)).where(
            Contribution.consultation_id == contribution.consultation_id,
            Contribution.created_at.between(
                contribution.created_at - half, contribution.created_at + half
            ),
        )
    )
    return number if number and number >= BURST else 0


def _flag_weight(session: Session, contribution_id: int) -> FlagWeight:
    flaggers = session.scalars(
        select(Flag.participant_id).where(
            Flag.contribution_id == contribution_id, Flag.settled_at.is_(None)
        )
    ).all()
    if not flaggers:
        return FlagWeight(0, 0.0)
    was_right = exists().where(
        Decision.contribution_id == Flag.contribution_id,
        Decision.decided_at == Flag.settled_at,
        Decision.kind.in_(RESTRICTING),
    )
    rows = session.execute(
        select(Flag.participant_id, func.count(), func.sum(case((was_right, 1), else_=0)))
        .where(Flag.participant_id.in_(flaggers), Flag.settled_at.is_not(None))
        .group_by(Flag.participant_id)
    )
    past = {person: (total, right) for person, total, right in rows}
    shares = [past.get(person, (0, 0)) for person in flaggers]
    return FlagWeight(len(shares), sum((right + 1) / (total + 2) for total, right in shares))
