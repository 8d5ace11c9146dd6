"""Runs: asked for, computed outside any transaction, stored."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consultations import policy, run_effects, snapshots
from consultations.analysing.computing import Outcome
from consultations.analysing.inputs import get_run
from consultations.models import AnalysisRun, Consultation, RunState, Snapshot, Stage, Summary
from consultations.participation import locked_consultation
from core import jobs, ledger
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError

#: Before these nobody can have written or voted.
_BEFORE = frozenset({Stage.PREPARING, Stage.IN_REVIEW, Stage.SCHEDULED})
_UNFINISHED = (RunState.QUEUED, RunState.RUNNING)
#: Newest automatic runs that are kept; those that a summary rests on are kept as well.
_KEPT = 3


def request_run(
    session: Session, actor: Actor, consultation_id: int, *, automatic: bool = False
) -> AnalysisRun:
    """Freeze what is published now and queue its analysis, in one transaction.

    Parameters
    ----------
    automatic : bool
        Asked for by the clock; such a run is forgotten when newer ones have taken its place.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage`` before anyone could take part; ``analysis.running`` while
        another run is not finished.
    """
    consultation = locked_consultation(session, consultation_id)
    if not actor.has(Role.SYSTEM):
        policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *(set(Stage) - _BEFORE))
    if _unfinished(session, consultation_id):
        raise ConflictError("analysis.running")
    snapshot = snapshots.freeze(session, consultation_id)
    session.flush()
    run = AnalysisRun(
        consultation_id=consultation_id,
        snapshot_id=snapshot.id,
        automatic=automatic,
        queued_at=snapshot.taken_at,
    )
    session.add(run)
    session.flush()
    jobs.enqueue(
        session,
        "analysis.run",
        {"run_id": run.id},
        key=f"analysis.run:{run.id}",
        requested_by_id=actor.account_id,
        consultation_id=consultation_id,
    )
    _log_request(session, actor, run, snapshot)
    session.flush()
    return run


def _log_request(session: Session, actor: Actor, run: AnalysisRun, snapshot: Snapshot) -> None:
    ledger.record(
        session,
        actor,
        "analysis.requested",
        consultation_id=run.consultation_id,
        subject=f"run:{run.id}",
        detail={
            "votes": snapshot.votes_digest,
            "statements": snapshot.statements_digest,
            "comments": snapshot.comments_digest,
            "participants": snapshot.participants_digest,
            "supports": snapshot.supports_digest,
        },
    )


def note_progress(session: Session, run_id: int, step: str) -> None:
    """Note the step that a run is at."""
    run = get_run(session, run_id)
    if run.state in _UNFINISHED:
        run.state, run.progress = RunState.RUNNING, step
        session.flush()


def store(session: Session, run_id: int, outcome: Outcome) -> AnalysisRun:
    """Keep what a run led to; a run that has ended already stays as it is."""
    run = get_run(session, run_id)
    if run.state not in _UNFINISHED:
        return run
    failed = bool(outcome.failure_code)
    run.state = RunState.FAILED if failed else RunState.DONE
    run.failure_code, run.failure_detail = outcome.failure_code, outcome.failure_detail
    run.engine_version, run.parameters = outcome.engine_version, outcome.parameters
    run.report_digest, run.picture = outcome.report_digest, outcome.picture
    run.opinions_json, run.themes_json = outcome.opinions_json, outcome.themes_json
    run.summary_json, run.places_json = outcome.summary_json, outcome.places_json
    if outcome.effects is not None:
        compared = run_effects.apply(session, run.consultation_id, outcome.effects)
        run.themes_compared, run.themes_kept = compared
    run.progress, run.finished_at = "", now()
    ledger.record(
        session,
        Actor(roles=frozenset({Role.SYSTEM})),
        "analysis.failed" if failed else "analysis.done",
        consultation_id=run.consultation_id,
        subject=f"run:{run.id}",
        detail={"code": outcome.failure_code} if failed else {"report": outcome.report_digest},
    )
    session.flush()
    _forget_superseded(session, run.consultation_id)
    if not failed:
        key = f"open_data.make:{run.id}"
        jobs.enqueue(session, "open_data.make", {"consultation_id": run.consultation_id}, key=key)
    return run


def give_up(session: Session, run_id: int) -> AnalysisRun:
    """Mark a run as failed after its job failed for the last time."""
    return store(session, run_id, Outcome(failure_code="analysis.crashed"))


def cancel(session: Session, actor: Actor, run_id: int) -> AnalysisRun:
    """End a run that is not wanted any more; only its snapshot stays.

    Raises NotFoundError ``analysis.unknown``, NotAllowedError ``consultation.other_agency``.
    """
    run = get_run(session, run_id)
    policy.require_agency_staff(actor, session.get_one(Consultation, run.consultation_id))
    return store(session, run_id, Outcome(failure_code="analysis.cancelled"))


def _unfinished(session: Session, consultation_id: int) -> bool:
    running = select(AnalysisRun.id).where(
        AnalysisRun.consultation_id == consultation_id, AnalysisRun.state.in_(_UNFINISHED)
    )
    return session.scalars(running.limit(1)).first() is not None


def _forget_superseded(session: Session, consultation_id: int) -> None:
    """Delete automatic runs that newer ones have replaced and that no summary rests on."""
    automatic = (AnalysisRun.consultation_id == consultation_id, AnalysisRun.automatic)
    kept = (
        select(AnalysisRun.id)
        .where(*automatic, AnalysisRun.state == RunState.DONE)
        .order_by(AnalysisRun.id.desc())
        .limit(_KEPT)
    )
    old = session.execute(
        select(AnalysisRun.id, AnalysisRun.snapshot_id).where(
            *automatic,
            AnalysisRun.finished_at.is_not(None),
            AnalysisRun.id.not_in([*session.scalars(kept), _newest(session, consultation_id)]),
            AnalysisRun.id.not_in(select(Summary.run_id)),
        )
    ).all()
    if old:
        session.execute(delete(AnalysisRun).where(AnalysisRun.id.in_([run for run, _ in old])))
        session.execute(delete(Snapshot).where(Snapshot.id.in_([frozen for _, frozen in old])))


def _newest(session: Session, consultation_id: int) -> int:
    newest = select(func.max(AnalysisRun.id)).where(AnalysisRun.consultation_id == consultation_id)
    return session.scalar(newest) or 0
