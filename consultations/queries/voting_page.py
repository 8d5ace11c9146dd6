"""Reads: statements as the voting pages show them, and a participant's own votes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, literal, select
from sqlalchemy.orm import Session, aliased

from consultations.models import (
    Choice,
    Consultation,
    Contribution,
    ContributionKind,
    Origin,
    Statement,
    Visibility,
    Vote,
)
from core.errors import NotFoundError

#: Chooses among statements, given what the participant has voted on; None when none is left.
Choose = Callable[..., str | None]


@dataclass(frozen=True)
class Votable:
    """A statement that can be voted on, without its words: its tally and one's own choice."""

    reference: str
    number: int
    agrees: int
    disagrees: int
    passes: int
    extremity: float
    own: int | None

    @property
    def seen(self) -> int:
        """Votes of every choice."""
        return self.agrees + self.disagrees + self.passes

    @property
    def state(self) -> tuple[int, int, int, float]:
        """What the engine's routing knows of it: agreements, passes, votes, extremity."""
        return self.agrees, self.passes, self.seen, self.extremity


@dataclass(frozen=True)
class Ballot:
    """All statements of a consultation that can be voted on, by number."""

    statements: tuple[Votable, ...]

    @property
    def total(self) -> int:
        """How many statements there are."""
        return len(self.statements)

    @property
    def voted(self) -> frozenset[str]:
        """References of those that the participant has voted on."""
        return frozenset(each.reference for each in self.statements if each.own is not None)

    def upcoming(
        self, choose: Choose, voter: str, *, besides: Collection[str] = (), count: int
    ) -> list[str]:
        """Return the references of what is shown next, in order; fewer when few are left.

        Parameters
        ----------
        choose : callable
            ``analysing.next_statement``.
        voter : str
            Decides equal chances: the same voter and the same votes give the same statement.
        besides : collection of str
            On their way to the server, or on the screen already.
        count : int
        """
        taken = self.voted | set(besides)
        found: list[str] = []
        while len(found) < count:
            chosen = choose(self.statements, taken, participant=voter)
            if chosen is None:
                break
            found.append(chosen)
            taken = taken | {chosen}
        return found

    def after(self, reference: str) -> str | None:
        """Return the statement with the next number, the first after the last; None alone."""
        names = [each.reference for each in self.statements]
        if reference not in names or len(names) < 2:
            return None
        return names[(names.index(reference) + 1) % len(names)]


@dataclass(frozen=True)
class ShownStatement:
    """A statement with its words, for a card."""

    reference: str
    number: int
    body: str
    language: str
    origin: Origin
    #: The comment that it was taken from, where that is published; empty otherwise.
    comment: str
    choice: Choice | None


@dataclass(frozen=True)
class CastVote:
    """One's own vote with its statement."""

    reference: str
    number: int
    body: str
    language: str
    origin: Origin
    choice: Choice


def ballot(session: Session, consultation: Consultation, participant_id: str | None) -> Ballot:
    """Return all that can be voted on, by number, with the tallies of now. One query."""
    own = and_(Vote.statement_id == Statement.id, Vote.participant_id == participant_id)
    choice = Vote.choice if participant_id else literal(None)
    query = select(
        Statement.reference,
        Statement.number,
        Statement.agrees,
        Statement.disagrees,
        Statement.passes,
        Statement.extremity,
        choice,
    ).where(*_votable(consultation.id))
    if participant_id:
        query = query.outerjoin(Vote, own)
    rows = session.execute(query.order_by(Statement.number))
    return Ballot(tuple(Votable(*row) for row in rows))


def shown_statements(
    session: Session, consultation_id: int, references: Sequence[str], participant_id: str | None
) -> list[ShownStatement]:
    """Return the words of some statements, in the order of the references. One query.

    Raises
    ------
    NotFoundError
        ``statement.unknown``: one of them cannot be voted on.
    """
    if not references:
        return []
    source = aliased(Contribution)
    choice = (
        select(Vote.choice)
        .where(Vote.statement_id == Statement.id, Vote.participant_id == participant_id)
        .correlate(Statement)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Statement.reference,
            Statement.number,
            Statement.body,
            Statement.language,
            Statement.origin,
            source.reference,
            choice,
        )
        .outerjoin(
            source,
            and_(Statement.comment_id == source.id, source.visibility == Visibility.PUBLISHED),
        )
        .where(*_votable(consultation_id), Statement.reference.in_(references))
    )
    found: dict[str, ShownStatement] = {}
    for reference, number, body, language, origin, comment, own in rows:
        chosen = None if own is None else Choice(own)
        found[reference] = ShownStatement(
            reference, number, body, language, origin, comment or "", chosen
        )
    if set(references) - found.keys():
        raise NotFoundError("statement.unknown")
    return [found[reference] for reference in references]


def published_statement(session: Session, consultation_id: int, reference: str) -> Statement:
    """Return a statement that people can vote on. One query.

    Raises
    ------
    NotFoundError
        ``statement.unknown``: there is none, or it is not published.
    """
    statement = session.scalars(
        select(Statement).where(*_votable(consultation_id), Statement.reference == reference)
    ).first()
    if statement is None:
        raise NotFoundError("statement.unknown")
    return statement


def latest_votes(session: Session, participant_id: str, *, limit: int) -> list[CastVote]:
    """Return a participant's votes, those first given last in front. One query."""
    return _read(session, _votes(participant_id).order_by(Vote.id.desc()).limit(limit))


def all_votes(session: Session, participant_id: str) -> list[CastVote]:
    """Return all of a participant's votes by number of the statement. One query."""
    return _read(session, _votes(participant_id).order_by(Statement.number))


def _votable(consultation_id: int) -> tuple[Any, ...]:
    return (
        Statement.consultation_id == consultation_id,
        # Implied; named so that the index of the table of all contributions is used.
        Statement.kind == ContributionKind.STATEMENT,
        Statement.visibility == Visibility.PUBLISHED,
        Statement.is_meta.is_(False),
    )


def _votes(participant_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Statement.reference,
            Statement.number,
            Statement.body,
            Statement.language,
            Statement.origin,
            Vote.choice,
        )
        .join(Vote, Vote.statement_id == Statement.id)
        .where(
            Vote.participant_id == participant_id,
            Statement.visibility == Visibility.PUBLISHED,
        )
    )


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[CastVote]:
    return [
        CastVote(reference, number, body, language, origin, Choice(choice))
        for reference, number, body, language, origin, choice in session.execute(query)
    ]
