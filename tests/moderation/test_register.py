from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from consultations.models import Consultation, Visibility
from core.actor import Actor, Role
from core.keyring import Keyring
from moderation.cases import OUTCOMES
from moderation.models import Decision, DecisionKind, Flag
from moderation.queries.register import Register, first_month, load
from moderation.reasons import RULES
from tests.factories import make_actor, make_consultation, make_participant, make_statement
from tests.queries import count_queries

NOVEMBER = datetime(2026, 11, 10, 5, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 5, 5, tzinfo=UTC)


class Bench:
    """Stores decisions at chosen moments."""

    def __init__(self, session: Session, moderator: Actor, consultation: Consultation) -> None:
        self.session, self.consultation = session, consultation
        self.account_id = moderator.account_id

    def add(self, kind: DecisionKind, at: datetime, **values: object) -> None:
        statement = make_statement(self.session, self.consultation)
        before = values.pop("before", Visibility.PENDING)
        wait = values.pop("wait", None)
        decision = Decision(
            contribution_id=statement.id,
            seen_revision=1,
            kind=kind,
            visibility_before=before,
            visibility_after=OUTCOMES[kind],
            decided_by_id=self.account_id,
            decided_at=at,
            waiting_since=at - wait if isinstance(wait, timedelta) else None,
            **values,
        )
        self.session.add(decision)
        self.session.flush()

    def register(self) -> Register:
        return load(self.session, NOVEMBER)


@pytest.fixture
def bench(session: Session, keyring: Keyring) -> Bench:
    moderator = make_actor(session, keyring, Role.MODERATOR)
    return Bench(session, moderator, make_consultation(session, keyring))


def test_an_empty_register_has_every_rule_and_no_month(bench: Bench) -> None:
    register = bench.register()

    assert register.months == ()
    assert [each.rule for each in register.by_rule] == [rule.code for rule in RULES]
    assert register.total.median_wait is None


def test_decisions_are_counted_by_rule_and_month(bench: Bench) -> None:
    bench.add(DecisionKind.HIDE, NOVEMBER, rule="threat")
    bench.add(DecisionKind.HOLD, NOVEMBER, rule="threat")
    bench.add(DecisionKind.HIDE, OCTOBER, rule="threat")
    bench.add(DecisionKind.HOLD, OCTOBER, rule="insult")
    bench.add(DecisionKind.PUBLISH, OCTOBER)

    register = bench.register()

    assert register.months == (date(2026, 10, 1), date(2026, 11, 1))
    counts = {each.rule: (each.counts, each.total) for each in register.by_rule if each.total}
    assert counts == {"threat": ((1, 2), 3), "insult": ((1, 0), 1)}
    october, november = register.by_month
    assert (october.published, october.held, october.hidden) == (1, 1, 1)
    assert (november.published, november.held, november.hidden) == (0, 1, 1)
    assert (register.total.held, register.total.hidden) == (2, 2)


def test_a_month_begins_at_midnight_in_bangkok(bench: Bench) -> None:
    bench.add(DecisionKind.PUBLISH, datetime(2026, 10, 31, 16, 59, tzinfo=UTC))
    bench.add(DecisionKind.PUBLISH, datetime(2026, 10, 31, 17, 0, tzinfo=UTC))

    assert bench.register().months == (date(2026, 10, 1), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("before", "counted"),
    [
        (Visibility.PENDING, 0),
        (Visibility.PUBLISHED, 0),
        (Visibility.HELD, 1),
        (Visibility.HIDDEN, 1),
    ],
)
def test_publishing_again_what_was_taken_away_is_a_reversal(
    bench: Bench, before: Visibility, counted: int
) -> None:
    bench.add(DecisionKind.PUBLISH, NOVEMBER, before=before)
    bench.add(DecisionKind.HIDE, NOVEMBER, before=Visibility.HELD, rule="threat")

    assert bench.register().total.reversed == counted


def test_the_median_leaves_out_what_had_not_waited(bench: Bench) -> None:
    for hours in (1, 3, 100):
        bench.add(DecisionKind.PUBLISH, NOVEMBER, wait=timedelta(hours=hours))
    bench.add(DecisionKind.HIDE, NOVEMBER, before=Visibility.PUBLISHED, rule="threat")

    assert bench.register().total.median_wait == timedelta(hours=3)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (datetime(2026, 11, 10, tzinfo=UTC), date(2025, 12, 1)),
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 12, 31, 17, tzinfo=UTC), date(2026, 2, 1)),
    ],
)
def test_the_register_covers_twelve_months(at: datetime, first: date) -> None:
    assert first_month(at).date() == first


def test_older_decisions_are_left_out(bench: Bench) -> None:
    begins = first_month(NOVEMBER)
    bench.add(DecisionKind.PUBLISH, begins - timedelta(seconds=1))
    bench.add(DecisionKind.PUBLISH, begins)

    assert bench.register().total.published == 1


def _flag(session: Session, consultation: Consultation, contribution_id: int) -> Flag:
    return Flag(
        contribution_id=contribution_id,
        participant_id=make_participant(session, consultation).id,
        rule="insult",
        flagged_at=NOVEMBER,
    )


def test_what_waits_now_is_counted_once(session: Session, keyring: Keyring, bench: Bench) -> None:
    consultation = make_consultation(session, keyring)
    for visibility in Visibility:
        make_statement(session, consultation, visibility=visibility)
    flagged = make_statement(session, consultation)
    session.add_all(
        [_flag(session, consultation, flagged.id), _flag(session, consultation, flagged.id)]
    )
    session.flush()

    assert bench.register().waiting == 3


def test_the_register_takes_two_queries(session: Session, bench: Bench) -> None:
    for _ in range(4):
        bench.add(DecisionKind.PUBLISH, NOVEMBER)

    with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
        bench.register()

    assert len(sent) == 3
