"""Reads: how good the themes of a consultation are, as far as reading by people tells."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from consultations import reader_agreement
from consultations.models import (
    AnalysisRun,
    ChosenTheme,
    Contribution,
    DiscussionPlace,
    ReadingOutcome,
    RunState,
    ThemePlacement,
    ThemeReading,
    ThemeState,
    Visibility,
)
from consultations.queries.workbench import Progress, progress
from consultations.reader_agreement import Choice, MachineFit, ReaderAgreement

#: Runs of which the stability is listed.
RUNS = 5


@dataclass(frozen=True)
class ThemeFit:
    """A chosen theme that began as the machine's, and how the machine does on it."""

    theme: ChosenTheme
    fit: MachineFit


@dataclass(frozen=True)
class Quality:
    """What the quality panel shows.

    Attributes
    ----------
    sample : int
        Comments that were read in the random order without a gap: a random sample.
    confirmed : MachineFit
        The machine against people over all places of the sample.
    runs : sequence of AnalysisRun
        Newest first; those that could be compared with the run before.
    """

    progress: Progress
    second_read: int
    agreement: ReaderAgreement
    sample: int
    confirmed: MachineFit
    themes: tuple[ThemeFit, ...]
    runs: Sequence[AnalysisRun]


def quality(session: Session, consultation_id: int) -> Quality:
    """Return the quality of a consultation's themes; eight queries."""
    pairs = _pairs(session, consultation_id)
    themes = session.scalars(
        select(ChosenTheme)
        .where(
            ChosenTheme.consultation_id == consultation_id,
            ChosenTheme.state == ThemeState.CHOSEN,
        )
        .order_by(ChosenTheme.id)
    ).all()
    sample = _sample(session, consultation_id)
    counts = _verdicts(session, [theme.id for theme in themes], sample)
    return Quality(
        progress=progress(session, consultation_id),
        second_read=len(pairs),
        agreement=reader_agreement.alpha(pairs),
        sample=len(sample),
        confirmed=_fit([verdict for own in counts.values() for verdict in own.elements()]),
        themes=tuple(
            ThemeFit(theme, _fit(list(counts.get(theme.id, Counter()).elements())))
            for theme in themes
            if theme.machine_key
        ),
        runs=_runs(session, consultation_id),
    )


def _pairs(session: Session, consultation_id: int) -> list[tuple[Choice, Choice]]:
    """Return what two readers chose; a theme that was merged stands for the one it went into."""
    first, second = aliased(ThemeReading), aliased(ThemeReading)
    rows = session.execute(
        select(first.themes, second.themes)
        .join(second, second.comment_id == first.comment_id)
        .where(
            first.consultation_id == consultation_id,
            first.is_second.is_(False),
            second.is_second.is_(True),
            first.outcome == ReadingOutcome.PLACED,
            second.outcome == ReadingOutcome.PLACED,
        )
        .order_by(first.comment_id)
    ).all()
    merged = session.execute(
        select(ChosenTheme.id, ChosenTheme.merged_into_id).where(
            ChosenTheme.consultation_id == consultation_id, ChosenTheme.state == ThemeState.MERGED
        )
    )
    into = {row[0]: row[1] for row in merged}
    return [(_resolved(one, into), _resolved(other, into)) for one, other in rows]


def _resolved(themes: Sequence[int], into: dict[int, int | None]) -> Choice:
    found = set()
    for theme in themes:
        number: int | None = theme
        while number in into:
            number = into[number]
        if number is not None:
            found.add(number)
    return frozenset(found)


def _sample(session: Session, consultation_id: int) -> set[int]:
    """Return the comments that a person read in the random order in front of the first gap."""
    reading = aliased(ThemeReading)
    rows = session.execute(
        select(DiscussionPlace.comment_id, reading.outcome)
        .join(Contribution, Contribution.id == DiscussionPlace.comment_id)
        .outerjoin(
            reading,
            (reading.comment_id == DiscussionPlace.comment_id) & reading.is_second.is_(False),
        )
        .where(
            DiscussionPlace.consultation_id == consultation_id,
            DiscussionPlace.visibility == Visibility.PUBLISHED,
            Contribution.salt < _first_gap(session, consultation_id),
        )
    )
    return {number for number, outcome in rows if outcome is ReadingOutcome.PLACED}


def _first_gap(session: Session, consultation_id: int) -> bytes:
    """Return the random number of the first comment that nobody has read; one query."""
    reading = aliased(ThemeReading)
    gap = session.scalar(
        select(Contribution.salt)
        .join(DiscussionPlace, DiscussionPlace.comment_id == Contribution.id)
        .outerjoin(
            reading,
            (reading.comment_id == Contribution.id)
            & reading.is_second.is_(False)
            & (reading.outcome != ReadingOutcome.SKIPPED),
        )
        .where(
            DiscussionPlace.consultation_id == consultation_id,
            DiscussionPlace.visibility == Visibility.PUBLISHED,
            reading.id.is_(None),
        )
        .order_by(Contribution.salt)
        .limit(1)
    )
    return gap or b"\xff" * 17


def _verdicts(
    session: Session, themes: Sequence[int], sample: set[int]
) -> dict[int, Counter[tuple[bool, bool]]]:
    """Return, by theme, how often machine and person said yes or no of comments of the sample."""
    rows = session.execute(
        select(
            ThemePlacement.theme_id,
            ThemePlacement.comment_id,
            ThemePlacement.by_machine,
            ThemePlacement.by_person,
        )
        .join(ThemeReading, ThemeReading.comment_id == ThemePlacement.comment_id)
        .where(
            ThemePlacement.theme_id.in_(themes),
            ThemePlacement.by_person.is_not(None),
            ThemeReading.is_second.is_(False),
            ThemeReading.outcome == ReadingOutcome.PLACED,
        )
    )
    found: dict[int, Counter[tuple[bool, bool]]] = {}
    for theme, comment, by_machine, by_person in rows:
        if comment in sample:
            found.setdefault(theme, Counter())[by_machine, bool(by_person)] += 1
    return found


def _fit(verdicts: Sequence[tuple[bool, bool]]) -> MachineFit:
    counts = Counter(verdicts)
    return reader_agreement.fit(counts[True, True], counts[True, False], counts[False, True])


def _runs(session: Session, consultation_id: int) -> Sequence[AnalysisRun]:
    return session.scalars(
        select(AnalysisRun)
        .where(
            AnalysisRun.consultation_id == consultation_id,
            AnalysisRun.state == RunState.DONE,
            AnalysisRun.themes_compared > 0,
        )
        .order_by(AnalysisRun.id.desc())
        .limit(RUNS)
    ).all()
