"""Everybody who had a hand in what another person approves."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: Tables with the column of whoever wrote last, who is known to have had a hand in it.
_TABLES = {
    "summary": "prepared_by_id",
    "draft": "prepared_by_id",
    "official_response": "drafted_by_id",
}


def upgrade() -> None:
    """Go forward."""
    for table, last in _TABLES.items():
        column = sa.Column("hands", sa.JSON(none_as_null=True), server_default="[]", nullable=False)
        op.add_column(table, column)
        known = sa.table(table, sa.column("hands", sa.JSON), sa.column(last, sa.Integer))
        authors = op.get_bind().scalars(sa.select(known.c[last]).distinct()).all()
        for author in authors:
            if author is not None:
                op.execute(known.update().where(known.c[last] == author).values(hands=[author]))


def downgrade() -> None:
    """Go back."""
    for table in _TABLES:
        op.drop_column(table, "hands")
