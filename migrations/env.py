"""Alembic's environment: one migration at a time, and safe for SQLite's foreign keys."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

LOCK = 0x5A524E00


def run() -> None:
    """Migrate the site's database.

    SQLite cannot alter a constraint, so Alembic copies the table and drops the old one; with
    foreign keys enforced that would delete every row that points to it. The pragma has to be set
    outside any transaction, and the keys are checked again before the changes are kept.
    """
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            connection.commit()
        try:
            _migrate(connection, database.metadata, sqlite=sqlite)
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            else:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
                connection.commit()


def _migrate(connection: Connection, metadata: object, *, sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"the migration would leave {len(broken)} rows without parent")


run()
