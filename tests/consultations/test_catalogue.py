"""What pages read of consultations: one by its address, its overview, and those looked for."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy.orm import Session

from consultations import search_index
from consultations.models import (
    DraftState,
    Kind,
    ResponseState,
    Stage,
    StageChange,
    SummaryState,
    Visibility,
)
from consultations.policy import current_stage
from consultations.queries import catalogue, finder
from consultations.queries.filters import Filters
from consultations.queries.standing import Standing
from core.actor import ANONYMOUS
from core.clock import now
from core.errors import NotFoundError
from core.keyring import Keyring
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import (
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
    make_vote,
)
from tests.queries import count_queries


def test_an_address_leads_to_its_consultation_or_nowhere(
    session: Session, keyring: Keyring
) -> None:
    made = make_consultation(session, keyring, slug="parks")
    make_consultation(session, keyring, slug="parks-2")

    assert catalogue.consultation_at(session, "parks") is made
    with pytest.raises(NotFoundError):
        catalogue.consultation_at(session, "PARKS")


def test_only_a_published_draft_can_be_read(session: Session, keyring: Keyring) -> None:
    made, other = make_consultation(session, keyring), make_consultation(session, keyring)
    make_draft(session, other)
    make_draft(session, made, state=DraftState.WORKING, published_at=None)

    assert not catalogue.has_published_draft(session, made.id)
    assert catalogue.has_published_draft(session, other.id)


def test_counts_keep_consultations_apart_and_leave_out_what_does_not_count(
    session: Session, keyring: Keyring
) -> None:
    made, other = make_consultation(session, keyring), make_consultation(session, keyring)
    for consultation in (made, made, other):
        make_vote(
            session, make_statement(session, consultation), make_participant(session, made), 0
        )
    hidden = make_statement(session, made, visibility=Visibility.HIDDEN)
    make_vote(session, hidden, make_participant(session, made), 1)
    draft = make_draft(session, made)
    for visibility in Visibility:
        make_comment(
            session,
            draft,
            visibility=visibility,
            participant_id=make_participant(session, made).id,
        )

    counts = catalogue.counts_of(session, [made.id, other.id])

    assert counts[made.id] == catalogue.Counts(10, comments=2, statements=2, votes=2)
    assert counts[other.id] == catalogue.Counts(0, comments=0, statements=1, votes=1)


def test_the_overview_tells_what_is_published_and_what_happened_in_public(
    session: Session, keyring: Keyring
) -> None:
    made = make_consultation(session, keyring, stage=Stage.ANSWERING)
    make_draft(session, made)
    make_draft(session, made, number=2, state=DraftState.WORKING)
    _, _, themes = make_summary(session, made, themes=2)
    make_response(session, made, themes[0])
    make_response(session, made, themes[1], state=ResponseState.APPROVED)
    for event, start, end in (
        ("submit", Stage.PREPARING, Stage.IN_REVIEW),
        ("approve", Stage.IN_REVIEW, Stage.SCHEDULED),
    ):
        session.add(
            StageChange(
                consultation_id=made.id,
                event=event,
                from_stage=start,
                to_stage=end,
                by_role="officer",
                changed_at=now(),
            )
        )
    session.flush()

    with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
        overview = catalogue.overview(session, made)

    assert (overview.draft_number, overview.has_summary, overview.responses) == (1, True, 1)
    assert [change.event for change in overview.history] == ["approve"]
    assert len(sent) == 8


def test_a_summary_in_preparation_is_none(session: Session, keyring: Keyring) -> None:
    made = make_consultation(session, keyring)
    make_summary(session, made, state=SummaryState.WORKING, published_at=None)

    overview = catalogue.overview(session, made)

    assert (overview.draft_number, overview.has_summary, overview.responses) == (None, False, 0)


def test_the_standing_follows_the_clock_as_the_stage_does(
    session: Session, keyring: Keyring
) -> None:
    moment, agency = now(), make_agency(session)
    for stage, opens, closes in product(
        (Stage.SCHEDULED, Stage.OPEN, Stage.EXTENDED), (-20, 0, 1), (-1, 0, 6, 8)
    ):
        if opens < closes and (opens <= 0 or stage is Stage.SCHEDULED):
            make_consultation(
                session,
                keyring,
                agency=agency,
                stage=stage,
                opens_at=moment + timedelta(days=opens),
                closes_at=moment + timedelta(days=closes),
            )
    expected = {
        Stage.SCHEDULED: {Standing.OPENS_SOON},
        Stage.OPEN: {Standing.CLOSING_SOON, Standing.OPEN_NOW},
        Stage.EXTENDED: {Standing.CLOSING_SOON, Standing.OPEN_NOW},
        Stage.CLOSED: {Standing.IN_SUMMARY},
    }

    kind = Filters(kind=Kind.BILL)
    first = finder.search(session, ANONYMOUS, moment, kind)
    second = finder.search(session, ANONYMOUS, moment, kind, 2)

    assert (len(first.listings), len(second.listings), first.total) == (20, 0, 20)
    for listing in first.listings:
        held = current_stage(listing.consultation, moment)
        assert listing.stage is held
        assert listing.standing in expected[held]
        assert (listing.days_left is None) == (held in (Stage.SCHEDULED, Stage.CLOSED))


def test_a_search_can_ask_for_kind_words_and_all_that_is_open(
    session: Session, keyring: Keyring
) -> None:
    agency = make_agency(session, name_th="กรมเจ้าท่า")
    soon = make_consultation(session, keyring, closes_at=now() + timedelta(days=1), agency=agency)
    later = make_consultation(session, keyring, kind=Kind.PROJECT, title_en="Harbour")
    make_consultation(session, keyring, stage=Stage.CONCLUDED, title_en="Harbour, old")
    search_index.complete(session)

    def found(**values: object) -> list[int]:
        result = finder.search(session, ANONYMOUS, now(), Filters(**values))  # type: ignore[arg-type]
        return [listing.consultation.id for listing in result.listings]

    assert found(standing=Standing.OPEN_NOW) == [soon.id, later.id]
    assert found(standing=Standing.CLOSING_SOON) == [soon.id]
    assert found(kind=Kind.PROJECT) == [later.id]
    assert found(words="เจ้าท่า") == [soon.id]
    assert found(words="harbour draft") == []
    assert found(words=" HARBOUR ", standing=Standing.OPEN_NOW) == [later.id]


def test_no_page_lies_beyond_the_last(session: Session, keyring: Keyring) -> None:
    make_consultation(session, keyring)

    assert finder.search(session, ANONYMOUS, now(), Filters(kind=Kind.BILL), 2).listings == []
