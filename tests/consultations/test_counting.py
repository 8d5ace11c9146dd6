"""Counts that are kept where very many take part."""

import pytest
from sqlalchemy.orm import Session

from consultations import counting
from consultations.queries import catalogue
from core.keyring import Keyring
from tests.factories import (
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
    make_vote,
)


def test_what_is_small_is_counted_now_and_what_is_large_is_kept(
    session: Session, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MANY", 2)
    large, small = make_consultation(session, keyring), make_consultation(session, keyring)
    statement = make_statement(session, large)
    for _ in range(3):
        make_vote(session, statement, make_participant(session, large), 1)
    make_participant(session, small)

    counts = counting.count_large(session)
    counting.store(session, counts)
    make_comment(session, make_draft(session, large))
    make_comment(session, make_draft(session, small))

    found = catalogue.counts_of(session, [large.id, small.id])
    assert set(counts) == {large.id}
    assert found[large.id] == catalogue.Counts(3, comments=0, statements=1, votes=3)
    assert found[small.id] == catalogue.Counts(2, comments=1, statements=0, votes=0)


def test_counting_again_takes_the_place_of_what_was_kept(
    session: Session, keyring: Keyring
) -> None:
    made = make_consultation(session, keyring)
    counting.store(session, {made.id: catalogue.Counts(9, 9, 9, 9)})

    counting.store(session, counting.count_large(session))

    assert catalogue.counts_of(session, [made.id])[made.id] == catalogue.Counts()
