"""Topic and province, words to search in, counts and following."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXTS = ("affected_th", "affected_en", "offline_th", "offline_en", "contact_th", "contact_en")
TRIGGERS = {
    "passage_added": "AFTER INSERT ON passage BEGIN "
    "INSERT INTO passage_words (rowid, words) VALUES (new.id, new.words); END",
    "passage_removed": "AFTER DELETE ON passage BEGIN "
    "INSERT INTO passage_words (passage_words, rowid, words) "
    "VALUES ('delete', old.id, old.words); END",
    "passage_changed": "AFTER UPDATE OF words ON passage BEGIN "
    "INSERT INTO passage_words (passage_words, rowid, words) "
    "VALUES ('delete', old.id, old.words); "
    "INSERT INTO passage_words (rowid, words) VALUES (new.id, new.words); END",
}


def upgrade() -> None:
    """Go forward."""
    _widen_consultation()
    _create_following()
    _create_tally()
    _create_passage()


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE passage_words")
    op.drop_table("passage")
    op.drop_table("tally")
    op.drop_table("following")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        for name in ("province", "topic", *TEXTS):
            batch_op.drop_column(name)


def _widen_consultation() -> None:
    for name in TEXTS:
        op.add_column("consultation", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name, length in (("topic", 32), ("province", 8)):
        column = sa.Column(name, sa.String(length=length), server_default="", nullable=False)
        op.add_column("consultation", column)


def _create_following() -> None:
    op.create_table(
        "following",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_following_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_following_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "consultation_id", name=op.f("pk_following")),
    )
    op.create_index(op.f("ix_following_consultation_id"), "following", ["consultation_id"])


def _create_tally() -> None:
    op.create_table(
        "tally",
        sa.Column("consultation_id", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("participants", "comments", "statements", "votes")
        ),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_tally_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_tally")),
    )


def _create_passage() -> None:
    op.create_table(
        "passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_id"],
            ["clause.id"],
            name=op.f("fk_passage_clause_id_clause"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_passage_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_consultation_id"), "passage", ["consultation_id"])
    op.create_index(op.f("ix_passage_clause_id"), "passage", ["clause_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE passage_words USING fts5("
            "words, content='passage', content_rowid='id', tokenize='trigram case_sensitive 1')"
        )
        for name, what in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {what}")
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.create_index(
            "passage_words_trigrams",
            "passage",
            ["words"],
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        )
