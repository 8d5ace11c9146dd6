"""News, letters that wait, what accounts want to be told, and addresses that are confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: What past steps of a life cycle are called as news.
NEWS = {
    "approve": "consultation.announced",
    "open": "consultation.opened",
    "extend": "consultation.extended",
    "close": "consultation.closed",
    "ratify": "consultation.results_out",
    "next_round": "consultation.next_round",
    "conclude": "consultation.concluded",
}


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email_confirmed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("person_sealed", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_notice_created_at"), ["created_at"], unique=False)

    op.create_table(
        "former_address",
        sa.Column("email_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_former_address_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("email_index", name=op.f("pk_former_address")),
    )
    with op.batch_alter_table("former_address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_former_address_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "mail_choice",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_mail_choice_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_mail_choice")),
    )
    with op.batch_alter_table("mail_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_choice_channel"), ["channel"], unique=False)

    op.create_table(
        "mail_settings",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("news_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_mail_settings_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_settings")),
    )

    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mail_due_at"), ["due_at"], unique=False)

    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_news_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
        sa.UniqueConstraint("key", name=op.f("uq_news_key")),
    )
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_consultation_id"), ["consultation_id"])
        batch_op.create_index(batch_op.f("ix_news_created_at"), ["created_at"], unique=False)

    _tell_of_the_past()


def _tell_of_the_past() -> None:
    """Make news of the steps that are public already, so that feeds do not begin empty."""
    step = sa.table(
        "stage_change",
        *(sa.column(name) for name in ("id", "consultation_id", "event", "changed_at")),
    )
    names = ("consultation_id", "code", "key", "details", "created_at")
    news = sa.table("news", *(sa.column(name) for name in names))
    for event, code in NEWS.items():
        words = sa.literal(f"{code}:", sa.String()) + sa.cast(step.c.consultation_id, sa.String())
        found = sa.select(
            step.c.consultation_id,
            sa.literal(code, sa.String()),
            words + sa.literal(":step ", sa.String()) + sa.cast(step.c.id, sa.String()),
            sa.literal({}, sa.JSON()),
            step.c.changed_at,
        ).where(step.c.event == event)
        op.execute(sa.insert(news).from_select(list(names), found))


def downgrade() -> None:
    """Go back."""
    for table in (
        "news",
        "outgoing_mail",
        "mail_settings",
        "mail_choice",
        "former_address",
    ):
        op.drop_table(table)
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_created_at"))
        batch_op.drop_column("told_at")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("person_sealed")
        batch_op.drop_column("email_confirmed_on")
