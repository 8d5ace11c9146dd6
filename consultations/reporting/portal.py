"""Pure: a hearing in the shape of the central law portal's form, with its Thai field names.

The names and their order are data, in ``consultations/kinds/portal.json``. What is assumed of the
portal stands in ``docs/hearing.md``. Everything in it is public; no contact can get in, because
none is given to this module.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from consultations.kind_templates import IMPACT, KindTemplate
from consultations.queries.stakeholders import Register
from consultations.reporting.structure import ResultsReport
from consultations.spreadsheets import guarded
from core.clock import BANGKOK
from core.ledger import canonical_json

SCHEMA: Final = "sarn.law-portal/1"
#: Fields of the form that the portal asks for under the background.
_BACKGROUND: Final = ("problem", "necessity", "reasons", "law", "parent_law")
_QUESTIONS: Final = "questions"
_DATA: Final = json.loads(
    (Path(__file__).parent.parent / "kinds" / "portal.json").read_text(encoding="utf-8")
)
LABELS: Final[Mapping[str, str]] = _DATA["fields"]
#: Thai words for codes; a code without one stays as it is.
_WORDS: Final[Mapping[str, str]] = _DATA["words"]


@dataclass(frozen=True)
class Line:
    """One value of a field: what it is about, and the value itself."""

    item: str
    value: str


Fields = dict[str, list[Line]]


def portal(
    report: ResultsReport,
    template: KindTemplate,
    answers: Mapping[str, Mapping[str, str]],
    register: Register,
    address: str,
) -> Fields:
    """Return the portal's fields in their order, each with its values in Thai.

    Parameters
    ----------
    answers : mapping
        What the law-hearing form says, by field and language.
    address : str
        Public address of the consultation.
    """
    about, filled = report.about, list(_filled(template, answers))
    fields: Fields = {
        "title": [Line("", about.title.th)],
        "agency": [Line("", about.agency.th)],
        "kind": [Line("", _said(about.kind))],
        "period": list(_period(report)),
        "background": [Line(_said("summary"), about.summary.th), *_of(filled, _BACKGROUND)],
        "draft": [Line(_said("address"), address), *_drafts(report)],
        "form": [Line(label, value) for _code, label, value in filled],
        "analysis": [Line(label, words) for code, label, words in filled if code[:7] == IMPACT],
        "questions": _of(filled, (_QUESTIONS,)),
        "affected": [Line(_said("announced"), about.affected.th), *_groups(register)],
        "notices": list(_notices(register)),
        "numbers": list(_numbers(report)),
        "summary": [
            Line("", sentence.text.th)
            for sentence in report.sentences
            if not sentence.withheld and sentence.left_out_reason is None
        ],
        "dispositions": [
            Line(
                _said(row.disposition), f"{row.words.th or row.said or row.terms}: {row.reason.th}"
            )
            for row in report.answers
        ],
        "next_steps": list(_next_steps(report)),
    }
    return {name: [line for line in fields[name] if line.value] for name in LABELS}


def as_json(fields: Fields) -> bytes:
    """Return the fields as JSON."""
    values: dict[str, Any] = {
        name: {"label": LABELS[name], "values": [vars(line) for line in lines]}
        for name, lines in fields.items()
    }
    return canonical_json({"schema": SCHEMA, "fields": values}).encode(errors="replace")


def as_csv(fields: Fields) -> bytes:
    """Return the fields as a table: a row for each value."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("field", "label", "item", "value"))
    for name, lines in fields.items():
        for line in lines:
            writer.writerow((name, LABELS[name], guarded(line.item), guarded(line.value)))
    return f"\ufeff{out.getvalue()}".encode(errors="replace")


def _filled(
    template: KindTemplate, answers: Mapping[str, Mapping[str, str]]
) -> Iterable[tuple[str, str, str]]:
    for field in template.fields:
        words = answers.get(field.code, {}).get("th", "")
        if words:
            yield field.code, field.label_th, words


def _of(filled: Sequence[tuple[str, str, str]], codes: Sequence[str]) -> list[Line]:
    return [Line(label, words) for code, label, words in filled if code in codes]


def _period(report: ResultsReport) -> Iterable[Line]:
    dates = report.dates
    yield Line(_said("opens"), _moment(dates.opens_at))
    yield Line(_said("closes"), _moment(dates.closes_at))
    yield Line(_said("days"), str(dates.days or ""))
    yield Line(_said("short_reason"), dates.short_reason)
    yield Line(_said("results_due"), _day(dates.answers_due_on))


def _drafts(report: ResultsReport) -> Iterable[Line]:
    for draft in report.methods.drafts:
        yield Line(
            f"{_said('draft')} {draft.number}", " ".join((_day(draft.published_on), draft.note.th))
        )


def _groups(register: Register) -> Iterable[Line]:
    for line in register.lines:
        yield Line(_said(line.group.kind.value), f"{line.group.name}: {line.group.effect_th}")


def _notices(register: Register) -> Iterable[Line]:
    for line in register.lines:
        for notice in line.notices:
            codes = (notice.channel.value, notice.state.value, _day(notice.notified_on))
            yield Line(line.group.name, ", ".join(map(_said, codes)))


def _numbers(report: ResultsReport) -> Iterable[Line]:
    for channel in report.channels:
        for code in ("comments", "statements"):
            item = f"{_said(code)}: {_said(channel.origin)}"
            yield Line(item, str(getattr(channel, code)))
    if report.people:
        yield from (Line(_said(key), str(value)) for key, value in report.people.counts.items())


def _next_steps(report: ResultsReport) -> Iterable[Line]:
    steps = report.next_steps
    yield Line(_day(steps.by), steps.text.th)
    for promise in steps.promises:
        yield Line(_day(promise.due_on), f"{promise.text.th} ({promise.owner})")


def _said(code: str) -> str:
    return _WORDS.get(code, code)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(BANGKOK).isoformat() if moment else ""
