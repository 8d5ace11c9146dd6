"""What the trails are put together from: themes, findings, responses and changed clauses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from consultations import anchoring
from consultations.anchoring import AnchorState, Quote
from consultations.models import (
    Clause,
    Comment,
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
    ThemeKind,
)
from consultations.queries.clause_changes import ClauseChange, clause_changes
from consultations.queries.credits import Credit, credits_of_comments
from consultations.queries.findings import FindingRow, findings_where


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
    #: Where a proposed wording was taken over.
    credits: tuple[Credit, ...]


class Tracer:
    """Loads, for some contributions at once, what the traces are put together from."""

    def __init__(self, session: Session, contributions: Sequence[Any]) -> None:
        self._session = session
        self._contributions = contributions
        ids = [contribution.id for contribution in contributions]
        self._places = self._published_drafts()
        self._drafts = {
            number: each for drafts in self._places.values() for number, each in drafts.items()
        }
        self._clauses = self._load_clauses()
        self._themes = self._load_themes(ids)
        theme_ids = {theme.id for _, theme in self._themes}
        self._findings = _load_findings(session, ids, theme_ids)
        finding_ids = {finding.id for _, _, finding in self._findings}
        self._responses = self._load_responses(ids, theme_ids, finding_ids)
        self._credits = credits_of_comments(session, ids)
        self._changes = clause_changes(session, [each.id for each in self._responses])

    def traces(self) -> list[Trace]:
        """Return the contributions in the order given, each with what followed from it."""
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
        drafts = self._places.get(contribution.consultation_id, {})
        newest = max(drafts, key=drafts.__getitem__, default=None)
        return Trace(
            contribution=contribution,
            clause=self._clauses.get((draft_id or newest, contribution.clause_key)),
            draft_number=self._drafts.get(draft_id) if draft_id else None,
            anchor=self._anchor(contribution, newest),
            newest_draft_number=self._drafts[newest] if newest else None,
            themes=tuple(theme for theme in themes if theme.kind is not ThemeKind.MACHINE),
            findings=tuple(findings.values()),
            responses=tuple(responses),
            changes=tuple(self._changes_by(causes)),
            credits=tuple(self._credits.get(contribution.reference, ())),
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

    def _published_drafts(self) -> dict[int, dict[int, int]]:
        """Return the numbers of the published drafts, by consultation and draft."""
        places = {contribution.consultation_id for contribution in self._contributions}
        rows = self._session.execute(
            select(Draft.consultation_id, Draft.id, Draft.number).where(
                Draft.consultation_id.in_(places), Draft.state == DraftState.PUBLISHED
            )
        )
        found: dict[int, dict[int, int]] = {}
        for place, draft_id, number in rows:
            found.setdefault(place, {})[draft_id] = number
        return found

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
