"""Packs everything that is held about one person: for machines as JSON, for people as a page."""

import io
import json
import zipfile
from typing import Any

from flask import current_app

from app.identity import keyring
from app.mail.writing import in_language
from app.transactions import reading
from app.words import NAMES
from consultations.queries import own_data
from core.accounts import consents, facts
from core.accounts.own_exports import Asked
from moderation.queries import history


def packed(asked: Asked) -> bytes:
    """Return the archive with everything about the person who asked."""
    with reading() as session:
        people = asked.participants
        written = own_data.own_contribution_ids(session, people)
        decisions = history.decisions_on(session, list(written))
        held = {
            "account": facts.account_facts(session, keyring(), asked.account_id),
            "follows": own_data.followed_names(session, asked.account_id),
            "consents": [
                {
                    "purpose": event.purpose.value,
                    "given": event.given,
                    "text_version": event.text_version,
                    "text_sha256": event.text_digest,
                    "on": event.recorded_on.isoformat(),
                }
                for event in consents.history(session, asked.account_id, people.values())
            ],
            "group_seats": own_data.group_seats(session, asked.account_id),
            "took_part": own_data.own_data(session, people),
            "reports_to_moderators": history.flags_by(session, people.values()),
            "appeals": history.appeals_for(session, list(written)),
            "decisions_on_what_you_wrote": [
                {
                    "contribution": written[number],
                    "decision": each.kind.value,
                    "rule": each.rule,
                    "reason": each.reason,
                    "decided_at": each.decided_at.isoformat(timespec="minutes"),
                }
                for number, found in decisions.items()
                for each in found
            ],
        }
    return _archive(held)


def _archive(held: dict[str, Any]) -> bytes:
    language = held["account"]["language"]
    with in_language(language):
        page = current_app.jinja_env.get_template("accounts/own_data_file.html").render(
            held=held, locale=language, names=NAMES["own_data"]
        )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", json.dumps(held, ensure_ascii=False, indent=2))
        archive.writestr("my-data.html", page)
    return made.getvalue()
