"""Identity links, sessions that can be ended, second factors, and whom a consultation takes in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("earlier_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("is_verified", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("organisation", sa.String(length=200), nullable=False, server_default="")
        )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("organisation", sa.String(length=200), nullable=False, server_default="")
        )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("admission", sa.String(length=32), nullable=False, server_default="everyone")
        )
    _create_links()
    _create_sessions()
    _create_factors()


def _create_links() -> None:
    op.create_table(
        "identity_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        _account_key("identity_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_link")),
        sa.UniqueConstraint(
            "account_id", "issuer", name=op.f("uq_identity_link_account_id_issuer")
        ),
    )
    for column in ("subject_index", "person_index"):
        op.create_index(op.f(f"ix_identity_link_{column}"), "identity_link", [column])


def _create_sessions() -> None:
    op.create_table(
        "browser_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_step", sa.Boolean(), nullable=False),
        _account_key("browser_session"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_browser_session")),
    )
    for column in ("account_id", "began_at"):
        op.create_index(op.f(f"ix_browser_session_{column}"), "browser_session", [column])


def _create_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret_sealed", sa.String(length=2000), nullable=False),
        sa.Column("credential_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        _account_key("second_factor"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("credential_hash", name=op.f("uq_second_factor_credential_hash")),
    )
    op.create_index(op.f("ix_second_factor_account_id"), "second_factor", ["account_id"])
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _account_key("recovery_code"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])


def _account_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["account.id"],
        name=op.f(f"fk_{table}_account_id_account"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Go back."""
    for table in ("recovery_code", "second_factor", "browser_session", "identity_link"):
        op.drop_table(table)
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_column("admission")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_column("organisation")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("organisation")
        batch_op.drop_column("is_verified")
        batch_op.drop_column("earlier_sealed")
