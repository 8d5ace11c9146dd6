"""From a run's reports to the rows of a summary: themes, findings and what they rest on."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consultations import snapshots
from consultations.models import (
    AnalysisRun,
    Contribution,
    Evidence,
    EvidenceKind,
    Finding,
    Section,
    Snapshot,
    Summary,
    Theme,
    ThemeComment,
    ThemeKind,
)
from consultations.queries.chosen_themes import members, shown_themes
from consultations.queries.findings import theme_terms

#: Most pieces of evidence kept of one sentence; its count tells how many there were.
MOST_EVIDENCE = 300

Report = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """What a summary is made from.

    Attributes
    ----------
    contributions : mapping of str to (int, str)
        Number and present words of each contribution, by reference.
    texts : mapping of str to str
        Words of each comment when the run was made; offsets of quotes refer to them.
    """

    themes: Report
    summary: Report
    contributions: Mapping[str, tuple[int, str]]
    texts: Mapping[str, str]


def read_material(session: Session, run: AnalysisRun, snapshot: Snapshot) -> Material:
    """Return what a finished run offers; its reports and the snapshot's comments must be loaded."""
    rows = session.execute(
        select(Contribution.reference, Contribution.id, Contribution.body).where(
            Contribution.consultation_id == run.consultation_id
        )
    )
    comments = snapshots.csv_rows(zlib.decompress(snapshot.comments_csv))
    return Material(
        themes=json.loads(zlib.decompress(run.themes_json or b"")),
        summary=json.loads(zlib.decompress(run.summary_json or b"")),
        contributions={reference: (number, body) for reference, number, body in rows},
        texts={row["comment"]: row["text"] for row in comments},
    )


def more_of(run: AnalysisRun) -> list[Report]:
    """Return the sentences that a run carries beside its summary; its summary must be loaded."""
    packed = run.summary_json
    found: list[Report] = json.loads(zlib.decompress(packed)).get("more", []) if packed else []
    return found


def add(
    session: Session, summary: Summary, run: AnalysisRun, snapshot: Snapshot, sentence: Report
) -> Finding:
    """Return a finding for one more sentence of a run, with its evidence; not yet stored.

    The run's themes and the snapshot's comments must be loaded.
    """
    material = read_material(session, run, snapshot)
    rows = session.execute(select(Theme.key, Theme.id).where(Theme.summary_id == summary.id))
    numbers = _with_minorities({row.key: row.id for row in rows}, material)
    return _finding(summary, 0, sentence, material, numbers)


def write(session: Session, summary: Summary, material: Material) -> None:
    """Add a summary's themes with their comments, and its findings with their evidence.

    Where people chose the themes those are the summary's; the machine's stay beside them as what
    the engine's sentences rest on.
    """
    chosen = _write_chosen(session, summary)
    themes = [
        Theme(
            summary_id=summary.id,
            key=entry["id"],
            kind=ThemeKind.MACHINE if chosen else ThemeKind(entry["kind"]),
            position=chosen + position,
            terms=theme_terms(entry["label_terms"]),
            language=entry["language"],
            comment_count=entry["size"],
            people_count=entry["people"],
        )
        for position, entry in enumerate(material.themes["themes"])
    ]
    session.add_all(themes)
    session.flush()
    numbers = {theme.key: theme.id for theme in themes}
    members = [
        {"theme_id": numbers[entry["id"]], "comment_id": material.contributions[reference][0]}
        for entry in material.themes["themes"]
        for reference in entry["comments"]
        if reference in material.contributions
    ]
    if members:
        session.execute(insert(ThemeComment), members)
    numbers = _with_minorities(numbers, material)
    for position, sentence in enumerate(material.summary["sentences"]):
        session.add(_finding(summary, position, sentence, material, numbers))
    session.flush()


def _write_chosen(session: Session, summary: Summary) -> int:
    """Add the themes that people chose and show, with their comments; return how many they are."""
    rows = shown_themes(session, summary.consultation_id)
    if rows is None:
        return 0
    themes = {
        row.theme.id: Theme(
            summary_id=summary.id,
            key=row.key,
            position=position,
            terms=row.theme.terms,
            language=row.theme.language,
            label_th=row.theme.label_th,
            label_en=row.theme.label_en,
            comment_count=row.origins.total,
            people_count=row.people,
            is_chosen=True,
            person_count=row.origins.by_person,
        )
        for position, row in enumerate(rows)
    }
    session.add_all(themes.values())
    session.flush()
    placed = [
        {"theme_id": themes[number].id, "comment_id": comment}
        for number, comment in members(session, list(themes))
    ]
    if placed:
        session.execute(insert(ThemeComment), placed)
    return len(themes)


def _with_minorities(numbers: Mapping[str, int], material: Material) -> dict[str, int]:
    """Add small voices: they have no row of their own, and are found in the theme around them."""
    small = {
        entry["sub_theme"]: numbers[entry["theme"]]
        for entry in material.themes["minority"]
        if entry["theme"] in numbers
    }
    return {**numbers, **small}


def _finding(
    summary: Summary,
    position: int,
    sentence: Report,
    material: Material,
    themes: Mapping[str, int],
) -> Finding:
    return Finding(
        summary_id=summary.id,
        position=position,
        section=Section(sentence["section"]),
        sentence=sentence,
        text_th=sentence["text"]["th"],
        text_en=sentence["text"]["en"],
        evidence=list(_evidence(sentence["evidence"][:MOST_EVIDENCE], material, themes)),
    )


def _evidence(
    entries: Iterable[Report], material: Material, themes: Mapping[str, int]
) -> Iterable[Evidence]:
    """Yield evidence rows; nothing is quoted from a comment that was reworded since the run.

    What is no longer published gets its row all the same: who reads the rows decides by what is
    published then, and a sentence that repeats hidden words is known by them.
    """
    for entry in entries:
        kind, name = EvidenceKind(entry["kind"]), str(entry["id"])
        if kind is EvidenceKind.GROUP:
            yield Evidence(kind=kind, group=name)
        elif kind is EvidenceKind.THEME:
            if name in themes:
                yield Evidence(kind=kind, theme_id=themes[name])
        elif name in material.contributions:
            number, body = material.contributions[name]
            same = material.texts.get(name) == body
            yield Evidence(
                kind=kind,
                contribution_id=number,
                quote_start=entry.get("start") if same else None,
                quote_end=entry.get("end") if same else None,
            )
