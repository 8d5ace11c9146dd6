"""Which version of a kind's template holds now, and keeping it for those that begin with it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations.kind_templates import TEMPLATES, KindTemplate, as_json, read_json
from consultations.models import Kind, TemplateVersion
from core.clock import now


def versions(session: Session, kind: Kind) -> Sequence[TemplateVersion]:
    """Return all versions of a kind, the newest first; one query."""
    return session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.kind == kind)
        .order_by(TemplateVersion.number.desc())
    ).all()


def newest(session: Session, kind: Kind) -> TemplateVersion | None:
    """Return the version that was kept last; None while there is none; one query."""
    return session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.kind == kind)
        .order_by(TemplateVersion.number.desc())
        .limit(1)
    ).first()


def present(session: Session, kind: Kind) -> KindTemplate:
    """Return what a consultation of the kind would begin with now; one query."""
    found = newest(session, kind)
    return TEMPLATES[kind] if found is None or found.is_delivered else read_json(found.content)


def kept(
    session: Session,
    kind: Kind,
    template: KindTemplate,
    *,
    reason: str = "",
    by: int | None = None,
    number: int,
) -> TemplateVersion:
    """Keep a version under a number; raise IntegrityError when somebody else took the number."""
    made = TemplateVersion(
        kind=kind,
        number=number,
        content=as_json(template),
        is_delivered=template == TEMPLATES[kind],
        reason=reason,
        made_by_id=by,
        made_at=now(),
    )
    with session.begin_nested():
        session.add(made)
    return made


def adopted(session: Session, kind: Kind) -> TemplateVersion:
    """Return the version that holds now; the delivered one is kept when it is first used."""
    found = newest(session, kind)
    if found and (not found.is_delivered or found.content == as_json(TEMPLATES[kind])):
        return found
    try:
        return kept(session, kind, TEMPLATES[kind], number=found.number + 1 if found else 1)
    except IntegrityError:
        # Somebody else began one in the same moment.
        return session.scalars(
            select(TemplateVersion)
            .where(TemplateVersion.kind == kind)
            .order_by(TemplateVersion.number.desc())
            .limit(1)
        ).one()
