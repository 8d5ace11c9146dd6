"""Keeps the public picture of open consultations fresh, within bounds."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from consultations import policy
from consultations.models import AnalysisRun, Comment, Consultation, RunState, Snapshot, Visibility
from consultations.queries.live import votes_since

#: A run is asked for after so many new votes, or after so long with anything new.
AFTER_VOTES, AFTER = 50, timedelta(minutes=15)
#: Never sooner than this after the last one, and after one that failed.
AT_LEAST, AFTER_FAILURE = timedelta(minutes=1), timedelta(hours=1)
#: A run that took long waits so many times as long, so that no consultation takes all of a worker.
TIMES_ITS_LENGTH = 10
#: Most runs that are asked for at once; the others come at the next look.
AT_ONCE = 5


def due_for_refresh(session: Session, moment: datetime) -> list[int]:
    """Return open consultations whose picture is out of date, at most `AT_ONCE`.

    The caller asks for each run in a transaction of its own, so that nobody's vote waits for
    several of them.
    """
    open_ones = select(Consultation).where(Consultation.stage.in_(policy.TAKING_STAGES))
    found: list[int] = []
    for consultation in session.scalars(open_ones.order_by(Consultation.id)):
        if len(found) == AT_ONCE:
            break
        if policy.is_taking_contributions(consultation, moment) and _is_due(
            session, consultation.id, moment
        ):
            found.append(consultation.id)
    return found


def _is_due(session: Session, consultation_id: int, moment: datetime) -> bool:
    last = session.scalars(
        select(AnalysisRun)
        .options(
            load_only(
                AnalysisRun.state,
                AnalysisRun.queued_at,
                AnalysisRun.finished_at,
                AnalysisRun.snapshot_id,
            )
        )
        .where(AnalysisRun.consultation_id == consultation_id)
        .order_by(AnalysisRun.id.desc())
        .limit(1)
    ).first()
    if last is None:
        votes, comments = _news(session, consultation_id, None)
        return votes + comments > 0
    if last.finished_at is None:
        return False
    waited = moment - last.queued_at
    if last.state is RunState.FAILED:
        return waited >= AFTER_FAILURE
    if waited < max(AT_LEAST, TIMES_ITS_LENGTH * (last.finished_at - last.queued_at)):
        return False
    votes, comments = _news(session, consultation_id, session.get_one(Snapshot, last.snapshot_id))
    return votes >= AFTER_VOTES or (votes + comments > 0 and waited >= AFTER)


def _news(session: Session, consultation_id: int, since: Snapshot | None) -> tuple[int, int]:
    """Return votes (counted up to `AFTER_VOTES`) and comments that a snapshot does not hold."""
    last_vote = since.activity.get("last_vote", 0) if since else 0
    votes = votes_since(session, consultation_id, last_vote, most=AFTER_VOTES)
    comments = session.scalar(
        select(func.count(Comment.id)).where(
            Comment.consultation_id == consultation_id,
            Comment.visibility == Visibility.PUBLISHED,
            *([Comment.created_at > since.taken_at] if since else []),
        )
    )
    return votes, comments or 0
