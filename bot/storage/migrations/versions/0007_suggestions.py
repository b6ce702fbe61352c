"""What members suggest and report, what they are told of it, and forms that could not be taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "suggestion",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author_id", Whole, nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("actor_id", Whole, nullable=True),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_suggestion")),
        sqlite_strict=True,
    )
    op.create_index("ix_suggestion_guild_id_decision", "suggestion", ["guild_id", "decision", "number"])
    op.create_index("ix_suggestion_guild_id_user_id", "suggestion", ["guild_id", "user_id", "at"])
    op.create_table(
        "report",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("actor_id", Whole, nullable=True),
        sa.Column("ruled_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "thing", name=op.f("pk_report")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "letter",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_letter")),
        sqlite_strict=True,
    )
    op.create_index("ix_letter_next_at", "letter", ["next_at"])
    op.create_index("ix_letter_guild_id_user_id", "letter", ["guild_id", "user_id", "state"])
    op.create_table(
        "form",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_form")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back what ``upgrade`` did."""
    for name in ("form", "letter", "report", "suggestion"):
        op.drop_table(name)
