"""What is done after erasures and once a day: words leave the files, what is overdue goes."""

from datetime import date, timedelta
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask import session as browser
from flask_login import current_user
from sqlalchemy.orm import Session

from app.extensions import db
from app.identity import keyring
from app.inventory import inventory
from app.transactions import SAFE_METHODS, reading, transaction
from consultations import erasing
from consultations.queries import ended
from core import erasures, jobs, retention
from core.accounts import activity, closing, idling
from core.actor import system_actor
from core.clock import BANGKOK, now
from core.database import clean_files
from core.erasures import ErasedKind

RETENTION = "retention.run"
FILES = "erasure.files"
#: The database's files are cleaned at most so often.
EVERY = timedelta(minutes=10)
#: Name of the list of erasures, kept beside the database and outside its backups.
LIST = "erasures.txt"
#: Lines are kept longer than any backup is.
KEPT = timedelta(days=90)


def init_app(app: Flask) -> None:
    """Note, once a day for each browser, that an account is in use."""
    app.after_request(_note_use)


def _note_use(response: Response) -> Response:
    today = now().astimezone(BANGKOK).date().isoformat()
    writes = request.method not in SAFE_METHODS and response.status_code < 400
    if writes and current_user.is_authenticated and browser.get("used_on") != today:
        activity.note_use(db.session(), current_user.actor.account_id)
        browser["used_on"] = today
    return response


def clean(consultation_id: int) -> None:
    """Take erased words out of reports, write the list, and plan to clean the files."""
    with transaction() as session:
        erasing.clean(session, consultation_id)
    write_list(list_path())
    with transaction() as session:
        # Once for all erasures of some minutes: the whole file is built anew.
        moment = now()
        due = moment - timedelta(seconds=moment.timestamp() % EVERY.total_seconds()) + EVERY
        jobs.enqueue(session, FILES, key=f"{FILES}:{due.isoformat(timespec='minutes')}", run_at=due)


def clean_database() -> None:
    """Make what was erased unreadable in the database's files."""
    clean_files(db.engine)


def list_path() -> Path:
    """Return where the list of erasures is."""
    return Path(current_app.instance_path) / LIST


def write_list(path: Path) -> None:
    """Add to the file what it does not have, and drop lines that no backup can need."""
    with transaction() as session:
        fresh = [erasures.line_of(line) for line in erasures.unlisted(session)]
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        first = (now().astimezone(BANGKOK).date() - KEPT).isoformat()
        known = {line[11:] for line in before}
        added = [line for line in fresh if line[11:] not in known]
        lines = [line for line in [*before, *added] if line[:10] >= first]
        if added or len(lines) != len(before):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        for line in erasures.unlisted(session):
            line.listed_at = now()


def replay(path: Path) -> int:
    """Erase again what the file names and a restored backup brought back; return how much."""
    done = 0
    for text in path.read_text(encoding="utf-8").splitlines():
        line = erasures.read_line(text)
        if line is None:
            continue
        with transaction() as session:
            kind, target = line
            if kind is ErasedKind.ACCOUNT:
                number = closing.account_marked(session, keyring(), target)
                if number is not None:
                    closing.close(session, system_actor(), keyring(), number)
                done += number is not None
            else:
                done += erasing.replay(session, system_actor(), kind, target)
    clean_files(db.engine)
    return done


def retain() -> dict[str, int]:
    """Delete what is overdue, keep the report, and return what was deleted."""
    removed: dict[str, int] = {}
    for rule in inventory().rules:
        with transaction() as session:
            name = f"{rule.table}.{rule.since}"
            removed[name] = removed.get(name, 0) + retention.remove(session, rule)
    with transaction() as session:
        removed["account.warned"] = idling.warn(session, keyring())
        removed["account.closed"] = idling.close_idle(session, system_actor(), keyring())
        moment = now()
        keys = ended.with_overdue_keys(session, moment)
        removed["participation_key"] = sum(
            erasing.destroy_keys(session, system_actor(), number) for number in keys
        )
    with transaction() as session:
        retention.keep_report(session, removed, _overdue(session))
    return removed


def overdue() -> dict[str, int]:
    """Return what is overdue now, by what it is; nothing stands here after a run."""
    with reading() as session:
        return _overdue(session)


def retention_key(day: date) -> str:
    """Return the key of a day's job, so that there is one."""
    return f"{RETENTION}:{day.isoformat()}"


def _overdue(session: Session) -> dict[str, int]:
    found: dict[str, int] = {}
    for rule in inventory().rules:
        name = f"{rule.table}.{rule.since}"
        found[name] = found.get(name, 0) + retention.overdue(session, rule)
    found["account"] = idling.overdue(session)
    found["participation_key"] = len(ended.with_overdue_keys(session, now()))
    return found
