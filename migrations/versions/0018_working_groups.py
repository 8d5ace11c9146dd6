"""Working groups: seats, charters, meetings, rounds, and steps of the joint plan."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "working_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_th", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("purpose_th", sa.Text(), nullable=False),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("founded_by_id", sa.Integer(), nullable=True),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_working_group_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["founded_by_id"], ["account.id"], name=op.f("fk_working_group_founded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_group")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_working_group_consultation_id_number")
        ),
    )
    op.create_table(
        "group_charter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("round_days", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["working_group.id"],
            name=op.f("fk_group_charter_group_id_working_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_group_charter_written_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_charter")),
        sa.UniqueConstraint("group_id", "version", name=op.f("uq_group_charter_group_id_version")),
    )
    op.create_table(
        "group_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("announced_by_id", sa.Integer(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announced_by_id"],
            ["account.id"],
            name=op.f("fk_group_meeting_announced_by_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["working_group.id"],
            name=op.f("fk_group_meeting_group_id_working_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meeting")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_group_meeting_group_id_number")),
    )
    op.create_table(
        "group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_facilitator", sa.Boolean(), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("shown_name", sa.String(length=200), nullable=False),
        sa.Column("shown_organisation", sa.String(length=200), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_group_member_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["working_group.id"],
            name=op.f("fk_group_member_group_id_working_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["account.id"], name=op.f("fk_group_member_invited_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_group_member_group_id_number")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_member_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "charter_agreement",
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["charter_id"],
            ["group_charter.id"],
            name=op.f("fk_charter_agreement_charter_id_group_charter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["group_member.id"],
            name=op.f("fk_charter_agreement_member_id_group_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("charter_id", "member_id", name=op.f("pk_charter_agreement")),
    )
    with op.batch_alter_table("charter_agreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_charter_agreement_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "group_minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["group_meeting.id"],
            name=op.f("fk_group_minutes_meeting_id_group_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["account.id"],
            name=op.f("fk_group_minutes_published_by_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_minutes")),
        sa.UniqueConstraint(
            "meeting_id", "version", name=op.f("uq_group_minutes_meeting_id_version")
        ),
    )
    op.create_table(
        "group_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["group_member.id"],
            name=op.f("fk_group_proposal_author_id_group_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["working_group.id"],
            name=op.f("fk_group_proposal_group_id_working_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_proposal")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_group_proposal_group_id_number")),
    )
    op.create_table(
        "group_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["charter_id"],
            ["group_charter.id"],
            name=op.f("fk_group_round_charter_id_group_charter"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["group_proposal.id"],
            name=op.f("fk_group_round_proposal_id_group_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_round")),
        sa.UniqueConstraint(
            "proposal_id", "number", name=op.f("uq_group_round_proposal_id_number")
        ),
    )
    with op.batch_alter_table("group_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_round_closes_at"), ["closes_at"], unique=False)

    op.create_table(
        "group_position",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["group_member.id"],
            name=op.f("fk_group_position_member_id_group_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["group_round.id"],
            name=op.f("fk_group_position_round_id_group_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "member_id", name=op.f("pk_group_position")),
    )
    with op.batch_alter_table("group_position", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_position_member_id"), ["member_id"], unique=False
        )

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposal_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("resources", sa.Text(), server_default="", nullable=False))
        batch_op.create_index(
            batch_op.f("ix_commitment_proposal_id"), ["proposal_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_commitment_proposal_id_group_proposal"),
            "group_proposal",
            ["proposal_id"],
            ["id"],
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_commitment_proposal_id_group_proposal"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_commitment_proposal_id"))
        batch_op.drop_column("resources")
        batch_op.drop_column("proposal_id")

    with op.batch_alter_table("group_position", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_position_member_id"))

    op.drop_table("group_position")
    with op.batch_alter_table("group_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_round_closes_at"))

    op.drop_table("group_round")
    op.drop_table("group_proposal")
    op.drop_table("group_minutes")
    with op.batch_alter_table("charter_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charter_agreement_member_id"))

    op.drop_table("charter_agreement")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_account_id"))

    op.drop_table("group_member")
    op.drop_table("group_meeting")
    op.drop_table("group_charter")
    op.drop_table("working_group")
