"""Service: an administrator edits what consultations of a kind begin with; each edit is a version.

Consultations that have begun keep their version. Nothing is ever changed or deleted.
"""

import json
from dataclasses import replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations import kind_versions
from consultations.kind_templates import CheckPoint, FormField, KindTemplate, as_json, parsed
from consultations.models import Kind, TemplateVersion
from core import ledger
from core.actor import Actor, Role
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.text import plain_text

REASON_LENGTH = 500


def change(
    session: Session, actor: Actor, kind: Kind, template: KindTemplate, *, reason: str, since: int
) -> TemplateVersion:
    """Make a version that holds for consultations that begin from now on.

    Parameters
    ----------
    since : int
        Number of the version that was edited; 0 when none was kept yet.

    Raises
    ------
    NotAllowedError
        ``template.administrator_needed``.
    InvalidError
        ``reason.needed``; ``template.same``; or as ``kind_templates.parsed``.
    ConflictError
        ``template.stale``: somebody else has made a version meanwhile.
    """
    if not actor.has(Role.ADMINISTRATOR):
        raise NotAllowedError("template.administrator_needed")
    if not reason.strip():
        raise InvalidError("reason.needed", field="reason")
    words = plain_text(reason, max_length=REASON_LENGTH, field="reason")
    checked = parsed(json.loads(as_json(template)))
    newest = kind_versions.newest(session, kind)
    number = newest.number if newest else 0
    if number != since:
        raise ConflictError("template.stale")
    if checked == kind_versions.present(session, kind):
        raise InvalidError("template.same", field="reason")
    try:
        made = kind_versions.kept(
            session, kind, checked, reason=words, by=actor.account_id, number=number + 1
        )
    except IntegrityError as error:
        raise ConflictError("template.stale") from error
    ledger.record(
        session, actor, "template.changed", subject=f"template:{kind.value}:{made.number}"
    )
    session.flush()
    return made


def with_field(
    template: KindTemplate, field: FormField, *, was: str = "", place: int = 0
) -> KindTemplate:
    """Return a template with a field at a place (from 1; 0 for the end), in place of ``was``."""
    fields = [each for each in template.fields if each.code != was]
    fields.insert(place - 1 if place else len(fields), field)
    return replace(template, fields=tuple(fields))


def without_field(template: KindTemplate, code: str) -> KindTemplate:
    """Return a template without a field."""
    return replace(template, fields=tuple(each for each in template.fields if each.code != code))


def with_point(template: KindTemplate, point: CheckPoint, *, was: str = "") -> KindTemplate:
    """Return a template with a point of the checklist in place of ``was``, or at the end."""
    places = [each.code for each in template.items]
    points = [each for each in template.items if each.code != was]
    points.insert(places.index(was) if was in places else len(points), point)
    return replace(template, items=tuple(points))


def without_point(template: KindTemplate, code: str) -> KindTemplate:
    """Return a template without a point of the checklist."""
    return replace(template, items=tuple(each for each in template.items if each.code != code))
