"""The migrations make exactly the schema of the models, and can be taken back without loss."""

import ast
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from core.database import Base
from core.keyring import Keyring
from tests.factories import make_comment, make_consultation, make_draft, make_statement

VERSIONS = Path(__file__).resolve().parents[2] / "migrations/versions"


def test_migrations_equal_the_models(app: Flask) -> None:
    engine = app.extensions["sqlalchemy"].engine
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "render_as_batch": True,
                # Search in words, which each database does in its own way.
                "include_name": lambda name, _kind, _parents: (
                    not str(name).startswith("passage_words")
                ),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_populated_database_goes_down_and_up(app: Flask, keyring: Keyring) -> None:
    database = app.extensions["sqlalchemy"]
    session = database.session()
    draft = make_draft(session, make_consultation(session, keyring))
    make_comment(session, draft)
    database.session.commit()
    database.session.remove()
    downgrade(revision="base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())


def test_migrating_again_changes_nothing_and_loses_nothing(app: Flask, keyring: Keyring) -> None:
    database = app.extensions["sqlalchemy"]
    session = database.session()
    make_statement(session, make_consultation(session, keyring))
    database.session.commit()
    upgrade()
    assert database.session.execute(text("SELECT count(*) FROM statement")).scalar() == 1


def test_migrations_are_numbered_and_import_nothing_of_ours() -> None:
    files = sorted(VERSIONS.glob("*.py"))
    assert [path.name[:4] for path in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    ours = {"app", "moderation", "consultations", "analysis", "core"}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & ours, path.name
