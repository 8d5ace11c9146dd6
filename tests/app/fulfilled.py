"""What a consultation that began with the bill's template needs, sent as an officer sends it."""

from datetime import timedelta

from flask.testing import FlaskClient

from consultations.kind_templates import TEMPLATES, Kind
from core.clock import BANGKOK, now


def fulfil(officer: FlaskClient, slug: str) -> None:
    """Fill in the law-hearing form, and register a group with a notice that is planned."""
    home, template = f"/workspace/consultations/{slug}", TEMPLATES[Kind.BILL]
    answers = {f"{field.code}_th": "ครบถ้วน" for field in template.fields}
    confirmed = [point.code for point in template.items if not point.is_computed]
    form = {**answers, "confirmed": confirmed}
    assert officer.post(f"{home}/hearing", data=form).status_code == 303
    group = {"kind": "community", "name": "ชุมชนรอบสวน"}
    assert officer.post(f"{home}/stakeholders", data=group).status_code == 303
    day = now().astimezone(BANGKOK).date() + timedelta(days=1)
    notice = {"channel": "poster", "notified_on": day.isoformat()}
    assert officer.post(f"{home}/stakeholders/1", data=notice).status_code == 303
