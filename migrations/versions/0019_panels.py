"""Panels that read prototype clauses."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_th", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["account.id"], name=op.f("fk_panel_begun_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_panel_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_panel_consultation_id_number")
        ),
    )
    op.create_table(
        "panel_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["panel.id"],
            name=op.f("fk_panel_clause_panel_id_panel"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_clause")),
        sa.UniqueConstraint("panel_id", "position", name=op.f("uq_panel_clause_panel_id_position")),
    )
    op.create_table(
        "panel_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["panel.id"],
            name=op.f("fk_panel_seat_panel_id_panel"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seat")),
        sa.UniqueConstraint(
            "panel_id", "person_key", name=op.f("uq_panel_seat_panel_id_person_key")
        ),
    )
    with op.batch_alter_table("panel_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_seat_person_key"), ["person_key"], unique=False)

    op.create_table(
        "panel_answer",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("understood", sa.String(length=32), nullable=False),
        sa.Column("workable", sa.String(length=32), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_id"],
            ["panel_clause.id"],
            name=op.f("fk_panel_answer_clause_id_panel_clause"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["panel_seat.id"],
            name=op.f("fk_panel_answer_seat_id_panel_seat"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("seat_id", "clause_id", name=op.f("pk_panel_answer")),
    )
    with op.batch_alter_table("panel_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_answer_clause_id"), ["clause_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("panel_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_answer_clause_id"))

    op.drop_table("panel_answer")
    with op.batch_alter_table("panel_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_seat_person_key"))

    op.drop_table("panel_seat")
    op.drop_table("panel_clause")
    op.drop_table("panel")
