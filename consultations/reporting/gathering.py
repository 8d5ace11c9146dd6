"""Service: gather the results report from the database, once, in a number of queries that is fixed.

Words come as they are published at that moment; figures come from the same drawn picture as those
of the results page, so that the two cannot differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.announcement import length_in_days
from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import (
    COUNTING,
    Consultation,
    Contribution,
    ContributionKind,
    Draft,
    DraftState,
    Origin,
    Stage,
    StageChange,
    Visibility,
)
from consultations.queries import (
    answers,
    catalogue,
    channels,
    checking,
    dissents,
    findings,
    results,
)
from consultations.queries.answers import ResponseRow
from consultations.queries.dissents import Voices
from consultations.queries.findings import SummaryPage
from consultations.queries.results import Picture, StatementRow
from consultations.reporting.deeds import Both, Checking, Dissenting, ModerationFigures, Told
from consultations.reporting.dispositions import (
    bangkok_day,
    both,
    changes,
    day_of,
    disposed,
    next_steps,
    sentences,
)
from consultations.reporting.structure import (
    About,
    Channel,
    Dates,
    DraftNote,
    Group,
    Method,
    Methods,
    People,
    ResultsReport,
    Step,
    Subject,
    Views,
)
from consultations.strata import LEAST
from core.clock import now


def gather(
    session: Session,
    consultation: Consultation,
    moderation: ModerationFigures,
    *,
    told: Told | None = None,
    edition: int = 0,
) -> ResultsReport:
    """Return the report as things stand; at most 26 queries.

    Parameters
    ----------
    moderation : ModerationFigures
        From the moderators' own tables, which this part of the system does not know.
    edition : int
        0 for a report that is not kept.
    """
    number, told = consultation.id, told or Told()
    shown = results.latest_picture(session, number)
    summary = findings.summary_page(session, number)
    rows = answers.published_responses(session, number)
    places = {row.response.id: place for place, row in enumerate(rows, start=1)}
    history = [
        change
        for change in catalogue.history(session, number)
        if change.to_stage not in PRIVATE_STAGES
    ]
    return ResultsReport(
        edition=edition,
        about=_about(consultation),
        methods=_methods(session, consultation, told),
        dates=_dates(consultation, history, rows),
        people=_people(shown) if shown else None,
        channels=_channels(session, number),
        possible_doubles=channels.by_channel(session, number).possible_doubles,
        subjects=_subjects(shown, summary) if shown else (),
        small_voices=shown.minority if shown else (),
        campaigns=shown.campaigns if shown else (),
        views=_views(shown) if shown else None,
        sentences=sentences(summary) if summary else (),
        answers=tuple(disposed(place, row) for place, row in enumerate(rows, start=1)),
        changes=changes(session, number, places),
        next_steps=next_steps(session, consultation, told, places),
        checking=_checking(session, summary, history),
        moderation=moderation,
        method=_method(shown) if shown else None,
        made_at=now(),
    )


def _about(consultation: Consultation) -> About:
    return About(
        slug=consultation.slug,
        title=both(consultation, "title"),
        agency=both(consultation.agency, "name"),
        kind=consultation.kind.value,
        summary=both(consultation, "summary"),
        scope=both(consultation, "scope"),
        affected=both(consultation, "affected"),
        source=consultation.source,
        is_sample=consultation.is_sample,
    )


def _methods(session: Session, consultation: Consultation, told: Told) -> Methods:
    drafts = session.execute(
        select(Draft.number, Draft.published_at, Draft.note_th, Draft.note_en)
        .where(Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number)
    )
    replies = select(func.count(Contribution.id)).where(
        Contribution.consultation_id == consultation.id,
        Contribution.kind == ContributionKind.REPLY,
        Contribution.origin == Origin.AGENCY,
        Contribution.visibility == Visibility.PUBLISHED,
    )
    return Methods(
        offline=both(consultation, "offline"),
        outside=told.outside,
        moderation=consultation.moderation_policy.value,
        drafts=tuple(
            DraftNote(number, day_of(at), Both(thai, english))
            for number, at, thai, english in drafts
        ),
        agency_replies=session.scalar(replies) or 0,
    )


def _dates(
    consultation: Consultation, history: Sequence[StageChange], rows: Sequence[ResponseRow]
) -> Dates:
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    known = opens_at is not None and closes_at is not None
    announced = (step for step in history if step.to_stage is Stage.SCHEDULED)
    first = next(announced, None)
    answered = [row.response.published_at for row in rows if row.response.published_at]
    return Dates(
        announced_on=day_of(first.changed_at) if first else None,
        opens_at=opens_at,
        closes_at=closes_at,
        days=length_in_days(opens_at, closes_at) if known and opens_at and closes_at else None,
        short_reason=consultation.short_reason,
        steps=tuple(
            Step(step.event, step.to_stage.value, bangkok_day(step.changed_at), step.reason)
            for step in history
        ),
        answers_due_on=consultation.answers_due_on,
        answered_on=day_of(min(answered)) if answered else None,
    )


def _people(shown: Picture) -> People:
    data = shown.data
    return People(data["counts"], data["tiers"], tuple(data["strata"]))


def _channels(session: Session, consultation_id: int) -> tuple[Channel, ...]:
    kinds = (ContributionKind.COMMENT, ContributionKind.STATEMENT)
    rows = session.execute(
        select(Contribution.origin, Contribution.kind, func.count(Contribution.id))
        .where(
            Contribution.consultation_id == consultation_id,
            Contribution.visibility.in_(COUNTING),
            Contribution.kind.in_(kinds),
        )
        .group_by(Contribution.origin, Contribution.kind)
    )
    counted = {(origin, kind): count for origin, kind, count in rows}
    found = {origin for origin, _kind in counted}
    return tuple(
        Channel(origin.value, *(counted.get((origin, kind), 0) for kind in kinds))
        for origin in Origin
        if origin in found
    )


def _subjects(shown: Picture, summary: SummaryPage | None) -> tuple[Subject, ...]:
    """Return the themes as the results page counts them, with the names that people gave them."""
    same = summary is not None and summary.run.id == shown.run.id
    worded = {theme.key: theme for theme in summary.themes} if summary and same else {}
    return tuple(Subject(both(worded.get(row.key, row), "label"), row) for row in shown.themes)


def _views(shown: Picture) -> Views:
    data = shown.data
    return Views(
        groups=tuple(
            Group(
                group["id"],
                group["size"],
                group.get("stability"),
                _without_small(shown.representative.get(group["id"], ())),
            )
            for group in data["groups"]
        ),
        common=_without_small(shown.common_ground),
        differences=_without_small(shown.differences),
        unsure=_without_small(shown.passed),
        too_few=data["too_few"]["count"],
        found=data["found"],
        interval=data["interval"],
    )


def _without_small(rows: Iterable[StatementRow]) -> tuple[StatementRow, ...]:
    """Leave the groups of a statement away where few voters of one voted on it, as open data do."""
    return tuple(
        row
        if all(group.seen >= LEAST for group in row.groups)
        else replace(row, groups=(), low=None)
        for row in rows
    )


def _checking(
    session: Session, summary: SummaryPage | None, history: Sequence[StageChange]
) -> Checking | None:
    since = [step.changed_at for step in history if step.to_stage is Stage.RATIFICATION]
    until = [step.changed_at for step in history if step.from_stage is Stage.RATIFICATION]
    if not since:
        return None
    days = (bangkok_day(since[-1]), day_of(until[-1]) if until else None)
    if summary is None:
        return Checking(*days)
    people = checking.turnout(session, summary.summary)
    voices = dissents.dissents(session, summary.summary.id)
    return Checking(*days, people.answered, people.eligible, tuple(map(_dissenting, voices)))


def _dissenting(voices: Voices) -> Dissenting:
    first, group = voices.dissents[0], voices.group
    is_answered = group is not None and group.published_at is not None
    answer = both(group, "answer") if is_answered else Both()
    return Dissenting(first.body, first.language, voices.count, answer)


def _method(shown: Picture) -> Method:
    run, snapshot = shown.run, shown.snapshot
    return Method(
        limits=tuple(shown.data["limits"]),
        run=run.id,
        engine=run.engine_version,
        analysed_at=run.finished_at,
        taken_at=snapshot.taken_at,
        digests={
            "votes": snapshot.votes_digest,
            "statements": snapshot.statements_digest,
            "comments": snapshot.comments_digest,
            "report": run.report_digest,
        },
    )
