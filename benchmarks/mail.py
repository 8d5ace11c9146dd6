"""Ten thousand letters about an opening: put out in batches, then written as for a server."""

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from app import create_app, jobs
from app.config import Config
from app.identity import keyring
from app.mail import office
from app.mail.transport import Folder
from app.transactions import transaction
from consultations import news, telling
from consultations.models import Consultation, Following, Kind, Stage
from core import jobs as queue
from core.accounts.models import Account, Agency
from core.clock import now
from core.mailing.kinds import OWN, Channel, NewsKind
from core.mailing.models import MailChoice

FOLLOWERS = 10_000
#: Letters whose sending is measured; the rest takes as long each.
SENT = 1000


@dataclass(frozen=True)
class _Taking(Folder):
    """Takes every message and keeps none: what remains is our own work."""

    def send(self, message: Any, recipient: str) -> None:
        """Write the message out as for the wire."""
        message.as_bytes()


def main(_data: Path) -> dict[str, Any]:
    """Measure how long it takes to put out letters, to send them, and to look for own news."""
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(_config(Path(instance)))
        with app.app_context():
            upgrade()
            app.extensions["mail"] = replace(
                office.mail_office(), transport=_Taking(Path(instance) / "mail")
            )
            return _measured(app)


def _config(instance: Path) -> Config:
    secret, url = "a secret for measurements, long enough", f"sqlite:///{instance}/site.db"
    return Config("development", secret, url, instance, log_level="CRITICAL", limits="off")


def _measured(_app: Flask) -> dict[str, Any]:
    with transaction() as session:
        consultation = _filled(session)
        news.announce(session, NewsKind.OPENED, consultation, "bench")
    started, longest, batches = time.perf_counter(), 0.0, 0
    while _next_is(news.FAN_OUT):
        step = time.perf_counter()
        jobs.run_next()
        longest, batches = max(longest, time.perf_counter() - step), batches + 1
    put_out = time.perf_counter() - started
    with transaction() as session:
        started = time.perf_counter()
        telling.run_round(session, keyring(), now(), 0)
        own = time.perf_counter() - started
    with transaction() as session:
        queue.enqueue(session, jobs.DELIVER)
    started, rounds = time.perf_counter(), SENT // 20
    for _ in range(rounds):
        jobs.run_next()
    sending = (time.perf_counter() - started) / SENT * FOLLOWERS
    figures = {
        "followers": FOLLOWERS,
        "seconds_to_put_out": round(put_out, 2),
        "batches": batches,
        "longest_batch_seconds": round(longest, 3),
        "seconds_to_send_10000": round(sending, 1),
        "seconds_for_100_accounts_own_news": round(own, 3),
    }
    for name, value in figures.items():
        print(f"   {name}: {value}")
    return figures


def _next_is(name: str) -> bool:
    with transaction() as session:
        return queue.is_planned(session, name)


def _filled(session: Any) -> Consultation:
    """Make followers who want letters at once, and ask to hear of their own contributions."""
    keys, moment = keyring(), now()
    agency = Agency(slug="bench", name_th="วัดผล", name_en="Bench")
    session.add(agency)
    session.flush()
    consultation = Consultation(
        slug="bench",
        agency_id=agency.id,
        kind=Kind.BILL,
        stage=Stage.OPEN,
        title_th="ร่างเพื่อการวัดผล",
        created_at=moment,
        closes_at=moment,
        sealed_key=keys.new_consultation_key(),
    )
    session.add(consultation)
    session.flush()
    people = [f"person{number}@example.org" for number in range(1, FOLLOWERS + 1)]
    accounts = [
        {
            "id": number,
            "email_sealed": keys.seal_email(address),
            "email_index": keys.email_index(address),
            "password_hash": "none",
            "locale": "th",
            "created_on": moment.date(),
            "email_confirmed_on": moment.date(),
            "session_version": 1,
            "status": "active",
        }
        for number, address in enumerate(people, 1)
    ]
    session.execute(insert(Account), accounts)
    wanted = [
        {"account_id": each["id"], "kind": kind, "channel": Channel.AT_ONCE}
        for each in accounts
        for kind in (NewsKind.OPENED, OWN[0])
    ]
    session.execute(insert(MailChoice), wanted)
    following = [
        {"account_id": each["id"], "consultation_id": consultation.id} for each in accounts
    ]
    session.execute(insert(Following), following)
    return consultation
