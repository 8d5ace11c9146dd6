"""Service: word a sentence of the summary, take in another that the run offers, move one."""

import hashlib
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from consultations import sentences, wordings, working_summary
from consultations.models import AnalysisRun, Finding, FindingWording, Snapshot, Summary
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotFoundError


def reword(
    session: Session, actor: Actor, finding_id: int, *, text_th: str, text_en: str
) -> Finding:
    """Give a sentence other words; the machine's and every earlier wording stay visible.

    Numbers, sides, groups, negations and quotes must stand in it as the evidence has them, in the
    same order. Words that the check cannot vouch for are kept with the wording, to be shown.

    Raises
    ------
    NotFoundError
        ``finding.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``summary.published``.
    InvalidError
        As ``wordings.checked_wording``.
    """
    finding = working_summary.open_finding(session, actor, finding_id)
    wording = wordings.checked_wording(finding.sentence, text_th=text_th, text_en=text_en)
    if (wording.text_th, wording.text_en) == (finding.text_th, finding.text_en):
        return finding
    finding.text_th, finding.text_en = wording.text_th, wording.text_en
    session.add(
        FindingWording(
            finding_id=finding.id,
            text_th=wording.text_th,
            text_en=wording.text_en,
            unchecked=list(wording.unchecked),
            worded_by_id=actor.account_id,
            worded_at=now(),
        )
    )
    words = f"{wording.text_th}\n{wording.text_en}"
    detail: dict[str, object] = {"sha256": hashlib.sha256(words.encode()).hexdigest()}
    working_summary.record(session, actor, "summary.reworded", finding, detail)
    return finding


def offered(session: Session, summary: Summary) -> list[dict[str, Any]]:
    """Return the sentences that the summary's run carries beside those that stand in it.

    Two queries. Nothing where the run is older than this offer.
    """
    run = session.get_one(AnalysisRun, summary.run_id, options=[undefer(AnalysisRun.summary_json)])
    taken = session.scalars(select(Finding.sentence).where(Finding.summary_id == summary.id))
    present = {str(sentence.get("id", "")) for sentence in taken}
    return [entry for entry in sentences.more_of(run) if entry["id"] not in present]


def add(session: Session, actor: Actor, summary_id: int, sentence_id: str) -> Finding:
    """Take in a sentence that the run carries, with its evidence; it stands last in its section.

    Raises
    ------
    NotFoundError
        ``finding.unknown``: the run offers no such sentence.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``summary.published``.
    """
    summary = working_summary.change(session, actor, summary_id)
    chosen = next((it for it in offered(session, summary) if it["id"] == sentence_id), None)
    if chosen is None:
        raise NotFoundError("finding.unknown")
    run = session.get_one(AnalysisRun, summary.run_id, options=[undefer(AnalysisRun.themes_json)])
    snapshot = session.get_one(Snapshot, run.snapshot_id, options=[undefer(Snapshot.comments_csv)])
    last = select(func.max(Finding.position)).where(Finding.summary_id == summary.id)
    finding = sentences.add(session, summary, run, snapshot, chosen)
    finding.position = (session.scalar(last) or 0) + 1
    finding.is_added = True
    session.add(finding)
    session.flush()
    working_summary.record(
        session, actor, "summary.sentence_added", finding, {"sentence": sentence_id}
    )
    return finding


def move(session: Session, actor: Actor, finding_id: int, *, earlier: bool) -> Finding:
    """Let a sentence change places with its neighbour in the same section; logged and shown.

    Raises
    ------
    NotFoundError
        ``finding.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``summary.published``, or ``finding.at_the_end``: there is no neighbour on that side.
    """
    finding = working_summary.open_finding(session, actor, finding_id)
    others = session.scalars(
        select(Finding).where(
            Finding.summary_id == finding.summary_id, Finding.section == finding.section
        )
    ).all()
    ordered = sorted(others, key=lambda each: each.place)
    place = ordered.index(finding)
    target = place - 1 if earlier else place + 1
    if not 0 <= target < len(ordered):
        raise ConflictError("finding.at_the_end")
    neighbour, before = ordered[target], finding.place
    finding.place, neighbour.place = neighbour.place, before
    session.flush()
    working_summary.record(
        session, actor, "summary.moved", finding, {"from": place + 1, "to": target + 1}
    )
    return finding
