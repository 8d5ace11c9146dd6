"""What the clock asks for: due steps, reminders, letters, tidying, and fresh figures."""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any

from app import upkeep
from app.identity import keyring
from app.mail.office import sends_mail
from app.tasks import DELIVER, ON_DEAD
from app.transactions import reading, transaction
from consultations import (
    analysing,
    convening,
    counting,
    data_files,
    deliberating,
    exporting,
    ratifying,
    reminding,
    search_index,
    stakeholder_contacts,
    telling,
)
from consultations.drafting import previewing
from consultations.reporting import editions
from core import jobs, ledger, throttle
from core.accounts import own_exports
from core.actor import system_actor
from core.clock import BANGKOK, now
from core.errors import ConflictError
from core.mailing import outbox
from core.mailing.hours import DIGEST_HOUR, full_hour
from moderation import reminding as moderators

#: Hour in Bangkok from which the day's deletion is done.
NIGHT = 3

log = logging.getLogger("sarn.jobs")

#: Jobs that are done are kept for so long; longer than any key must stay known.
KEEP_DONE = timedelta(days=14)


def sweep() -> None:
    """Do what the clock asks for: due steps of life cycles, sealing the ledger, tidying."""
    give_up_lost()
    with transaction() as session:
        convening.advance_due(session, system_actor())
        ratifying.close_due(session, system_actor())
        deliberating.close_due(session, system_actor())
        search_index.complete(session)
    with transaction() as session:
        while ledger.seal(session) == 500:
            pass
    with transaction() as session:
        reminding.remind(session)
        moderators.remind(session)
        _plan_letters(session)
    with transaction() as session:
        throttle.forget_old(session, before=now() - timedelta(days=2))
        jobs.forget_done(session, before=now() - KEEP_DONE)
    with transaction() as session:
        previewing.forget_old(session)
        data_files.forget_old(session)
        own_exports.forget_old(session)
    with transaction() as session:
        _plan_retention(session)


def freshen() -> None:
    """Ask for what has gone out of date: pictures of open consultations, open data, reports."""
    with transaction() as session:
        due = analysing.due_for_refresh(session, now())
    for consultation_id in due:
        # Another worker may have been faster, or the stage may have changed meanwhile.
        with suppress(ConflictError), transaction() as session:
            analysing.request_run(session, system_actor(), consultation_id, automatic=True)
    with transaction() as session:
        exporting.remake_stale(session)
        editions.remake_stale(session)


def count() -> None:
    """Count anew where very many take part; nobody who writes has to wait meanwhile."""
    with reading() as session:
        counts = counting.count_large(session)
    with transaction() as session:
        counting.store(session, counts)


def give_up_lost() -> None:
    """End the jobs that killed every worker that took them, and tell the domain."""
    with transaction() as session:
        for job in jobs.give_up_lost(session):
            log.error("job %s is given up: its worker died %s times", job.name, job.attempts)
            if job.name in ON_DEAD:
                ON_DEAD[job.name](session, dict(job.payload))


def _plan_retention(session: Any) -> None:
    """Plan the daily deletion of what is overdue, in the night."""
    moment = now().astimezone(BANGKOK)
    if moment.hour >= NIGHT:
        jobs.enqueue(session, upkeep.RETENTION, key=upkeep.retention_key(moment.date()))


def _plan_letters(session: Any) -> None:
    """Plan the round of this hour and of the last digest, and a delivery if a letter is due."""
    if not sends_mail():
        return
    hour = full_hour(now())
    digest = hour.astimezone(BANGKOK).replace(hour=DIGEST_HOUR)
    digest = digest if digest <= hour else digest - timedelta(days=1)
    if telling.anybody_listens(session):
        for moment in {hour, digest.astimezone(hour.tzinfo)}:
            telling.enqueue_round(session, moment)
    stakeholder_contacts.post_due(session, keyring(), now())
    if outbox.is_due(session) and not jobs.is_planned(session, DELIVER):
        jobs.enqueue(session, DELIVER)
