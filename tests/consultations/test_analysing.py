"""A run: what is frozen, what is stored, and how it fails."""

import hashlib
import json
import zlib

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from analysis.opinions.votes import VoteTable
from consultations import analysing
from consultations.models import AnalysisRun, RunState, Snapshot, Stage, Visibility
from consultations.queries import results
from consultations.snapshots import csv_rows
from core.actor import Role, system_actor
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.jobs import Job
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.planted import PEOPLE, analyse, plant
from tests.factories import (
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_participant,
    make_statement,
    make_vote,
)


def snapshot_of(session: Session, run: AnalysisRun) -> Snapshot:
    options = [undefer(Snapshot.votes_csv), undefer(Snapshot.comments_csv)]
    options += [undefer(Snapshot.statements_csv), undefer(Snapshot.participants_csv)]
    return session.get_one(Snapshot, run.snapshot_id, options=options, populate_existing=True)


def test_asking_for_a_run_freezes_queues_and_records_together(
    session: Session, keyring: Keyring
) -> None:
    planted = plant(session, keyring)
    run = analysing.request_run(session, system_actor(), planted.consultation.id)
    job = session.scalars(select(Job)).one()
    entry = session.scalars(select(LedgerEntry)).one()
    assert run.state is RunState.QUEUED
    assert (job.name, job.payload) == ("analysis.run", {"run_id": run.id})
    assert snapshot_of(session, run).votes_digest in entry.content


def test_only_what_is_published_is_frozen(session: Session, keyring: Keyring) -> None:
    planted = plant(session, keyring, comments=2)
    shown = planted.statements[0]
    hidden = make_statement(session, planted.consultation, visibility=Visibility.HIDDEN)
    meta = make_statement(session, planted.consultation, is_meta=True)
    make_vote(session, hidden, planted.people[0], 1)
    make_vote(session, meta, planted.people[0], 1)
    make_comment(session, planted.draft, visibility=Visibility.HELD)
    other = make_statement(session, make_consultation(session, keyring))
    run = analysing.request_run(session, system_actor(), planted.consultation.id)
    frozen = snapshot_of(session, run)
    statements = {row["statement"] for row in csv_rows(zlib.decompress(frozen.statements_csv))}
    voted = {row["statement"] for row in csv_rows(zlib.decompress(frozen.votes_csv))}
    assert statements == voted == {statement.reference for statement in planted.statements}
    assert shown.reference in statements
    assert other.reference not in statements
    assert frozen.comment_count == 2


def test_the_frozen_votes_are_the_engines_canonical_bytes(
    session: Session, keyring: Keyring
) -> None:
    run = analyse(session, plant(session, keyring).consultation)
    frozen = snapshot_of(session, run)
    data = zlib.decompress(frozen.votes_csv)
    assert VoteTable.from_csv_bytes(data).to_csv() == data
    assert hashlib.sha256(data).hexdigest() == frozen.votes_digest


def test_labels_lead_back_to_nobody_and_differ_between_snapshots(
    session: Session, keyring: Keyring
) -> None:
    planted = plant(session, keyring)
    first = snapshot_of(session, analyse(session, planted.consultation))
    second = snapshot_of(session, analyse(session, planted.consultation))
    files = [zlib.decompress(first.votes_csv), zlib.decompress(first.comments_csv)]
    people = {row["participant"] for row in csv_rows(files[0])}
    assert people == {f"p{number}" for number in range(1, PEOPLE + 1)}
    assert not any(person.id.encode() in data for person in planted.people for data in files)
    assert first.votes_csv != second.votes_csv
    assert {row["author"][0] for row in csv_rows(files[1])} == {"a"}


def test_a_finished_run_keeps_reports_digest_and_a_small_picture(
    session: Session, keyring: Keyring
) -> None:
    run = analyse(session, plant(session, keyring).consultation)
    parts = [run.opinions_json, run.themes_json, run.summary_json]
    unpacked = [zlib.decompress(part or b"") for part in parts]
    assert run.state is RunState.DONE
    assert [json.loads(part)["schema"] for part in unpacked] == [
        "sarn.opinions/1",
        "sarn.themes/1",
        "sarn.summary/1",
    ]
    assert run.report_digest == hashlib.sha256(b"\n".join(unpacked)).hexdigest()
    assert run.parameters is not None
    assert run.parameters["opinions"]["interval"] == 0.9
    assert len(json.dumps(run.picture)) < 20_000


def test_the_planted_groups_and_the_shared_ground_are_found(
    session: Session, keyring: Keyring
) -> None:
    planted = plant(session, keyring)
    analyse(session, planted.consultation)
    shown = results.latest_picture(session, planted.consultation.id)
    assert shown is not None
    assert [group["size"] for group in shown.data["groups"]] == [PEOPLE // 2, PEOPLE // 2]
    assert {row.words.reference for row in shown.common_ground} == {
        statement.reference for statement in planted.statements[6:]
    }
    assert {row.words.reference for row in shown.differences} == {
        statement.reference for statement in planted.statements[:6]
    }


def test_groups_of_another_system_are_kept_beside_ours(session: Session, keyring: Keyring) -> None:
    planted = plant(session, keyring)
    for place, person in enumerate(planted.people):
        person.imported_group = str(place % 2)
    analyse(session, planted.consultation)
    shown = results.latest_picture(session, planted.consultation.id)
    assert shown is not None
    counts = [row["counts"] for row in shown.data["imported"]["rows"]]
    assert sorted(counts) == [[0, PEOPLE // 2, 0], [PEOPLE // 2, 0, 0]]


def test_a_consultation_without_votes_and_comments_still_has_a_picture(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring)
    assert analyse(session, consultation).state is RunState.DONE
    shown = results.latest_picture(session, consultation.id)
    assert shown is not None
    assert (shown.common_ground, shown.themes, shown.data["groups"]) == ((), (), [])


def test_a_run_can_be_made_while_people_still_vote(session: Session, keyring: Keyring) -> None:
    planted = plant(session, keyring, stage=Stage.OPEN)
    assert analyse(session, planted.consultation).state is RunState.DONE


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.IN_REVIEW, Stage.SCHEDULED])
def test_there_is_nothing_to_analyse_before_it_opens(
    session: Session, keyring: Keyring, stage: Stage
) -> None:
    consultation = make_consultation(session, keyring, stage=stage, opens_at=None)
    with pytest.raises(ConflictError, match="wrong_stage"):
        analysing.request_run(session, system_actor(), consultation.id)


def test_only_the_agencys_own_staff_asks_for_runs(session: Session, keyring: Keyring) -> None:
    agency = make_agency(session)
    consultation = make_consultation(session, keyring, agency=agency, stage=Stage.CLOSED)
    stranger = make_actor(session, keyring, Role.OFFICER, agency=make_agency(session))
    moderator = make_actor(session, keyring, Role.MODERATOR)
    for actor in (stranger, moderator):
        with pytest.raises(NotAllowedError, match="other_agency"):
            analysing.request_run(session, actor, consultation.id)
    officer = make_actor(session, keyring, Role.OFFICER, agency=agency)
    assert analysing.request_run(session, officer, consultation.id).state is RunState.QUEUED


def test_a_second_run_waits_until_the_first_has_ended(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    analysing.request_run(session, system_actor(), consultation.id)
    with pytest.raises(ConflictError, match="running"):
        analysing.request_run(session, system_actor(), consultation.id)


def test_what_the_engine_refuses_becomes_a_failed_run_with_its_sentence(
    session: Session, keyring: Keyring
) -> None:
    planted = plant(session, keyring)
    run = analysing.request_run(session, system_actor(), planted.consultation.id)
    inputs = analysing.load(session, run.id)
    broken = analysing.RunInputs(
        **{**vars(inputs), "votes": b"participant,statement,choice\np,s,7"}
    )
    run = analysing.store(session, run.id, analysing.compute(broken, lambda _step: None))
    assert (run.state, run.failure_code) == (RunState.FAILED, "analysis.refused")
    assert "row 2, column choice" in run.failure_detail
    assert results.latest_picture(session, planted.consultation.id) is None


def test_a_run_given_up_by_the_worker_is_failed_and_stays_so(
    session: Session, keyring: Keyring
) -> None:
    run = analysing.request_run(session, system_actor(), make_consultation(session, keyring).id)
    analysing.give_up(session, run.id)
    analysing.note_progress(session, run.id, "themes")
    late = analysing.store(session, run.id, analysing.Outcome(engine_version="late"))
    assert (late.state, late.failure_code) == (RunState.FAILED, "analysis.crashed")
    assert late.engine_version == ""


def test_progress_names_the_steps_in_order(session: Session, keyring: Keyring) -> None:
    run = analysing.request_run(session, system_actor(), plant(session, keyring).consultation.id)
    steps: list[str] = []
    analysing.compute(analysing.load(session, run.id), steps.append)
    analysing.note_progress(session, run.id, steps[0])
    assert steps == ["opinions", "themes", "summary", "picture"]
    assert (run.state, run.progress) == (RunState.RUNNING, "opinions")


def test_a_hidden_contribution_leaves_the_picture_at_once(
    session: Session, keyring: Keyring
) -> None:
    planted = plant(session, keyring, comments=40)
    analyse(session, planted.consultation)
    before = results.latest_picture(session, planted.consultation.id)
    assert before is not None
    quoted = {words.reference for theme in before.themes for _, words in theme.quotes}
    assert quoted
    for row in [*planted.statements, *planted.comments]:
        if row.reference in quoted or row is planted.statements[7]:
            row.visibility = Visibility.HIDDEN
    session.flush()
    after = results.latest_picture(session, planted.consultation.id)
    assert after is not None
    assert all(not theme.quotes for theme in after.themes)
    assert [row.words.reference for row in after.common_ground] == [planted.statements[6].reference]


def test_a_statement_that_all_groups_agree_with_is_quoted_in_its_theme(
    session: Session, keyring: Keyring
) -> None:
    planted = plant(session, keyring, comments=72)
    ferry = "Ferry boats stop far too early and evening sailings were cut last spring"
    planted.statements[6].body = ferry
    planted.statements[0].body = "Parking fees ruin small traders and market stalls"
    session.flush()
    analyse(session, planted.consultation)
    shown = results.latest_picture(session, planted.consultation.id)
    assert shown is not None
    bridging = [
        words for theme in shown.themes for role, words in theme.quotes if role == "bridging"
    ]
    assert {words.text for words in bridging} == {ferry}
    assert {words.reference for words in bridging} == {planted.statements[6].reference}


def test_an_unknown_run_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError, match="unknown"):
        analysing.get_run(session, 1)


def test_people_are_counted_by_tier(session: Session, keyring: Keyring) -> None:
    planted = plant(session, keyring, comments=3)
    make_participant(session, planted.consultation)
    frozen = snapshot_of(session, analyse(session, planted.consultation))
    assert frozen.tier_counts == {
        "email": {"participants": PEOPLE, "voters": PEOPLE, "commenters": 3}
    }
