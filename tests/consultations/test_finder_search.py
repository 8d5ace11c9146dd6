"""Searching consultations and the clauses of their drafts, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import following, search_index
from consultations.models import Consultation, DraftState, Kind, Passage, Stage
from consultations.queries import finder
from consultations.queries.filters import Filters, Mine
from consultations.queries.standing import Standing
from core.actor import ANONYMOUS, Actor
from core.clock import now
from core.keyring import Keyring
from tests.factories import joined, make_actor, make_agency, make_consultation, make_draft
from tests.queries import count_queries

HOSTILE = [
    '"',
    '"open',
    "' OR 1=1 --",
    "%",
    "_",
    "\\",
    "a AND b",
    "NEAR(a b)",
    "words:park*",
    "^park",
    "park)",
    "-park",
    "\x00park",
    "ก" * 10_000,
    "\u202eשלום\u202c",
    "😀",
    "{}[]();:'",
    "\ud800",
]


@pytest.fixture
def parks(session: Session, keyring: Keyring) -> Consultation:
    agency = make_agency(session, slug="greens", name_th="กรมสวน", name_en="Department of Greens")
    made = make_consultation(
        session,
        keyring,
        agency=agency,
        title_th="ร่างพระราชบัญญัติสวนสาธารณะ",
        title_en="Public parks bill",
        summary_th="ให้ทุกคนมีที่พักผ่อนใกล้บ้าน",
        topic="environment",
        province="10",
    )
    make_draft(session, made, ["ให้ปลูกต้นจามจุรีริมทาง", "ค่าปรับ ๕๐๐ บาท และรดน้ำทุกวัน"])
    noise = make_consultation(session, keyring, title_th="ท่าเรือ", title_en="Harbours")
    make_draft(session, noise, ["เรือทุกลำต้องมีชูชีพ"])
    search_index.complete(session)
    return made


def found(session: Session, actor: Actor = ANONYMOUS, page: int = 1, **values: object) -> list[str]:
    filters = Filters(**values)  # type: ignore[arg-type]
    result = finder.search(session, actor, now(), filters, page)
    return [listing.consultation.title_en for listing in result.listings]


@pytest.mark.parametrize(
    "words",
    ["สวนสาธารณะ", "สวน", "วน", "ส", "PARKS", "pa", "พักผ่อน", "กรมสวน greens", "จามจุรี", "น้ำ",
     "500", "๕๐๐", "ปลูกต้นจามจุรีริมทาง", '"public parks"', "จามจุรี parks"],
)  # fmt: skip
def test_words_of_title_summary_agency_and_clauses_find_it(
    session: Session, parks: Consultation, words: str
) -> None:
    assert "Public parks bill" in found(session, words=words)


@pytest.mark.parametrize("words", ["มะม่วง", "ฮ", "parks harbours", '"parks public"', "zz"])
def test_other_words_do_not(session: Session, parks: Consultation, words: str) -> None:
    assert found(session, words=words) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_no_search_is_an_operator_or_breaks(
    session: Session, parks: Consultation, words: str
) -> None:
    filters = Filters(words=words)

    result = finder.search(session, ANONYMOUS, now(), filters)

    assert filters.terms == () or len(result.listings) <= 1


def test_the_clause_in_which_the_words_stand_comes_with_it(
    session: Session, parks: Consultation
) -> None:
    result = finder.search(session, ANONYMOUS, now(), Filters(words="จามจุรี"))

    assert [clause.key for clause in result.listings[0].clauses] == ["s1"]


def test_those_with_the_words_in_their_title_come_first(
    session: Session, keyring: Keyring, parks: Consultation
) -> None:
    about = make_consultation(session, keyring, title_en="Meadows", summary_en="Like parks.")
    about.closes_at = now()
    search_index.complete(session)

    assert found(session, words="parks") == ["Public parks bill", "Meadows"]


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.IN_REVIEW])
def test_what_is_not_public_is_neither_taken_up_nor_found(
    session: Session, keyring: Keyring, stage: Stage
) -> None:
    made = make_consultation(session, keyring, title_en="Secret plans", stage=stage)
    make_draft(session, made)
    assert search_index.complete(session) == 0

    search_index.refresh(session, made)

    assert found(session, words="secret") == []


def test_only_the_latest_published_draft_is_searched(session: Session, parks: Consultation) -> None:
    make_draft(session, parks, ["ให้ปลูกต้นลั่นทม"], number=2)
    make_draft(session, parks, ["ความลับ"], number=3, state=DraftState.WORKING)

    search_index.refresh(session, parks)

    assert found(session, words="ลั่นทม") == ["Public parks bill"]
    assert found(session, words="จามจุรี") == []
    assert found(session, words="ความลับ") == []


def test_words_go_with_their_consultation(session: Session, parks: Consultation) -> None:
    session.delete(parks)
    session.flush()

    assert session.scalars(select(Passage).where(Passage.words.contains("จามจุรี"))).all() == []
    assert found(session, words="จามจุรี") == []


def test_filters_narrow_and_their_choices_say_how_many_they_would_find(
    session: Session, keyring: Keyring, parks: Consultation
) -> None:
    make_consultation(session, keyring, topic="environment", province="50", kind=Kind.PROJECT)

    result = finder.search(session, ANONYMOUS, now(), Filters(topic="environment", province="10"))

    assert [each.consultation.id for each in result.listings] == [parks.id]
    assert {each.value: each.found for each in result.facets["province"]} == {"10": 1, "50": 1}
    assert {each.value: each.found for each in result.facets["topic"]} == {"environment": 1}
    assert {each.value: each.found for each in result.facets["kind"]} == {"bill": 1}
    assert result.totals == {Standing.OPEN_NOW: 1}
    assert found(session, agency="greens", kind=Kind.BILL) == ["Public parks bill"]
    assert found(session, agency="greens", kind=Kind.PROJECT) == []


def test_ones_own_are_found_by_oneself_alone(
    session: Session, keyring: Keyring, parks: Consultation
) -> None:
    citizen, other = make_actor(session, keyring), make_actor(session, keyring)
    joined(session, citizen, parks)
    following.follow(session, other, parks.id)

    assert found(session, citizen, mine=Mine.TOOK_PART) == ["Public parks bill"]
    assert found(session, other, mine=Mine.TOOK_PART) == []
    assert found(session, other, mine=Mine.FOLLOWING) == ["Public parks bill"]
    assert found(session, citizen, mine=Mine.FOLLOWING) == []
    assert found(session, mine=Mine.FOLLOWING) == []
    assert found(session, mine=Mine.TOOK_PART) == []


def test_a_search_asks_the_same_number_of_questions_however_much_it_finds(
    session: Session, keyring: Keyring, parks: Consultation
) -> None:
    citizen = make_actor(session, keyring)
    joined(session, citizen, parks)

    def questions() -> int:
        with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
            finder.search(session, citizen, now(), Filters(words="parks"))
        return len(sent)

    few = questions()
    for number in range(12):
        made = make_consultation(session, keyring, title_en=f"More parks {number}")
        make_draft(session, made, ["parks and parks"])
    search_index.complete(session)
    session.flush()

    assert questions() == few
    assert few <= 8
