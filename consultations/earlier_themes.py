"""Reads: what a run or a summary takes over from earlier ones about themes."""

import json
import zlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import (
    AnalysisRun,
    ChosenTheme,
    RunState,
    Summary,
    Theme,
    ThemeState,
)


def last_report(session: Session, consultation_id: int) -> dict[str, Any] | None:
    """Return the last themes, which the next ones start from and take their identifiers from."""
    packed = session.scalars(
        select(AnalysisRun.themes_json)
        .where(AnalysisRun.consultation_id == consultation_id, AnalysisRun.state == RunState.DONE)
        .order_by(AnalysisRun.id.desc())
        .limit(1)
    ).first()
    if packed is None:
        return None
    found: dict[str, Any] = json.loads(zlib.decompress(packed))
    return found


def wordings(session: Session, consultation_id: int) -> dict[str, tuple[str, str]]:
    """Return what people called themes, Thai and English, by the engine's identifier.

    The newest wording counts, and what a theme is called on the workbench above all.
    """
    chosen = _chosen(session, consultation_id)
    return {
        **_of_summaries(session, consultation_id),
        **{theme.machine_key: (theme.label_th, theme.label_en) for theme in chosen},
    }


def held(session: Session, consultation_id: int) -> dict[str, tuple[str, str]]:
    """Return the themes that a new run holds together, with their names, by identifier.

    Those that a summary words, and those that are pinned on the workbench.
    """
    chosen = _chosen(session, consultation_id)
    return {
        **_of_summaries(session, consultation_id),
        **{
            theme.machine_key: (theme.label_th, theme.label_en)
            for theme in chosen
            if theme.is_pinned
        },
    }


def _of_summaries(session: Session, consultation_id: int) -> dict[str, tuple[str, str]]:
    rows = session.execute(
        select(Theme.key, Theme.label_th, Theme.label_en)
        .join(Summary, Summary.id == Theme.summary_id)
        .where(
            Summary.consultation_id == consultation_id,
            Theme.label_th != "",
            Theme.is_chosen.is_(False),
        )
        .order_by(Summary.number, Theme.key)
    )
    return {key: (thai, english) for key, thai, english in rows}


def _chosen(session: Session, consultation_id: int) -> list[ChosenTheme]:
    rows = session.scalars(
        select(ChosenTheme)
        .where(
            ChosenTheme.consultation_id == consultation_id,
            ChosenTheme.state == ThemeState.CHOSEN,
            ChosenTheme.machine_key != "",
            ChosenTheme.label_th != "",
        )
        .order_by(ChosenTheme.id)
    )
    return list(rows)
