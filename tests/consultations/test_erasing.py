"""Erasure: the words are gone wherever they were, the counts and the ledger hold."""

import json
import zlib

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from consultations import (
    data_files,
    erasing,
    exporting,
    participation,
    profiling,
    summarising,
    voting,
)
from consultations.models import (
    AnalysisRun,
    Choice,
    ContributionRevision,
    DataExport,
    Finding,
    OpenFile,
    Participant,
    ParticipantProfile,
    ParticipationKey,
    Snapshot,
    Stage,
    Summary,
    Theme,
    Tombstone,
    Visibility,
    Vote,
)
from consultations.queries import findings
from core import ledger, notices
from core.actor import Actor, system_actor
from core.clock import now
from core.erasures import ErasedKind, Erasure
from core.errors import ConflictError, NotFoundError
from core.keyring import Keyring
from tests.consultations.planted import Planted, analyse, make_staff, plant
from tests.consultations.test_open_data import make as make_open_data
from tests.factories import (
    joined,
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)

CANARY = "zebracanary"


def spoken(session: Session, keyring: Keyring) -> tuple[Planted, Actor]:
    """Make a conversation in which a known person wrote a comment and a statement, analysed."""
    planted = plant(session, keyring, comments=24)
    actor = make_actor(session, keyring)
    person = joined(session, actor, planted.consultation)
    said = planted.comments[0]
    said.participant_id = person.id
    said.body = f"The {CANARY} ferry sails {CANARY} too early for {CANARY} nurses."
    said.reason = f"{CANARY} reason"
    statement = planted.statements[6]
    statement.participant_id, statement.body = person.id, f"Keep the {CANARY} ferry"
    session.add(
        ContributionRevision(
            contribution_id=said.id, revision=1, body=CANARY, salt=b"x" * 16, changed_at=now()
        )
    )
    session.flush()
    return planted, actor


def stored_text(session: Session, consultation_id: int) -> str:
    """Return all that is stored of a consultation's words, in one text."""
    parts: list[str] = []
    columns = [undefer(each) for each in (Snapshot.comments_csv, Snapshot.statements_csv)]
    for snapshot in session.scalars(select(Snapshot).options(*columns)):
        parts += [zlib.decompress(each).decode() for each in (snapshot.comments_csv,)]
        parts += [zlib.decompress(snapshot.statements_csv).decode()]
    names = ("opinions_json", "themes_json", "summary_json")
    loaded = [undefer(getattr(AnalysisRun, name)) for name in (*names, "picture")]
    for run in session.scalars(select(AnalysisRun).options(*loaded)):
        parts += [zlib.decompress(getattr(run, name) or b"").decode() for name in names]
        parts.append(json.dumps(run.picture, ensure_ascii=False))
    for finding in session.scalars(select(Finding)):
        parts += [json.dumps(finding.sentence), finding.text_th, finding.text_en]
    parts += session.scalars(select(Theme.terms)).all()
    parts += session.scalars(select(ContributionRevision.body)).all()
    return "\n".join(parts)


def test_erased_words_leave_runs_sentences_files_and_revisions(
    session: Session, keyring: Keyring
) -> None:
    planted, actor = spoken(session, keyring)
    number = planted.consultation.id
    staff = make_staff(session, keyring)
    planted.consultation.agency_id = staff.agency.id
    run = analyse(session, planted.consultation)
    summarising.prepare(session, staff.officer, number, run.id)
    make_open_data(session, number)
    motion = data_files.propose_export(session, staff.officer, number, reason="x")
    data_files.store(session, data_files.approve_export(session, staff.approver, motion).id, b"z")
    session.expire_all()
    assert CANARY in stored_text(session, number)

    erasing.erase_one(session, actor, planted.comments[0].reference)
    erasing.erase_one(session, actor, planted.statements[6].reference)
    erasing.clean(session, number)

    session.expire_all()
    assert CANARY not in stored_text(session, number).lower()
    assert session.scalar(select(func.count(OpenFile.id))) == 0
    assert session.scalar(select(func.count(DataExport.id))) == 0
    assert exporting.run_bundle(session, system_actor(), planted.consultation.slug)
    rows = findings.findings_where(session, Finding.summary_id.in_(select(Summary.id)))
    assert not any(row.repeated == "[…]" for row in rows)
    snapshot = session.scalars(select(Snapshot)).one()
    assert snapshot.erased == 2
    erasing.clean(session, number)
    assert snapshot.erased == 2


def test_nothing_of_other_people_goes_with_it(session: Session, keyring: Keyring) -> None:
    planted, actor = spoken(session, keyring)
    analyse(session, planted.consultation)
    before = stored_text(session, planted.consultation.id)
    erasing.erase_one(session, actor, planted.comments[0].reference)
    erasing.clean(session, planted.consultation.id)
    session.expire_all()
    after = stored_text(session, planted.consultation.id)
    for other in planted.comments[1:]:
        assert after.count(other.body) == before.count(other.body)


def test_only_the_author_erases_and_only_once(session: Session, keyring: Keyring) -> None:
    planted, actor = spoken(session, keyring)
    reference = planted.comments[0].reference
    with pytest.raises(NotFoundError):
        erasing.erase_one(session, make_actor(session, keyring), reference)
    with pytest.raises(NotFoundError):
        erasing.erase_one(session, actor, planted.comments[1].reference)
    erasing.erase_one(session, actor, reference)
    assert planted.comments[0].visibility is Visibility.WITHDRAWN
    with pytest.raises(ConflictError, match="erased"):
        erasing.erase_one(session, actor, reference)


def test_the_ledger_stays_whole_and_nothing_opens_its_digest(
    session: Session, keyring: Keyring
) -> None:
    planted, actor = spoken(session, keyring)
    ledger.record(session, actor, "comment.submitted", subject=planted.comments[0].reference)
    ledger.seal(session)
    head = ledger.verify(session)
    erasing.erase_everything(session, actor)
    ledger.seal(session)
    found = ledger.verify(session)
    assert found.broken_at is None
    assert found.sealed == head.sealed + 3
    assert ledger.holds(session, ledger.anchor_line(head))
    assert planted.comments[0].salt == bytes(16)


def test_while_it_is_open_votes_are_taken_back(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    statement = make_statement(session, consultation)
    actor, other = make_actor(session, keyring), make_actor(session, keyring)
    for each in (actor, other):
        voting.cast(session, each, statement.reference, Choice.AGREE)
    erasing.erase_everything(session, actor)
    session.refresh(statement)
    assert statement.agrees == 1
    assert session.scalar(select(func.count(Vote.id))) == 1


def test_after_closing_votes_stay_in_the_count_and_lead_to_nobody(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring)
    statement = make_statement(session, consultation)
    actor = make_actor(session, keyring)
    voting.cast(session, actor, statement.reference, Choice.DISAGREE)
    person = joined(session, actor, consultation).id
    consultation.stage = Stage.CLOSED
    erasing.erase_everything(session, actor)
    session.refresh(statement)
    vote = session.scalars(select(Vote)).one()
    session.refresh(vote)
    assert (statement.disagrees, vote.choice) == (1, -1)
    assert vote.participant_id != person
    assert session.get(ParticipationKey, vote.participant_id) is None
    assert session.get(ParticipationKey, person) is None


def test_nobody_comes_back_to_vote_twice(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    statement = make_statement(session, consultation)
    actor = make_actor(session, keyring)
    voting.cast(session, actor, statement.reference, Choice.AGREE)
    other_tag = keyring.email_person_tag("second@example.org")
    assert erasing.erase_everything(session, actor, other_tag=other_tag) == 1
    again = Actor(None, actor.roles, None, other_tag, keyring)
    for person in (actor, again):
        with pytest.raises(ConflictError, match=r"participation\.erased"):
            voting.cast(session, person, statement.reference, Choice.AGREE)
    columns = set(Tombstone.__table__.c.keys())
    assert columns == {"consultation_id", "person_key"}


def test_answers_about_oneself_and_messages_are_gone(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    actor = make_actor(session, keyring)
    person = joined(session, actor, consultation)
    profiling.tell(session, actor, consultation.id, answers={"gender": "woman"}, agreed=True)
    notices.notify(session, person.id, "x.y")
    session.flush()
    erasing.erase_everything(session, actor)
    assert session.scalar(select(func.count()).select_from(ParticipantProfile)) == 0
    assert session.scalar(select(func.count(notices.Notice.id))) == 0
    assert participation.participants_of(session, actor) == {}


def test_the_list_names_random_numbers_only_and_is_played_again(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring)
    draft = make_draft(session, consultation)
    actor = make_actor(session, keyring)
    person = joined(session, actor, consultation)
    comment = make_comment(session, draft, participant_id=person.id, body=CANARY)
    single = make_comment(session, draft, body=f"single {CANARY}")
    assert erasing.replay(session, system_actor(), ErasedKind.PARTICIPANT, person.id)
    assert erasing.replay(session, system_actor(), ErasedKind.CONTRIBUTION, single.reference)
    assert not erasing.replay(session, system_actor(), ErasedKind.CONTRIBUTION, single.reference)
    assert not erasing.replay(session, system_actor(), ErasedKind.PARTICIPANT, "f" * 32)
    assert (comment.body, single.body) == ("", "")
    listed = set(session.scalars(select(Erasure.target)))
    assert listed == {person.id, single.reference}
    with pytest.raises(ConflictError, match=r"participation\.erased"):
        participation.join(session, actor, consultation)


def test_destroying_the_key_ends_every_bridge(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    actor = make_actor(session, keyring)
    joined(session, actor, consultation)
    assert erasing.destroy_keys(session, system_actor(), consultation.id) == 1
    assert participation.participants_of(session, actor) == {}
    assert session.scalar(select(func.count()).select_from(Participant)) == 1
    with pytest.raises(ConflictError, match=r"participation\.ended"):
        participation.join(session, actor, consultation)
