"""The check of a summary by participants: wordings, verdicts, dissents, and second votes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TEXTS = ("text_th", "text_en")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.add_column(
            sa.Column("check_days", sa.Integer(), server_default="7", nullable=False)
        )
        batch_op.add_column(_moment("check_ends_at"))
    with op.batch_alter_table("summary") as batch_op:
        batch_op.add_column(_moment("checked_at"))
        batch_op.add_column(sa.Column("check_counts", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("finding") as batch_op:
        batch_op.add_column(sa.Column("moved_to", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("is_added", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    _create_wordings()
    _create_verdicts()
    _create_dissents()
    _create_second_votes()


def downgrade() -> None:
    """Take it back. Dissents leave with their table: nothing older can show them."""
    for name in ("revised_vote", "revised_finding"):
        op.drop_table(name)
    op.execute("DELETE FROM contribution WHERE kind = 'dissent'")
    for name in ("dissent", "dissent_group", "finding_verdict", "ratifier", "finding_wording"):
        op.drop_table(name)
    for table, columns in {
        "finding": ("is_added", "moved_to"),
        "summary": ("check_counts", "checked_at"),
        "consultation": ("check_ends_at", "check_days"),
    }.items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)


def _create_wordings() -> None:
    op.create_table(
        "finding_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("unchecked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("worded_by_id", sa.Integer(), nullable=True),
        _moment("worded_at", nullable=False),
        _refers("finding_wording", "finding_id", "finding"),
        _refers("finding_wording", "worded_by_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_wording")),
    )
    op.create_index(op.f("ix_finding_wording_finding_id"), "finding_wording", ["finding_id"])


def _create_verdicts() -> None:
    op.create_table(
        "ratifier",
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("opinion_group", sa.SmallInteger(), nullable=True),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        _refers("ratifier", "summary_id", "summary"),
        _refers("ratifier", "participant_id", "participant"),
        sa.PrimaryKeyConstraint("summary_id", "participant_id", name=op.f("pk_ratifier")),
    )
    op.create_index(op.f("ix_ratifier_participant_id"), "ratifier", ["participant_id"])
    op.create_index("ix_ratifier_count", "ratifier", ["summary_id", "opinion_group", "verdict"])
    op.create_table(
        "finding_verdict",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        _refers("finding_verdict", "finding_id", "finding"),
        _refers("finding_verdict", "participant_id", "participant"),
        sa.PrimaryKeyConstraint("finding_id", "participant_id", name=op.f("pk_finding_verdict")),
    )
    op.create_index(
        op.f("ix_finding_verdict_participant_id"), "finding_verdict", ["participant_id"]
    )
    op.create_index("ix_finding_verdict_count", "finding_verdict", ["finding_id", "verdict"])


def _create_dissents() -> None:
    op.create_table(
        "dissent_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answer_th", sa.Text(), nullable=False),
        sa.Column("answer_en", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        _moment("published_at"),
        _refers("dissent_group", "summary_id", "summary"),
        _refers("dissent_group", "finding_id", "finding"),
        _refers("dissent_group", "answered_by_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissent_group")),
    )
    op.create_table(
        "dissent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        _refers("dissent", "id", "contribution"),
        _refers("dissent", "summary_id", "summary"),
        _refers("dissent", "finding_id", "finding"),
        _refers("dissent", "group_id", "dissent_group", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissent")),
    )
    for table in ("dissent_group", "dissent"):
        for column in ("summary_id", "finding_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(op.f("ix_dissent_group_id"), "dissent", ["group_id"])


def _create_second_votes() -> None:
    op.create_table(
        "revised_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("unchecked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        _moment("proposed_at", nullable=False),
        _moment("opened_at"),
        _moment("ends_at"),
        _refers("revised_finding", "finding_id", "finding"),
        _refers("revised_finding", "proposed_by_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revised_finding")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_revised_finding_finding_id")),
    )
    op.create_table(
        "revised_vote",
        sa.Column("revised_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.SmallInteger(), nullable=False),
        sa.Column("opinion_group", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("choice IN (-1, 0, 1)", name=op.f("ck_revised_vote_choice_is_known")),
        _refers("revised_vote", "revised_id", "revised_finding"),
        _refers("revised_vote", "participant_id", "participant"),
        sa.PrimaryKeyConstraint("revised_id", "participant_id", name=op.f("pk_revised_vote")),
    )
    op.create_index(op.f("ix_revised_vote_participant_id"), "revised_vote", ["participant_id"])
    op.create_index(
        "ix_revised_vote_count", "revised_vote", ["revised_id", "opinion_group", "choice"]
    )


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(
    table: str, column: str, other: str, ondelete: str | None = "CASCADE"
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
