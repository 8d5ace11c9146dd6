"""The answer desk: tasks, notes, templates; replies to answers and ratings; wordings taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ITEMS = ("finding", "theme", "comment")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("consultation") as batch_op:
        for name, value in (("answer_people", "1"), ("answer_supports", "10")):
            batch_op.add_column(sa.Column(name, sa.Integer(), server_default=value, nullable=False))
    with op.batch_alter_table("change_cause") as batch_op:
        batch_op.add_column(sa.Column("taken_from_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_change_cause_taken_from_id_comment"),
            "comment",
            ["taken_from_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(op.f("ix_change_cause_taken_from_id"), ["taken_from_id"])
    _create_work()
    _create_voices()


def downgrade() -> None:
    """Take it back. Replies to answers leave with their table: nothing older can show them."""
    op.drop_table("response_rating")
    op.execute("DELETE FROM contribution WHERE kind = 'answer_reply'")
    for name in ("answer_reply", "answer_template", "answer_note", "answer_task"):
        op.drop_table(name)
    with op.batch_alter_table("change_cause") as batch_op:
        batch_op.drop_index(op.f("ix_change_cause_taken_from_id"))
        batch_op.drop_constraint(op.f("fk_change_cause_taken_from_id_comment"), type_="foreignkey")
        batch_op.drop_column("taken_from_id")
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.drop_column("answer_supports")
        batch_op.drop_column("answer_people")


def _create_work() -> None:
    op.create_table(
        "answer_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        *(sa.Column(f"{item}_id", sa.Integer(), nullable=True) for item in _ITEMS),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(finding_id IS NOT NULL AND theme_id IS NULL AND comment_id IS NULL)"
            " OR (finding_id IS NULL AND theme_id IS NOT NULL AND comment_id IS NULL)"
            " OR (finding_id IS NULL AND theme_id IS NULL AND comment_id IS NOT NULL)",
            name=op.f("ck_answer_task_is_about_one_item"),
        ),
        _refers("answer_task", "consultation_id", "consultation"),
        *(_refers("answer_task", f"{item}_id", item) for item in _ITEMS),
        _refers("answer_task", "assigned_to_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_task")),
        *(
            sa.UniqueConstraint(f"{item}_id", name=op.f(f"uq_answer_task_{item}_id"))
            for item in _ITEMS
        ),
    )
    op.create_index(op.f("ix_answer_task_consultation_id"), "answer_task", ["consultation_id"])
    op.create_table(
        "answer_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_written(),
        _refers("answer_note", "task_id", "answer_task"),
        _refers("answer_note", "written_by_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_note")),
    )
    op.create_index(op.f("ix_answer_note_task_id"), "answer_note", ["task_id"])
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("text_th", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        *_written(),
        _refers("answer_template", "agency_id", "agency"),
        _refers("answer_template", "written_by_id", "account", None),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
    )
    op.create_index(op.f("ix_answer_template_agency_id"), "answer_template", ["agency_id"])


def _create_voices() -> None:
    op.create_table(
        "answer_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        _refers("answer_reply", "id", "contribution"),
        _refers("answer_reply", "response_id", "official_response"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_reply")),
    )
    op.create_index(op.f("ix_answer_reply_response_id"), "answer_reply", ["response_id"])
    op.create_table(
        "response_rating",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("understood", "reasoned", "agrees")
        ),
        _refers("response_rating", "response_id", "official_response"),
        _refers("response_rating", "participant_id", "participant"),
        sa.PrimaryKeyConstraint("response_id", "participant_id", name=op.f("pk_response_rating")),
    )
    op.create_index(
        op.f("ix_response_rating_participant_id"), "response_rating", ["participant_id"]
    )
    op.create_index(
        "ix_response_rating_count",
        "response_rating",
        ["response_id", "understood", "reasoned", "agrees"],
    )


def _written() -> list[sa.Column[object]]:
    return [
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _refers(
    table: str, column: str, other: str, ondelete: str | None = "CASCADE"
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
