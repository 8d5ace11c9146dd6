"""Comments that count without being shown: in the numbers, never in what anyone reads."""

import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from consultations import commenting, exporting
from consultations.comment_words import Words
from consultations.models import (
    AnalysisRun,
    Audience,
    Comment,
    Consultation,
    ModerationPolicy,
    Visibility,
)
from consultations.queries import results
from consultations.queries.catalogue import counts_of
from consultations.quoting import without_quotes_of
from consultations.snapshots import csv_rows
from core.actor import Actor, Role, system_actor
from core.keyring import Keyring
from core.notices import notices_for
from moderation.deciding import decide
from moderation.rules import screen
from tests.consultations.planted import Planted, analyse, plant
from tests.factories import make_actor, make_comment, make_consultation, make_draft


@pytest.fixture
def counted(session: Session, keyring: Keyring) -> Planted:
    """A conversation in which half of the comments are counted only."""
    planted = plant(session, keyring, comments=40)
    chosen = list(session.scalars(select(Comment).order_by(Comment.id)))[::2]
    for comment in chosen:
        comment.audience, comment.visibility = Audience.COUNTED, Visibility.COUNTED
    session.flush()
    return planted


def words_of(session: Session, audience: Audience) -> set[str]:
    return set(session.scalars(select(Comment.body).where(Comment.audience == audience)))


def test_they_are_part_of_the_numbers(session: Session, counted: Planted) -> None:
    number = counted.consultation.id
    assert counts_of(session, [number])[number].comments == 40
    run = analyse(session, counted.consultation)
    assert run.picture is not None
    assert sum(theme["size"] for theme in run.picture["themes"]) > 20


def test_no_report_and_no_page_repeats_their_words(session: Session, counted: Planted) -> None:
    run = analyse(session, counted.consultation)
    stored = session.get_one(
        AnalysisRun, run.id, options=[undefer(AnalysisRun.summary_json)], populate_existing=True
    )
    summary = zlib.decompress(stored.summary_json or b"").decode()
    shown = str(results.latest_picture(session, counted.consultation.id))
    drawn = json.dumps(stored.picture, ensure_ascii=False)
    for words in words_of(session, Audience.COUNTED) - words_of(session, Audience.PUBLIC):
        assert words not in summary
        assert words not in shown
        assert words not in drawn


def test_the_bundle_keeps_their_rows_without_their_words(
    session: Session, counted: Planted
) -> None:
    analyse(session, counted.consultation)
    files = exporting.run_bundle(session, system_actor(), counted.consultation.slug)
    rows = csv_rows(files["comments.csv"])
    assert len(rows) == 40
    assert sum(row["text"] == "" for row in rows) == 20
    assert json.loads(files["run.json"])["comments_withheld"] == 20
    everything = b"\n".join(files.values()).decode()
    for words in words_of(session, Audience.COUNTED) - words_of(session, Audience.PUBLIC):
        assert words not in everything


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring, moderation_policy=ModerationPolicy.BEFORE)


@pytest.fixture
def moderator(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.MODERATOR)


def test_a_moderator_who_accepts_one_does_not_publish_it(
    session: Session, keyring: Keyring, consultation: Consultation, moderator: Actor
) -> None:
    make_draft(session, consultation)
    comment = commenting.submit(
        session,
        make_actor(session, keyring),
        consultation.id,
        clause_key="s1",
        words=Words("ความเห็น", audience="counted"),
        quote=None,
        screen=screen,
    )
    assert comment.visibility is Visibility.PENDING
    decide(session, moderator, comment.reference, kind="publish", expected_revision=1)
    assert comment.visibility is Visibility.COUNTED
    [notice] = notices_for(session, str(comment.participant_id))
    assert notice.code == "decision.counted"


def test_one_that_was_held_can_be_accepted_again(
    session: Session, consultation: Consultation, moderator: Actor
) -> None:
    comment = make_comment(
        session,
        make_draft(session, consultation),
        audience=Audience.COUNTED,
        visibility=Visibility.COUNTED,
    )
    grounds = {"rule": "threat", "reason": "เหตุผล"}
    decide(session, moderator, comment.reference, kind="hide", **grounds, expected_revision=1)
    assert comment.visibility is Visibility.HIDDEN
    decide(session, moderator, comment.reference, kind="publish", expected_revision=2)
    assert comment.visibility is Visibility.COUNTED


def test_the_author_can_change_their_mind(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    session.execute(update(Consultation).values(moderation_policy=ModerationPolicy.AFTER))
    session.refresh(consultation)
    make_draft(session, consultation)
    author = make_actor(session, keyring)
    given_words = {"quote": None, "screen": screen, "clause_key": "s1"}
    comment = commenting.submit(
        session, author, consultation.id, words=Words("ความเห็น"), **given_words
    )
    assert comment.visibility is Visibility.PUBLISHED
    for audience, seen in (("counted", Visibility.COUNTED), ("public", Visibility.PUBLISHED)):
        words = Words("ความเห็น", audience=audience)
        commenting.edit(session, author, comment.reference, words=words, screen=screen)
        assert comment.visibility is seen


REPORTS = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["quotes", "themes", "comment"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["quotes", "themes"]), REPORTS), st.sets(st.text()))
def test_a_report_without_quotes_to_take_out_stays_as_it_is(
    report: dict[str, Any], references: set[str]
) -> None:
    assert without_quotes_of(report, set()) == report
    once = without_quotes_of(report, references)
    assert without_quotes_of(once, references) == once
