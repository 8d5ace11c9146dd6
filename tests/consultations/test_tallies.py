"""Running tallies equal a recount, whatever happens and however many do it at once."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import supporting, tallies, voting
from consultations.models import (
    Choice,
    DiscussionPlace,
    Statement,
    Support,
    Visibility,
    Vote,
)
from consultations.queries.voting_page import ballot
from core.actor import Actor, Role
from core.errors import NotAllowedError, NotFoundError
from core.keyring import Keyring
from moderation import deciding
from tests.consultations.test_voting_races import together
from tests.factories import (
    joined,
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
    make_vote,
)


def counted(session: Session) -> dict[int, tuple[int, int, int]]:
    """Votes of each statement as they are in their table: agree, disagree, pass."""
    rows = session.execute(
        select(Vote.statement_id, Vote.choice, func.count()).group_by(
            Vote.statement_id, Vote.choice
        )
    )
    found = {number: [0, 0, 0] for number in session.scalars(select(Statement.id))}
    for number, choice, count in rows:
        found[number][(1, -1, 0).index(choice)] = count
    return {number: (a, d, p) for number, (a, d, p) in found.items()}


def kept(session: Session) -> dict[int, tuple[int, int, int]]:
    session.expire_all()
    columns = (Statement.id, Statement.agrees, Statement.disagrees, Statement.passes)
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(select(*columns))}


def supports(session: Session) -> tuple[dict[int, int], dict[int, int]]:
    """Supports of each comment: as counted, and as kept."""
    rows = session.execute(select(Support.comment_id, func.count()).group_by(Support.comment_id))
    found = {row[0]: row[1] for row in rows}
    places = session.execute(select(DiscussionPlace.comment_id, DiscussionPlace.supports))
    return found, {row[0]: row[1] for row in places if row[1]}


@pytest.mark.parametrize("seed", range(3))
def test_tallies_equal_a_recount_after_anything(
    session: Session, keyring: Keyring, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    consultation = make_consultation(session, keyring)
    draft = make_draft(session, consultation)
    statements = [make_statement(session, consultation) for _ in range(4)]
    comments = [make_comment(session, draft) for _ in range(3)]
    people = [make_actor(session, keyring) for _ in range(5)]
    moderator = make_actor(session, keyring, Role.MODERATOR)

    def moderate() -> None:
        contribution = chance.choice([*statements, *comments])
        hidden = contribution.visibility is Visibility.PUBLISHED
        deciding.decide(
            session,
            moderator,
            contribution.reference,
            kind="hide" if hidden else "publish",
            rule="threat",
            reason="เหตุผล",
            expected_revision=contribution.revision,
        )

    def erase() -> None:
        tallies.take_back_all(session, joined(session, chance.choice(people), consultation).id)

    deeds: list[Callable[[], object]] = [
        lambda: voting.cast(
            session,
            chance.choice(people),
            chance.choice(statements).reference,
            chance.choice(list(Choice)),
        ),
        lambda: voting.withdraw(
            session, chance.choice(people), chance.choice(statements).reference
        ),
        lambda: supporting.support(
            session, chance.choice(people), chance.choice(comments).reference
        ),
        lambda: supporting.withdraw(
            session, chance.choice(people), chance.choice(comments).reference
        ),
        moderate,
        erase,
    ]
    for _ in range(120):
        try:
            chance.choices(deeds, weights=(10, 4, 8, 3, 2, 1))[0]()
        except NotFoundError:
            continue  # hidden at the moment
    assert kept(session) == counted(session)
    as_counted, as_kept = supports(session)
    assert as_counted == as_kept


def test_votes_written_in_bulk_are_counted_anew(session: Session, keyring: Keyring) -> None:
    consultation, other = (make_consultation(session, keyring) for _ in range(2))
    statement, elsewhere = make_statement(session, consultation), make_statement(session, other)
    for row in (statement, elsewhere):
        make_vote(session, row, make_participant(session, consultation), -1)
        row.agrees = 99
    session.flush()
    tallies.recount(session, consultation.id)
    assert kept(session) == {statement.id: (0, 1, 0), elsewhere.id: (99, 1, 0)}


def test_the_ballot_counts_no_votes(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    statement = make_statement(session, consultation, agrees=2_000_000, passes=3)
    assert [each.seen for each in ballot(session, consultation, None).statements] == [2_000_003]
    assert counted(session) == {statement.id: (0, 0, 0)}


def test_what_one_wrote_or_what_is_not_shown_cannot_be_supported(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring)
    draft, actor = make_draft(session, consultation), make_actor(session, keyring)
    own = make_comment(
        session, draft, participant_id=joined(session, actor, consultation).id
    ).reference
    hidden = make_comment(session, draft, visibility=Visibility.HIDDEN).reference
    shown = make_comment(session, draft).reference
    with pytest.raises(NotAllowedError, match=r"support\.own"):
        supporting.support(session, actor, own)
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        supporting.support(session, actor, hidden)
    officer = make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)
    with pytest.raises(NotAllowedError, match=r"participation\.own_agency"):
        supporting.support(session, officer, shown)
    assert supporting.support(session, actor, shown)
    assert not supporting.support(session, actor, shown)
    assert supporting.withdraw(session, actor, shown)
    assert not supporting.withdraw(session, actor, shown)


def test_many_at_once_are_counted_exactly(fresh_session: Session, keyring: Keyring) -> None:
    session = fresh_session
    consultation = make_consultation(session, keyring)
    statement = make_statement(session, consultation).reference
    comment = make_comment(session, make_draft(session, consultation)).reference
    people = [make_actor(session, keyring) for _ in range(4)]
    session.commit()
    choices = list(Choice)

    def busy(actor: Actor, place: int) -> Callable[[Session], object]:
        def deed(own: Session) -> object:
            voting.cast(own, actor, statement, choices[place % 3])
            if place % 4 == 3:
                voting.withdraw(own, actor, statement)
            return (
                supporting.withdraw(own, actor, comment)
                if place % 3 == 2
                else (supporting.support(own, actor, comment))
            )

        return deed

    for _ in range(3):
        together(session, [busy(actor, place) for place, actor in enumerate(people * 3)])
    assert kept(session) == counted(session)
    as_counted, as_kept = supports(session)
    assert as_counted == as_kept
