"""One commit for each successful unsafe request; reading never writes."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.identity import ANYONE, access
from app.transactions import session, transaction
from core.accounts.models import Agency
from core.errors import ConflictError


def add_views(app: Flask) -> FlaskClient:
    @access(ANYONE)
    def write(status: int) -> tuple[str, int]:
        session().add(Agency(slug=f"s{status}", name_th="x", name_en="x"))
        session().flush()
        if status == 409:
            raise ConflictError("agency.exists")
        if status == 500:
            raise RuntimeError
        return "", status

    app.add_url_rule("/write/<int:status>", view_func=write, methods=["GET", "POST"])
    return app.test_client()


def count(app: Flask) -> int:
    with Session(app.extensions["sqlalchemy"].engine) as fresh:
        return fresh.scalar(select(func.count(Agency.id))) or 0


def test_a_successful_post_is_kept(app: Flask) -> None:
    assert add_views(app).post("/write/200").status_code == 200
    assert count(app) == 1


def test_a_refused_post_leaves_nothing(app: Flask) -> None:
    client = add_views(app)
    for status in (422, 409, 500):
        client.post(f"/write/{status}")
    assert count(app) == 0


def test_a_get_cannot_write(app: Flask) -> None:
    assert add_views(app).get("/write/200").status_code >= 500
    assert count(app) == 0


def add(*slugs: str) -> None:
    with transaction() as step:
        for slug in slugs:
            step.add(Agency(slug=slug, name_th="x", name_en="x"))
            step.flush()


def test_a_command_step_is_kept_or_undone_as_a_whole(app: Flask) -> None:
    add("kept")
    with pytest.raises(IntegrityError):
        add("undone", "kept")
    assert count(app) == 1
