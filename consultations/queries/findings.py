"""Reads: a summary with its sentences, what each rests on, and its themes.

A sentence that repeats words which are no longer published is withheld; evidence that is no longer
published is left away.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from consultations.models import (
    AnalysisRun,
    Contribution,
    Evidence,
    EvidenceKind,
    Finding,
    Section,
    Snapshot,
    Summary,
    SummaryState,
    Theme,
    Visibility,
)


@dataclass(frozen=True)
class EvidenceRow:
    """One thing that a finding rests on.

    Attributes
    ----------
    reference, text, language : str
        Of a statement, or of a comment's quoted words; empty for a theme or a group.
    quoted : bool
        The text is a part of the comment that the sentence quotes.
    """

    kind: EvidenceKind
    reference: str = ""
    text: str = ""
    language: str = ""
    quoted: bool = False
    theme: Theme | None = None
    group: str = ""


@dataclass(frozen=True)
class FindingRow:
    """A sentence of the summary with its evidence.

    Attributes
    ----------
    number : int
        Place in its summary, from 1.
    withheld : bool
        It repeats words that are no longer published; its texts are empty.
    """

    id: int
    number: int
    section: Section
    text_th: str
    text_en: str
    withheld: bool
    left_out_reason: str | None
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class SummaryPage:
    """A summary with the run and the snapshot it comes from."""

    summary: Summary
    run: AnalysisRun
    snapshot: Snapshot
    findings: tuple[FindingRow, ...]
    themes: tuple[Theme, ...]


def latest_summary(session: Session, consultation_id: int, state: SummaryState) -> Summary | None:
    """Return the newest summary in a state; None where there is none."""
    return session.scalars(
        select(Summary)
        .where(Summary.consultation_id == consultation_id, Summary.state == state)
        .order_by(Summary.number.desc())
        .limit(1)
    ).first()


def summary_page(
    session: Session, consultation_id: int, state: SummaryState = SummaryState.PUBLISHED
) -> SummaryPage | None:
    """Return the newest summary in a state with all that its page shows; six queries."""
    summary = latest_summary(session, consultation_id, state)
    if summary is None:
        return None
    run = session.get_one(AnalysisRun, summary.run_id)
    themes = session.scalars(
        select(Theme).where(Theme.summary_id == summary.id).order_by(Theme.position)
    ).all()
    return SummaryPage(
        summary=summary,
        run=run,
        snapshot=session.get_one(Snapshot, run.snapshot_id),
        findings=tuple(findings_where(session, Finding.summary_id == summary.id)),
        themes=tuple(themes),
    )


def findings_where(session: Session, *conditions: ColumnElement[bool]) -> list[FindingRow]:
    """Return findings with their evidence, in the order of their summaries; two queries."""
    findings = session.execute(
        select(
            Finding.id,
            Finding.position,
            Finding.section,
            Finding.text_th,
            Finding.text_en,
            Finding.left_out_reason,
        )
        .where(*conditions)
        .order_by(Finding.summary_id, Finding.position)
    ).all()
    rows = session.execute(
        select(
            Evidence,
            Theme,
            Contribution.reference,
            Contribution.body,
            Contribution.language,
            Contribution.visibility,
        )
        .join(Finding, Finding.id == Evidence.finding_id)
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .outerjoin(Theme, Theme.id == Evidence.theme_id)
        .where(*conditions)
        .order_by(Evidence.id)
    ).all()
    evidence: dict[int, list[_EvidenceColumns]] = {finding.id: [] for finding in findings}
    for row in rows:
        evidence[row[0].finding_id].append(row)
    return [_finding_row(finding, evidence[finding.id]) for finding in findings]


_FindingColumns = Row[tuple[int, int, Section, str, str, str | None]]
_EvidenceColumns = Row[tuple[Evidence, Theme, str, str, str, Visibility]]


def _finding_row(finding: _FindingColumns, evidence: Sequence[_EvidenceColumns]) -> FindingRow:
    shown, gone = [], []
    for row in evidence:
        published = row.visibility in (None, Visibility.PUBLISHED)
        (shown if published else gone).append(row)
    both = f"{finding.text_th}\n{finding.text_en}"
    withheld = any(words and words in both for words in map(_words, gone))
    return FindingRow(
        id=finding.id,
        number=finding.position + 1,
        section=finding.section,
        text_th="" if withheld else finding.text_th,
        text_en="" if withheld else finding.text_en,
        withheld=withheld,
        left_out_reason=finding.left_out_reason,
        evidence=tuple(map(_evidence_row, shown)),
    )


def _words(row: _EvidenceColumns) -> str:
    piece: Evidence = row[0]
    return row.body[piece.quote_start : piece.quote_end].strip()


def _evidence_row(row: _EvidenceColumns) -> EvidenceRow:
    piece, theme = row[0], row[1]
    if piece.contribution_id is None:
        return EvidenceRow(piece.kind, theme=theme, group=piece.group)
    quoted = piece.quote_start is not None
    return EvidenceRow(piece.kind, row.reference, _words(row), row.language, quoted)
