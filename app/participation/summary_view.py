"""What the page of a summary shows of its check: answers, dissents, second votes."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.words.results import answerers_name
from consultations import policy
from consultations.queries import checking, dissents
from consultations.word_difference import difference

if TYPE_CHECKING:
    from consultations.models import Consultation
    from consultations.queries.dissents import Voices
    from consultations.queries.findings import SummaryPage


def check_context(
    session: Any, consultation: "Consultation", page: "SummaryPage", at: datetime
) -> dict[str, object]:
    """Return what the check adds to a summary's page; at most six queries."""
    number, is_open = page.summary.id, policy.is_checking(consultation, at)
    checked, voices = checking.checked(page.summary), dissents.dissents(session, number)
    is_shown = is_open or checked or voices
    return {
        "is_open": is_open,
        "turnout": checking.turnout(session, page.summary) if is_shown else None,
        "checked": checked,
        "voices": by_finding(voices),
        "second_votes": checking.second_votes(session, number, at),
        "moment": at,
        "difference": difference,
        "answerers_name": answerers_name,
    }


def by_finding(voices: list["Voices"]) -> dict[int, list["Voices"]]:
    """Return dissents by the number of the finding that they are about; 0 for the whole."""
    found: dict[int, list[Voices]] = {}
    for each in voices:
        found.setdefault(each.finding_id or 0, []).append(each)
    return found
