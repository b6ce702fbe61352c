"""Quiz rounds, their questions and what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
MOVING = sa.text("state IN ('open', 'closing')")
Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "quiz_round",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", Whole, nullable=False),
        sa.Column("group_id", sa.Integer()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("started_by", Whole, nullable=False),
        sa.Column("started_at", Whole, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", Whole, nullable=False),
        sa.Column("next_at", Whole, nullable=False),
        sa.Column("shown", sa.Integer()),
        sa.Column("message_id", Whole),
        sa.Column("ended", sa.Text()),
        sa.Column("ended_by", Whole),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_quiz_round")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_quiz_round_open", "quiz_round", ["guild_id", "channel_id"], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index("ix_quiz_round_next_at", "quiz_round", ["next_at"], sqlite_where=MOVING, postgresql_where=MOVING)
    op.create_table(
        "quiz_question",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", "question", name=op.f("pk_quiz_question")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quiz_answer",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("taken_at", Whole),
        sa.PrimaryKeyConstraint("guild_id", "number", "question", "user_id", name=op.f("pk_quiz_answer")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back what ``upgrade`` did."""
    for name in ("quiz_answer", "quiz_question", "quiz_round"):
        op.drop_table(name)
