"""What finding answers needs: sentence vectors, votes on answers, suggested phrasings, questions without an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "faq_gap",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("passed_on", sa.Integer(), nullable=False),
        sa.Column("last_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "question", name=op.f("pk_faq_gap")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "faq_suggestion",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "question", "entry_id", name=op.f("pk_faq_suggestion")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "faq_vote",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("vote", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "question", "entry_id", name=op.f("pk_faq_vote")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "text_vector",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("model", "text_hash", name=op.f("pk_text_vector")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take it back."""
    for name in ("text_vector", "faq_vote", "faq_suggestion", "faq_gap"):
        op.drop_table(name)
