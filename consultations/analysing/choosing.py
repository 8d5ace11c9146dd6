"""Which statement somebody is shown next."""

from collections.abc import Collection, Sequence

from analysis.opinions import routing
from consultations.queries.voting_page import Votable


def next_statement(
    ballot: Sequence[Votable], voted: Collection[str], *, participant: str
) -> str | None:
    """Choose what a participant is shown next, by the tallies of now and the latest run."""
    state = [routing.RoutedStatement(each.reference, *each.state) for each in ballot]
    return routing.next_statement(state, frozenset(voted), participant=participant)
