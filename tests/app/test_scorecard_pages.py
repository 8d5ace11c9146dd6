"""Pages of the scorecard: every figure with its range, what stands behind it, files to take."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.words.scorecard import SCORECARD
from consultations import scorecard
from consultations.models import Stage
from consultations.queries import scorecard as facts
from consultations.scorecard import EVENTS, Principle
from core.keyring import Keyring
from tests.app.test_results_pages import ENGLISH, answered, page
from tests.factories import make_consultation
from tests.queries import count_queries


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


def test_every_principle_has_words_and_source_events() -> None:
    assert list(SCORECARD) == [principle.value for principle in Principle]
    assert set(EVENTS) == set(Principle)
    assert len(scorecard.NEW_PUBLIC_SERVICE) == 7
    assert len(scorecard.GOOD_GOVERNANCE) == 10


def test_the_page_and_the_files_show_the_same_figures(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, _ = answered(session, keyring)
    slug, number = planted.consultation.slug, planted.consultation.id
    session.rollback()
    shown = client.get(f"/consultations/{slug}/scorecard").text
    rows = list(csv.DictReader(io.StringIO(page(client, f"/consultations/{slug}/scorecard/csv"))))
    listed = client.get(f"/consultations/{slug}/scorecard/json").json
    assert listed is not None
    assert listed["schema"] == "sarn.scorecard/1"
    figures = scorecard.figures(facts.facts_of(session, [number])[number])
    session.rollback()
    for figure, row, entry in zip(figures, rows, listed["figures"], strict=True):
        assert str(SCORECARD[figure.principle][0]) in shown
        assert (row["principle"], int(row["of"])) == (figure.principle.value, figure.of)
        assert (entry["total"], entry["value"]) == (figure.total, figure.value)
    by_name = {figure.principle: figure for figure in figures}
    assert by_name[Principle.EFFECTIVENESS].value == 1.0
    assert by_name[Principle.ACCOUNTABILITY_NOT_SIMPLE].value == 1.0


@pytest.mark.parametrize("principle", list(Principle))
def test_behind_every_figure_stand_its_formula_and_its_entries(
    session: Session, keyring: Keyring, client: FlaskClient, principle: Principle
) -> None:
    made = make_consultation(session, keyring, stage=Stage.OPEN)
    slug = made.slug
    session.commit()
    shown = client.get(f"/consultations/{slug}/scorecard/behind/{principle}").text
    assert str(SCORECARD[principle][2]) in shown
    assert "ยังไม่มีรายการ" in shown


def test_what_is_no_figure_is_not_found(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    slug = make_consultation(session, keyring, stage=Stage.OPEN).slug
    private = make_consultation(session, keyring, stage=Stage.PREPARING).slug
    session.commit()
    assert client.get(f"/consultations/{slug}/scorecard/behind/fame").status_code == 404
    assert client.get(f"/consultations/{private}/scorecard").status_code == 404
    assert client.get(f"/consultations/{slug}/scorecard/behind/equity?page=x").status_code == 200


def test_agencies_stand_beside_each_other_and_private_consultations_stay_out(
    app: Flask, session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    assert "No figures yet" in page(client, "/scorecards")
    needed = []
    for _round in range(2):
        made = make_consultation(session, keyring, stage=Stage.OPEN)
        make_consultation(session, keyring, stage=Stage.PREPARING)
        name = made.agency.name_en
        session.commit()
        with count_queries(app.extensions["sqlalchemy"].engine) as sent:
            assert name in page(client, "/scorecards")
        needed.append(len(sent))
    rows = list(csv.DictReader(io.StringIO(page(client, "/scorecards/csv"))))
    assert len(rows) == 2 * len(Principle)
    assert needed[0] == needed[1] <= 16
    assert client.get("/scorecards/json", headers=ENGLISH).status_code == 200
