"""Guilds, members, progress on the roadmap, and the bot's own memory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "bot_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bot_state")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "guild",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("day_start_minutes", sa.Integer(), server_default="240", nullable=False),
        sa.Column("moderator_role_id", Whole, nullable=True),
        sa.Column("moderator_channel_id", Whole, nullable=True),
        sa.Column("welcome_channel_id", Whole, nullable=True),
        sa.Column("greeted_at", Whole, nullable=True),
        sa.Column("welcomed_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_guild")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "member",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("background", sa.Text(), nullable=True),
        sa.Column("placed_at", Whole, nullable=True),
        sa.Column("first_seen_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_member")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "progress_act",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "number", name=op.f("pk_progress_act")),
        sa.UniqueConstraint("guild_id", "user_id", "undoes", name=op.f("uq_progress_act_guild_id_user_id_undoes")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "topic_mark",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("since", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "topic_id", name=op.f("pk_topic_mark")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_topic_mark_guild_id_topic_id", "topic_mark", ["guild_id", "topic_id", "state"], unique=False)
    op.create_table(
        "topic_note",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "topic_id", name=op.f("pk_topic_note")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "progress_change",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("state_before", sa.Text(), nullable=False),
        sa.Column("state_after", sa.Text(), nullable=False),
        sa.Column("evidence_before", sa.Text(), nullable=True),
        sa.Column("evidence_after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id", "user_id", "number"],
            ["progress_act.guild_id", "progress_act.user_id", "progress_act.number"],
            name=op.f("fk_progress_change_guild_id_user_id_number"),
        ),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "number", "topic_id", name=op.f("pk_progress_change")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("progress_change")
    op.drop_table("topic_note")
    op.drop_index("ix_topic_mark_guild_id_topic_id", table_name="topic_mark")
    op.drop_table("topic_mark")
    op.drop_table("progress_act")
    op.drop_table("member")
    op.drop_table("guild")
    op.drop_table("bot_state")
