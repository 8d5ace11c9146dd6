"""Pure: how an administration serves, in seventeen figures computed from what happened.

Seven principles of the New Public Service (Denhardt and Denhardt 2000, "The New Public Service:
Serving Rather than Steering", Public Administration Review 60(6)) and ten sub-principles of good
governance have one figure each. No figure is reported by an agency about itself: each is counted
from deeds, most of which stand in the ledger. What every figure counts is said in
``app.words.scorecard``.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from consultations.shares import wilson

#: Below so many cases a figure is shown, but not compared.
LEAST_COMPARED = 10
#: A part of the people took part as often as others if its share is this near to the population's.
NEAR = 0.8


class Principle(StrEnum):
    """What a figure speaks for."""

    SERVE_CITIZENS = "serve_citizens"
    PUBLIC_INTEREST = "public_interest"
    CITIZENSHIP = "citizenship"
    STRATEGIC_DEMOCRATIC = "strategic_democratic"
    ACCOUNTABILITY_NOT_SIMPLE = "accountability_not_simple"
    SERVE_NOT_STEER = "serve_not_steer"
    VALUE_PEOPLE = "value_people"
    EFFICIENCY = "efficiency"
    EFFECTIVENESS = "effectiveness"
    RESPONSIVENESS = "responsiveness"
    ACCOUNTABILITY = "accountability"
    TRANSPARENCY = "transparency"
    RULE_OF_LAW = "rule_of_law"
    EQUITY = "equity"
    DECENTRALIZATION = "decentralization"
    CONSENSUS = "consensus"
    ETHICS = "ethics"


#: The seven principles come first, then the ten sub-principles.
NEW_PUBLIC_SERVICE = tuple(Principle)[:7]
GOOD_GOVERNANCE = tuple(Principle)[7:]
#: Figures that are a number of days; all others are shares.
IN_DAYS = frozenset({Principle.EFFICIENCY, Principle.RESPONSIVENESS})

#: Ledger actions that a figure is counted from.
EVENTS: Mapping[Principle, tuple[str, ...]] = {
    Principle.SERVE_CITIZENS: ("comment.submitted", "reply.submitted", "response.published"),
    Principle.PUBLIC_INTEREST: ("analysis.done", "summary.published"),
    Principle.CITIZENSHIP: ("statement.proposed", "statement.seeded"),
    Principle.STRATEGIC_DEMOCRATIC: (
        "consultation.extend",
        "consultation.close",
        "response.published",
        "commitment.promised",
        "commitment.reported",
    ),
    Principle.ACCOUNTABILITY_NOT_SIMPLE: ("response.published",),
    Principle.SERVE_NOT_STEER: ("contribution.decided",),
    Principle.VALUE_PEOPLE: ("contribution.decided", "response.published"),
    Principle.EFFICIENCY: ("consultation.close", "response.published"),
    Principle.EFFECTIVENESS: ("summary.published", "response.published"),
    Principle.RESPONSIVENESS: (
        "comment.submitted",
        "comment.edited",
        "statement.proposed",
        "reply.submitted",
        "contribution.flagged",
        "contribution.decided",
    ),
    Principle.ACCOUNTABILITY: (),
    Principle.TRANSPARENCY: ("analysis.requested", "analysis.done", "analysis.failed"),
    Principle.RULE_OF_LAW: ("consultation.approve", "consultation.open", "consultation.close"),
    Principle.EQUITY: ("analysis.done", "population.set"),
    Principle.DECENTRALIZATION: ("consultation.created",),
    Principle.CONSENSUS: ("analysis.done",),
    Principle.ETHICS: (
        "consultation.approve",
        "response.published",
        "draft.published",
        "commitment.promised",
    ),
}


@dataclass(frozen=True)
class Share:
    """So many of so many cases."""

    of: int = 0
    total: int = 0

    def __add__(self, other: "Share") -> "Share":
        """Return both taken together."""
        return Share(self.of + other.of, self.total + other.total)


@dataclass(frozen=True)
class Facts:
    """What happened in one consultation, or in several taken together.

    Attributes
    ----------
    shares : mapping of Principle to Share
    days : mapping of Principle to sequence of float
        One number for each case, in days.
    """

    shares: Mapping[Principle, Share] = field(default_factory=dict)
    days: Mapping[Principle, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """One figure of the scorecard.

    Attributes
    ----------
    value : float or None
        A share from 0 to 1, or the median number of days; None where there was no case.
    low, high : float or None
        95 % interval of the share (Wilson 1927), or the shortest and the longest time.
    of, total : int
        Cases that count, and cases in all; for days both are the number of cases.
    """

    principle: Principle
    value: float | None
    low: float | None
    high: float | None
    of: int
    total: int

    @property
    def is_small(self) -> bool:
        """Whether there are too few cases to compare."""
        return self.total < LEAST_COMPARED


def figures(facts: Facts) -> list[Figure]:
    """Return all figures in the order of ``Principle``."""
    return [_figure(principle, facts) for principle in Principle]


def together(several: Iterable[Facts]) -> Facts:
    """Return the facts of several consultations as those of one: cases add up."""
    shares: dict[Principle, Share] = {}
    days: dict[Principle, list[float]] = {}
    for facts in several:
        for principle, share in facts.shares.items():
            shares[principle] = shares.get(principle, Share()) + share
        for principle, values in facts.days.items():
            days.setdefault(principle, []).extend(values)
    return Facts(shares, days)


def share_of(cases: Iterable[bool]) -> Share:
    """Count cases, and those that hold."""
    held = list(cases)
    return Share(sum(held), len(held))


def represented(strata: Iterable[Mapping[str, object]]) -> Share:
    """Return how many parts of the people took part nearly as often as they live here.

    Parameters
    ----------
    strata : iterable of mapping
        As ``consultations.attendance.against_population`` gives them; parts without a share on both
        sides are left out.
    """
    return share_of(
        cell["share"] >= NEAR * cell["population"]
        for stratum in strata
        for cell in stratum["cells"]  # type: ignore[attr-defined]
        if cell["share"] is not None and cell["population"] is not None
    )


def _figure(principle: Principle, facts: Facts) -> Figure:
    return (_of_days if principle in IN_DAYS else _of_share)(principle, facts)


def _of_share(principle: Principle, facts: Facts) -> Figure:
    share = facts.shares.get(principle, Share())
    if not share.total:
        return Figure(principle, None, None, None, 0, 0)
    low, high = wilson(share.of, share.total)
    return Figure(principle, share.of / share.total, low, high, share.of, share.total)


def _of_days(principle: Principle, facts: Facts) -> Figure:
    days = facts.days.get(principle, ())
    if not days:
        return Figure(principle, None, None, None, 0, 0)
    number = len(days)
    return Figure(principle, statistics.median(days), min(days), max(days), number, number)
