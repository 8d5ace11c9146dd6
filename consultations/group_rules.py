"""Pure: what a round of a working group decides, from the declared rule and the positions alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from consultations.models import DecisionRule, Position, RoundOutcome


@dataclass(frozen=True)
class Count:
    """How many members took each position, of how many who could answer."""

    eligible: int
    consent: int = 0
    reservation: int = 0
    objection: int = 0
    abstain: int = 0

    @property
    def answered(self) -> int:
        """How many have answered; who abstains has."""
        return self.consent + self.reservation + self.objection + self.abstain

    @property
    def is_whole(self) -> bool:
        """Whether nobody is left to answer."""
        return self.answered >= self.eligible


def counted(positions: Iterable[Position], eligible: int) -> Count:
    """Return how many took each position."""
    taken = list(positions)
    return Count(eligible, **{each.value: taken.count(each) for each in Position})


def needed(quorum: int, eligible: int) -> int:
    """Return how many have to answer: ``quorum`` of a hundred of those who can, at least one."""
    return max(1, -(-quorum * eligible // 100))


def outcome(rule: DecisionRule, quorum: int, count: Count) -> RoundOutcome:
    """Return what a round decides.

    Who abstains is present and takes no side; a reservation agrees and says what it minds.

    * consensus: somebody consents, and nobody has a reservation or an objection;
    * consent: somebody agrees, and nobody objects;
    * two thirds, majority: at least two thirds, or more than half, of those who take a side agree.

    Parameters
    ----------
    quorum : int
        How many of a hundred who can answer must have done so.
    """
    if count.answered < needed(quorum, count.eligible):
        return RoundOutcome.NO_QUORUM
    agree, sides = count.consent + count.reservation, count.answered - count.abstain
    adopted = {
        DecisionRule.CONSENSUS: count.consent > 0 and count.consent == sides,
        DecisionRule.CONSENT: agree > 0 and not count.objection,
        DecisionRule.TWO_THIRDS: agree > 0 and 3 * agree >= 2 * sides,
        DecisionRule.MAJORITY: 2 * agree > sides,
    }[rule]
    return RoundOutcome.ADOPTED if adopted else RoundOutcome.NOT_ADOPTED
