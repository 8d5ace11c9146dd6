"""Takes erased words out of what was made from them: frozen inputs, reports, sentences, terms.

What is erased is known by its reference; its words are found in the frozen input, so that nothing
has to remember them until the work is done. Doing it twice changes nothing.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, undefer

from consultations import snapshots
from consultations.models import (
    AnalysisRun,
    ChosenTheme,
    Contribution,
    DiscussionTheme,
    Finding,
    RunState,
    Snapshot,
    Summary,
    Theme,
    Visibility,
)
from core.ledger import canonical_json

#: Stands where words were erased, so that a sentence is still known to repeat some.
ERASED = "[…]"
#: Shorter pieces cannot be told from codes of languages and the like.
_SHORTEST = 4
#: Values of a report that are codes or numbers, never anybody's words.
_CODES = frozenset({"id", "kind", "language", "schema", "version", "comment", "statement_id"})


@dataclass(frozen=True)
class Erased:
    """The words to take out of what one snapshot led to."""

    session: Session
    consultation_id: int
    texts: Sequence[str]

    def holds(self, piece: str) -> bool:
        """Whether a piece of a report comes from erased words and from nobody else's."""
        folded = _folded(piece)
        if len(folded) < _SHORTEST or not any(
            folded in text or (len(text) >= _SHORTEST and text in folded) for text in self.texts
        ):
            return False
        elsewhere = exists().where(
            Contribution.consultation_id == self.consultation_id,
            Contribution.body.icontains(piece.strip(), autoescape=True),
        )
        return not self.session.scalar(select(elsewhere))

    def without(self, node: Any) -> Any:
        """Return a report without the erased words."""
        if isinstance(node, str):
            return ERASED if self.holds(node) else node
        if isinstance(node, list):
            return [self.without(entry) for entry in node]
        if not isinstance(node, dict):
            return node
        made = {name: node[name] if name in _CODES else self.without(node[name]) for name in node}
        repeats = "values" in node and made["values"] != node["values"]
        if repeats and isinstance(node.get("text"), dict):
            made["text"] = dict.fromkeys(node["text"], "")
        return made

    def without_terms(self, terms: str) -> str:
        """Return a theme's terms without those that only the erased words had."""
        return " · ".join(term for term in terms.split(" · ") if not self.holds(term))


def scrub(session: Session, consultation_id: int) -> bool:
    """Take all erased words of a consultation out of what was made from them.

    Returns
    -------
    bool
        Whether a run is under way that may still write erased words: come again then.
    """
    references = erased_references(session, consultation_id)
    numbers = session.scalars(
        select(Snapshot.id).where(Snapshot.consultation_id == consultation_id)
    ).all()
    for number in numbers:
        _scrub_snapshot(session, number, references)
    under_way = exists().where(
        AnalysisRun.consultation_id == consultation_id,
        AnalysisRun.state.in_((RunState.QUEUED, RunState.RUNNING)),
    )
    return bool(session.scalar(select(under_way)))


def erased_references(session: Session, consultation_id: int) -> frozenset[str]:
    """Return the contributions whose words are gone; one query."""
    rows = session.scalars(
        select(Contribution.reference).where(
            Contribution.consultation_id == consultation_id,
            Contribution.visibility == Visibility.WITHDRAWN,
            Contribution.body == "",
        )
    )
    return frozenset(rows)


def _scrub_snapshot(session: Session, number: int, references: frozenset[str]) -> None:
    wanted = (Snapshot.comments_csv, Snapshot.statements_csv)
    snapshot = session.get_one(Snapshot, number, options=[undefer(each) for each in wanted])
    comments = snapshots.csv_rows(zlib.decompress(snapshot.comments_csv))
    statements = snapshots.csv_rows(zlib.decompress(snapshot.statements_csv))
    gone = [row for row in comments if row["comment"] in references and row["text"]]
    gone += [row for row in statements if row["statement"] in references and row["text"]]
    # Runs that ended since may still repeat what is gone from the input already.
    if gone:
        erased = Erased(session, snapshot.consultation_id, [_folded(row["text"]) for row in gone])
        _scrub_runs(session, erased, number)
        for row in gone:
            row["text"] = ""
        snapshot.comments_csv = _packed(snapshots.COMMENT_COLUMNS, comments)
        snapshot.statements_csv = _packed(snapshots.STATEMENT_COLUMNS, statements)
        snapshot.erased += len(gone)
    session.flush()
    session.expire(snapshot)


def _scrub_runs(session: Session, erased: Erased, snapshot_id: int) -> None:
    columns = (AnalysisRun.opinions_json, AnalysisRun.themes_json, AnalysisRun.summary_json)
    runs = session.scalars(
        select(AnalysisRun)
        .where(AnalysisRun.snapshot_id == snapshot_id)
        .options(*(undefer(each) for each in columns), undefer(AnalysisRun.picture))
    ).all()
    for run in runs:
        for column in columns:
            packed = getattr(run, column.key)
            if packed:
                report = erased.without(json.loads(zlib.decompress(packed)))
                setattr(run, column.key, zlib.compress(canonical_json(report).encode()))
        if run.picture:
            run.picture = erased.without(run.picture)
        _scrub_summaries(session, erased, run.id)
    places = select(DiscussionTheme).where(
        DiscussionTheme.consultation_id == erased.consultation_id
    )
    for place in session.scalars(places):
        place.terms = erased.without_terms(place.terms)
    chosen = select(ChosenTheme).where(ChosenTheme.consultation_id == erased.consultation_id)
    for each in session.scalars(chosen):
        each.terms = erased.without_terms(each.terms)


def _scrub_summaries(session: Session, erased: Erased, run_id: int) -> None:
    for summary_id in session.scalars(select(Summary.id).where(Summary.run_id == run_id)).all():
        for finding in session.scalars(select(Finding).where(Finding.summary_id == summary_id)):
            sentence = erased.without(finding.sentence)
            if sentence != finding.sentence:
                finding.sentence, finding.text_th, finding.text_en = sentence, "", ""
        for theme in session.scalars(select(Theme).where(Theme.summary_id == summary_id)):
            theme.terms = erased.without_terms(theme.terms)


def _packed(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    cells = ([row[name] for name in columns] for row in rows)
    return zlib.compress(snapshots.csv_bytes(columns, cells))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
