"""Pure: the results report for machines: one JSON document and tables as CSV."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final

from consultations.queries.report_editions import Outcome
from consultations.reporting.structure import SCHEMA, People, ResultsReport
from consultations.spreadsheets import guarded
from core.ledger import canonical_json

#: Columns of each table, in order.
TABLES: Final[dict[str, tuple[str, ...]]] = {
    "dispositions.csv": (
        *("answer", "item", "words_th", "words_en", "disposition", "ground"),
        *("reason_th", "reason_en", "clause", "comments", "people", "published_on"),
    ),
    "counts.csv": ("section", "item", "measure", "value"),
    "contributions.csv": ("reference", "kind", "origin", "clause", "answers", "dispositions"),
}


def as_values(report: ResultsReport) -> dict[str, Any]:
    """Return the report as plain values; days as ISO text, lengths of time in seconds."""
    values: dict[str, Any] = _plain(asdict(report))
    return {"schema": SCHEMA, **values}


def digest(report: ResultsReport) -> str:
    """Return the hexadecimal SHA-256 of everything but the moment it was put together."""
    values = {key: value for key, value in as_values(report).items() if key != "made_at"}
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()


def json_file(report: ResultsReport) -> bytes:
    """Return the report as JSON, with its own digest."""
    return canonical_json({**as_values(report), "sha256": digest(report)}).encode()


def csv_files(report: ResultsReport, outcomes: Iterable[Outcome]) -> dict[str, bytes]:
    """Return the tables: answers, counts, and what became of each published contribution."""
    places = {answer.number: answer.disposition for answer in report.answers}
    rows: dict[str, Iterable[Sequence[object]]] = {
        "dispositions.csv": _dispositions(report),
        "counts.csv": _counts(report),
        "contributions.csv": (
            (
                *(row.reference, row.kind, row.origin, row.clause_key),
                " ".join(str(number) for number in row.answers),
                " ".join(sorted({places[number] for number in row.answers})),
            )
            for row in outcomes
        ),
    }
    return {name: _csv(TABLES[name], content) for name, content in rows.items()}


def _dispositions(report: ResultsReport) -> Iterable[Sequence[object]]:
    for row in report.answers:
        words = (row.words.th or row.said or row.terms, row.words.en or row.said or row.terms)
        yield (
            *(row.number, row.kind, *words, row.disposition, row.ground),
            *(row.reason.th, row.reason.en, row.clause, row.comments, row.people),
            row.published_on.isoformat() if row.published_on else "",
        )


def _counts(report: ResultsReport) -> Iterable[Sequence[object]]:
    yield from _people(report.people) if report.people else ()
    for channel in report.channels:
        yield ("channel", channel.origin, "comments", channel.comments)
        yield ("channel", channel.origin, "statements", channel.statements)
    for subject in report.subjects:
        name = subject.label.th or " ".join(subject.theme.terms)
        yield ("theme", name, "comments", subject.theme.size)
        yield ("theme", name, "people", subject.theme.people)
        if subject.theme.origins:
            by_person = subject.theme.origins.by_person
            yield ("theme", name, "comments_placed_by_a_person", by_person)
    figures = report.moderation
    for measure in ("published", "held", "hidden", "covered", "reversed", "waiting"):
        yield ("moderation", "all", measure, getattr(figures, measure))
    yield from (("moderation", rule, "decisions", count) for rule, count in figures.rules)


def _people(people: People) -> Iterable[Sequence[object]]:
    yield from (("people", "all", key, value) for key, value in people.counts.items())
    for tier, counts in people.tiers.items():
        yield from (("tier", tier, key, value) for key, value in counts.items())
    for stratum in people.strata:
        for cell in stratum["cells"]:
            if cell["people"] is not None:
                yield (stratum["name"], cell["value"], "people", cell["people"])


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    # The mark tells spreadsheets that it is UTF-8.
    return f"\ufeff{out.getvalue()}".encode(errors="replace")


def _cell(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return round(value.total_seconds()) if isinstance(value, timedelta) else value
