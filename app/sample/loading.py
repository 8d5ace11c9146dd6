"""Loads the sample once, act by act; what an interrupted start left out, the next one adds."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app import jobs
from app.identity import keyring
from app.sample import (
    answering,
    choosing,
    groups,
    panels,
    papers,
    promising,
    revising,
    speaking,
    taking_part,
    texts,
)
from app.sample.opening import Play, open_consultation
from app.sample.people import Cast, SampleAccounts, enrol, kept_accounts, sample_accounts
from app.transactions import transaction
from consultations import analysing, rehearsing
from consultations.queries import catalogue, findings, reading, results
from core.actor import system_actor
from core.errors import NotFoundError

if TYPE_CHECKING:
    from consultations.models import Consultation

#: Open now, and answered with one task left.
OPEN, ANSWERED = "sample-pavements", "sample-waste"
#: Longest wait for a run that a process which is gone had begun, in seconds.
PATIENCE = 120


def load(instance_path: Path) -> SampleAccounts:
    """Load what is missing of the sample, whatever else the database holds.

    Each act is one transaction: after an interruption it is there whole or not at all.
    """
    with transaction() as session:
        missing = [slug for slug in (OPEN, ANSWERED) if _found(session, slug) is None]
        if not missing and _run_to_answer(session) is None:
            return kept_accounts(instance_path)
        accounts = sample_accounts(instance_path)
        cast = enrol(session, keyring(), accounts)
    if OPEN in missing:
        play_open(cast)
    if ANSWERED in missing:
        play_until_closed(cast)
    jobs.run_all()
    if OPEN in missing:
        play_themes(cast)
    with transaction() as session:
        run_id = _run_to_answer(session)
    if run_id is not None and _is_done(run_id):
        _play_answers(cast, run_id)
    return accounts


def load_once(instance_path: Path) -> SampleAccounts:
    """Load what is missing of the sample, unless the database is in use for something else.

    Returns
    -------
    SampleAccounts
        Empty when the sample is not there because the database holds other consultations.
    """
    with transaction() as session:
        in_use = rehearsing.holds_others(session)
        is_there = _found(session, OPEN) is not None
    if in_use and not is_there:
        return ()
    return load(instance_path)


def play_open(cast: Cast) -> None:
    """Play the consultation that is open now, with a picture and a few things to moderate."""
    with transaction() as session:
        play = open_consultation(session, cast, OPEN, days=31)
        taking_part.take_part(play, days_between=1)
        play.wait(1)
        _request_run(play)
        for entry in texts.read(OPEN, "waiting"):
            comment = taking_part.comment_on(play, entry)
            taking_part.flag(play, comment, entry.get("flags", ()))
        play.wait(2)
        papers.enter(play)
        play.propose_more_time()


def play_themes(cast: Cast) -> None:
    """Let officers choose themes of the consultation that is open, once its run has finished."""
    with transaction() as session:
        consultation = catalogue.consultation_at(session, OPEN)
        run = results.latest_run(session, consultation.id)
        if run is not None and run.state == "done":
            choosing.choose(Play(session, cast, consultation, {}))


def play_until_closed(cast: Cast) -> None:
    """Play the other consultation until it is closed and its run is requested."""
    with transaction() as session:
        play = open_consultation(session, cast, ANSWERED, days=30)
        panels.read_prototype(play)
        taking_part.take_part(play, days_between=4)
        taking_part.moderate(play, texts.read(ANSWERED, "moderated"))
        play.wait(8)
        _request_run(play)


def _play_answers(cast: Cast, run_id: int) -> None:
    """Play what follows the run: summary, answers, the next draft, and a task that is left."""
    with transaction() as session:
        consultation = catalogue.consultation_at(session, ANSWERED)
        play = Play(session, cast, consultation, _keys(session, consultation))
        answering.publish_summary(play, run_id)
        answered = answering.answer_everything(play)
        speaking.speak(play, answered)
        revising.publish_next_draft(play, answered)
        promising.promise_and_report(play, answered)
        groups.convene(play)
        answering.leave_for_others(play)
        play.wait(4)


def _request_run(play: Play) -> None:
    analysing.request_run(play.session, system_actor(keyring()), play.consultation.id)


def _found(session: Session, slug: str) -> "Consultation | None":
    try:
        return catalogue.consultation_at(session, slug)
    except NotFoundError:
        return None


def _run_to_answer(session: Session) -> int | None:
    """Return the run that the sample's answers rest on, while they are not there."""
    consultation = _found(session, ANSWERED)
    if consultation is None or consultation.stage != "closed":
        return None
    if findings.summary_page(session, consultation.id):
        return None
    run = results.latest_run(session, consultation.id)
    return run.id if run else None


def _is_done(run_id: int) -> bool:
    """Wait for a run that another worker computes; whether it led to a report."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with transaction() as session:
            state = analysing.get_run(session, run_id).state
        if state in ("done", "failed"):
            return state == "done"
        if not jobs.run_next():
            time.sleep(0.5)
    return False


def _keys(session: Session, consultation: "Consultation") -> dict[int, str]:
    page = reading.draft_page(session, consultation, 1)
    return dict(enumerate((c.key for c in page.clauses if c.kind == "clause"), start=1))
