"""The finder and the page of one consultation, as visitors, participants and staff see them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultations import search_index
from consultations.models import Kind, Stage, StageChange, Visibility
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
    make_vote,
)
from tests.queries import count_queries

Clients = Callable[[Actor], FlaskClient]
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rows(app: Flask) -> Session:
    return app.extensions["sqlalchemy"].session()


def read(client: FlaskClient, address: str, status: int = 200, language: str = "en") -> str:
    response = client.get(address, headers={"Accept-Language": language})
    assert response.status_code == status, response.text
    return response.text


def test_the_finder_groups_consultations_by_where_they_stand(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    later, past = now() + timedelta(days=20), now() - timedelta(days=1)
    make_consultation(rows, keyring, title_en="Far off", closes_at=later)
    make_consultation(rows, keyring, title_en="Soon over", closes_at=now() + timedelta(days=2))
    make_consultation(
        rows, keyring, title_en="To come", stage=Stage.SCHEDULED, opens_at=later, closes_at=None
    )
    make_consultation(rows, keyring, title_en="Just over", closes_at=past)
    make_consultation(rows, keyring, title_en="Answering", stage=Stage.ANSWERING, closes_at=past)
    make_consultation(rows, keyring, title_en="Ended", stage=Stage.ARCHIVED, closes_at=past)
    make_consultation(rows, keyring, title_en="Unseen", stage=Stage.IN_REVIEW)
    rows.commit()

    page = read(client, "/")

    order = ["Soon over", "Far off", "To come", "Answering", "Just over", "Ended"]
    found = [page.index(f">{title}<") for title in order]
    assert found == sorted(found)
    assert "Unseen" not in page
    assert "2 days left" in page


def test_the_finder_counts_only_what_is_published(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    made = make_consultation(rows, keyring)
    draft = make_draft(rows, made)
    make_comment(rows, draft)
    make_comment(rows, draft, visibility=Visibility.HIDDEN)
    shown = make_statement(rows, made)
    hidden = make_statement(rows, made, visibility=Visibility.HIDDEN)
    for statement in (shown, hidden, shown):
        make_vote(rows, statement, make_participant(rows, made), 1)
    rows.commit()

    page = read(client, "/")

    assert "<strong>5</strong> people took part" in page
    assert "<strong>1</strong> comment" in page
    assert "5 people, 1 comments, 2 votes" in read(client, f"/consultations/{made.slug}")


def test_an_empty_finder_says_so(client: FlaskClient) -> None:
    assert "There are no consultations yet" in read(client, "/")
    assert "Nothing found" in read(client, "/?q=park")


@pytest.mark.parametrize(
    "query", ["q=PARKS", "q=สวน", "kind=project", "stage=open_now", "q=greens"]
)
def test_the_finder_finds_by_words_kind_and_stage(
    client: FlaskClient, rows: Session, keyring: Keyring, query: str
) -> None:
    greens = make_agency(rows, name_en="Department of Greens")
    make_consultation(
        rows,
        keyring,
        agency=greens,
        kind=Kind.PROJECT,
        title_th="ร่างพระราชบัญญัติสวนสาธารณะ",
        title_en="Public parks bill",
        closes_at=now() + timedelta(days=3),
    )
    make_consultation(rows, keyring, title_en="Harbours", stage=Stage.CONCLUDED)
    search_index.complete(rows)
    rows.commit()

    page = read(client, f"/?{query}")

    assert "Public parks bill" in re.sub("</?mark>", "", page)
    assert "Harbours" not in page
    assert "1 consultation<" in page


@pytest.mark.parametrize(
    "query", ["q=%25", "q=_", "stage=nowhere", "kind=x&page=-3", "page=99999999"]
)
def test_odd_searches_are_harmless(
    client: FlaskClient, rows: Session, keyring: Keyring, query: str
) -> None:
    make_consultation(rows, keyring)
    rows.commit()

    assert client.get(f"/?{query}").status_code == 200


def test_a_percent_sign_is_looked_for_as_itself(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    make_consultation(rows, keyring, title_en="Harbours")
    make_consultation(rows, keyring, title_en="A levy of 5%")
    search_index.complete(rows)
    rows.commit()

    page = read(client, "/?q=%25")

    assert "A levy of 5<mark>%</mark>" in page
    assert "Harbours" not in page


def test_long_results_come_in_pages(client: FlaskClient, rows: Session, keyring: Keyring) -> None:
    agency = make_agency(rows)
    for number in range(21):
        make_consultation(rows, keyring, agency=agency, title_en=f"Matter {number:02}")
    search_index.complete(rows)
    rows.commit()

    assert read(client, "/?q=Matter").count("sarn-consultation-card__title") == 20
    assert read(client, "/?q=Matter&page=2").count("sarn-consultation-card__title") == 1
    assert read(client, "/").count("sarn-consultation-card__title") == 4


def test_only_the_participant_sees_where_they_took_part(
    client: FlaskClient, client_of: Clients, rows: Session, keyring: Keyring
) -> None:
    citizen, other = make_actor(rows, keyring), make_actor(rows, keyring)
    made = make_consultation(rows, keyring)
    make_consultation(rows, keyring)
    joined(rows, citizen, made)
    rows.commit()

    assert read(client_of(citizen), "/").count(">You took part</strong>") == 1
    assert "You took part" in read(client_of(citizen), f"/consultations/{made.slug}")
    assert ">You took part</strong>" not in read(client_of(other), "/")
    assert "You took part" not in read(client, "/")


def test_the_finder_asks_the_database_the_same_number_of_questions_however_much_there_is(
    app: Flask, client_of: Clients, rows: Session, keyring: Keyring
) -> None:
    citizen = make_actor(rows, keyring)
    rows.commit()
    client, engine = client_of(citizen), app.extensions["sqlalchemy"].engine

    def questions() -> int:
        rows.commit()
        with count_queries(engine) as sent:
            read(client, "/")
        return len(sent)

    joined(rows, citizen, make_consultation(rows, keyring))
    few = questions()
    for stage in (*Stage, Stage.OPEN, Stage.OPEN):
        made = make_consultation(rows, keyring, stage=stage)
        make_comment(rows, make_draft(rows, made))
    assert questions() == few
    assert few <= 10


def test_titles_come_in_the_readers_language_or_in_the_other_one_with_its_code(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    made = make_consultation(rows, keyring, title_th="สวนสาธารณะ", title_en="")
    rows.commit()

    page = read(client, f"/consultations/{made.slug}")

    assert '<h1 class="govuk-heading-l" lang="th">สวนสาธารณะ</h1>' in page
    assert 'lang="th">สวนสาธารณะ</a>' in read(client, "/")


def test_the_page_shows_dates_of_the_buddhist_era_in_thai_and_closes_at_the_end_of_the_day(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    made = make_consultation(
        rows,
        keyring,
        opens_at=datetime(2026, 11, 30, 17, tzinfo=UTC),
        closes_at=datetime(2026, 12, 15, 17, tzinfo=UTC),
        answers_due_on=date(2027, 1, 15),
    )
    rows.commit()

    with time_machine.travel(datetime(2026, 12, 15, 16, 59, tzinfo=UTC)):
        page = read(client, f"/consultations/{made.slug}", language="th")
        assert "15 ธันวาคม พ.ศ. 2569 เวลา 23:59 น." in page
        assert "15 มกราคม พ.ศ. 2570" in page
        assert "Closes today" in read(client, f"/consultations/{made.slug}")
    with time_machine.travel(datetime(2026, 12, 15, 17, tzinfo=UTC)):
        assert "Closes today" not in read(client, f"/consultations/{made.slug}")


def test_the_page_offers_ways_to_take_part_only_while_it_is_open(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    made = make_consultation(rows, keyring)
    make_draft(rows, made)
    make_statement(rows, made)
    rows.commit()
    address = f"/consultations/{made.slug}"

    before = read(client, address)
    with time_machine.travel(made.closes_at):
        after = read(client, address)

    assert "Read the draft and comment" in before
    assert "Vote on statements" in before
    assert "Read the draft and comment" not in after
    assert "See the results" in after


def test_what_happened_is_told_with_reasons_but_not_the_agencys_internal_steps(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    made = make_consultation(rows, keyring, stage=Stage.EXTENDED)
    steps: list[dict[str, Any]] = [
        {"event": "send_back", "from_stage": "in_review", "to_stage": "preparing"},
        {"event": "extend", "from_stage": "open", "to_stage": "extended"},
    ]
    for step in steps:
        values = {**step, "by_role": "approver", "reason": f"because of {step['event']}"}
        rows.add(StageChange(consultation_id=made.id, changed_at=now(), **values))
    rows.commit()

    page = read(client, f"/consultations/{made.slug}")

    assert "Closing date moved back" in page
    assert "because of extend" in page
    assert "because of send_back" not in page


def test_a_consultation_in_preparation_is_shown_to_its_agency_alone(
    client: FlaskClient, client_of: Clients, rows: Session, keyring: Keyring
) -> None:
    agency = make_agency(rows)
    made = make_consultation(rows, keyring, agency=agency, stage=Stage.PREPARING)
    inside = make_actor(rows, keyring, Role.APPROVER, agency=agency)
    outside = make_actor(rows, keyring, Role.OFFICER, agency=make_agency(rows))
    rows.commit()
    address = f"/consultations/{made.slug}"

    assert client.get(address).status_code == 404
    assert client_of(outside).get(address).status_code == 404
    assert client_of(inside).get(address).status_code == 200


def test_a_sample_says_so(client: FlaskClient, rows: Session, keyring: Keyring) -> None:
    sample = make_consultation(rows, keyring, is_sample=True)
    real = make_consultation(rows, keyring, source="vTaiwan, CC BY 4.0")
    rows.commit()

    assert "It is not a real hearing" in read(client, f"/consultations/{sample.slug}")
    page = read(client, f"/consultations/{real.slug}")
    assert "It is not a real hearing" not in page
    assert "vTaiwan, CC BY 4.0" in page


def test_what_an_agency_writes_is_text_and_never_markup(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    made = make_consultation(
        rows, keyring, title_en="<script>1</script>", summary_en="one\n\ntwo <b>bold</b>"
    )
    rows.commit()

    page = read(client, f"/consultations/{made.slug}")

    assert "<script>1" not in page
    assert "two &lt;b&gt;bold&lt;/b&gt;" in page


@pytest.mark.parametrize("address", ["/help", "/privacy", "/accessibility"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_pages_about_the_site_answer_in_both_languages(
    client: FlaskClient, address: str, language: str
) -> None:
    assert f'<html lang="{language}"' in read(client, address, language=language)
