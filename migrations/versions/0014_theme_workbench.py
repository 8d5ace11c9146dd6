"""Themes that people choose, what stands in them, who read it, and what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _widen()
    op.create_table(
        "theme_desk",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        _of_consultation("theme_desk"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_theme_desk")),
    )
    op.create_table(
        "chosen_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("machine_key", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("label_th", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("description_th", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        _of_consultation("chosen_theme"),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["chosen_theme.id"],
            name=op.f("fk_chosen_theme_merged_into_id_chosen_theme"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chosen_theme")),
    )
    op.create_index("ix_chosen_theme_state", "chosen_theme", ["consultation_id", "state"])
    op.create_table(
        "theme_placement",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("by_machine", sa.Boolean(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["chosen_theme.id"],
            name=op.f("fk_theme_placement_theme_id_chosen_theme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_theme_placement_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("theme_id", "comment_id", name=op.f("pk_theme_placement")),
    )
    op.create_index(op.f("ix_theme_placement_comment_id"), "theme_placement", ["comment_id"])
    _make_readings()
    _make_changes()


def downgrade() -> None:
    """Go back."""
    for name in ("theme_change", "theme_reading", "theme_placement", "chosen_theme", "theme_desk"):
        op.drop_table(name)
    with op.batch_alter_table("theme") as table:
        table.drop_column("person_count")
        table.drop_column("is_chosen")
    with op.batch_alter_table("analysis_run") as table:
        table.drop_column("themes_kept")
        table.drop_column("themes_compared")
    with op.batch_alter_table("discussion_theme") as table:
        table.drop_column("change")
    with op.batch_alter_table("discussion_place") as table:
        table.drop_column("is_weak")


def _widen() -> None:
    op.add_column(
        "discussion_place",
        sa.Column("is_weak", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "discussion_theme",
        sa.Column("change", sa.String(length=16), server_default="new", nullable=False),
    )
    op.add_column("analysis_run", sa.Column("themes_compared", sa.Integer(), nullable=True))
    op.add_column("analysis_run", sa.Column("themes_kept", sa.Integer(), nullable=True))
    op.add_column(
        "theme", sa.Column("is_chosen", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "theme", sa.Column("person_count", sa.Integer(), server_default="0", nullable=False)
    )


def _make_readings() -> None:
    op.create_table(
        "theme_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("is_second", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("themes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        _of_consultation("theme_reading"),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_theme_reading_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["account.id"], name=op.f("fk_theme_reading_reader_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_reading")),
        sa.UniqueConstraint(
            "comment_id", "is_second", name=op.f("uq_theme_reading_comment_id_is_second")
        ),
    )
    op.create_index(
        "ix_theme_reading_progress", "theme_reading", ["consultation_id", "is_second", "outcome"]
    )


def _make_changes() -> None:
    op.create_table(
        "theme_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("label_th", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("can_undo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _of_consultation("theme_change"),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["chosen_theme.id"],
            name=op.f("fk_theme_change_theme_id_chosen_theme"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["account.id"], name=op.f("fk_theme_change_done_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_change")),
    )
    op.create_index(op.f("ix_theme_change_consultation_id"), "theme_change", ["consultation_id"])


def _of_consultation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id"],
        ["consultation.id"],
        name=op.f(f"fk_{table}_consultation_id_consultation"),
        ondelete="CASCADE",
    )
