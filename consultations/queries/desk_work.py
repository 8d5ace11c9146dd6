"""Reads: the work on answers inside an agency: colleagues, private notes, templates."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import AnswerNote, AnswerTask, AnswerTemplate
from consultations.queries.answer_duty import LARGEST, TASK_COLUMNS, Item
from core.accounts.models import Account, AccountStatus, RoleGrant
from core.actor import AGENCY_ROLES, Actor
from core.errors import NotFoundError


def colleagues(session: Session, actor: Actor) -> Mapping[int, str]:
    """Return by which name those who work for the actor's agency go, by account; one query.

    That is how their address begins, with the number of the account: colleagues know each other by
    it, and no page holds an address.

    For pages of that agency's staff only: citizens and other agencies never learn who answers.
    """
    if actor.keyring is None or actor.agency_id is None:
        return {}
    rows = session.execute(
        select(Account.id, Account.email_sealed)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.agency_id == actor.agency_id,
            RoleGrant.role.in_(AGENCY_ROLES),
            Account.status == AccountStatus.ACTIVE,
        )
        .distinct()
        .order_by(Account.id)
    )
    addresses = {number: actor.keyring.open_email(sealed) for number, sealed in rows}
    return {number: f"{address[:3]}… ({number})" for number, address in addresses.items()}


def notes(session: Session, item: Item) -> Sequence[AnswerNote]:
    """Return the private notes on an item, the newest first; one query."""
    return session.scalars(
        select(AnswerNote)
        .join(AnswerTask, AnswerTask.id == AnswerNote.task_id)
        .where(TASK_COLUMNS[item.kind] == item.number)
        .order_by(AnswerNote.id.desc())
    ).all()


def templates(session: Session, actor: Actor) -> Sequence[AnswerTemplate]:
    """Return the templates of the actor's agency by their names; one query."""
    return session.scalars(
        select(AnswerTemplate)
        .where(AnswerTemplate.agency_id == actor.agency_id)
        .order_by(AnswerTemplate.name, AnswerTemplate.id)
    ).all()


def template(session: Session, actor: Actor, number: int) -> AnswerTemplate:
    """Return one template of the actor's agency; raises NotFoundError ``template.unknown``."""
    found = session.get(AnswerTemplate, number) if number <= LARGEST else None
    if found is None or found.agency_id != actor.agency_id:
        raise NotFoundError("template.unknown")
    return found
