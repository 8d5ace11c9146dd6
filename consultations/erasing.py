"""Service: erase one's words, or all that one did, so that nothing stored holds them any more.

The rows stay, empty, so that replies, counts and the ledger keep their place. The job that the
deed plans takes the words out of what was made from them; see ``scrubbing``.
"""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from consultations import participation, policy, scrubbing, tallies
from consultations.models import (
    AnalysisRun,
    ClauseVote,
    Comment,
    Consultation,
    Contribution,
    ContributionRevision,
    DataExport,
    FindingVerdict,
    OfflineEntry,
    OfflineScan,
    OpenFile,
    Panel,
    PanelSeat,
    Participant,
    ParticipantProfile,
    ParticipationKey,
    Ratifier,
    ResponseRating,
    RevisedVote,
    RunState,
    SealedWords,
    Stakeholder,
    StakeholderNotice,
    Statement,
    Support,
    Tombstone,
    Visibility,
    Vote,
)
from consultations.participation import Hold, locked_consultation
from core import erasures, jobs, ledger, notices
from core.accounts.consents import ConsentEvent
from core.actor import Actor
from core.clock import now
from core.erasures import ErasedKind
from core.errors import ConflictError, NotFoundError

#: Takes erased words out of reports, writes the list, and cleans the database's files.
CLEAN = "erasure.clean"
_AGAIN = timedelta(minutes=10)


def erase_one(session: Session, actor: Actor, reference: str) -> Contribution:
    """Erase the words of one's own contribution, at any stage; that there was one stays visible.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is someone else's.
    ConflictError
        ``contribution.erased``.
    """
    found = session.scalars(select(Contribution).where(Contribution.reference == reference)).first()
    if found is None:
        raise NotFoundError("contribution.unknown")
    consultation = locked_consultation(session, found.consultation_id)
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or found.participant_id != participant.id:
        raise NotFoundError("contribution.unknown")
    session.refresh(found, with_for_update=True)
    if not found.body:
        raise ConflictError("contribution.erased")
    _empty(session, actor, found)
    erasures.note(session, ErasedKind.CONTRIBUTION, reference)
    _plan(session, consultation)
    return found


def erase_everything(session: Session, actor: Actor, *, other_tags: Collection[bytes] = ()) -> int:
    """Erase all that the actor did in all consultations; return in how many.

    Parameters
    ----------
    other_tags : collection of bytes
        Further tags under which the person could come back, to be kept out as well.
    """
    people = participation.participants_of(session, actor)
    tags = {tag for tag in (actor.person_tag, *actor.earlier_tags, *other_tags) if tag}
    for consultation_id, participant_id in sorted(people.items()):
        erase_participant(session, actor, participant_id)
        consultation = session.get_one(Consultation, consultation_id)
        if actor.keyring is None or consultation.sealed_key is None:
            continue
        for tag in tags:
            key = actor.keyring.person_key(consultation.sealed_key, tag)
            session.merge(Tombstone(consultation_id=consultation_id, person_key=key))
    session.flush()
    return len(people)


def erase_participant(session: Session, actor: Actor, participant_id: str) -> bool:
    """Erase all that one participant did; return False if there is nothing left to erase.

    While contributions are taken, votes are taken back. Afterwards they stay in the count, under
    a new random number that leads to nobody.
    """
    participant = session.get(Participant, participant_id)
    if participant is None:
        return False
    consultation = locked_consultation(session, participant.consultation_id, Hold.CHANGE)
    words = session.scalars(
        select(Contribution).where(
            Contribution.participant_id == participant_id, Contribution.body != ""
        )
    ).all()
    if not words and not _is_known(session, participant_id):
        return False
    for written in words:
        _empty(session, actor, written)
    if policy.has_closed(policy.current_stage(consultation, now())):
        _unlink_votes(session, participant)
    else:
        tallies.take_back_all(session, participant_id)
        session.execute(delete(ClauseVote).where(ClauseVote.participant_id == participant_id))
    _forget_person(session, participant_id)
    erasures.note(session, ErasedKind.PARTICIPANT, participant_id)
    ledger.record(session, actor, "participant.erased", consultation_id=consultation.id)
    _plan(session, consultation)
    return True


def replay(session: Session, actor: Actor, kind: ErasedKind, target: str) -> bool:
    """Erase again what a restored backup brought back; return whether there was anything."""
    if kind is ErasedKind.PARTICIPANT:
        return erase_participant(session, actor, target)
    found = session.scalars(
        select(Contribution).where(Contribution.reference == target, Contribution.body != "")
    ).first()
    if kind is not ErasedKind.CONTRIBUTION or found is None:
        return False
    _empty(session, actor, found)
    erasures.note(session, kind, target)
    _plan(session, session.get_one(Consultation, found.consultation_id))
    return True


def clean(session: Session, consultation_id: int) -> None:
    """Take erased words out of what was made from them; come again after runs under way."""
    if scrubbing.scrub(session, consultation_id):
        _plan_again(session, consultation_id)


def destroy_keys(session: Session, actor: Actor, consultation_id: int) -> int:
    """Destroy what leads from people to participants in a consultation, for good.

    Returns
    -------
    int
        How many bridges there were.
    """
    consultation = locked_consultation(session, consultation_id, Hold.CHANGE)
    consultation.sealed_key = None
    removed = session.scalars(
        delete(ParticipationKey)
        .where(ParticipationKey.consultation_id == consultation_id)
        .returning(ParticipationKey.participant_id)
    ).all()
    session.execute(delete(Tombstone).where(Tombstone.consultation_id == consultation_id))
    _cut_off_papers(session, OfflineEntry.consultation_id == consultation_id)
    _forget_contacts(session, consultation_id)
    panels = select(Panel.id).where(Panel.consultation_id == consultation_id)
    session.execute(update(PanelSeat).where(PanelSeat.panel_id.in_(panels)).values(person_key=None))
    ledger.record(session, actor, "consultation.key_destroyed", consultation_id=consultation_id)
    session.flush()
    return len(removed)


def _forget_contacts(session: Session, consultation_id: int) -> None:
    """Take away how those affected were reached; that they were told stays, with the digests."""
    groups = select(Stakeholder.id).where(Stakeholder.consultation_id == consultation_id)
    session.execute(
        update(StakeholderNotice)
        .where(StakeholderNotice.stakeholder_id.in_(groups))
        .values(proof=None)
    )
    session.execute(
        update(Stakeholder)
        .where(Stakeholder.consultation_id == consultation_id)
        .values(sealed_contact="")
    )


def _empty(session: Session, actor: Actor, written: Contribution) -> None:
    """Take away the words of a contribution, and the salt by which its digest could be checked."""
    session.execute(
        delete(ContributionRevision).where(ContributionRevision.contribution_id == written.id)
    )
    session.execute(delete(SealedWords).where(SealedWords.contribution_id == written.id))
    written.body, written.language, written.salt = "", "und", bytes(16)
    written.visibility = Visibility.WITHDRAWN
    written.revision += 1
    if isinstance(written, Comment):
        written.reason = written.proposed_wording = ""
        written.quote_exact = written.quote_prefix = written.quote_suffix = ""
        written.quote_start, written.stance = None, None
    elif isinstance(written, Statement):
        written.matching_digest = None
    session.flush()
    ledger.record(
        session,
        actor,
        "contribution.erased",
        consultation_id=written.consultation_id,
        subject=written.reference,
    )
    session.flush()


def _unlink_votes(session: Session, participant: Participant) -> None:
    """Give votes and supports that were counted to a new participant, whom nothing leads to."""
    nobody = Participant(
        consultation_id=participant.consultation_id,
        tier=participant.tier,
        joined_on=participant.joined_on,
    )
    session.add(nobody)
    session.flush()
    for table in (Vote, ClauseVote, Support):
        session.execute(
            update(table)
            .where(table.participant_id == participant.id)
            .values(participant_id=nobody.id)
        )


def _is_known(session: Session, participant_id: str) -> bool:
    """Whether anything still leads to the person: a bridge, or a paper that two people entered."""
    entered = select(OfflineEntry.id).where(OfflineEntry.participant_id == participant_id)
    has_bridge = session.get(ParticipationKey, participant_id) is not None
    return has_bridge or session.scalar(entered) is not None


def _cut_off_papers(session: Session, which: ColumnElement[bool]) -> None:
    """Delete scans of papers, and what leads from a paper to its writer's pseudonym."""
    papers = select(OfflineEntry.id).where(which).scalar_subquery()
    session.execute(delete(OfflineScan).where(OfflineScan.entry_id.in_(papers)))
    values = {"participant_id": None, "place": "", "sealed_words": None}
    session.execute(update(OfflineEntry).where(which).values(values))


def _forget_person(session: Session, participant_id: str) -> None:
    """Cut the bridge to the person, keeping only what stops a second participation."""
    key = session.get(ParticipationKey, participant_id)
    if key is not None:
        session.merge(Tombstone(consultation_id=key.consultation_id, person_key=key.person_key))
        session.delete(key)
    _cut_off_papers(session, OfflineEntry.participant_id == participant_id)
    for answers in (FindingVerdict, RevisedVote, Ratifier, ResponseRating):
        session.execute(delete(answers).where(answers.participant_id == participant_id))
    session.execute(
        delete(ParticipantProfile).where(ParticipantProfile.participant_id == participant_id)
    )
    session.execute(delete(ConsentEvent).where(ConsentEvent.participant_id == participant_id))
    session.execute(delete(notices.Notice).where(notices.Notice.participant_id == participant_id))
    session.flush()


def _plan(session: Session, consultation: Consultation) -> None:
    """Drop packed files that hold the words, and plan the rest."""
    session.execute(delete(DataExport).where(DataExport.consultation_id == consultation.id))
    session.execute(delete(OpenFile).where(OpenFile.consultation_id == consultation.id))
    jobs.enqueue(session, CLEAN, {"consultation": consultation.id}, consultation_id=consultation.id)
    has_run = session.scalar(
        select(AnalysisRun.id)
        .where(AnalysisRun.consultation_id == consultation.id, AnalysisRun.state == RunState.DONE)
        .limit(1)
    )
    if has_run is not None:
        jobs.enqueue(session, "open_data.make", {"consultation_id": consultation.id})


def _plan_again(session: Session, consultation_id: int) -> None:
    jobs.enqueue(
        session,
        CLEAN,
        {"consultation": consultation_id},
        run_at=now() + _AGAIN,
        consultation_id=consultation_id,
    )
