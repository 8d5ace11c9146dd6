"""Service: tell readers something about a contribution without taking anything away from it."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import InvalidError
from moderation import cases, verdicts
from moderation.models import Label, LabelCode


def label(session: Session, actor: Actor, reference: str, *, codes: Collection[str]) -> None:
    """Set the labels of a contribution to exactly these; the author hears of a change.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    InvalidError
        ``label.unknown`` on ``labels``.
    """
    contribution, _consultation = cases.locked_contribution(session, reference)
    account_id = verdicts.require_may_decide(session, actor, contribution)
    if not set(codes) <= set(LabelCode):
        raise InvalidError("label.unknown", field="labels")
    wanted = {LabelCode(code) for code in codes}
    present = set(
        session.scalars(select(Label.code).where(Label.contribution_id == contribution.id))
    )
    if wanted == present:
        return
    session.execute(
        delete(Label).where(
            Label.contribution_id == contribution.id, Label.code.in_(present - wanted)
        )
    )
    session.add_all(
        Label(
            contribution_id=contribution.id,
            code=code,
            labelled_by_id=account_id,
            labelled_at=now(),
        )
        for code in sorted(wanted - present)
    )
    if contribution.participant_id is not None:
        notices.notify(session, contribution.participant_id, "label.changed", reference=reference)
    ledger.record(
        session,
        actor,
        "contribution.labelled",
        consultation_id=contribution.consultation_id,
        subject=reference,
        detail={"labels": sorted(code.value for code in wanted)},
    )
    session.flush()
