"""Service: prepare a summary out of a run, leave sentences out, word themes, publish."""

import hashlib

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer

from consultations import earlier_themes, policy, seconding, sentences, working_summary
from consultations.models import (
    AnalysisRun,
    Consultation,
    Contribution,
    Evidence,
    Finding,
    RunState,
    Snapshot,
    Stage,
    Summary,
    SummaryState,
    Theme,
    ThemeKind,
    Visibility,
)
from consultations.participation import locked_consultation
from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.text import plain_text, single_line

LONGEST_REASON = 2000
LONGEST_LABEL = 200
_STAGES = (Stage.CLOSED, Stage.SUMMARY)


def prepare(session: Session, actor: Actor, consultation_id: int, run_id: int) -> Summary:
    """Make the working summary from a finished run, in place of an earlier working one.

    What people called a theme stays with it as long as the engine continues the theme.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``analysis.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``; ``summary.run_not_done``; ``summary.run_too_early`` when the
        run was frozen before contributions ended.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *_STAGES)
    run, snapshot = _finished_run(session, consultation, run_id)
    wordings = earlier_themes.wordings(session, consultation_id)
    session.execute(
        delete(Summary).where(
            Summary.consultation_id == consultation_id, Summary.state == SummaryState.WORKING
        )
    )
    highest = select(func.max(Summary.number)).where(Summary.consultation_id == consultation_id)
    summary = Summary(
        consultation_id=consultation_id,
        number=(session.scalar(highest) or 0) + 1,
        run_id=run.id,
        prepared_by_id=actor.account_id,
        hands=policy.with_hand((), actor),
        created_at=now(),
    )
    session.add(summary)
    session.flush()
    sentences.write(session, summary, sentences.read_material(session, run, snapshot))
    session.flush()
    for theme in session.scalars(select(Theme).where(Theme.summary_id == summary.id)):
        if not theme.is_chosen:
            theme.label_th, theme.label_en = wordings.get(theme.key, ("", ""))
    ledger.record(
        session,
        actor,
        "summary.prepared",
        consultation_id=consultation_id,
        subject=f"summary:{summary.number}",
        detail={"run": run.id, "report": run.report_digest},
    )
    session.flush()
    return summary


def leave_out(session: Session, actor: Actor, finding_id: int, *, reason: str) -> Finding:
    """Leave a sentence out of the summary; it stays visible as left out, with the reason.

    Raises
    ------
    NotFoundError
        ``finding.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``summary.reason_required``, ``text.too_long``.
    ConflictError
        ``summary.published``.
    """
    finding = working_summary.open_finding(session, actor, finding_id)
    if not reason.strip():
        raise InvalidError("summary.reason_required", field="reason")
    words = plain_text(reason, max_length=LONGEST_REASON, field="reason")
    finding.left_out_reason = words
    digest = hashlib.sha256(words.encode()).hexdigest()
    working_summary.record(session, actor, "summary.left_out", finding, {"reason_sha256": digest})
    return finding


def take_in(session: Session, actor: Actor, finding_id: int) -> Finding:
    """Take a sentence that was left out back into the summary; raises as ``leave_out``."""
    finding = working_summary.open_finding(session, actor, finding_id)
    finding.left_out_reason = None
    working_summary.record(session, actor, "summary.taken_in", finding, {})
    return finding


def name_theme(
    session: Session, actor: Actor, theme_id: int, *, label_th: str, label_en: str
) -> Theme:
    """Word a theme; without any wording the machine's terms stand again.

    A list of comments without a theme is no theme, nor is what stands beside chosen themes.

    Raises
    ------
    NotFoundError
        ``theme.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``theme.label_th_required`` for an English wording alone; ``text.too_long``.
    ConflictError
        ``summary.published``; ``theme.word_on_workbench`` for a theme that people chose there.
    """
    theme = session.get(Theme, theme_id)
    if theme is None or theme.kind is not ThemeKind.THEME:
        raise NotFoundError("theme.unknown")
    working_summary.change(session, actor, theme.summary_id)
    if theme.is_chosen:
        raise ConflictError("theme.word_on_workbench")
    if label_en.strip() and not label_th.strip():
        raise InvalidError("theme.label_th_required", field="label_th")
    theme.label_th = _label(label_th, "label_th")
    theme.label_en = _label(label_en, "label_en")
    session.flush()
    return theme


def publish(session: Session, actor: Actor, summary_id: int) -> Summary:
    """Publish a summary that somebody else prepared.

    Raises
    ------
    NotFoundError
        ``summary.unknown``.
    NotAllowedError
        ``approval.approver_needed``, ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``summary.published``.
    """
    summary = session.get(Summary, summary_id)
    if summary is None:
        raise NotFoundError("summary.unknown")
    consultation = locked_consultation(session, summary.consultation_id)
    policy.require_approver(actor, consultation, summary.prepared_by_id)
    seconding.require_no_hand(session, actor, summary.hands)
    policy.require_stage(consultation, now(), Stage.SUMMARY)
    if summary.state is SummaryState.PUBLISHED:
        raise ConflictError("summary.published")
    summary.state, summary.published_at = SummaryState.PUBLISHED, now()
    findings = session.scalars(select(Finding).where(Finding.summary_id == summary.id)).all()
    _tell_the_quoted(session, consultation, summary)
    ledger.record(
        session,
        actor,
        "summary.published",
        consultation_id=consultation.id,
        subject=f"summary:{summary.number}",
        detail={
            "run": summary.run_id,
            "findings": len(findings),
            "left_out": sum(finding.left_out_reason is not None for finding in findings),
        },
    )
    session.flush()
    return summary


def _tell_the_quoted(session: Session, consultation: Consultation, summary: Summary) -> None:
    """Leave one message for each person whose published words the summary repeats."""
    quoted = session.scalars(
        select(Contribution.participant_id)
        .join(Evidence, Evidence.contribution_id == Contribution.id)
        .join(Finding, Finding.id == Evidence.finding_id)
        .where(
            Finding.summary_id == summary.id,
            Finding.left_out_reason.is_(None),
            Contribution.visibility == Visibility.PUBLISHED,
            Contribution.participant_id.is_not(None),
        )
        .distinct()
        .order_by(Contribution.participant_id)
    )
    for participant_id in quoted:
        notices.notify(
            session, str(participant_id), "summary.quoted", consultation=consultation.slug
        )


def _finished_run(
    session: Session, consultation: Consultation, run_id: int
) -> tuple[AnalysisRun, Snapshot]:
    options = [undefer(AnalysisRun.themes_json), undefer(AnalysisRun.summary_json)]
    run = session.get(AnalysisRun, run_id, options=options)
    if run is None or run.consultation_id != consultation.id:
        raise NotFoundError("analysis.unknown")
    if run.state is not RunState.DONE:
        raise ConflictError("summary.run_not_done")
    snapshot = session.get_one(Snapshot, run.snapshot_id, options=[undefer(Snapshot.comments_csv)])
    ended = consultation.closes_at
    if ended is not None and snapshot.taken_at < ended <= now():
        raise ConflictError("summary.run_too_early")
    return run, snapshot


def _label(value: str, field: str) -> str:
    return single_line(value, max_length=LONGEST_LABEL, field=field) if value.strip() else ""
