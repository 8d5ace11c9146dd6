"""Two people act on one contribution at the same moment: the second waits, then is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Visibility
from core.actor import Actor, Role
from core.database import prepare_engine
from core.errors import ConflictError, NotFoundError
from core.keyring import Keyring
from moderation.deciding import decide
from moderation.flagging import flag
from moderation.models import Decision, Flag
from tests.factories import joined, make_actor, make_consultation, make_statement

Deed = Callable[[Session], object]
WORDS = {"rule": "threat", "reason": "ข้อความข่มขู่"}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = prepare_engine(create_engine(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def citizen(engine: Engine, keyring: Keyring) -> Actor:
    with Session(engine, expire_on_commit=False) as session:
        made = make_actor(session, keyring)
        session.commit()
    return made


@pytest.fixture
def statement(engine: Engine, keyring: Keyring, citizen: Actor) -> Contribution:
    """A published statement of a consultation that the citizen takes part in."""
    with Session(engine, expire_on_commit=False) as session:
        consultation = make_consultation(session, keyring)
        joined(session, citizen, consultation)
        made = make_statement(session, consultation)
        session.commit()
    return made


def moderators(engine: Engine, keyring: Keyring) -> tuple[Actor, Actor]:
    with Session(engine, expire_on_commit=False) as session:
        made = (
            make_actor(session, keyring, Role.MODERATOR),
            make_actor(session, keyring, Role.MODERATOR),
        )
        session.commit()
    return made


def overtaken(engine: Engine, first: Deed, second: Deed) -> Future[None]:
    """Begin the second deed while the first is done but not committed; return how it ended."""

    def begin() -> None:
        with Session(engine) as session:
            second(session)
            session.commit()

    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        first(session)
        late = pool.submit(begin)
        done, _waiting = wait_for([late], timeout=0.3)
        assert not done, "the second deed did not wait for the first"
        session.commit()
    return late


def test_a_person_who_flags_twice_at_once_has_flagged_once(
    engine: Engine, citizen: Actor, statement: Contribution
) -> None:
    def deed(session: Session) -> object:
        return flag(session, citizen, statement.reference, rule="insult")

    late = overtaken(engine, deed, deed)

    with pytest.raises(ConflictError, match=r"flag\.exists"):
        late.result()
    with Session(engine) as session:
        assert session.scalar(select(func.count(Flag.id))) == 1


def test_of_two_decisions_at_once_one_holds(
    engine: Engine, keyring: Keyring, statement: Contribution
) -> None:
    first, second = moderators(engine, keyring)

    late = overtaken(
        engine,
        lambda session: decide(
            session, first, statement.reference, kind="hide", expected_revision=1, **WORDS
        ),
        lambda session: decide(
            session, second, statement.reference, kind="hold", expected_revision=1, **WORDS
        ),
    )

    with pytest.raises(ConflictError, match=r"contribution\.decided_meanwhile"):
        late.result()
    with Session(engine) as session:
        assert session.scalar(select(func.count(Decision.id))) == 1
        assert session.scalars(select(Contribution.visibility)).one() is Visibility.HIDDEN


def test_a_flag_cannot_slip_onto_what_is_being_hidden(
    engine: Engine, keyring: Keyring, citizen: Actor, statement: Contribution
) -> None:
    moderator, _other = moderators(engine, keyring)

    late = overtaken(
        engine,
        lambda session: decide(
            session, moderator, statement.reference, kind="hide", expected_revision=1, **WORDS
        ),
        lambda session: flag(session, citizen, statement.reference, rule="insult"),
    )

    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        late.result()
