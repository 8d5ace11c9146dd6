"""Reads: runs of the analysis, and the latest picture as anyone may see it.

Words come from the contributions themselves and only while they are published: what is hidden is
gone from the page at the next request.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from consultations import picture
from consultations.models import (
    AnalysisRun,
    Contribution,
    RunState,
    Snapshot,
    Statement,
    Visibility,
    Vote,
)
from consultations.queries.picture_themes import ThemeLink, ThemeRow, Words, chosen_rows

Entry = Mapping[str, Any]
EMPTY_PLACES: Entry = {"cells": [], "statements": {}}


@dataclass(frozen=True)
class GroupShare:
    """Share of a group that agrees with a statement, and the ends of its interval; in [0, 1]."""

    group: int
    seen: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class StatementRow:
    """A published statement with its votes. `side` and `low` say what a claim about it rests on."""

    words: Words
    agree: int
    disagree: int
    passed: int
    seen: int
    groups: tuple[GroupShare, ...]
    side: str = ""
    low: float | None = None


@dataclass(frozen=True)
class SmallVoiceRow:
    """A small subject that is distinct from the theme around it; quotes with their role."""

    terms: tuple[str, ...]
    people: int
    quotes: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class CampaignRow:
    """Comments made from one template: how many, by how many people, in how many wordings."""

    words: Words
    size: int
    people: int
    variants: int


@dataclass(frozen=True)
class Picture:
    """A finished run as it is shown; `data` is what ``consultations.picture`` drew."""

    run: AnalysisRun
    snapshot: Snapshot
    data: Mapping[str, Any]
    common_ground: tuple[StatementRow, ...]
    differences: tuple[StatementRow, ...]
    representative: Mapping[int, tuple[StatementRow, ...]]
    too_few: tuple[Words, ...]
    themes: tuple[ThemeRow, ...]
    minority: tuple[SmallVoiceRow, ...]
    campaigns: tuple[CampaignRow, ...]
    #: Statements that many passed on.
    passed: tuple[StatementRow, ...]
    #: For each axis the statements that weigh most on it, with their weights.
    axes: Mapping[str, tuple[tuple[Words, float], ...]]

    @property
    def is_chosen(self) -> bool:
        """Whether people chose the themes."""
        return any(theme.origins for theme in self.themes)


def latest_run(session: Session, consultation_id: int) -> AnalysisRun | None:
    """Return the newest run, whatever its state."""
    return session.scalars(_runs(consultation_id).limit(1)).first()


def runs(session: Session, consultation_id: int) -> Sequence[tuple[AnalysisRun, Snapshot]]:
    """Return all runs with their snapshots, newest first."""
    query = select(AnalysisRun, Snapshot).join(Snapshot, Snapshot.id == AnalysisRun.snapshot_id)
    query = query.where(AnalysisRun.consultation_id == consultation_id)
    ordered = query.order_by(AnalysisRun.id.desc())
    return [(run, snapshot) for run, snapshot in session.execute(ordered)]


def latest_picture(session: Session, consultation_id: int) -> Picture | None:
    """Return the newest finished run as it is shown. None before the first.

    Four queries; seven where people chose the themes.
    """
    run = session.scalars(
        _runs(consultation_id)
        .where(AnalysisRun.state == RunState.DONE)
        .options(undefer(AnalysisRun.picture))
        .limit(1)
    ).first()
    if run is None or run.picture is None:
        return None
    data = picture.completed(run.picture)
    said = _published_words(session, consultation_id, picture.references(data))
    representative = {
        int(group): _statement_rows(rows, said) for group, rows in data["representative"].items()
    }
    return Picture(
        run=run,
        snapshot=session.get_one(Snapshot, run.snapshot_id),
        data=data,
        common_ground=_statement_rows(data["consensus"], said),
        differences=_statement_rows(data["differences"], said),
        representative=representative,
        too_few=tuple(said[name] for name in data["too_few"]["statements"] if name in said),
        themes=chosen_rows(session, consultation_id) or _theme_rows(data["themes"], said),
        minority=tuple(
            SmallVoiceRow(
                tuple(entry["terms"]), entry["people"], tuple(_quotes(entry["quotes"], said))
            )
            for entry in data["minority"]
        ),
        campaigns=tuple(_campaign_rows(data["campaigns"], said)),
        passed=_statement_rows(data["passed"], said),
        axes={
            axis: tuple(
                (said[entry["statement"]], entry["weight"])
                for entry in entries
                if entry["statement"] in said
            )
            for axis, entries in data["map"]["axes"].items()
        },
    )


def places(session: Session, run_id: int) -> Entry:
    """Return what places a participant on a run's map; empty where the run has none."""
    packed = session.scalar(select(AnalysisRun.places_json).where(AnalysisRun.id == run_id))
    found: Entry = json.loads(zlib.decompress(packed)) if packed else EMPTY_PLACES
    return found


def own_choices(session: Session, participant_id: str) -> dict[str, int]:
    """Return what a participant said to each published statement, by its reference; one query."""
    rows = session.execute(
        select(Statement.reference, Vote.choice)
        .join(Vote, Vote.statement_id == Statement.id)
        .where(
            Vote.participant_id == participant_id,
            Statement.visibility == Visibility.PUBLISHED,
            Statement.is_meta.is_(False),
        )
    )
    return {row.reference: row.choice for row in rows}


def _runs(consultation_id: int) -> Select[AnalysisRun]:
    query = select(AnalysisRun).where(AnalysisRun.consultation_id == consultation_id)
    return query.order_by(AnalysisRun.id.desc())


def _published_words(
    session: Session, consultation_id: int, references: set[str]
) -> dict[str, Words]:
    rows = session.execute(
        select(Contribution.reference, Contribution.body, Contribution.language).where(
            Contribution.consultation_id == consultation_id,
            Contribution.reference.in_(references),
            Contribution.visibility == Visibility.PUBLISHED,
        )
    )
    return {reference: Words(reference, body, language) for reference, body, language in rows}


def _statement_rows(rows: Iterable[Entry], said: Mapping[str, Words]) -> tuple[StatementRow, ...]:
    return tuple(
        StatementRow(
            words=said[row["statement"]],
            agree=row["agree"],
            disagree=row["disagree"],
            passed=row["pass"],
            seen=row["seen"],
            groups=tuple(GroupShare(**part) for part in row["by_group"]),
            side=row.get("side", ""),
            low=row.get("low"),
        )
        for row in rows
        if row["statement"] in said
    )


def _theme_rows(themes: Sequence[Entry], said: Mapping[str, Words]) -> tuple[ThemeRow, ...]:
    by_key = {theme["id"]: theme for theme in themes}
    return tuple(_theme_row(theme, by_key, said) for theme in themes)


def _theme_row(theme: Entry, by_key: Mapping[str, Entry], said: Mapping[str, Words]) -> ThemeRow:
    return ThemeRow(
        key=theme["id"],
        terms=tuple(theme["terms"]),
        kind=theme["kind"],
        language=theme["language"],
        stance=theme["stance"],
        size=theme["size"],
        people=theme["people"],
        stances=theme["stances"],
        sub_themes=tuple((tuple(sub["terms"]), sub["people"]) for sub in theme["sub_themes"]),
        quotes=tuple(_quotes(theme["quotes"], said)),
        comments=tuple(said[name] for name in theme["comments"] if name in said),
        links=tuple(
            ThemeLink(link["theme"], tuple(other["terms"]), other["language"], tuple(link["kinds"]))
            for link in theme.get("links", ())
            if (other := by_key.get(link["theme"]))
        ),
    )


def _quotes(quotes: Iterable[Entry], said: Mapping[str, Words]) -> Iterable[tuple[str, Words]]:
    """Yield quotes with their role; words that were changed since the run are not quoted."""
    for quote in quotes:
        whole = said.get(quote["comment"])
        if whole is None:
            continue
        words = whole.text[quote["start"] : quote["end"]]
        if picture.digest_of(words) == quote["digest"]:
            yield quote["role"], Words(whole.reference, words, whole.language)


def _campaign_rows(campaigns: Iterable[Entry], said: Mapping[str, Words]) -> Iterable[CampaignRow]:
    for entry in campaigns:
        if entry["template"] in said:
            yield CampaignRow(
                said[entry["template"]], entry["size"], entry["people"], entry["variants"]
            )
