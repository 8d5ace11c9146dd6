"""The one place that commits: once for each successful unsafe request, command step or job step."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.extensions import db
from core.database import (
    allowed_to_write,
    prepare_engine,
    reading_only,
    require_durable,
    writing,
)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, *, production: bool = False) -> None:
    """Prepare the engine, and end every request's transaction."""
    with app.app_context():
        prepare_engine(db.engine)
        if production:
            require_durable(db.engine)
            with suppress(OperationalError):  # a database that is away is looked at when it is back
                db.engine.connect().close()
            db.engine.dispose()
    app.before_request(_begin)
    app.after_request(_end)


@contextmanager
def transaction() -> Iterator[Session]:
    """Session for one step of a command or job: committed at the end, rolled back on an error."""
    with (
        allowed_to_write(),
        Session(db.engine, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Session for one step of a job that only reads, and keeps nobody from writing."""
    with reading_only(), Session(db.engine) as session, session.begin():
        yield session


def session() -> Session:
    """Return the session of this request."""
    return db.session()


def roll_back() -> None:
    """Undo what this request wrote, before its error is rendered."""
    db.session.rollback()


def release() -> None:
    """Let go of the database before something slow, such as reading an uploaded document.

    What was loaded stays usable; what was changed before is lost, so call it before any change.
    """
    db.session.rollback()


def _begin() -> None:
    writing.set(request.method not in SAFE_METHODS)


def _end(response: Response) -> Response:
    if writing.get() and response.status_code < 400:
        db.session.commit()
    else:
        db.session.rollback()
    return response
