"""Templates of kinds, the law-hearing form, those affected and the notices to them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "template_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_delivered", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_template_version_made_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_version")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_template_version_kind_number")),
    )
    with op.batch_alter_table("consultation") as batch:
        batch.add_column(sa.Column("template_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_consultation_template_id_template_version"),
            "template_version",
            ["template_id"],
            ["id"],
        )
    op.create_table(
        "hearing_form",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("confirmed", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_hearing_form_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["account.id"], name=op.f("fk_hearing_form_saved_by_id_account")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_hearing_form")),
    )
    op.create_table(
        "stakeholder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("effect_th", sa.Text(), nullable=False),
        sa.Column("effect_en", sa.Text(), nullable=False),
        sa.Column("sealed_contact", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_stakeholder_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_stakeholder_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_stakeholder_consultation_id_number")
        ),
    )
    op.create_table(
        "stakeholder_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proof_name", sa.String(length=100), nullable=False),
        sa.Column("proof_digest", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=True),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["account.id"], name=op.f("fk_stakeholder_notice_noted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"],
            ["stakeholder.id"],
            name=op.f("fk_stakeholder_notice_stakeholder_id_stakeholder"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder_notice")),
    )
    op.create_index(
        op.f("ix_stakeholder_notice_stakeholder_id"), "stakeholder_notice", ["stakeholder_id"]
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("stakeholder_notice")
    op.drop_table("stakeholder")
    op.drop_table("hearing_form")
    with op.batch_alter_table("consultation") as batch:
        batch.drop_constraint(
            op.f("fk_consultation_template_id_template_version"), type_="foreignkey"
        )
        batch.drop_column("template_id")
    op.drop_table("template_version")
