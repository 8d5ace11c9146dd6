"""The live picture and its neighbours: charts that read without seeing, pages for one reader."""

import io
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import clockwork, jobs
from consultations import analysing, profiling
from consultations.models import ParticipantProfile, PopulationTable, Stage, Visibility
from core.actor import Actor, Role, system_actor
from core.clock import now
from core.keyring import Keyring
from tests.consultations.planted import Planted, analyse, make_staff, plant
from tests.factories import joined, make_actor, make_agency, make_comment, make_vote
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
PARTS = ("", "/agreement", "/groups", "/themes", "/clauses", "/people", "/method")
Signed = Callable[[Actor], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client; rows stay readable without a query."""
    found: Session = app.extensions["sqlalchemy"].session()
    found.expire_on_commit = False
    return found


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == status
    return answer.text


@pytest.fixture
def planted(session: Session, keyring: Keyring) -> Planted:
    """An open conversation with a finished run; half of its people told something of themselves."""
    planted = plant(session, keyring, stage=Stage.OPEN, comments=40)
    number = planted.consultation.id
    for place, person in enumerate(planted.people):
        session.add(
            ParticipantProfile(
                participant_id=person.id,
                consultation_id=number,
                gender="woman" if place < 16 else "man" if place < 26 else "",
                region="abroad" if place == 0 else "",
                purpose_version=1,
                agreed_on=now().date(),
            )
        )
    session.add(
        PopulationTable(
            consultation_id=number,
            shares={"gender": {"woman": 0.5, "man": 0.5}},
            source="Counted in 2569",
            uploaded_at=now(),
        )
    )
    session.flush()
    analyse(session, planted.consultation)
    session.commit()
    return planted


def results(planted: Planted) -> str:
    return f"/consultations/{planted.consultation.slug}/results"


def whole(planted: Planted, client: FlaskClient) -> str:
    """Return all parts of the results, one after the other."""
    return "".join(page(client, f"{results(planted)}{part}") for part in PARTS)


def test_every_drawing_is_valid_and_says_what_it_shows(
    planted: Planted, client: FlaskClient
) -> None:
    for part in PARTS:
        ids = re.findall(r'\sid="([^"]+)"', page(client, f"{results(planted)}{part}"))
        assert len(ids) == len(set(ids))
    shown = whole(planted, client)
    drawings = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", shown, re.S)]  # noqa: S314
    told = [svg for svg in drawings if svg.get("aria-hidden") != "true"]
    assert len(told) > 10
    for svg in told:
        assert svg.get("role") == "img"
        assert svg.get("aria-label") or svg.get("aria-labelledby")
        assert (svg.findtext("title") or "").strip()
        assert (svg.findtext("desc") or "").strip()


def test_the_figures_of_every_chart_stand_in_a_table(planted: Planted, client: FlaskClient) -> None:
    shown = whole(planted, client)
    for caption in (
        "Groups on the map",
        "Votes on these statements",
        "Comments by clause",
        "People, comments and votes over time",
        "Who took part, and who lives here",
    ):
        assert re.search(rf"<caption[^>]*>{caption}</caption>", shown), caption


def test_the_overview_leads_to_every_part_and_keeps_the_anchors_of_all_sections(
    planted: Planted, client: FlaskClient
) -> None:
    shown = page(client, results(planted))
    for part in PARTS:
        assert f'href="{results(planted)}{part}"' in shown
    for anchor in ("people", "common-ground", "differences", "groups", "group-0", "themes",
                   "clauses", "days", "population", "method"):  # fmt: skip
        assert shown.count(f'id="{anchor}"') == 1
    for part, anchor in re.findall(r'href="[^"]*/results/([a-z]+)#([^"]+)"', shown):
        assert f'id="{anchor}"' in page(client, f"{results(planted)}/{part}")


def test_a_part_says_what_limits_its_own_figures(planted: Planted, client: FlaskClient) -> None:
    assert "map squeezes" in page(client, f"{results(planted)}/groups")
    assert "map squeezes" not in page(client, f"{results(planted)}/themes")
    assert "map squeezes" in page(client, f"{results(planted)}/method")
    assert client.get(f"{results(planted)}/elsewhere").status_code == 404


def test_an_open_consultation_says_how_fresh_the_picture_is(
    session: Session, keyring: Keyring, planted: Planted, client: FlaskClient
) -> None:
    assert "No vote has come in since." in page(client, results(planted))
    someone = joined(session, make_actor(session, keyring), planted.consultation)
    for statement in planted.statements[:3]:
        make_vote(session, statement, someone, 1)
    session.commit()
    assert "3 votes have come in since" in page(client, results(planted))
    planted.consultation.stage = Stage.CLOSED
    session.commit()
    assert "come in since" not in page(client, results(planted))


def test_small_counts_are_on_no_page(planted: Planted, client: FlaskClient) -> None:
    shown = page(client, f"{results(planted)}/people").split('id="population"')[1]
    assert "60% here (15 or more people), 50% of those who live here" in shown
    assert "Fewer than five people, not shown: Another gender, or in other words" in shown
    assert "Abroad" not in shown
    assert "Counted in 2569" in shown
    assert 'id="weighted"' in shown


def test_the_clock_makes_the_first_picture_without_anyones_click(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted = plant(session, keyring, stage=Stage.OPEN, comments=0)
    session.commit()
    assert "No results yet" in page(client, results(planted))
    clockwork.freshen()
    jobs.run_all()
    assert "What sets Group A apart" in page(client, f"{results(planted)}/groups")


def test_ones_own_place_is_private(
    session: Session, keyring: Keyring, planted: Planted, client: FlaskClient, client_of: Signed
) -> None:
    address = f"{results(planted)}/me"
    assert client.get(address).status_code in (302, 303, 401, 403)
    actor = make_actor(session, keyring)
    session.commit()
    assert "You cannot be placed yet" in page(client_of(actor), address)
    own = joined(session, actor, planted.consultation)
    for statement, choice in zip(planted.statements, (1, 1, -1, 1, -1, 1, 1, 1), strict=True):
        make_vote(session, statement, own, choice)
    session.commit()
    answer = client_of(actor).get(address, headers=ENGLISH)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sarn-opinion-map__own" in answer.text
    assert "You vote much like Group" in answer.text
    assert "sarn-opinion-map__own" not in page(client_of(actor), results(planted))


def test_a_participant_tells_and_forgets(
    session: Session, keyring: Keyring, planted: Planted, client_of: Signed
) -> None:
    address = f"/consultations/{planted.consultation.slug}/about-me"
    actor = make_actor(session, keyring)
    session.commit()
    client = client_of(actor)
    assert "First take part" in page(client, address)
    joined(session, actor, planted.consultation)
    session.commit()
    refused = client.post(address, data={"age": "18_29"}, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Nothing is kept unless you agree" in refused.text
    assert re.search(r'value="18_29"\s+checked|value="18_29" checked', refused.text)
    sent = client.post(address, data={"age": "18_29", "agreed": "y"})
    assert sent.status_code == 303
    session.rollback()
    assert profiling.own_profile(session, actor, planted.consultation) is not None
    session.rollback()
    assert client.post(f"{address}/forget").status_code == 303
    session.rollback()
    assert profiling.own_profile(session, actor, planted.consultation) is None


def test_open_data_is_listed_explained_and_taken(planted: Planted, client: FlaskClient) -> None:
    slug = planted.consultation.slug
    jobs.run_all()
    assert f"/open-data/{slug}/" in page(client, "/open-data/")
    shown = page(client, f"/open-data/{slug}/")
    assert "Columns of statement-votes.csv" in shown
    assert "CC BY 4.0" in shown
    manifest = json.loads(page(client, f"/open-data/{slug}/manifest.json"))
    for file in manifest["files"]:
        answer = client.get(f"/open-data/{slug}/{file['name']}")
        assert file["sha256"] in shown
        assert len(answer.data) == file["bytes"]
        assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"/open-data/{slug}/votes.csv").status_code == 404
    assert client.get(f"/open-data/{slug}/..%2fsecret.key").status_code == 404


def test_a_hidden_comment_stops_its_file(
    session: Session, planted: Planted, client: FlaskClient
) -> None:
    jobs.run_all()
    address = f"/open-data/{planted.consultation.slug}/"
    comment = planted.comments[0]
    comment.visibility, comment.revision = Visibility.HIDDEN, comment.revision + 1
    session.commit()
    assert client.get(f"{address}comments.csv").status_code == 409
    assert "being made anew" in page(client, address)
    clockwork.freshen()
    jobs.run_all()
    assert comment.reference not in page(client, f"{address}comments.csv")


def test_an_officer_gives_shares_and_reads_why_others_are_refused(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, stage=Stage.PREPARING, comments=0)
    session.commit()
    client = client_of(staff.officer)
    address = f"/workspace/consultations/{planted.consultation.slug}/population"
    assert client.get(f"{address}/template.csv").text.startswith("stratum,value,share")

    def send(table: bytes) -> tuple[int, str]:
        data = {"file": (io.BytesIO(table), "p.csv"), "source": "Counted in 2569"}
        answer = client.post(address, data=data, headers=ENGLISH)
        return answer.status_code, answer.text

    status, shown = send(b"\x00\xff")
    assert (status, "Nothing was changed." in shown) == (422, True)
    assert send(b"stratum,value,share\ngender,woman,51\ngender,man,49")[0] == 303
    assert "Gender: Woman" in page(client, address)
    assert client.post(f"{address}/open-votes").status_code == 303
    assert "row by row, without names" in page(client, address)


def test_another_agencys_officer_cannot_give_shares(
    session: Session, keyring: Keyring, planted: Planted, client_of: Signed
) -> None:
    stranger = make_actor(session, keyring, Role.OFFICER, agency=make_agency(session))
    session.commit()
    address = f"/workspace/consultations/{planted.consultation.slug}/population"
    assert client_of(stranger).get(address).status_code == 403


@pytest.mark.parametrize(
    "path",
    [*(f"/consultations/{{}}/results{part}" for part in PARTS), "/open-data/{}/", "/open-data/"],
)
def test_ten_times_the_data_needs_no_more_queries(
    app: Flask, session: Session, planted: Planted, client: FlaskClient, path: str
) -> None:
    jobs.run_all()
    session.rollback()
    engine = app.extensions["sqlalchemy"].engine
    address = path.format(planted.consultation.slug)
    with count_queries(engine) as before:
        page(client, address)
    for place in range(200):
        make_comment(session, planted.draft, body=f"Another word {place}")
    run = analysing.request_run(session, system_actor(), planted.consultation.id)
    session.commit()
    jobs.run_all()
    session.rollback()
    assert analysing.get_run(session, run.id).state == "done"
    with count_queries(engine) as after:
        page(client, address)
    assert len(after) == len(before) <= 12
