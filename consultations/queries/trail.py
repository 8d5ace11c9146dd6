"""Reads: what became of contributions, from the words to the clause that changed because of them.

Only published summaries, responses and drafts appear: what officials are still writing is not an
answer yet. What moderators decided is read from ``moderation.queries.history``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, with_polymorphic

from consultations import anchoring
from consultations.anchoring import AnchorState, Quote
from consultations.models import (
    Clause,
    Comment,
    Consultation,
    Contribution,
    ContributionRevision,
    Draft,
    DraftState,
    Evidence,
    Finding,
    OfficialResponse,
    ResponseState,
    Statement,
    Summary,
    SummaryState,
    Theme,
    ThemeComment,
    Visibility,
)
from consultations.queries.clause_changes import ClauseChange, clause_changes
from consultations.queries.findings import FindingRow, findings_where
from core.errors import NotFoundError


@dataclass(frozen=True)
class Trace:
    """One contribution and everything that followed from it."""

    contribution: Comment | Statement
    #: The clause in the draft that the contribution was written on; None for the whole draft.
    clause: Clause | None
    draft_number: int | None
    #: What became of the quoted words, or of the clause, in the newest published draft; None when
    #: there is no newer draft than the comment's own.
    anchor: AnchorState | None
    newest_draft_number: int | None
    themes: tuple[Theme, ...]
    findings: tuple[FindingRow, ...]
    responses: tuple[OfficialResponse, ...]
    changes: tuple[ClauseChange, ...]


def traces_of(session: Session, consultation: Consultation, participant_id: str) -> list[Trace]:
    """Return a participant's contributions with their traces, newest first. Nine queries."""
    row = with_polymorphic(Contribution, [Comment, Statement])
    found = session.scalars(
        select(row)
        .where(row.participant_id == participant_id, row.consultation_id == consultation.id)
        .order_by(row.created_at.desc(), row.id.desc())
    ).all()
    return _Tracer(session, consultation, found).traces()


def trace_at(
    session: Session, consultation: Consultation, reference: str, participant_id: str | None
) -> Trace:
    """Return one contribution with its trace. Nine queries.

    Parameters
    ----------
    participant_id : str or None
        Who is asking: authors see their own contribution whatever its visibility.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is not published and someone else's.
    """
    row = with_polymorphic(Contribution, [Comment, Statement])
    found = session.scalars(
        select(row).where(row.reference == reference, row.consultation_id == consultation.id)
    ).first()
    if found is None or not _may_see(found, participant_id):
        raise NotFoundError("contribution.unknown")
    return _Tracer(session, consultation, [found]).traces()[0]


def earlier_words(session: Session, contribution_id: int) -> Sequence[ContributionRevision]:
    """Return the words that an author has replaced, the latest first. One query."""
    return session.scalars(
        select(ContributionRevision)
        .where(ContributionRevision.contribution_id == contribution_id)
        .order_by(ContributionRevision.revision.desc())
    ).all()


def _may_see(contribution: Contribution, participant_id: str | None) -> bool:
    if contribution.visibility is Visibility.PUBLISHED:
        return True
    return participant_id is not None and contribution.participant_id == participant_id


class _Tracer:
    """Loads, for some contributions at once, what the traces are put together from."""

    def __init__(
        self, session: Session, consultation: Consultation, contributions: Sequence[Any]
    ) -> None:
        self._session = session
        self._contributions = contributions
        ids = [contribution.id for contribution in contributions]
        self._drafts = self._published_drafts(consultation)
        self._clauses = self._load_clauses()
        self._themes = self._load_themes(ids)
        theme_ids = {theme.id for _, theme in self._themes}
        self._findings = _load_findings(session, ids, theme_ids)
        finding_ids = {finding.id for _, _, finding in self._findings}
        self._responses = self._load_responses(ids, theme_ids, finding_ids)
        self._changes = clause_changes(session, [each.id for each in self._responses])

    def traces(self) -> list[Trace]:
        return [self._trace(contribution) for contribution in self._contributions]

    def _trace(self, contribution: Comment | Statement) -> Trace:
        own_id = contribution.id
        themes = [theme for comment_id, theme in self._themes if comment_id == own_id]
        theme_ids = {theme.id for theme in themes}
        findings = {
            finding.id: finding
            for contribution_id, theme_id, finding in self._findings
            if contribution_id == own_id or theme_id in theme_ids
        }
        responses = [
            response
            for response in self._responses
            if response.comment_id == own_id
            or response.theme_id in theme_ids
            or response.finding_id in findings
        ]
        causes = {response.id for response in responses}
        draft_id = contribution.draft_id if isinstance(contribution, Comment) else None
        newest = max(self._drafts, key=self._drafts.__getitem__, default=None)
        return Trace(
            contribution=contribution,
            clause=self._clauses.get((draft_id or newest, contribution.clause_key)),
            draft_number=self._drafts.get(draft_id) if draft_id else None,
            anchor=self._anchor(contribution, newest),
            newest_draft_number=self._drafts[newest] if newest else None,
            themes=tuple(themes),
            findings=tuple(findings.values()),
            responses=tuple(responses),
            changes=tuple(self._changes_by(causes)),
        )

    def _changes_by(self, responses: set[int]) -> Iterable[ClauseChange]:
        """Return each changed clause of a draft once, however many responses changed it."""
        return {
            (change.draft_number, change.clause_key): change
            for change in self._changes
            if change.response_id in responses
        }.values()

    def _anchor(self, contribution: Comment | Statement, newest: int | None) -> AnchorState | None:
        if not isinstance(contribution, Comment) or contribution.draft_id == newest:
            return None
        if newest is None or not contribution.clause_key:
            return None
        then = self._clauses.get((contribution.draft_id, contribution.clause_key))
        now = self._clauses.get((newest, contribution.clause_key))
        return _state(contribution, then, now)

    def _published_drafts(self, consultation: Consultation) -> dict[int, int]:
        rows = self._session.execute(
            select(Draft.id, Draft.number).where(
                Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED
            )
        )
        return {row.id: row.number for row in rows}

    def _load_clauses(self) -> dict[tuple[int | None, str], Clause]:
        keys = {contribution.clause_key for contribution in self._contributions}
        rows = self._session.scalars(
            select(Clause).where(Clause.draft_id.in_(self._drafts), Clause.key.in_(keys))
        )
        return {(clause.draft_id, clause.key): clause for clause in rows}

    def _load_themes(self, ids: Sequence[int]) -> list[tuple[int, Theme]]:
        rows = self._session.execute(
            select(ThemeComment.comment_id, Theme)
            .join(Theme, Theme.id == ThemeComment.theme_id)
            .join(Summary, Summary.id == Theme.summary_id)
            .where(ThemeComment.comment_id.in_(ids), Summary.state == SummaryState.PUBLISHED)
            .order_by(Summary.number.desc(), Theme.position)
        )
        return [(comment_id, theme) for comment_id, theme in rows]

    def _load_responses(
        self, ids: Sequence[int], theme_ids: set[int], finding_ids: set[int]
    ) -> Sequence[OfficialResponse]:
        return self._session.scalars(
            select(OfficialResponse)
            .where(
                or_(
                    OfficialResponse.comment_id.in_(ids),
                    OfficialResponse.theme_id.in_(theme_ids),
                    OfficialResponse.finding_id.in_(finding_ids),
                ),
                OfficialResponse.state == ResponseState.PUBLISHED,
            )
            .order_by(OfficialResponse.id)
        ).all()


def _state(comment: Comment, then: Clause | None, now: Clause | None) -> AnchorState:
    """Say what became of the words that a comment is about."""
    if now is None:
        return AnchorState.REMOVED
    if comment.quote_start is not None:
        quote = Quote(
            comment.quote_exact, comment.quote_prefix, comment.quote_suffix, comment.quote_start
        )
        return anchoring.resolve(quote, now.body).state
    same = then is not None and then.body.split() == now.body.split()
    return AnchorState.KEPT if same else AnchorState.EDITED


def _load_findings(
    session: Session, ids: Sequence[int], theme_ids: set[int]
) -> list[tuple[int | None, int | None, FindingRow]]:
    """Return which finding rests on what; one that repeats withheld words is left out."""
    rows = session.execute(
        select(Evidence.contribution_id, Evidence.theme_id, Finding.id)
        .join(Finding, Finding.id == Evidence.finding_id)
        .join(Summary, Summary.id == Finding.summary_id)
        .where(
            or_(Evidence.contribution_id.in_(ids), Evidence.theme_id.in_(theme_ids)),
            Summary.state == SummaryState.PUBLISHED,
            Finding.left_out_reason.is_(None),
        )
        .order_by(Summary.number.desc(), Finding.position, Evidence.id)
    ).all()
    wanted = {finding_id for *_, finding_id in rows}
    findings = {
        finding.id: finding
        for finding in findings_where(session, Finding.id.in_(wanted))
        if not finding.withheld
    }
    return [
        (contribution_id, theme_id, findings[finding_id])
        for contribution_id, theme_id, finding_id in rows
        if finding_id in findings
    ]
