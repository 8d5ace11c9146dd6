"""Service: have the results report made, publish it, and keep its files true."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consultations import news, policy, seconding
from consultations.models import Consultation, EditionState, ReportEdition, ReportFile
from consultations.participation import Hold, locked_consultation
from consultations.queries import open_data, report_editions
from consultations.queries.report_editions import Outcome
from consultations.reporting.deeds import ModerationFigures, Told
from consultations.reporting.dispositions import both
from consultations.reporting.gathering import gather
from consultations.reporting.structure import ResultsReport
from core import jobs, ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotFoundError
from core.mailing.kinds import NewsKind
from core.text import plain_text

TASK = "report.make"
#: Reads what moderators did in a consultation.
Figures = Callable[[Session, int], ModerationFigures]
LONGEST = 5000


@dataclass(frozen=True)
class Loaded:
    """What the files of an edition are written from, and the state that it was read in."""

    edition_id: int
    revision: int
    state: str
    words: str
    report: ResultsReport
    outcomes: tuple[Outcome, ...]


def may_be_made(consultation: Consultation) -> bool:
    """Whether the consultation is far enough for a report."""
    return policy.current_stage(consultation, now()) in policy.REPORTING_STAGES


def prepare(session: Session, actor: Actor, consultation_id: int, told: Told) -> ReportEdition:
    """Have an edition made by a job; one that is not published yet is made anew.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    InvalidError
        ``text.too_long``.
    """
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *policy.REPORTING_STAGES)
    edition = report_editions.editions(session, consultation_id).working
    if edition is None:
        edition = ReportEdition(
            consultation_id=consultation_id, number=_next_number(session, consultation_id)
        )
        session.add(edition)
    else:
        edition.revision += 1
    edition.outside_th = _text(told.outside.th, "outside_th")
    edition.outside_en = _text(told.outside.en, "outside_en")
    edition.next_th = _text(told.next_text.th, "next_th")
    edition.next_en = _text(told.next_text.en, "next_en")
    edition.next_on = told.next_on
    edition.prepared_by_id, edition.prepared_at = actor.account_id, now()
    session.flush()
    _enqueue(session, edition, "", actor)
    return edition


def publish(session: Session, actor: Actor, consultation_id: int) -> ReportEdition:
    """Publish the edition that somebody else had made, and tell those who follow.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``approval.approver_needed``, ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``report.none``, ``report.not_public`` before any answer is
        published, ``report.being_made``.
    """
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    found = report_editions.editions(session, consultation_id)
    edition = found.working
    author_id = edition.prepared_by_id if edition else None
    policy.require_approver(actor, consultation, author_id)
    seconding.require_other(session, actor, author_id)
    policy.require_stage(consultation, now(), *policy.REPORTING_STAGES)
    if edition is None:
        raise ConflictError("report.none")
    if not report_editions.is_public(session, consultation):
        raise ConflictError("report.not_public")
    if not found.is_made:
        raise ConflictError("report.being_made")
    edition.state, edition.published_at = EditionState.PUBLISHED, now()
    news.announce(
        session,
        NewsKind.REPORT,
        consultation,
        f"report {edition.number}",
        code="report.published",
        edition=edition.number,
    )
    ledger.record(
        session,
        actor,
        "report.published",
        consultation_id=consultation_id,
        subject=f"report:{edition.number}",
        detail={
            "sha256": edition.digest,
            "files": {file.name: file.digest for file in found.files},
        },
    )
    session.flush()
    return edition


def told(edition: ReportEdition | None) -> Told:
    """Return what an officer added to an edition."""
    if edition is None:
        return Told()
    return Told(both(edition, "outside"), both(edition, "next"), edition.next_on)


def load(session: Session, edition_id: int, figures: Figures) -> Loaded:
    """Gather what an edition's files are written from; NotFoundError ``report.unknown``."""
    edition = session.get(ReportEdition, edition_id)
    if edition is None:
        raise NotFoundError("report.unknown")
    consultation = session.get_one(Consultation, edition.consultation_id)
    # The states are read first: what changes meanwhile makes the files look old, never new.
    moment, state = now(), report_editions.state_of(session, consultation.id)
    moderation = figures(session, consultation.id)
    made = gather(session, consultation, moderation, told=told(edition), edition=edition.number)
    return Loaded(
        edition_id=edition_id,
        revision=edition.revision,
        state=state,
        words=open_data.words_state(session, consultation.id, moment),
        report=replace(made, made_at=moment),
        outcomes=tuple(report_editions.outcomes(session, consultation.id)),
    )


def store(session: Session, loaded: Loaded, digest: str, files: Mapping[str, bytes]) -> None:
    """Keep the files in place of those before; nothing if newer ones were asked for meanwhile."""
    edition = session.get(ReportEdition, loaded.edition_id, with_for_update=True)
    if edition is None or edition.revision != loaded.revision:
        return
    session.execute(delete(ReportFile).where(ReportFile.edition_id == edition.id))
    session.add_all(
        ReportFile(
            edition_id=edition.id,
            name=name,
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content=content,
        )
        for name, content in files.items()
    )
    edition.made_revision, edition.made_state = loaded.revision, loaded.state
    edition.made_words, edition.made_at = loaded.words, loaded.report.made_at
    edition.digest = digest
    session.flush()


def remake_stale(session: Session) -> int:
    """Ask for the files anew of what has changed since; return how many editions."""
    stale = report_editions.stale(session, now())
    for edition, state in stale:
        _enqueue(session, edition, state)
    return len(stale)


def _enqueue(
    session: Session, edition: ReportEdition, state: str, actor: Actor | None = None
) -> None:
    jobs.enqueue(
        session,
        TASK,
        {"edition_id": edition.id},
        key=job_key(edition, state),
        requested_by_id=actor.account_id if actor else None,
        consultation_id=edition.consultation_id,
    )


def job_key(edition: ReportEdition, state: str = "") -> str:
    """Return the key of the job that makes the files of an edition, because of a new state."""
    since = f"{edition.made_at}{edition.made_words}{state}"
    reason = hashlib.sha256(since.encode()).hexdigest()[:16] if state else "asked"
    return f"{TASK}:{edition.id}:{edition.revision}:{reason}"


def _next_number(session: Session, consultation_id: int) -> int:
    highest = select(func.max(ReportEdition.number)).where(
        ReportEdition.consultation_id == consultation_id
    )
    return (session.scalar(highest) or 0) + 1


def _text(value: str, field: str) -> str:
    return plain_text(value, max_length=LONGEST, field=field) if value.strip() else ""
