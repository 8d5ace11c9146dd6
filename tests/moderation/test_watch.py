"""What speaks for a closer look at a contribution, and at how moderators decide."""

import json
import zlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from consultations.models import (
    AnalysisRun,
    Comment,
    Consultation,
    Draft,
    RunState,
    Snapshot,
    Stance,
    Visibility,
)
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from moderation.deciding import decide
from moderation.flagging import flag
from moderation.grouping import choose
from moderation.models import Decision, DecisionKind, Review, ReviewSource
from moderation.queries import register_rows, signals, watch
from moderation.queries.signals import BURST
from tests.factories import (
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
)

WORDS = {"rule": "threat", "reason": "ข้อความข่มขู่"}


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    return make_draft(session, consultation)


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


def finished_run(session: Session, consultation: Consultation, report: dict[str, Any]) -> None:
    """Make a run that found some campaigns, and an older one that found none."""
    snapshot = Snapshot(
        consultation_id=consultation.id,
        taken_at=now(),
        vote_count=0,
        comment_count=0,
        tier_counts={},
        votes_digest="",
        statements_digest="",
        comments_digest="",
        participants_digest="",
        votes_csv=b"",
        statements_csv=b"",
        comments_csv=b"",
        participants_csv=b"",
    )
    session.add(snapshot)
    session.flush()
    for content in ({"campaigns": []}, report):
        session.add(
            AnalysisRun(
                consultation_id=consultation.id,
                snapshot_id=snapshot.id,
                state=RunState.DONE,
                queued_at=now(),
                themes_json=zlib.compress(json.dumps(content).encode()),
            )
        )
        session.flush()


def test_a_comment_is_told_as_part_of_the_group_that_the_analysis_found(
    session: Session, moderator: Actor, consultation: Consultation, draft: Draft
) -> None:
    first, second, third, other = (make_comment(session, draft) for _ in range(4))
    campaign = {
        "template": first.reference,
        "size": 2,
        "comments": [first.reference, second.reference],
    }
    finished_run(session, consultation, {"campaigns": [campaign]})

    assert signals.load(session, second).group == signals.Group(first.reference, 2, False)
    assert signals.load(session, other).group is None

    choose(session, moderator, third.reference, template=first.reference)
    assert signals.load(session, third).group == signals.Group(first.reference, 3, True)
    choose(session, moderator, second.reference, template="")
    found = signals.load(session, second)
    assert (found.group, found.is_taken_out) == (None, True)
    assert signals.load(session, third).group == signals.Group(first.reference, 2, True)


def test_many_contributions_within_minutes_are_a_burst(
    session: Session, keyring: Keyring, draft: Draft
) -> None:
    moment = now() - timedelta(hours=5)
    elsewhere = make_draft(session, make_consultation(session, keyring))
    middle = make_comment(session, draft, created_at=moment)
    for _ in range(BURST - 2):
        make_comment(session, draft, created_at=moment + timedelta(minutes=3))
    for away in (elsewhere, draft):
        make_comment(session, away, created_at=moment + timedelta(minutes=6 * (away is draft)))
    assert signals.load(session, middle).burst == 0

    make_comment(session, draft, created_at=moment - timedelta(minutes=4))
    assert signals.load(session, middle).burst == BURST


def test_a_report_weighs_as_much_as_its_author_was_right_before(
    session: Session, keyring: Keyring, moderator: Actor, draft: Draft
) -> None:
    careful, careless = make_actor(session, keyring), make_actor(session, keyring)
    for person, kind in ((careful, "hide"), (careless, "publish")):
        for _ in range(4):
            comment = make_comment(session, draft)
            flag(session, person, comment.reference, rule="threat")
            decide(session, moderator, comment.reference, kind=kind, **WORDS, expected_revision=1)
    subject = make_comment(session, draft)
    flag(session, careful, subject.reference, rule="threat")
    assert signals.load(session, subject).flags == signals.FlagWeight(1, pytest.approx(5 / 6))
    flag(session, careless, subject.reference, rule="threat")
    assert signals.load(session, subject).flags == signals.FlagWeight(2, pytest.approx(1))


def put_decisions(
    session: Session, draft: Draft, actor: Actor, stance: Stance, removed: int, kept: int
) -> list[Comment]:
    """Make decisions without their consequences."""
    made = []
    for number in range(removed + kept):
        comment = make_comment(session, draft, stance=stance)
        kind = DecisionKind.HIDE if number < removed else DecisionKind.PUBLISH
        put_decision(session, comment, actor, kind)
        made.append(comment)
    return made


def put_decision(
    session: Session, comment: Any, actor: Actor, kind: DecisionKind, **values: Any
) -> Decision:
    made = Decision(
        contribution_id=comment.id,
        seen_revision=1,
        kind=kind,
        visibility_before=values.get("before", Visibility.PENDING),
        visibility_after=Visibility.HIDDEN,
        decided_by_id=actor.account_id or 0,
        decided_at=values.get("at", now()),
    )
    session.add(made)
    session.flush()
    return made


def test_who_removes_one_stance_more_often_is_pointed_out_beside_fair_colleagues(
    session: Session, keyring: Keyring, consultation: Consultation, draft: Draft
) -> None:
    biased, fair, new = (make_actor(session, keyring, Role.MODERATOR) for _ in range(3))
    put_decisions(session, draft, biased, Stance.SUPPORT, 6, 24)
    put_decisions(session, draft, biased, Stance.OPPOSE, 22, 8)
    put_decisions(session, draft, fair, Stance.SUPPORT, 6, 24)
    put_decisions(session, draft, fair, Stance.OPPOSE, 6, 24)
    put_decisions(session, draft, new, Stance.OPPOSE, 2, 0)
    # Noise: no stance, a second look, long ago, words covered, a statement.
    put_decision(session, make_comment(session, draft), fair, DecisionKind.HIDE)
    supporting = make_comment(session, draft, stance=Stance.SUPPORT)
    put_decision(session, supporting, fair, DecisionKind.PUBLISH, before=Visibility.HELD)
    put_decision(session, supporting, fair, DecisionKind.HIDE, at=now() - timedelta(days=400))
    put_decision(session, supporting, fair, DecisionKind.COVER)
    put_decision(session, make_statement(session, consultation), fair, DecisionKind.HIDE)

    found = watch.load(session, now(), lambda account: f"M{account}")

    by_code = {each.code: each for each in found.moderators}
    pointed_out = by_code[f"M{biased.account_id}"]
    assert pointed_out.is_noticeable
    assert (pointed_out.removed[Stance.OPPOSE].count, pointed_out.decided) == (22, 60)
    untold = by_code[f"M{new.account_id}"]
    assert (untold.z, untold.decided) == (None, 2)
    assert by_code[f"M{fair.account_id}"].decided == 60
    assert found.removed[Stance.OPPOSE].total == 62


def test_agreement_is_that_of_answered_second_opinions(
    session: Session, draft: Draft, moderator: Actor
) -> None:
    for kind in (DecisionKind.HIDE, DecisionKind.PUBLISH, None):
        comment = make_comment(session, draft)
        decision = put_decision(session, comment, moderator, DecisionKind.HIDE)
        session.add(
            Review(
                contribution_id=comment.id,
                decision_id=decision.id,
                source=ReviewSource.SAMPLE,
                revision=1,
                asked_at=now(),
                kind=kind,
                answered_at=now() if kind else None,
            )
        )
    session.flush()

    found = watch.load(session, now(), str)

    assert found.agreement is not None
    assert (found.agreement.pairs, found.agreement.observed) == (2, 0.5)
    assert found.reviews_waiting == 1


def test_the_register_has_a_row_for_each_decision(
    session: Session, draft: Draft, moderator: Actor
) -> None:
    comment = make_comment(session, draft, visibility=Visibility.PENDING)
    make_participant(session, session.get_one(Consultation, draft.consultation_id))
    decide(session, moderator, comment.reference, kind="hold", **WORDS, expected_revision=1)
    decide(session, moderator, comment.reference, kind="publish", expected_revision=2)

    rows = register_rows.rows(session, now(), lambda account: f"M{account}")

    assert [(row.kind, row.rule, row.after) for row in rows] == [
        ("publish", "", "published"),
        ("hold", "threat", "held"),
    ]
    assert {row.moderator for row in rows} == {f"M{moderator.account_id}"}
    assert rows[0].appeal == ""
