"""Reads: a summary with its sentences, what each rests on, and its themes.

A sentence that repeats words which are no longer published is withheld; evidence that is no longer
published is left away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, raiseload

from consultations.models import (
    AnalysisRun,
    Contribution,
    Evidence,
    EvidenceKind,
    Finding,
    FindingWording,
    Section,
    Snapshot,
    Summary,
    SummaryState,
    Theme,
    Visibility,
)
from core.errors import NotFoundError

#: States of a summary; the shell names them without knowing the model.
WORKING, PUBLISHED = SummaryState.WORKING, SummaryState.PUBLISHED


@dataclass(frozen=True)
class Said:
    """A published contribution; all empty where the evidence is none."""

    reference: str
    body: str
    language: str


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
    reference: str
    text: str
    language: str
    quoted: bool
    theme: Theme | None
    group: str


@dataclass(frozen=True)
class FindingRow:
    """A sentence of the summary with its evidence.

    Attributes
    ----------
    position : int
        Place in its summary, from 0; pages use it as the sentence's anchor.
    withheld : bool
        It repeats words that are no longer published; its texts are empty.
    machine_th, machine_en : str
        What the engine wrote; the texts are the agency's where they differ.
    is_added, is_moved : bool
        The agency took it in from what the run offers, or gave it another place.
    repeated, repeated_language : str
        The statement or the quote that its texts repeat, and the language of that.
    worded : Theme or None
        The theme that it names by the machine's terms and that a person has worded since.
    """

    id: int
    position: int
    section: Section
    text_th: str
    text_en: str
    machine_th: str
    machine_en: str
    is_added: bool
    is_moved: bool
    withheld: bool
    repeated: str
    repeated_language: str
    left_out_reason: str | None
    worded: Theme | None
    evidence: tuple[EvidenceRow, ...]

    @property
    def section_order(self) -> int:
        """Place of the section in the summary."""
        return list(Section).index(self.section)

    @property
    def is_reworded(self) -> bool:
        """Whether the agency's words stand in the place of the engine's."""
        return (self.text_th, self.text_en) != (self.machine_th, self.machine_en)


@dataclass(frozen=True)
class SummaryPage:
    """A summary with the run and the snapshot it comes from.

    Attributes
    ----------
    wordings : mapping of int to sequence of FindingWording
        What the agency worded, by the number of the finding, oldest first.
    """

    summary: Summary
    run: AnalysisRun
    snapshot: Snapshot
    findings: tuple[FindingRow, ...]
    themes: tuple[Theme, ...]
    wordings: Mapping[int, Sequence[FindingWording]]


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
    """Return the newest summary in a state with all that its page shows; seven queries."""
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
        wordings=_wordings(session, summary.id),
    )


def _wordings(session: Session, summary_id: int) -> dict[int, list[FindingWording]]:
    rows = session.scalars(
        select(FindingWording)
        .join(Finding, Finding.id == FindingWording.finding_id)
        .where(Finding.summary_id == summary_id)
        .order_by(FindingWording.id)
    )
    found: dict[int, list[FindingWording]] = {}
    for row in rows:
        found.setdefault(row.finding_id, []).append(row)
    return found


def own_summary(session: Session, consultation_id: int, number: int) -> Summary:
    """Return a summary of this consultation; raises NotFoundError ``summary.unknown``."""
    summary = session.get(Summary, number)
    if summary is None or summary.consultation_id != consultation_id:
        raise NotFoundError("summary.unknown")
    return summary


def own_finding(session: Session, consultation_id: int, number: int) -> FindingRow:
    """Return a sentence of this consultation's summaries; NotFoundError ``finding.unknown``."""
    own = select(Summary.id).where(Summary.consultation_id == consultation_id)
    found = findings_where(session, Finding.id == number, Finding.summary_id.in_(own))
    if not found:
        raise NotFoundError("finding.unknown")
    return found[0]


def own_theme(session: Session, consultation_id: int, number: int) -> Theme:
    """Return a theme of this consultation's summaries; NotFoundError ``theme.unknown``."""
    own = select(Summary.id).where(Summary.consultation_id == consultation_id)
    theme = session.scalars(
        select(Theme).where(Theme.id == number, Theme.summary_id.in_(own))
    ).first()
    if theme is None:
        raise NotFoundError("theme.unknown")
    return theme


def findings_where(session: Session, *conditions: ColumnElement[bool]) -> list[FindingRow]:
    """Return findings with their evidence, in the order of their summaries; two queries."""
    findings = session.scalars(
        select(Finding)
        .where(*conditions)
        .order_by(Finding.summary_id, func.coalesce(Finding.moved_to, Finding.position))
        .options(raiseload(Finding.evidence))
    ).all()
    pieces = session.execute(
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
    )
    evidence: dict[int, list[EvidenceRow]] = {finding.id: [] for finding in findings}
    for piece, theme, reference, body, language, visibility in pieces:
        if visibility in (None, Visibility.PUBLISHED):
            said = Said(reference or "", body or "", language or "")
            evidence[piece.finding_id].append(_evidence_row(piece, theme, said))
    return [_finding_row(finding, evidence[finding.id]) for finding in findings]


def machine_words(finding: Finding, language: str) -> str:
    """Return what the engine wrote; the words that hold where it kept none."""
    kept = finding.sentence.get("text", {})
    return str(kept.get(language, getattr(finding, f"text_{language}")))


def theme_terms(words: Sequence[str]) -> str:
    """Return the machine's words for a theme as one text."""
    return " · ".join(words)


def _evidence_row(piece: Evidence, theme: Theme | None, said: Said) -> EvidenceRow:
    return EvidenceRow(
        kind=piece.kind,
        reference=said.reference,
        text=said.body[piece.quote_start : piece.quote_end].strip(),
        language=said.language,
        quoted=piece.quote_start is not None,
        theme=theme,
        group=piece.group,
    )


def _finding_row(finding: Finding, evidence: Sequence[EvidenceRow]) -> FindingRow:
    values = finding.sentence["values"]
    repeated = str(values.get("statement") or values.get("quote") or "")
    source = next((piece for piece in evidence if repeated.strip() in piece.text), None)
    withheld = bool(repeated) and source is None
    terms = theme_terms(values.get("terms", ()))
    themes = [piece.theme for piece in evidence if piece.theme and terms]
    named = [theme for theme in themes if theme.terms == terms]
    return FindingRow(
        id=finding.id,
        position=finding.position,
        section=finding.section,
        text_th="" if withheld else finding.text_th,
        text_en="" if withheld else finding.text_en,
        machine_th="" if withheld else machine_words(finding, "th"),
        machine_en="" if withheld else machine_words(finding, "en"),
        is_added=finding.is_added,
        is_moved=finding.moved_to is not None,
        withheld=withheld,
        repeated="" if withheld else repeated,
        repeated_language=source.language if source and repeated else "",
        left_out_reason=finding.left_out_reason,
        worded=next((theme for theme in named if theme.label_th), None),
        evidence=tuple(evidence),
    )
