"""Pages by key: every comment exactly once in every order, while new ones arrive."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from consultations.models import Consultation, DiscussionPlace, Draft, Stance, Visibility
from consultations.queries import discussion_order, threads
from consultations.queries.discussion_order import (
    Filters,
    Order,
    PageOfKeys,
    Reading,
    Where,
    page_of_keys,
)
from core.errors import NotFoundError
from core.keyring import Keyring
from tests.factories import (
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
)
from tests.queries import count_queries


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


@pytest.fixture
def draft(session: Session, consultation: Consultation) -> Draft:
    make_comment(session, make_draft(session, make_consultation(session, Keyring(b"x" * 32))))
    return make_draft(session, consultation)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discussion_order, "PAGE_SIZE", 4)


def place(session: Session, number: int, **values: int) -> None:
    row = session.get_one(DiscussionPlace, number)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def follow(session: Session, reading: Reading, arrive: int, draft: Draft) -> list[int]:
    """Read page after page; between two pages so many comments arrive."""
    found: list[int] = []
    page = page_of_keys(session, reading, Where())
    while True:
        found += page.ids
        if not page.after or len(found) > 200:
            return found
        for _ in range(arrive):
            make_comment(session, draft)
        page = page_of_keys(session, reading, Where(after=page.after))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=0, max_size=14
    ),
    order=st.sampled_from(Order),
    arrive=st.integers(0, 2),
    seed=st.integers(0, 2**30 - 1),
)
def test_every_comment_comes_exactly_once_while_new_ones_arrive(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    numbers: list[tuple[int, int, int]],
    order: Order,
    arrive: int,
    seed: int,
) -> None:
    with session.begin_nested() as undone:
        wanted = []
        for supports, answers, bridging in numbers:
            wanted.append(make_comment(session, draft).id)
            place(session, wanted[-1], supports=supports, answers=answers, bridging=bridging)
        reading = Reading(consultation.id, order, seed=seed)
        # What arrives is unanswered and newest: it may stand before or after what is being read.
        found = follow(session, reading, 0 if order is Order.OLDEST else arrive, draft)
        assert len(found) == len(set(found))
        assert set(wanted) <= set(found)
        undone.rollback()


def read_back(session: Session, reading: Reading, last: PageOfKeys) -> list[int]:
    found, page = list(last.ids), last
    while page.before:
        page = page_of_keys(session, reading, Where(before=page.before))
        found = [*page.ids, *found]
    return found


@pytest.mark.parametrize("order", Order)
def test_reading_back_shows_the_same(
    session: Session, consultation: Consultation, draft: Draft, order: Order
) -> None:
    for number in range(13):
        comment = make_comment(session, draft)
        place(session, comment.id, supports=number % 3, answers=number % 2, bridging=number % 4)
    reading = Reading(consultation.id, order, seed=7)
    forward = follow(session, reading, 0, draft)
    last = page_of_keys(session, reading, Where())
    while last.after:
        last = page_of_keys(session, reading, Where(after=last.after))
    assert read_back(session, reading, last) == forward
    assert len(forward) == 13


@pytest.mark.parametrize("order", Order)
def test_a_link_opens_the_page_that_holds_its_comment(
    session: Session, consultation: Consultation, draft: Draft, order: Order
) -> None:
    comments = [make_comment(session, draft) for _ in range(11)]
    reading = Reading(consultation.id, order, seed=3)
    everything = follow(session, reading, 0, draft)
    for comment in comments:
        page = page_of_keys(session, reading, Where(at=comment.reference))
        start = everything.index(comment.id)
        assert list(page.ids) == everything[start : start + 4]
    hidden = make_comment(session, draft, visibility=Visibility.PENDING)
    with pytest.raises(NotFoundError, match=r"contribution\.unknown"):
        page_of_keys(session, reading, Where(at=hidden.reference))


def test_each_order_puts_in_front_what_it_says(
    session: Session, consultation: Consultation, draft: Draft
) -> None:
    first, second, third = (make_comment(session, draft).id for _ in range(3))
    place(session, first, supports=5, answers=1)
    place(session, second, supports=2, bridging=9)
    place(session, third, answers=2)

    def read(order: Order, seed: int = 0) -> tuple[int, ...]:
        return page_of_keys(session, Reading(consultation.id, order, seed=seed), Where()).ids

    assert read(Order.RECENT) == (third, second, first)
    assert read(Order.OLDEST) == (first, second, third)
    assert read(Order.SUPPORTED) == (first, second, third)
    assert read(Order.BRIDGING) == (second, first, third)
    assert read(Order.UNANSWERED) == (second, first, third)
    assert read(Order.RANDOM, 5) == read(Order.RANDOM, 5)
    assert {read(Order.RANDOM, seed)[0] for seed in range(40)} == {first, second, third}


def test_by_chance_every_comment_comes_first_about_as_often(
    session: Session, consultation: Consultation, draft: Draft
) -> None:
    comments = [make_comment(session, draft).id for _ in range(4)]
    first = []
    for seed in range(200):
        reading = Reading(consultation.id, Order.RANDOM, seed=seed * 7919)
        first.append(page_of_keys(session, reading, Where()).ids[0])
    assert all(25 <= first.count(number) <= 80 for number in comments)


def test_filters_leave_what_does_not_fit(
    session: Session, consultation: Consultation, draft: Draft
) -> None:
    wanted = make_comment(
        session, draft, clause_key="s2", stance=Stance.OPPOSE, body="ทางเท้าแคบ 100% จริง"
    ).id
    make_comment(session, draft, clause_key="s1", stance=Stance.SUPPORT, body="ถนนกว้าง 100 เมตร")
    place(session, wanted, answers=1)

    def read(**chosen: object) -> tuple[int, ...]:
        filters = Filters(**chosen)  # type: ignore[arg-type]
        return page_of_keys(session, Reading(consultation.id, filters=filters), Where()).ids

    for chosen in (
        {"clause_key": "s2"},
        {"stance": "oppose"},
        {"answered": True},
        {"words": "เท้า 100%"},
    ):
        assert read(**chosen) == (wanted,), chosen
    for chosen in ({"clause_key": ""}, {"stance": "loud"}, {"theme_key": "t9"}, {"words": "_"}):
        assert read(**chosen) == (), chosen


def test_what_was_taken_away_stands_as_a_stub_unless_one_looks_for_words(
    session: Session, consultation: Consultation, draft: Draft
) -> None:
    me = make_participant(session, consultation).id
    by = {
        visibility: make_comment(
            session, draft, visibility=visibility, participant_id=me, body="คำลับ"
        ).id
        for visibility in (Visibility.HIDDEN, Visibility.HELD, Visibility.WITHDRAWN)
    }
    pending = make_comment(session, draft, visibility=Visibility.PENDING, participant_id=me).id
    others = Reading(consultation.id)
    assert set(page_of_keys(session, others, Where()).ids) == {
        by[Visibility.HIDDEN],
        by[Visibility.HELD],
    }
    assert pending in page_of_keys(session, Reading(consultation.id, own_id=me), Where()).ids
    page = threads.discussion_page(session, others, Where())
    assert {thread.said.body + thread.said.author for thread in page.threads} == {""}
    searched = Reading(consultation.id, filters=Filters(words="ลับ"))
    assert page_of_keys(session, searched, Where()).ids == ()


def test_the_number_of_queries_does_not_grow(fresh_session: Session, keyring: Keyring) -> None:
    session = fresh_session
    consultation = make_consultation(session, keyring)
    draft = make_draft(session, consultation)
    counts = []
    for _ in range(2):
        for _ in range(6):
            make_comment(session, draft)
        session.commit()
        with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
            threads.discussion_page(session, Reading(consultation.id), Where())
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 5
