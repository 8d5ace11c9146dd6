"""Reads: the facts that the scorecard is computed from, and the ledger entries behind a figure."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import commitments
from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import (
    Consultation,
    DiscussionPlace,
    Disposition,
    Origin,
    Statement,
    Visibility,
)
from consultations.queries import scorecard_rows as rows
from consultations.queries.scorecard_rows import Deed
from consultations.scorecard import (
    EVENTS,
    Facts,
    Principle,
    Share,
    represented,
    share_of,
)
from core.accounts.models import Agency
from core.clock import BANGKOK, now
from core.ledger import LedgerEntry

#: A consultation open for fewer days needs a published reason.
ADVISED_DAYS = 15
#: Entries are sealed in batches; younger ones need not be yet.
SEALED_WITHIN = timedelta(hours=1)
ENTRIES_PAGE = 50
_NOTHING = hashlib.sha256(b"").hexdigest()


def facts_of(session: Session, consultation_ids: Collection[int]) -> dict[int, Facts]:
    """Return the facts of some consultations by number; eleven queries however many."""
    numbers = sorted(consultation_ids)
    gathered = _Gathered(session, numbers)
    return {number: gathered.facts(number) for number in numbers}


def agencies(session: Session, *, samples: bool) -> list[tuple[Agency, list[int]]]:
    """Return the agencies with the numbers of their public consultations, by name. One query."""
    pairs = session.execute(
        select(Agency, Consultation.id)
        .join(Consultation, Consultation.agency_id == Agency.id)
        .where(Consultation.stage.not_in(PRIVATE_STAGES), Consultation.is_sample.is_(samples))
        .order_by(Agency.name_th, Consultation.id)
    )
    found: dict[Agency, list[int]] = defaultdict(list)
    for agency, number in pairs:
        found[agency].append(number)
    return list(found.items())


def entries_behind(
    session: Session, consultation_id: int, principle: Principle, page: int
) -> tuple[Sequence[LedgerEntry], int]:
    """Return one page (from 1) of the ledger entries behind a figure, and how many there are."""
    actions = EVENTS[principle]
    which = [LedgerEntry.consultation_id == consultation_id]
    if actions:
        which.append(LedgerEntry.action.in_(actions))
    total = session.scalar(select(func.count(LedgerEntry.id)).where(*which)) or 0
    shown = session.scalars(
        select(LedgerEntry)
        .where(*which)
        .order_by(LedgerEntry.id)
        .offset((page - 1) * ENTRIES_PAGE)
        .limit(ENTRIES_PAGE)
    ).all()
    return shown, total


class _Gathered:
    """Everything that the figures are counted from, read once for some consultations."""

    def __init__(self, session: Session, numbers: Sequence[int]) -> None:
        self.consultations = {
            each.id: each
            for each in session.scalars(select(Consultation).where(Consultation.id.in_(numbers)))
        }
        self.comments = rows.pairs(
            session,
            DiscussionPlace.consultation_id,
            DiscussionPlace.answers > 0,
            DiscussionPlace.consultation_id.in_(numbers),
            DiscussionPlace.visibility == Visibility.PUBLISHED,
        )
        self.statements = rows.pairs(
            session,
            Statement.consultation_id,
            Statement.origin != Origin.AGENCY,
            Statement.number_in_id.in_(numbers),
            Statement.visibility == Visibility.PUBLISHED,
            Statement.is_meta.is_(False),
        )
        self.findings = rows.findings(session, numbers)
        self.items = rows.items(session, numbers)
        self.responses = rows.responses(session, numbers)
        self.commitments = rows.commitments(session, numbers)
        self.deeds = rows.deeds(session, numbers)
        self.sealed = rows.pairs(
            session,
            LedgerEntry.consultation_id,
            LedgerEntry.position.is_not(None),
            LedgerEntry.consultation_id.in_(numbers),
            LedgerEntry.recorded_at < now() - SEALED_WITHIN,
        )
        self.waits = rows.waits(session, numbers)
        self.pictures = rows.pictures(session, numbers)

    def facts(self, number: int) -> Facts:
        deeds = self.deeds.get(number, [])
        picture = self.pictures.get(number) or {}
        decided = [deed for deed in deeds if deed.action == "contribution.decided"]
        refused = [deed for deed in decided if deed.detail["kind"] not in ("publish", "restore")]
        found = picture.get("found", {})
        shares = {
            Principle.SERVE_CITIZENS: self.comments.get(number, Share()),
            Principle.PUBLIC_INTEREST: self.findings.get(number, Share()),
            Principle.CITIZENSHIP: self.statements.get(number, Share()),
            Principle.STRATEGIC_DEMOCRATIC: self._dates_kept(number),
            Principle.ACCOUNTABILITY_NOT_SIMPLE: self._responses_as_recorded(number),
            Principle.SERVE_NOT_STEER: share_of(bool(deed.detail["rule"]) for deed in refused),
            Principle.VALUE_PEOPLE: self._refusals_with_reason(number, refused),
            Principle.EFFECTIVENESS: self.items.get(number, Share()),
            Principle.ACCOUNTABILITY: self.sealed.get(number, Share()),
            Principle.TRANSPARENCY: _runs_accounted(deeds),
            Principle.RULE_OF_LAW: self._long_enough(number),
            Principle.EQUITY: represented(picture.get("strata", ())),
            Principle.DECENTRALIZATION: share_of([bool(self.consultations[number].province)]),
            Principle.CONSENSUS: Share(found.get("consensus", 0), _voted_on(picture)),
            Principle.ETHICS: _second_persons(deeds),
        }
        days = {
            Principle.EFFICIENCY: self._days_to_answer(number),
            Principle.RESPONSIVENESS: self.waits.get(number, ()),
        }
        return Facts(shares, days)

    def _dates_kept(self, number: int) -> Share:
        """Count days that were kept: of closing, of the promised answers, of commitments."""
        consultation, today = self.consultations[number], now().astimezone(BANGKOK).date()
        deeds = self.deeds.get(number, [])
        cases = []
        if any(deed.action == "consultation.close" for deed in deeds):
            by_clock = all(
                "system" in deed.roles for deed in deeds if deed.action == "consultation.close"
            )
            moved = any(deed.action == "consultation.extend" for deed in deeds)
            cases.append(by_clock and not moved)
        due, answered = consultation.answers_due_on, self._first_answered(number)
        if due is not None and (answered is not None or due < today):
            cases.append(answered is not None and answered.astimezone(BANGKOK).date() <= due)
        for commitment, settled_at in self.commitments.get(number, ()):
            if settled_at is not None:
                cases.append(settled_at.astimezone(BANGKOK).date() <= commitment.due_on)
            elif commitment.due_on < today:
                cases.append(False)
        return share_of(cases)

    def _first_answered(self, number: int) -> datetime | None:
        published = [each.published_at for each in self.responses.get(number, ())]
        return min((moment for moment in published if moment is not None), default=None)

    def _responses_as_recorded(self, number: int) -> Share:
        """Count published answers that name a ground and read as the ledger recorded them."""
        recorded = {
            entry["id"]: entry["sha256"]
            for deed in self.deeds.get(number, ())
            if deed.action == "response.published"
            for entry in deed.detail["responses"]
        }
        return share_of(
            bool(each.ground) and recorded.get(each.id) == commitments.response_digest(each)
            for each in self.responses.get(number, ())
        )

    def _refusals_with_reason(self, number: int, refused: Sequence[Deed]) -> Share:
        moderators = share_of(deed.detail["reason_digest"] != _NOTHING for deed in refused)
        agency = share_of(
            bool(each.reason_th.strip())
            for each in self.responses.get(number, ())
            if each.disposition is Disposition.NOT_ACCEPTED
        )
        return moderators + agency

    def _long_enough(self, number: int) -> Share:
        """Whether it was open for the advised time, or says why not."""
        consultation = self.consultations[number]
        opens_at, closes_at = consultation.opens_at, consultation.closes_at
        if opens_at is None or closes_at is None or closes_at > now():
            return Share()
        long_enough = closes_at - opens_at >= timedelta(days=ADVISED_DAYS)
        return share_of([long_enough or bool(consultation.short_reason)])

    def _days_to_answer(self, number: int) -> Sequence[float]:
        answered = self._first_answered(number)
        closes_at = self.consultations[number].closes_at
        if answered is None or closes_at is None or answered < closes_at:
            return ()
        return ((answered - closes_at) / timedelta(days=1),)


def _runs_accounted(deeds: Sequence[Deed]) -> Share:
    asked = sum(deed.action == "analysis.requested" for deed in deeds)
    ended = sum(deed.action in ("analysis.done", "analysis.failed") for deed in deeds)
    return Share(min(ended, asked), asked)


def _second_persons(deeds: Sequence[Deed]) -> Share:
    actions = EVENTS[Principle.ETHICS]
    return share_of("approver" in deed.roles for deed in deeds if deed.action in actions)


def _voted_on(picture: Mapping[str, Any]) -> int:
    counts = picture.get("counts", {})
    return int(counts.get("statements", 0)) if len(picture.get("groups", ())) > 1 else 0
