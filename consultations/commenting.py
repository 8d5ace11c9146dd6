"""Service: comment on a clause, edit and withdraw one's own comment."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import anchoring, commitments, participation, policy
from consultations.anchoring import Quote
from consultations.comment_words import Words, clean, comment_content, put_words, words_of
from consultations.models import (
    Audience,
    Clause,
    Comment,
    Consultation,
    ContributionRevision,
    Draft,
    DraftState,
    Participant,
    SealedWords,
    Visibility,
)
from consultations.models.contribution import new_salt
from consultations.screening import Screen
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError

#: How often an author may change one comment.
MOST_EDITS = 10
#: What an author may no longer change or withdraw.
_SETTLED = frozenset({Visibility.HIDDEN, Visibility.WITHDRAWN})


def submit(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    clause_key: str,
    words: Words,
    quote: Quote | None,
    screen: Screen,
) -> Comment:
    """Comment on a clause of the latest published draft, or on the whole of it.

    Parameters
    ----------
    clause_key : str
        Empty for a comment on the draft as a whole.
    quote : Quote or None
        Selected words of the clause's body; None for the whole clause.
    screen : Screen
        Decides how visible the comment starts.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``draft.unknown`` or ``clause.unknown``.
    ConflictError
        ``consultation.closed`` or ``consultation.not_open_yet``.
    NotAllowedError
        ``participation.sign_in`` or ``participation.own_agency``.
    InvalidError
        ``text.empty``, ``text.too_long``, ``quote.not_found``, ``stance.unknown``,
        ``audience.unknown``, ``wording.needs_clause``, or ``comment.repeated`` when the author has
        said exactly this about the clause before, which is what a form sent twice does.
    """
    consultation = participation.locked_consultation(session, consultation_id)
    policy.require_visible(actor, consultation)
    # The one moment that decides is the one that is kept.
    moment = now()
    policy.require_taking_contributions(consultation, moment)
    policy.require_can_take_part(actor, consultation)
    draft = _latest_draft(session, consultation_id)
    clause = _clause(session, draft, clause_key) if clause_key else None
    cleaned = clean(words, clause)
    found = _verify(quote, clause) if quote else None
    participant = participation.join(session, actor, consultation)
    _require_new(session, participant, draft, clause_key, cleaned.body)
    comment = Comment(
        consultation_id=consultation.id,
        participant_id=participant.id,
        draft_id=draft.id,
        clause_key=clause_key,
        quote_exact=found.exact if found else "",
        quote_prefix=found.prefix if found else "",
        quote_suffix=found.suffix if found else "",
        quote_start=found.start if found else None,
        visibility=_screened(cleaned, consultation, screen),
        created_at=moment,
    )
    put_words(comment, cleaned)
    session.add(comment)
    session.flush()
    _record(session, actor, "comment.submitted", comment)
    return comment


def edit(
    session: Session, actor: Actor, reference: str, *, words: Words, screen: Screen
) -> Comment:
    """Change the words of one's own comment; the earlier words are kept as a revision.

    New words are screened like the first ones. A comment that a moderator holds, or has covered
    words of, is out of sight until a moderator has read the new words; what was covered stays
    covered among the earlier words.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is someone else's.
    ConflictError
        ``consultation.closed``, ``comment.settled`` (hidden or withdrawn) or
        ``comment.too_many_edits``.
    InvalidError
        As ``submit``.
    """
    consultation, comment = _own(session, actor, reference)
    edits = select(func.count()).where(ContributionRevision.contribution_id == comment.id)
    if (session.scalar(edits) or 0) >= MOST_EDITS:
        raise ConflictError("comment.too_many_edits", maximum=MOST_EDITS)
    clause = session.scalars(
        select(Clause).where(Clause.draft_id == comment.draft_id, Clause.key == comment.clause_key)
    ).first()
    cleaned = clean(words, clause)
    if cleaned == words_of(comment):
        return comment
    session.add(_revision_of(comment))
    must_be_read = comment.visibility is Visibility.HELD or _drop_covers(session, comment)
    screened = _screened(cleaned, consultation, screen)
    comment.visibility = Visibility.PENDING if must_be_read else screened
    comment.revision += 1
    comment.salt = new_salt()
    put_words(comment, cleaned)
    session.flush()
    _record(session, actor, "comment.edited", comment)
    return comment


def withdraw(session: Session, actor: Actor, reference: str) -> Comment:
    """Take back one's own comment; nobody else sees it any more.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    ConflictError
        ``consultation.closed`` or ``comment.settled``.
    """
    consultation, comment = _own(session, actor, reference)
    comment.visibility = Visibility.WITHDRAWN
    comment.revision += 1
    ledger.record(
        session,
        actor,
        "comment.withdrawn",
        consultation_id=consultation.id,
        subject=comment.reference,
    )
    session.flush()
    return comment


def _latest_draft(session: Session, consultation_id: int) -> Draft:
    draft = session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
    ).first()
    if draft is None:
        raise NotFoundError("draft.unknown")
    return draft


def _clause(session: Session, draft: Draft, key: str) -> Clause:
    clause = session.scalars(
        select(Clause).where(Clause.draft_id == draft.id, Clause.key == key)
    ).first()
    if clause is None or not clause.takes_comments:
        raise NotFoundError("clause.unknown")
    return clause


def _verify(quote: Quote, clause: Clause | None) -> Quote:
    found = clause and anchoring.find_in(
        clause.body, quote.exact, quote.prefix, quote.suffix, quote.start
    )
    if not found:
        raise InvalidError("quote.not_found", field="quote_exact")
    return found


def _require_new(
    session: Session, participant: Participant, draft: Draft, clause_key: str, body: str
) -> None:
    # Locked, so that a form sent twice at the same moment is seen as such.
    session.refresh(participant, with_for_update={"key_share": True})
    repeated = session.scalar(
        select(Comment.reference).where(
            Comment.participant_id == participant.id,
            Comment.draft_id == draft.id,
            Comment.clause_key == clause_key,
            Comment.body == body,
            Comment.visibility != Visibility.WITHDRAWN,
        )
    )
    if repeated is not None:
        raise InvalidError("comment.repeated", field="body", reference=repeated)


def _screened(words: Words, consultation: Consultation, screen: Screen) -> Visibility:
    found = screen(words.everything, consultation.moderation_policy).visibility
    is_counted = words.audience == Audience.COUNTED
    return Visibility.COUNTED if is_counted and found is Visibility.PUBLISHED else found


def _own(session: Session, actor: Actor, reference: str) -> tuple[Consultation, Comment]:
    """Load one's own comment for a change, with its consultation, both locked."""
    comment = session.scalars(select(Comment).where(Comment.reference == reference)).first()
    if comment is None:
        raise NotFoundError("contribution.unknown")
    consultation = participation.locked_consultation(session, comment.consultation_id)
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or comment.participant_id != participant.id:
        raise NotFoundError("contribution.unknown")
    policy.require_taking_contributions(consultation, now())
    session.refresh(comment, with_for_update=True)
    if comment.visibility in _SETTLED:
        raise ConflictError("comment.settled")
    return consultation, comment


def _revision_of(comment: Comment) -> ContributionRevision:
    return ContributionRevision(
        contribution_id=comment.id,
        revision=comment.revision,
        body=comment.body,
        audience=comment.audience,
        stance=comment.stance,
        reason=comment.reason,
        proposed_wording=comment.proposed_wording,
        salt=comment.salt,
        changed_at=now(),
    )


def _drop_covers(session: Session, comment: Comment) -> bool:
    """Forget what was covered of words that are replaced; return whether something was."""
    sealed = session.get(SealedWords, comment.id)
    if sealed is None:
        return False
    session.delete(sealed)
    return True


def _record(session: Session, actor: Actor, action: str, comment: Comment) -> None:
    ledger.record(
        session,
        actor,
        action,
        consultation_id=comment.consultation_id,
        subject=comment.reference,
        detail={
            "digest": commitments.digest(comment.salt, comment_content(comment)),
            "revision": comment.revision,
        },
    )
    session.flush()
