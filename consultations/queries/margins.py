"""Reads: what stands beside the clauses of a draft: comments, votes, and what the reader voted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    Choice,
    Clause,
    ClauseVote,
    Comment,
    ContributionKind,
    DiscussionPlace,
    Draft,
    Origin,
    Stance,
    Visibility,
)
from consultations.pseudonyms import pseudonym
from core.languages import language_of

#: Up to so many comments in all stand in the page itself; above that a clause's comments are
#: loaded when someone opens them.
MOST_INSIDE = 200
#: Comments on one clause that are shown beside it; the discussion has them all.
MOST_BESIDE = 20
#: Characters of a text that tell its language.
_TELLING = 200


@dataclass
class Tally:
    """How people voted on a clause."""

    agree: int = 0
    disagree: int = 0
    unsure: int = 0

    @property
    def total(self) -> int:
        """Votes in all."""
        return self.agree + self.disagree + self.unsure


@dataclass(frozen=True)
class EarlierVote:
    """One's own vote on a clause of an earlier draft; it does not count for the present words."""

    choice: Choice
    draft_number: int
    #: Whether the clause reads differently now.
    is_changed: bool


@dataclass(frozen=True)
class BesideComment:
    """A published comment as it stands beside its clause."""

    reference: str
    author: str
    origin: Origin
    clause_key: str
    stance: Stance | None
    body: str
    language: str
    quote: str
    quote_language: str
    has_wording: bool
    created_at: datetime


@dataclass(frozen=True)
class Margin:
    """What stands beside one clause."""

    tally: Tally = field(default_factory=Tally)
    own: Choice | None = None
    earlier: EarlierVote | None = None
    #: Published comments, in any draft, and those that are counted without being shown.
    comment_count: int = 0
    counted_only: int = 0
    #: The newest first; None when there are too many to stand in the page.
    comments: Sequence[BesideComment] | None = ()


def margins(
    session: Session,
    consultation_id: int,
    clauses: Sequence[Clause],
    participant_id: str | None = None,
) -> dict[str, Margin]:
    """Return what stands beside each clause, by its key; the whole draft under "".

    At most four queries, whatever the number of clauses and comments.
    """
    counts = _comment_counts(session, consultation_id)
    shown = sum(published for published, _counted in counts.values())
    comments: Mapping[str, list[BesideComment]] | None = {}
    if shown:
        fits = shown <= MOST_INSIDE
        comments = _by_clause(session.execute(_beside(consultation_id))) if fits else None
    draft_ids = {clause.draft_id for clause in clauses}
    tallies = _tallies(
        session, ClauseVote.clause_id.in_(select(Clause.id).where(Clause.draft_id.in_(draft_ids)))
    )
    own, earlier = _own_votes(session, consultation_id, clauses, participant_id)
    ids: dict[str, int] = {"": 0, **{clause.key: clause.id for clause in clauses}}
    return {
        key: Margin(
            tally=tallies.get(number, Tally()),
            own=own.get(number),
            earlier=earlier.get(key),
            comment_count=counts.get(key, (0, 0))[0],
            counted_only=counts.get(key, (0, 0))[1],
            comments=None if comments is None else comments.get(key, ()),
        )
        for key, number in ids.items()
    }


def margin_of(session: Session, clause: Clause, participant_id: str | None) -> Margin:
    """Return the votes on one clause, without its comments; at most two queries."""
    tally = _tallies(session, ClauseVote.clause_id == clause.id).get(clause.id, Tally())
    own = None
    if participant_id is not None:
        own = session.scalar(
            select(ClauseVote.choice).where(
                ClauseVote.clause_id == clause.id, ClauseVote.participant_id == participant_id
            )
        )
    return Margin(tally=tally, own=None if own is None else Choice(own))


def comments_beside(
    session: Session, consultation_id: int, clause_key: str
) -> Sequence[BesideComment]:
    """Return the newest published comments on a clause, at most ``MOST_BESIDE``; one query."""
    query = _beside(consultation_id).where(Comment.clause_key == clause_key).limit(MOST_BESIDE)
    return [_beside_comment(row) for row in session.execute(query)]


def _comment_counts(session: Session, consultation_id: int) -> dict[str, tuple[int, int]]:
    """Return how many comments each clause has: those that people see, and those only counted."""
    place = DiscussionPlace
    rows = session.execute(
        select(place.clause_key, place.visibility, func.count())
        .where(place.consultation_id == consultation_id, place.visibility.in_(COUNTING))
        .group_by(place.visibility, place.clause_key)
    )
    counts: dict[str, tuple[int, int]] = {}
    for key, visibility, number in rows:
        published, counted = counts.get(key, (0, 0))
        is_shown = visibility is Visibility.PUBLISHED
        counts[key] = (published + number, counted) if is_shown else (published, counted + number)
    return counts


def _tallies(session: Session, condition: ColumnElement[bool]) -> dict[int, Tally]:
    rows = session.execute(
        select(ClauseVote.clause_id, ClauseVote.choice, func.count())
        .where(condition)
        .group_by(ClauseVote.clause_id, ClauseVote.choice)
    )
    tallies: dict[int, Tally] = {}
    names = {Choice.AGREE: "agree", Choice.DISAGREE: "disagree", Choice.PASS: "unsure"}
    for clause_id, choice, number in rows:
        setattr(tallies.setdefault(clause_id, Tally()), names[Choice(choice)], number)
    return tallies


def _own_votes(
    session: Session,
    consultation_id: int,
    clauses: Sequence[Clause],
    participant_id: str | None,
) -> tuple[dict[int, Choice], dict[str, EarlierVote]]:
    """Return one's votes on these clauses by number, and on other drafts' forms of them by key."""
    if participant_id is None:
        return {}, {}
    rows = session.execute(
        select(ClauseVote.clause_id, ClauseVote.choice, Clause.key, Clause.body, Draft.number)
        .join(Clause, Clause.id == ClauseVote.clause_id)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(
            ClauseVote.participant_id == participant_id, Draft.consultation_id == consultation_id
        )
        .order_by(Draft.number)
    ).all()
    here = {clause.key: clause for clause in clauses}
    own: dict[int, Choice] = {}
    earlier: dict[str, EarlierVote] = {}
    for clause_id, choice, key, body, number in rows:
        clause = here.get(key)
        if clause is not None and clause.id == clause_id:
            own[clause_id] = Choice(choice)
        elif clause is not None:
            changed = clause.body.split() != body.split()
            earlier[key] = EarlierVote(Choice(choice), number, changed)
    return own, {key: vote for key, vote in earlier.items() if here[key].id not in own}


def _beside(consultation_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Comment.reference,
            Comment.participant_id,
            Comment.origin,
            Comment.clause_key,
            Comment.stance,
            Comment.body,
            Comment.language,
            Comment.quote_exact,
            (Comment.proposed_wording != "").label("has_wording"),
            Comment.created_at,
        )
        .where(
            Comment.consultation_id == consultation_id,
            # Implied; named so that the index of the table of all contributions is used.
            Comment.kind == ContributionKind.COMMENT,
            Comment.visibility == Visibility.PUBLISHED,
        )
        .order_by(Comment.created_at.desc(), Comment.id.desc())
    )


def _by_clause(rows: Iterable[Any]) -> dict[str, list[BesideComment]]:
    found: dict[str, list[BesideComment]] = {}
    for row in rows:
        found.setdefault(row.clause_key, []).append(_beside_comment(row))
    return {key: comments[:MOST_BESIDE] for key, comments in found.items()}


def _beside_comment(row: Any) -> BesideComment:
    return BesideComment(
        reference=row.reference,
        author=pseudonym(row.participant_id) if row.participant_id else "",
        origin=row.origin,
        clause_key=row.clause_key,
        stance=row.stance,
        body=row.body,
        language=row.language,
        quote=row.quote_exact,
        quote_language=language_of(row.quote_exact[:_TELLING]),
        has_wording=row.has_wording,
        created_at=row.created_at,
    )
