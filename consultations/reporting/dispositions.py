"""Reads of what the agency did with what people said, as the results report holds it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from consultations.models import Consultation
from consultations.queries import clause_changes, commitments
from consultations.queries.answers import ResponseRow
from consultations.queries.findings import SummaryPage
from consultations.reporting.deeds import Both, Change, Disposed, LawPoint, NextSteps, Promise, Told
from consultations.reporting.structure import Sentence
from core.clock import BANGKOK


def both(row: object, field: str) -> Both:
    """Return a text that a row keeps in Thai and English."""
    return Both(getattr(row, f"{field}_th"), getattr(row, f"{field}_en"))


def day_of(moment: datetime | None) -> date | None:
    """Return the day in Bangkok, or None."""
    return bangkok_day(moment) if moment else None


def bangkok_day(moment: datetime) -> date:
    """Return the day in Bangkok."""
    return moment.astimezone(BANGKOK).date()


def sentences(summary: SummaryPage) -> tuple[Sentence, ...]:
    """Return the sentences of a published summary by section."""
    ordered = sorted(summary.findings, key=lambda row: (row.section_order, row.position))
    return tuple(
        Sentence(
            row.section.value, Both(row.text_th, row.text_en), row.withheld, row.left_out_reason
        )
        for row in ordered
    )


def disposed(place: int, row: ResponseRow) -> Disposed:
    """Return a published answer under its number in the report."""
    response, theme, comment = row.response, row.theme, row.comment
    kind = "comment" if response.comment_id else "theme" if response.theme_id else "finding"
    words = Both()
    if row.finding is not None and not row.finding.withheld:
        words = Both(row.finding.text_th, row.finding.text_en)
    elif theme is not None:
        words = both(theme, "label")
    return Disposed(
        number=place,
        kind=kind,
        words=words,
        terms=theme.terms if theme else "",
        said=comment.text if comment else "",
        language=comment.language if comment else theme.language if theme else "",
        reference=comment.reference if comment else "",
        proposed_wording=comment.proposed_wording if comment else "",
        disposition=response.disposition.value,
        ground=response.ground.value,
        reason=both(response, "reason"),
        clause=row.clause,
        published_on=day_of(response.published_at),
        comments=theme.comment_count if theme else 0,
        people=theme.people_count if theme else 0,
    )


def changes(
    session: Session, consultation_id: int, places: Mapping[int, int]
) -> tuple[Change, ...]:
    """Return each changed clause of a newer draft once, with all answers that caused it."""
    found: dict[tuple[int, str], Change] = {}
    for row in clause_changes.all_clause_changes(session, consultation_id):
        key = row.draft_number, row.clause_key
        name = f"{row.clause_number} {row.clause_heading}".strip()
        before = found.get(key) or Change(row.draft_number, name, row.is_removed, (), ())
        cause = (places[row.response_id],) if row.response_id and row.response_id in places else ()
        note = Both(row.note_th, row.note_en)
        found[key] = replace(
            before,
            because_of=tuple(sorted({*before.because_of, *cause})),
            notes=(*before.notes, note) if note else before.notes,
        )
    return tuple(found.values())


def next_steps(
    session: Session, consultation: Consultation, told: Told, places: Mapping[int, int]
) -> NextSteps:
    """Return where it stands, what an officer told, public commitments, and the way of the law."""
    page = commitments.commitment_page(session, consultation.id, public_only=True)
    promised = [row.commitment for row in page.commitments]
    return NextSteps(
        stage=consultation.stage.value,
        text=told.next_text,
        by=told.next_on,
        promises=tuple(
            Promise(
                number=each.number,
                text=both(each, "text"),
                owner=each.owner,
                due_on=each.due_on,
                state=each.state.value,
                because_of=places.get(each.response_id or 0),
            )
            for each in promised
        ),
        law=tuple(
            LawPoint(step.stage.value, step.reached_on, both(step, "note")) for step in page.law
        ),
    )
