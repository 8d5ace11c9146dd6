"""Reads: one participant's part in a summary: what rests on it, what not, and their answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from consultations.models import (
    Contribution,
    ContributionKind,
    Dissent,
    Evidence,
    Finding,
    FindingVerdict,
    Ratifier,
    RevisedFinding,
    RevisedVote,
    Statement,
    Summary,
    SummaryState,
    ThemeComment,
    Verdict,
    Visibility,
    Vote,
)


@dataclass(frozen=True)
class OwnPart:
    """Something of one's own: words, or a vote with its choice (1, 0 or -1)."""

    reference: str
    kind: ContributionKind
    body: str
    language: str
    choice: int | None


@dataclass(frozen=True)
class OwnCheck:
    """What a summary makes of somebody, and what they say to it.

    Attributes
    ----------
    rests_on : dict of int to tuple of OwnPart
        What of theirs each finding rests on, by its number.
    in_none : tuple of OwnPart
        What of theirs no finding of the summary rests on.
    verdicts : dict of int to Verdict
        Their answers, by the finding's number.
    whole : Verdict or None
        Their answer to the summary as a whole.
    dissents : dict of int or None to Dissent
        What they wrote, by the finding's number; None for the whole.
    revised : dict of int to int
        Their choices in second votes, by the finding's number.
    """

    rests_on: dict[int, tuple[OwnPart, ...]]
    in_none: tuple[OwnPart, ...]
    verdicts: dict[int, Verdict]
    whole: Verdict | None
    dissents: dict[int | None, Dissent]
    revised: dict[int, int]

    @property
    def has_answered(self) -> bool:
        """Whether there is any answer."""
        return bool(self.verdicts) or self.whole is not None


@dataclass(frozen=True)
class OwnAnswers:
    """How somebody answered: to the whole, and how often each answer to single sentences."""

    whole: Verdict | None
    sentences: Counter[Verdict]


def own_check(session: Session, summary: Summary, participant_id: str) -> OwnCheck:
    """Return a participant's part in a summary; eight queries, however much they wrote."""
    parts = _parts(session, summary, participant_id)
    resting = _resting(session, summary, list(parts))
    used = {number for numbers in resting.values() for number in numbers}
    ratifier = session.get(Ratifier, (summary.id, participant_id))
    return OwnCheck(
        rests_on={
            finding: tuple(parts[number] for number in sorted(numbers))
            for finding, numbers in resting.items()
        },
        in_none=tuple(part for number, part in parts.items() if number not in used),
        verdicts=_verdicts(session, summary, participant_id),
        whole=ratifier.verdict if ratifier else None,
        dissents=own_dissents(session, summary.id, participant_id),
        revised=_revised(session, summary, participant_id),
    )


def own_answers(session: Session, consultation_id: int, participant_id: str) -> OwnAnswers | None:
    """Return how somebody answered to the newest published summary; one query.

    None where there is no such summary.
    """
    newest = (
        select(func.max(Summary.id))
        .where(Summary.consultation_id == consultation_id, Summary.state == SummaryState.PUBLISHED)
        .scalar_subquery()
    )
    own = (FindingVerdict.finding_id == Finding.id) & (
        FindingVerdict.participant_id == participant_id
    )
    whole = (Ratifier.summary_id == Summary.id) & (Ratifier.participant_id == participant_id)
    rows = session.execute(
        select(
            Ratifier.verdict.label("whole"),
            FindingVerdict.verdict,
            func.count(FindingVerdict.finding_id).label("number"),
        )
        .select_from(Summary)
        .outerjoin(Ratifier, whole)
        .outerjoin(Finding, Finding.summary_id == Summary.id)
        .outerjoin(FindingVerdict, own)
        .where(Summary.id == newest)
        .group_by(Ratifier.verdict, FindingVerdict.verdict)
    ).all()
    if not rows:
        return None
    sentences = Counter({row.verdict: row.number for row in rows if row.verdict is not None})
    return OwnAnswers(rows[0].whole, sentences)


def own_dissents(
    session: Session, summary_id: int, participant_id: str
) -> dict[int | None, Dissent]:
    """Return what a participant wrote against a summary and has not withdrawn; one query."""
    found = session.scalars(
        select(Dissent)
        .where(
            Dissent.summary_id == summary_id,
            Dissent.participant_id == participant_id,
            Dissent.visibility != Visibility.WITHDRAWN,
        )
        .order_by(Dissent.id)
    )
    return {dissent.finding_id: dissent for dissent in found}


def _parts(session: Session, summary: Summary, participant_id: str) -> dict[int, OwnPart]:
    """Return one's words and votes from before the summary, by the contribution's number."""
    rows = session.execute(
        select(
            Contribution.id,
            Contribution.reference,
            Contribution.kind,
            Contribution.body,
            Contribution.language,
        )
        .where(
            Contribution.participant_id == participant_id,
            Contribution.consultation_id == summary.consultation_id,
            Contribution.kind.in_((ContributionKind.COMMENT, ContributionKind.STATEMENT)),
            Contribution.visibility.in_((Visibility.PUBLISHED, Visibility.COUNTED)),
        )
        .order_by(Contribution.id)
    )
    parts = {row.id: OwnPart(row.reference, row.kind, row.body, row.language, None) for row in rows}
    votes = session.execute(
        select(Statement.id, Statement.reference, Statement.body, Statement.language, Vote.choice)
        .join(Vote, Vote.statement_id == Statement.id)
        .where(
            Vote.participant_id == participant_id,
            Statement.visibility == Visibility.PUBLISHED,
            Statement.is_meta.is_(False),
        )
        .order_by(Statement.number)
    )
    for number, reference, body, language, choice in votes:
        parts[number] = OwnPart(reference, ContributionKind.STATEMENT, body, language, choice)
    return parts


def _resting(session: Session, summary: Summary, ids: Sequence[int]) -> dict[int, set[int]]:
    """Return which of some contributions each finding rests on, itself or by its theme."""
    themes: dict[int, set[int]] = {}
    for comment_id, theme_id in session.execute(
        select(ThemeComment.comment_id, ThemeComment.theme_id).where(
            ThemeComment.comment_id.in_(ids)
        )
    ):
        themes.setdefault(theme_id, set()).add(comment_id)
    rows = session.execute(
        select(Evidence.finding_id, Evidence.contribution_id, Evidence.theme_id)
        .join(Finding, Finding.id == Evidence.finding_id)
        .where(
            Finding.summary_id == summary.id,
            Finding.left_out_reason.is_(None),
            or_(Evidence.contribution_id.in_(ids), Evidence.theme_id.in_(themes)),
        )
    )
    found: dict[int, set[int]] = {}
    for row in rows:
        own = themes.get(row.theme_id, set()) if row.theme_id else {row.contribution_id}
        found.setdefault(row.finding_id, set()).update(own)
    return found


def _verdicts(session: Session, summary: Summary, participant_id: str) -> dict[int, Verdict]:
    rows = session.execute(
        select(FindingVerdict.finding_id, FindingVerdict.verdict)
        .join(Finding, Finding.id == FindingVerdict.finding_id)
        .where(FindingVerdict.participant_id == participant_id, Finding.summary_id == summary.id)
    )
    return {row.finding_id: row.verdict for row in rows}


def _revised(session: Session, summary: Summary, participant_id: str) -> dict[int, int]:
    rows = session.execute(
        select(RevisedFinding.finding_id, RevisedVote.choice)
        .join(RevisedVote, RevisedVote.revised_id == RevisedFinding.id)
        .join(Finding, Finding.id == RevisedFinding.finding_id)
        .where(RevisedVote.participant_id == participant_id, Finding.summary_id == summary.id)
    )
    return {row.finding_id: row.choice for row in rows}
