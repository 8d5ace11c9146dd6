"""Votes on clauses, comments that are counted but not shown, and the subject of ledger entries."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "clause_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.SmallInteger(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("choice IN (-1, 0, 1)", name=op.f("ck_clause_vote_choice_is_known")),
        sa.ForeignKeyConstraint(
            ["clause_id"],
            ["clause.id"],
            name=op.f("fk_clause_vote_clause_id_clause"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_clause_vote_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_vote")),
        sa.UniqueConstraint(
            "clause_id", "participant_id", name=op.f("uq_clause_vote_clause_id_participant_id")
        ),
    )
    op.create_index("ix_clause_vote_count", "clause_vote", ["clause_id", "choice"])
    op.create_index(op.f("ix_clause_vote_participant_id"), "clause_vote", ["participant_id"])
    for table in ("comment", "contribution_revision"):
        op.add_column(
            table,
            sa.Column("audience", sa.String(length=32), server_default="public", nullable=False),
        )
    op.add_column(
        "ledger_entry",
        sa.Column("subject", sa.String(length=120), server_default="", nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("UPDATE ledger_entry SET subject = json_extract(content, '$.subject')")
    else:
        op.execute("UPDATE ledger_entry SET subject = content::json ->> 'subject'")
    op.create_index(op.f("ix_ledger_entry_subject"), "ledger_entry", ["subject"])


def downgrade() -> None:
    """Take it back. What was only counted is held: it must not appear in public."""
    op.execute("UPDATE contribution SET visibility = 'held' WHERE visibility = 'counted'")
    op.execute(
        "UPDATE contribution SET visibility = 'held' WHERE visibility = 'pending' AND id IN"
        " (SELECT id FROM comment WHERE audience = 'counted')"
    )
    op.drop_index(op.f("ix_ledger_entry_subject"), table_name="ledger_entry")
    op.drop_column("ledger_entry", "subject")
    op.drop_column("contribution_revision", "audience")
    op.drop_column("comment", "audience")
    op.drop_table("clause_vote")
