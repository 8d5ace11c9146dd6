"""Reads: all that one person did, as plain values for that person, and nothing of anybody else.

What others wrote appears by its public reference only.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, with_polymorphic

from consultations.models import (
    AnswerReply,
    Clause,
    ClauseVote,
    Comment,
    Consultation,
    Contribution,
    ContributionRevision,
    Draft,
    Following,
    GroupMember,
    GroupPosition,
    GroupProposal,
    OfficialResponse,
    Origin,
    Participant,
    ParticipantProfile,
    Reply,
    ResponseRating,
    Statement,
    Support,
    Vote,
    WorkingGroup,
)
from consultations.queries.tracing import Tracer
from core.clock import BANGKOK
from core.notices import notices_for

Facts = dict[str, Any]
_CHOICES = {1: "agree", 0: "unsure", -1: "disagree"}


def own_data(session: Session, people: Mapping[int, str]) -> list[Facts]:
    """Return what a person did in each consultation; some twelve queries for each.

    Parameters
    ----------
    people : mapping of int to str
        Who the person is, by the number of the consultation.
    """
    found = session.scalars(
        select(Consultation).where(Consultation.id.in_(people)).order_by(Consultation.id)
    ).all()
    return [_place(session, each, people[each.id]) for each in found]


def followed_names(session: Session, account_id: int) -> list[str]:
    """Return the short names of the consultations that an account follows; one query."""
    rows = session.scalars(
        select(Consultation.slug)
        .join(Following, Following.consultation_id == Consultation.id)
        .where(Following.account_id == account_id)
        .order_by(Consultation.slug)
    )
    return list(rows)


def group_seats(session: Session, account_id: int) -> list[Facts]:
    """Return the seats in working groups with what was proposed and said there; three queries."""
    rows = session.execute(
        select(GroupMember, WorkingGroup.number, Consultation.slug)
        .join(WorkingGroup, WorkingGroup.id == GroupMember.group_id)
        .join(Consultation, Consultation.id == WorkingGroup.consultation_id)
        .where(GroupMember.account_id == account_id)
        .order_by(GroupMember.id)
    ).all()
    mine = [member.id for member, _, _ in rows]
    proposals = session.scalars(select(GroupProposal).where(GroupProposal.author_id.in_(mine)))
    said = session.scalars(select(GroupPosition).where(GroupPosition.member_id.in_(mine)))
    titles, positions = list(proposals), list(said)
    return [
        {
            "consultation": slug,
            "group": number,
            "shown_name": member.shown_name,
            "shown_organisation": member.shown_organisation,
            "sector": member.sector.value,
            "joined_on": _moment(member.joined_at) if member.joined_at else "",
            "proposals": [each.title for each in titles if each.author_id == member.id],
            "positions": [
                {"position": each.position.value, "reason": each.reason}
                for each in positions
                if each.member_id == member.id
            ],
        }
        for member, number, slug in rows
    ]


def own_contribution_ids(session: Session, people: Mapping[int, str]) -> dict[int, str]:
    """Return the numbers of all that a person wrote, with their references; one query."""
    rows = session.execute(
        select(Contribution.id, Contribution.reference).where(
            Contribution.participant_id.in_(people.values())
        )
    )
    return {row.id: row.reference for row in rows}


def _place(session: Session, consultation: Consultation, person: str) -> Facts:
    participant = session.get_one(Participant, person)
    profile = session.get(ParticipantProfile, person)
    return {
        "consultation": consultation.slug,
        "title_th": consultation.title_th,
        "title_en": consultation.title_en,
        "participant": person,
        "tier": participant.tier.value,
        "joined_on": participant.joined_on.isoformat(),
        "told_about_oneself": _profile(profile) if profile else None,
        "contributions": _contributions(session, consultation, person),
        "votes": _votes(session, person),
        "clause_votes": _clause_votes(session, person),
        "supported_comments": _supports(session, person),
        "ratings_of_answers": _ratings(session, person),
        "messages": [
            {"code": each.code, "details": each.details, "at": _moment(each.created_at)}
            for each in notices_for(session, person)
        ],
    }


def _profile(profile: ParticipantProfile) -> Facts:
    return {
        "age": profile.age,
        "region": profile.region,
        "gender": profile.gender,
        "agreed_on": profile.agreed_on.isoformat(),
    }


def _contributions(session: Session, consultation: Consultation, person: str) -> list[Facts]:
    row = with_polymorphic(Contribution, [Comment, Statement, Reply, AnswerReply])
    written: Sequence[Any] = session.scalars(
        select(row)
        .where(row.participant_id == person, row.consultation_id == consultation.id)
        .order_by(row.id)
    ).all()
    traced = [each for each in written if not isinstance(each, Reply | AnswerReply)]
    answers = {
        trace.contribution.id: [_answer(each) for each in trace.responses]
        for trace in Tracer(session, traced).traces()
    }
    revisions: dict[int, list[Facts]] = {}
    for earlier in session.scalars(
        select(ContributionRevision)
        .where(ContributionRevision.contribution_id.in_([each.id for each in written]))
        .order_by(ContributionRevision.contribution_id, ContributionRevision.revision)
    ):
        revisions.setdefault(earlier.contribution_id, []).append(
            {
                "text": earlier.body,
                "reason": earlier.reason,
                "proposed_wording": earlier.proposed_wording,
                "stance": earlier.stance.value if earlier.stance else "",
                "replaced_at": _moment(earlier.changed_at),
            }
        )
    return [
        {
            **_words(each),
            "earlier_words": revisions.get(each.id, []),
            "answers": answers.get(each.id, []),
        }
        for each in written
    ]


def _words(written: Any) -> Facts:
    facts = {
        "reference": written.reference,
        "kind": written.kind.value,
        "written_at": _moment(written.created_at),
        "visibility": written.visibility.value,
        "text": written.body,
        "language": written.language,
    }
    if isinstance(written, AnswerReply):
        facts["answer"] = written.response_id
    if isinstance(written, Comment):
        facts |= {
            "clause": written.clause_key,
            "stance": written.stance.value if written.stance else "",
            "reason": written.reason,
            "proposed_wording": written.proposed_wording,
            "quoted_words": written.quote_exact,
            "audience": written.audience.value,
        }
    return facts


def _answer(response: OfficialResponse) -> Facts:
    return {
        "disposition": response.disposition.value,
        "reason_th": response.reason_th,
        "reason_en": response.reason_en,
        "published_at": _moment(response.published_at),
    }


def _votes(session: Session, person: str) -> list[Facts]:
    rows = session.execute(
        select(Vote.choice, Vote.voted_on, Statement)
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Vote.participant_id == person)
        .order_by(Vote.id)
    )
    return [
        {
            "statement": statement.reference,
            "number": statement.number,
            "words": statement.body if statement.origin is Origin.AGENCY else "",
            "choice": _CHOICES[choice],
            "voted_on": voted_on.isoformat(),
        }
        for choice, voted_on, statement in rows
    ]


def _clause_votes(session: Session, person: str) -> list[Facts]:
    rows = session.execute(
        select(ClauseVote.choice, ClauseVote.voted_on, Clause.key, Draft.number)
        .join(Clause, Clause.id == ClauseVote.clause_id)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(ClauseVote.participant_id == person)
        .order_by(ClauseVote.id)
    )
    return [
        {"draft": number, "clause": key, "choice": _CHOICES[choice], "voted_on": day.isoformat()}
        for choice, day, key, number in rows
    ]


def _supports(session: Session, person: str) -> list[str]:
    rows = session.scalars(
        select(Comment.reference)
        .join(Support, Support.comment_id == Comment.id)
        .where(Support.participant_id == person)
        .order_by(Comment.id)
    )
    return list(rows)


def _ratings(session: Session, person: str) -> list[Facts]:
    rows = session.scalars(
        select(ResponseRating)
        .where(ResponseRating.participant_id == person)
        .order_by(ResponseRating.response_id)
    )
    return [
        {
            "answer": row.response_id,
            "understood": row.understood,
            "gives_reasons": row.reasoned,
            "agree": row.agrees,
        }
        for row in rows
    ]


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(BANGKOK).isoformat(timespec="minutes") if moment else ""
