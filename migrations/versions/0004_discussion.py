"""Running tallies of votes; replies, supports, and the order of the discussion."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"
branch_labels = None
depends_on = None

_TALLIES = {"agrees": 1, "disagrees": -1, "passes": 0}


def upgrade() -> None:
    """Go forward."""
    _extend_statement()
    op.add_column("snapshot", sa.Column("supports_csv", sa.LargeBinary(), nullable=True))
    op.add_column(
        "snapshot",
        sa.Column("supports_digest", sa.String(length=64), server_default="", nullable=False),
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        _refers("reply", "id", "contribution"),
        _refers("reply", "comment_id", "comment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    op.create_index(op.f("ix_reply_comment_id"), "reply", ["comment_id"])
    op.create_table(
        "support",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        _refers("support", "comment_id", "comment"),
        _refers("support", "participant_id", "participant"),
        sa.PrimaryKeyConstraint("comment_id", "participant_id", name=op.f("pk_support")),
    )
    op.create_index(op.f("ix_support_participant_id"), "support", ["participant_id"])
    op.create_table(
        "discussion_theme",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        _refers("discussion_theme", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("consultation_id", "key", name=op.f("pk_discussion_theme")),
    )
    _create_places()


def downgrade() -> None:
    """Take it back. Replies leave with their table: nothing older can show them."""
    op.drop_table("discussion_place")
    op.drop_table("discussion_theme")
    op.drop_table("support")
    op.execute("DELETE FROM contribution WHERE kind = 'reply'")
    op.drop_table("reply")
    op.drop_column("snapshot", "supports_digest")
    op.drop_column("snapshot", "supports_csv")
    with op.batch_alter_table("statement") as batch_op:
        batch_op.drop_constraint(op.f("fk_statement_comment_id_comment"), type_="foreignkey")
        for name in ("extremity", *_TALLIES, "comment_id"):
            batch_op.drop_column(name)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _extend_statement() -> None:
    with op.batch_alter_table("statement") as batch_op:
        batch_op.add_column(sa.Column("comment_id", sa.Integer(), nullable=True))
        for name in _TALLIES:
            batch_op.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("extremity", sa.Double(), server_default="0", nullable=False))
        batch_op.create_foreign_key(
            op.f("fk_statement_comment_id_comment"), "comment", ["comment_id"], ["id"]
        )
    for name, choice in _TALLIES.items():
        op.execute(
            f"UPDATE statement SET {name} = (SELECT count(*) FROM vote"  # noqa: S608
            f" WHERE vote.statement_id = statement.id AND vote.choice = {choice})"
        )


def _create_places() -> None:
    def counter(name: str) -> sa.Column[int]:
        return sa.Column(name, sa.Integer(), server_default="0", nullable=False)

    op.create_table(
        "discussion_place",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(length=32), nullable=False),
        sa.Column("clause_key", sa.String(length=64), nullable=False),
        sa.Column("stance", sa.String(length=32), nullable=True),
        sa.Column("theme_key", sa.String(length=64), server_default="", nullable=False),
        *map(counter, ("supports", "replies", "answers", "bridging")),
        _refers("discussion_place", "comment_id", "comment"),
        _refers("discussion_place", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_discussion_place")),
    )
    op.execute(
        "INSERT INTO discussion_place"
        " (comment_id, consultation_id, visibility, clause_key, stance, answers)"
        " SELECT c.id, w.consultation_id, w.visibility, c.clause_key, c.stance,"
        " (SELECT count(*) FROM official_response r WHERE r.state = 'published' AND"
        " (r.comment_id = c.id"
        " OR r.theme_id IN (SELECT t.theme_id FROM theme_comment t WHERE t.comment_id = c.id)"
        " OR r.finding_id IN (SELECT e.finding_id FROM evidence e WHERE e.contribution_id = c.id)))"
        " FROM comment c JOIN contribution w ON w.id = c.id"
    )
    for name, columns in {
        "recent": ("comment_id",),
        "supports": ("supports", "comment_id"),
        "bridging": ("bridging", "supports", "comment_id"),
        "answers": ("answers", "comment_id"),
        "facets": ("clause_key", "theme_key", "stance", "answers"),
    }.items():
        op.create_index(
            f"ix_discussion_place_{name}",
            "discussion_place",
            ["consultation_id", "visibility", *columns],
        )
