"""Who may do what, and when: pure rules, no database."""

from datetime import UTC, datetime, timedelta

import pytest

from consultations import policy
from consultations.lifecycle import STEPS, Event, stage_at
from consultations.models import Consultation, Stage
from core.actor import ANONYMOUS, Actor, Role, system_actor
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.keyring import Keyring

OPENS = datetime(2026, 11, 20, 2, tzinfo=UTC)
CLOSES = datetime(2026, 12, 5, 17, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)

OFFICER = Actor(1, frozenset({Role.PARTICIPANT, Role.OFFICER}), 7)
APPROVER = Actor(2, frozenset({Role.PARTICIPANT, Role.APPROVER}), 7)
NEIGHBOUR = Actor(3, frozenset({Role.PARTICIPANT, Role.OFFICER, Role.APPROVER}), 8)
MODERATOR = Actor(4, frozenset({Role.PARTICIPANT, Role.MODERATOR}))
CITIZEN = Actor(
    5, frozenset({Role.PARTICIPANT}), person_tag=b"tag", keyring=Keyring(b"0123456789" * 4)
)


def consultation(stage: Stage, **values: object) -> Consultation:
    return Consultation(
        **{"agency_id": 7, "stage": stage, "opens_at": OPENS, "closes_at": CLOSES, **values}
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (OPENS - INSTANT, Stage.SCHEDULED),
        (OPENS, Stage.OPEN),
        (CLOSES - INSTANT, Stage.OPEN),
        (CLOSES, Stage.CLOSED),
    ],
)
def test_the_announced_times_rule_even_before_the_clock_is_logged(
    moment: datetime, expected: Stage
) -> None:
    assert stage_at(Stage.SCHEDULED, OPENS, CLOSES, moment) is expected


@pytest.mark.parametrize(("moment", "taken"), [(OPENS, True), (CLOSES - INSTANT, True)])
def test_contributions_are_taken_from_the_first_moment_to_the_last(
    moment: datetime, taken: bool
) -> None:
    assert policy.is_taking_contributions(consultation(Stage.SCHEDULED), moment) is taken


def test_the_closing_moment_itself_is_too_late() -> None:
    with pytest.raises(ConflictError, match=r"consultation\.closed"):
        policy.require_taking_contributions(consultation(Stage.EXTENDED), CLOSES)


def test_a_moment_before_opening_is_too_early() -> None:
    with pytest.raises(ConflictError, match=r"consultation\.not_open_yet"):
        policy.require_taking_contributions(consultation(Stage.SCHEDULED), OPENS - INSTANT)


@pytest.mark.parametrize("stage", [Stage.SUMMARY, Stage.ANSWERING, Stage.ARCHIVED])
def test_no_date_reopens_a_later_stage(stage: Stage) -> None:
    assert not policy.is_taking_contributions(consultation(stage), OPENS)


@pytest.mark.parametrize("actor", [ANONYMOUS, CITIZEN, MODERATOR, NEIGHBOUR])
def test_a_consultation_in_preparation_does_not_exist_for_others(actor: Actor) -> None:
    with pytest.raises(NotFoundError):
        policy.require_visible(actor, consultation(Stage.IN_REVIEW))


@pytest.mark.parametrize("actor", [OFFICER, APPROVER])
def test_agency_staff_sees_its_own_preparation(actor: Actor) -> None:
    policy.require_visible(actor, consultation(Stage.PREPARING))


def test_agency_staff_does_not_comment_or_vote_on_its_own_consultation() -> None:
    officer = Actor(1, OFFICER.roles, 7, b"tag", CITIZEN.keyring)

    with pytest.raises(NotAllowedError, match=r"participation\.own_agency"):
        policy.require_can_take_part(officer, consultation(Stage.OPEN))


def test_a_moderator_with_an_agency_does_not_moderate_it() -> None:
    inside = Actor(9, frozenset({Role.MODERATOR}), 7)

    assert not policy.may_moderate(inside, consultation(Stage.OPEN))
    assert policy.may_moderate(MODERATOR, consultation(Stage.OPEN))


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("actor", [ANONYMOUS, CITIZEN, MODERATOR, NEIGHBOUR])
def test_nobody_outside_the_agency_takes_a_step(actor: Actor, event: Event) -> None:
    assert not policy.may_step(actor, consultation(Stage.OPEN), event)


@pytest.mark.parametrize("actor", [OFFICER, APPROVER, system_actor()])
def test_only_the_clock_opens(actor: Actor) -> None:
    with pytest.raises(NotAllowedError, match=r"consultation\.by_clock"):
        policy.require_step(actor, consultation(Stage.SCHEDULED), Event.OPEN)


@pytest.mark.parametrize("event", sorted(policy.APPROVERS_EVENTS - policy.TWO_PERSON_EVENTS))
def test_an_officer_does_not_decide_what_an_approver_decides(event: Event) -> None:
    assert not policy.may_step(OFFICER, consultation(Stage.OPEN), event)
    assert policy.may_step(APPROVER, consultation(Stage.OPEN), event)


def test_nobody_approves_what_they_submitted() -> None:
    both = Actor(6, frozenset({Role.OFFICER, Role.APPROVER}), 7)
    own = consultation(Stage.IN_REVIEW, submitted_by_id=6)

    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        policy.require_step(both, own, Event.APPROVE)
    policy.require_step(APPROVER, own, Event.APPROVE)


def test_offered_steps_are_those_of_the_stage_that_the_clock_says() -> None:
    assert policy.offered_steps(APPROVER, consultation(Stage.OPEN), CLOSES) == [Event.SUMMARISE]
    assert policy.offered_steps(APPROVER, consultation(Stage.OPEN), OPENS) == [
        Event.EXTEND,
        Event.CLOSE,
    ]
    # Both can propose these; approving takes another person.
    assert policy.offered_steps(OFFICER, consultation(Stage.OPEN), OPENS) == [
        Event.EXTEND,
        Event.CLOSE,
    ]


def test_a_step_is_logged_under_the_role_that_allows_it() -> None:
    both = Actor(6, frozenset({Role.OFFICER, Role.APPROVER}), 7)

    assert policy.acting_role(both, Event.SUBMIT) is Role.OFFICER
    assert policy.acting_role(both, Event.APPROVE) is Role.APPROVER
    assert policy.acting_role(APPROVER, Event.SUMMARISE) is Role.APPROVER
    assert policy.acting_role(system_actor(), Event.CLOSE) is Role.SYSTEM


def test_every_stage_but_the_first_is_reached_and_every_stage_but_the_last_is_left() -> None:
    reached = {step.target for step in STEPS.values()}
    left = {source for step in STEPS.values() for source in step.sources}

    assert reached == set(Stage)  # preparing is reached by sending back
    assert left == set(Stage) - {Stage.ARCHIVED}
