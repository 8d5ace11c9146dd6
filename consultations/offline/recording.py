"""Makes contributions of a confirmed response, as if its writer had used the site."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import commitments, strata, tallies
from consultations.comment_words import Words, comment_content, put_words
from consultations.models import (
    ClauseVote,
    Comment,
    Consultation,
    OfflineEntry,
    OfflineScan,
    OfflineState,
    Participant,
    ParticipantProfile,
    Tier,
    Vote,
)
from consultations.offline.offer import CHOICES, Offer
from consultations.offline.said import Said, SaidComment
from consultations.screening import Screen
from core import ledger
from core.accounts import consents
from core.accounts.consents import Purpose
from core.actor import Actor
from core.clock import BANGKOK, now


def put_in(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    entry: OfflineEntry,
    said: Said,
    offer: Offer,
    screen: Screen,
) -> Participant:
    """Write comments, votes and answers under a new participant; the sealed words go."""
    participant = Participant(
        consultation_id=consultation.id, tier=Tier.OFFLINE, joined_on=entry.said_on
    )
    session.add(participant)
    session.flush()
    for each in said.comments:
        comment = _comment(entry, participant, each, offer)
        words = Words(each.body, each.stance, each.reason, each.proposed_wording)
        put_words(comment, words)
        comment.visibility = screen(words.everything, consultation.moderation_policy).visibility
        session.add(comment)
        session.flush()
        _record_comment(session, actor, comment)
    _votes(session, entry, participant, said, offer)
    _profile(session, consultation, participant, said)
    consents.record(session, Purpose.OFFLINE, given=True, participant_id=participant.id)
    entry.participant_id, entry.sealed_words = participant.id, None
    entry.state, entry.note = OfflineState.CONFIRMED, ""
    entry.revision += 1
    session.flush()
    _record(session, actor, entry, said)
    return participant


def _comment(
    entry: OfflineEntry, participant: Participant, said: SaidComment, offer: Offer
) -> Comment:
    return Comment(
        consultation_id=entry.consultation_id,
        participant_id=participant.id,
        draft_id=offer.draft.id if offer.draft else None,
        clause_key=said.clause_key,
        origin=entry.origin,
        created_at=now(),
    )


def _record_comment(session: Session, actor: Actor, comment: Comment) -> None:
    ledger.record(
        session,
        actor,
        "comment.submitted",
        consultation_id=comment.consultation_id,
        subject=comment.reference,
        detail={
            "channel": comment.origin.value,
            "digest": commitments.digest(comment.salt, comment_content(comment)),
            "revision": comment.revision,
        },
    )


def _votes(
    session: Session, entry: OfflineEntry, participant: Participant, said: Said, offer: Offer
) -> None:
    cast = {offer.statements[number].id: CHOICES[name] for number, name in said.votes.items()}
    if cast:
        tallies.lock(session, list(cast))
    for statement_id, choice in sorted(cast.items()):
        session.add(
            Vote(
                statement_id=statement_id,
                participant_id=participant.id,
                choice=int(choice),
                voted_on=entry.said_on,
            )
        )
        tallies.shift(session, statement_id, None, int(choice))
    for key, name in said.clause_votes.items():
        session.add(
            ClauseVote(
                clause_id=offer.clauses[key].id,
                participant_id=participant.id,
                choice=int(CHOICES[name]),
                voted_on=entry.said_on,
            )
        )
    session.flush()


def _profile(
    session: Session, consultation: Consultation, participant: Participant, said: Said
) -> None:
    if not said.profile:
        return
    answers = {question: said.profile.get(question, strata.NOT_SAID) for question in strata.STRATA}
    session.add(
        ParticipantProfile(
            participant_id=participant.id,
            consultation_id=consultation.id,
            purpose_version=strata.PURPOSE_VERSION,
            agreed_on=now().astimezone(BANGKOK).date(),
            **answers,
        )
    )
    consents.record(session, Purpose.PROFILE, given=True, participant_id=participant.id)


def _record(session: Session, actor: Actor, entry: OfflineEntry, said: Said) -> None:
    pages = session.scalars(
        select(OfflineScan).where(OfflineScan.entry_id == entry.id).order_by(OfflineScan.id)
    ).all()
    for page in pages:
        page.settled_at = now()
    ledger.record(
        session,
        actor,
        "offline.confirmed",
        consultation_id=entry.consultation_id,
        subject=entry.reference,
        detail={
            "channel": entry.origin.value,
            "comments": len(said.comments),
            "consent_version": entry.consent_version,
            "pages_sha256": [page.digest for page in pages],
            "said_on": entry.said_on.isoformat(),
        },
    )
    session.flush()
