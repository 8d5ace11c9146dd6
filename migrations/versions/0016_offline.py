"""What people say on paper, by telephone or at a meeting, entered by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "offline_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("sealed_file", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        *_people("offline_batch", "entered_by_id", "checked_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_batch")),
        sa.UniqueConstraint(
            "consultation_id", "digest", name=op.f("uq_offline_batch_consultation_id_digest")
        ),
    )
    op.create_table(
        "offline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("form_number", sa.Integer(), nullable=True),
        sa.Column("consent_version", sa.Integer(), nullable=False),
        sa.Column("sealed_words", sa.Text(), nullable=True),
        sa.Column("slip_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("repeat_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worded_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=True),
        sa.Column("matched_on", sa.Date(), nullable=True),
        sa.Column("match", sa.JSON(none_as_null=True), nullable=True),
        *_people("offline_entry", "entered_by_id", "worded_by_id", "checked_by_id"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["offline_batch.id"],
            name=op.f("fk_offline_entry_batch_id_offline_batch"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_offline_entry_participant_id_participant"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_entry")),
        sa.UniqueConstraint("reference", name=op.f("uq_offline_entry_reference")),
        sa.UniqueConstraint("slip_index", name=op.f("uq_offline_entry_slip_index")),
        sa.UniqueConstraint(
            "consultation_id",
            "form_number",
            name=op.f("uq_offline_entry_consultation_id_form_number"),
        ),
        sa.UniqueConstraint(
            "consultation_id",
            "repeat_index",
            name=op.f("uq_offline_entry_consultation_id_repeat_index"),
        ),
    )
    for column in ("batch_id", "participant_id"):
        op.create_index(op.f(f"ix_offline_entry_{column}"), "offline_entry", [column])
    op.create_table(
        "offline_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["offline_entry.id"],
            name=op.f("fk_offline_scan_entry_id_offline_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_scan")),
    )
    op.create_index(op.f("ix_offline_scan_entry_id"), "offline_scan", ["entry_id"])
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.add_column(sa.Column("offline_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("forms_printed", sa.Integer(), server_default="0", nullable=False)
        )
    op.execute("UPDATE contribution SET origin = 'paper' WHERE origin = 'offline'")


def downgrade() -> None:
    """Go back; what was said elsewhere keeps its words and loses how it came."""
    op.execute(
        "UPDATE contribution SET origin = 'offline' WHERE origin IN ('paper', 'phone', 'meeting')"
    )
    op.execute("UPDATE participant SET tier = 'imported' WHERE tier = 'offline'")
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.drop_column("forms_printed")
        batch_op.drop_column("offline_until")
    for table in ("offline_scan", "offline_entry", "offline_batch"):
        op.drop_table(table)


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    accounts = [
        sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}_account"))
        for column in columns
    ]
    consultation = sa.ForeignKeyConstraint(
        ["consultation_id"],
        ["consultation.id"],
        name=op.f(f"fk_{table}_consultation_id_consultation"),
        ondelete="CASCADE",
    )
    return [consultation, *accounts]
