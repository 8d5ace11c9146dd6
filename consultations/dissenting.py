"""Service: say in one's own words what a summary misses or gets wrong."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import commitments, participation, policy, summary_check
from consultations.models import (
    ContributionRevision,
    Dissent,
    Visibility,
)
from consultations.models.contribution import new_salt
from consultations.queries import checking, own_check
from consultations.screening import Screen
from core import ledger, text
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotFoundError
from core.languages import language_of

#: Longest dissent, in characters.
DISSENT_LENGTH = 2_000
#: How often an author may change one dissent.
MOST_EDITS = 10
_SETTLED = frozenset({Visibility.HIDDEN, Visibility.WITHDRAWN})


def write(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    finding_id: int | None,
    body: str,
    screen: Screen,
) -> Dissent:
    """Write against a sentence, or against the whole; change it while the check lasts.

    One dissent per person and sentence. Earlier words are kept as a revision; new words are
    screened like the first ones.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``summary.unknown`` or ``finding.unknown``.
    ConflictError
        ``check.not_open_yet`` or ``check.over``; ``dissent.settled``: a moderator hid it;
        ``dissent.too_many_edits``.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency`` or ``check.take_part_first``.
    InvalidError
        ``text.empty`` or ``text.too_long``.
    """
    consultation = participation.locked_consultation(session, consultation_id)
    summary, participant = summary_check.checker(session, actor, consultation)
    if finding_id is not None:
        checking.own_finding(session, summary, finding_id)
    words = text.plain_text(body, max_length=DISSENT_LENGTH, field="body")
    # Locked, so that a form sent twice at the same moment changes what it sent first.
    session.refresh(participant, with_for_update={"key_share": True})
    kept = own_check.own_dissents(session, summary.id, participant.id).get(finding_id)
    visibility = screen(words, consultation.moderation_policy).visibility
    if kept is not None:
        return _changed(session, actor, kept, words, visibility)
    made = Dissent(
        consultation_id=consultation.id,
        participant_id=participant.id,
        summary_id=summary.id,
        finding_id=finding_id,
        body=words,
        language=language_of(words),
        visibility=visibility,
        created_at=now(),
    )
    session.add(made)
    session.flush()
    _record(session, actor, "dissent.submitted", made)
    return made


def withdraw(session: Session, actor: Actor, reference: str) -> Dissent:
    """Take back one's own dissent while the check lasts; nobody else sees it any more.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is someone else's.
    ConflictError
        ``check.over`` or ``dissent.settled``.
    """
    found = session.scalars(select(Dissent).where(Dissent.reference == reference)).first()
    if found is None:
        raise NotFoundError("contribution.unknown")
    consultation = participation.locked_consultation(session, found.consultation_id)
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or found.participant_id != participant.id:
        raise NotFoundError("contribution.unknown")
    policy.require_checking(consultation, now())
    session.refresh(found, with_for_update=True)
    if found.visibility in _SETTLED:
        raise ConflictError("dissent.settled")
    found.visibility = Visibility.WITHDRAWN
    found.revision += 1
    ledger.record(
        session,
        actor,
        "dissent.withdrawn",
        consultation_id=consultation.id,
        subject=reference,
    )
    session.flush()
    return found


def _changed(
    session: Session, actor: Actor, dissent: Dissent, words: str, screened: Visibility
) -> Dissent:
    """Put new words in the place of the earlier ones, which are kept."""
    session.refresh(dissent, with_for_update=True)
    if dissent.visibility in _SETTLED:
        raise ConflictError("dissent.settled")
    if dissent.body == words:
        return dissent
    edits = select(func.count()).where(ContributionRevision.contribution_id == dissent.id)
    if (session.scalar(edits) or 0) >= MOST_EDITS:
        raise ConflictError("dissent.too_many_edits", maximum=MOST_EDITS)
    session.add(
        ContributionRevision(
            contribution_id=dissent.id,
            revision=dissent.revision,
            body=dissent.body,
            salt=dissent.salt,
            changed_at=now(),
        )
    )
    was_held = dissent.visibility is Visibility.HELD
    dissent.visibility = Visibility.PENDING if was_held else screened
    dissent.body, dissent.language = words, language_of(words)
    dissent.revision += 1
    dissent.salt = new_salt()
    session.flush()
    _record(session, actor, "dissent.edited", dissent)
    return dissent


def _record(session: Session, actor: Actor, action: str, dissent: Dissent) -> None:
    content = {"body": dissent.body, "clause": dissent.clause_key}
    ledger.record(
        session,
        actor,
        action,
        consultation_id=dissent.consultation_id,
        subject=dissent.reference,
        detail={
            "digest": commitments.digest(dissent.salt, content),
            "revision": dissent.revision,
            "finding": dissent.finding_id,
        },
    )
    session.flush()
