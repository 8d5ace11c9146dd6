"""Reads: who wrote what the agency's responses answer."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    Contribution,
    Evidence,
    OfficialResponse,
    ThemeComment,
)


def answered_authors(session: Session, response_ids: Collection[int]) -> set[tuple[int, str]]:
    """Return who wrote what each response answers; three queries.

    Returns
    -------
    set of (int, str)
        Number of the response, and the participant: through the answered theme, as evidence of the
        answered finding, or directly. Only contributions that count do.
    """
    base = select(OfficialResponse.id, Contribution.participant_id)
    paths = (
        base.join(ThemeComment, ThemeComment.theme_id == OfficialResponse.theme_id).join(
            Contribution, Contribution.id == ThemeComment.comment_id
        ),
        base.join(Evidence, Evidence.finding_id == OfficialResponse.finding_id).join(
            Contribution, Contribution.id == Evidence.contribution_id
        ),
        base.join(Contribution, Contribution.id == OfficialResponse.comment_id),
    )
    found: set[tuple[int, str]] = set()
    for path in paths:
        rows = session.execute(
            path.where(
                OfficialResponse.id.in_(response_ids),
                Contribution.visibility.in_(COUNTING),
                Contribution.participant_id.is_not(None),
            ).distinct()
        )
        found |= {(number, person) for number, person in rows if person is not None}
    return found
