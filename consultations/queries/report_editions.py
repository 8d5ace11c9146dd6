"""Reads: editions of the results report, their files, and whether they still hold what is true."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, undefer

from consultations import policy
from consultations.models import (
    AnalysisRun,
    Comment,
    Commitment,
    CommitmentProgress,
    Consultation,
    Contribution,
    ContributionKind,
    Draft,
    DraftState,
    EditionState,
    Evidence,
    LawStep,
    OfficialResponse,
    Origin,
    ReportEdition,
    ReportFile,
    ResponseState,
    RunState,
    Statement,
    Summary,
    SummaryState,
    ThemeComment,
    Visibility,
)
from consultations.queries.open_data import words_state
from core.errors import ConflictError, NotFoundError

#: Raised when the files themselves are written differently, so that kept ones are made anew.
FORMAT: Final = 1
#: Files that are out of date only in their figures rest so long before they are made anew.
REST: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Outcome:
    """A published contribution, and the numbers of the answers in the report that concern it."""

    reference: str
    kind: str
    origin: str
    clause_key: str
    answers: tuple[int, ...]


@dataclass(frozen=True)
class Editions:
    """The edition that an officer works on and the one that is published; None where none is.

    Attributes
    ----------
    files : sequence of ReportFile
        Of the edition in work, or else of the published one; without content.
    state : str
        State of the consultation now.
    """

    working: ReportEdition | None
    published: ReportEdition | None
    files: Sequence[ReportFile]
    state: str

    @property
    def newest(self) -> ReportEdition | None:
        """The edition in work, or else the published one."""
        return self.working or self.published

    @property
    def is_made(self) -> bool:
        """Whether the newest edition has files that hold what is true now."""
        return self.newest is not None and is_current(self.newest, self.state)


def is_current(edition: ReportEdition, state: str) -> bool:
    """Whether the files of an edition were made from its latest words and from this state."""
    return edition.made_revision == edition.revision and edition.made_state == state


def is_public(session: Session, consultation: Consultation) -> bool:
    """Whether anyone may read the report: after the end, or once answers are out; one query."""
    if consultation.stage in policy.ENDED_STAGES:
        return True
    published = select(OfficialResponse.id).where(
        OfficialResponse.consultation_id == consultation.id,
        OfficialResponse.state == ResponseState.PUBLISHED,
    )
    return session.scalar(published.limit(1)) is not None


def editions(session: Session, consultation_id: int, *, working: bool = True) -> Editions:
    """Return the editions of a consultation; three queries.

    Parameters
    ----------
    working : bool
        Whether the reader may know of an edition that is not published.
    """
    rows = session.scalars(
        select(ReportEdition)
        .where(ReportEdition.consultation_id == consultation_id)
        .order_by(ReportEdition.number.desc())
        .limit(2)
    ).all()
    published = next((row for row in rows if row.state is EditionState.PUBLISHED), None)
    own = rows[0] if rows and working and rows[0].state is EditionState.WORKING else None
    newest = own or published
    files = session.scalars(
        select(ReportFile)
        .where(ReportFile.edition_id == (newest.id if newest else None))
        .order_by(ReportFile.id)
    ).all()
    return Editions(own, published, files, state_of(session, consultation_id))


def file_content(
    session: Session, consultation_id: int, name: str, *, working: bool = False
) -> ReportFile:
    """Return a file of the published edition, or of the one in work, with its content.

    Raises
    ------
    NotFoundError
        ``report.file_unknown``; ``report.no_pdf``: the other files are there.
    ConflictError
        ``report.being_made``: words were changed or hidden since; the file is being made anew.
    """
    found = editions(session, consultation_id, working=working)
    if found.newest is not None and has_other_words(session, found.newest):
        raise ConflictError("report.being_made")
    file = session.scalars(
        select(ReportFile)
        .where(
            ReportFile.edition_id == (found.newest.id if found.newest else None),
            ReportFile.name == name,
        )
        .options(undefer(ReportFile.content))
    ).first()
    if file is None:
        lacks_pdf = bool(found.files) and name.endswith(".pdf")
        raise NotFoundError("report.no_pdf" if lacks_pdf else "report.file_unknown")
    return file


def has_other_words(session: Session, edition: ReportEdition) -> bool:
    """Whether words were changed or hidden since the files were made; one query."""
    made_at, number = edition.made_at, edition.consultation_id
    return made_at is not None and edition.made_words != words_state(session, number, made_at)


def state_of(session: Session, consultation_id: int) -> str:
    """Return what changes whenever the report would; one query."""
    return _states(session, Consultation.id == consultation_id)[consultation_id]


def stale(session: Session, at: datetime) -> list[tuple[ReportEdition, str]]:
    """Return the editions whose files must be made anew, with the present states.

    At once where words were changed or hidden; otherwise after some rest, because another round
    changes the figures with every vote. Of a consultation only the newest edition in each state is
    given out. Two queries, and one for each edition that is out of date.
    """
    newest = (
        select(func.max(ReportEdition.id))
        .where(ReportEdition.made_at.is_not(None))
        .group_by(ReportEdition.consultation_id, ReportEdition.state)
    )
    kept = session.scalars(
        select(ReportEdition).where(ReportEdition.id.in_(newest)).order_by(ReportEdition.id)
    ).all()
    if not kept:
        return []
    states = _states(session, Consultation.id.in_([row.consultation_id for row in kept]))
    return [
        (row, states[row.consultation_id])
        for row in kept
        if not is_current(row, states[row.consultation_id])
        and ((row.made_at and row.made_at <= at - REST) or has_other_words(session, row))
    ]


def outcomes(session: Session, consultation_id: int) -> Iterator[Outcome]:
    """Yield each published comment and statement with the answers that concern it; four queries.

    An answer concerns what it answers, the comments of a theme, and what a finding rests on.
    """
    answers = session.scalars(
        select(OfficialResponse)
        .where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.state == ResponseState.PUBLISHED,
        )
        .order_by(OfficialResponse.id)
    ).all()
    of_theme = {row.theme_id: place for place, row in enumerate(answers, 1) if row.theme_id}
    of_finding = {row.finding_id: place for place, row in enumerate(answers, 1) if row.finding_id}
    concerned: dict[int | None, set[int]] = {
        row.comment_id: {place} for place, row in enumerate(answers, 1) if row.comment_id
    }
    themes = select(ThemeComment.comment_id, ThemeComment.theme_id)
    evidence = select(Evidence.contribution_id, Evidence.finding_id)
    for number, theme in session.execute(themes.where(ThemeComment.theme_id.in_(of_theme))):
        concerned.setdefault(number, set()).add(of_theme[theme])
    for evident, finding in session.execute(evidence.where(Evidence.finding_id.in_(of_finding))):
        concerned.setdefault(evident, set()).add(of_finding[finding])
    for row in session.execute(_published(consultation_id)):
        numbers = tuple(sorted(concerned.get(row.id, ())))
        yield Outcome(row.reference, row.kind, row.origin, row.clause_key or "", numbers)


def _published(consultation_id: int) -> Select[int, str, ContributionKind, Origin, Any]:
    comment, statement = Comment.__table__.c, Statement.__table__.c
    return (
        select(
            Contribution.id,
            Contribution.reference,
            Contribution.kind,
            Contribution.origin,
            func.coalesce(comment.clause_key, statement.clause_key).label("clause_key"),
        )
        .outerjoin(Comment.__table__, comment.id == Contribution.id)
        .outerjoin(Statement.__table__, statement.id == Contribution.id)
        .where(
            Contribution.consultation_id == consultation_id,
            Contribution.visibility == Visibility.PUBLISHED,
            Contribution.kind.in_((ContributionKind.COMMENT, ContributionKind.STATEMENT)),
        )
        .order_by(Contribution.id)
    )


def _states(session: Session, condition: ColumnElement[bool]) -> dict[int, str]:
    """Return the state of each consultation: numbers that move when what is reported moves."""
    of_this = Consultation.id
    newest: tuple[Select[Any], ...] = (
        select(func.max(AnalysisRun.id)).where(AnalysisRun.state == RunState.DONE),
        select(func.max(Summary.id)).where(Summary.state == SummaryState.PUBLISHED),
        select(func.count(OfficialResponse.id)).where(
            OfficialResponse.state == ResponseState.PUBLISHED
        ),
        select(func.count(Draft.id)).where(Draft.state == DraftState.PUBLISHED),
        select(func.count(Contribution.id)),
        select(func.sum(Contribution.revision)),
        select(func.count(Commitment.promised_at)),
        select(func.count(CommitmentProgress.id)).join(Commitment),
        select(func.count(LawStep.id)),
    )
    owners: tuple[Any, ...] = (
        *(AnalysisRun, Summary, OfficialResponse, Draft, Contribution, Contribution),
        *(Commitment, Commitment, LawStep),
    )
    columns = [
        query.where(owner.consultation_id == of_this).correlate(Consultation).scalar_subquery()
        for query, owner in zip(newest, owners, strict=True)
    ]
    rows = session.execute(select(of_this, Consultation.stage, *columns).where(condition))
    return {
        number: ".".join((str(FORMAT), stage.value, *(str(value or 0) for value in values)))
        for number, stage, *values in rows
    }
