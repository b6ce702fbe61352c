"""Points, boards, seasons and study groups."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT_AS_IT_IS = {"member": {"sqlite_strict": True, "sqlite_with_rowid": False}, "guild": {"sqlite_strict": True}}


def upgrade() -> None:
    """Bring the schema forward."""
    for name, columns in _new_columns().items():
        with op.batch_alter_table(name, recreate="always", table_kwargs=KEPT_AS_IT_IS[name]) as old:
            for column in columns:
                old.add_column(column)
    _make_points()
    _make_boards()
    _make_groups()


def _new_columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "guild": (
            sa.Column("group_makers", sa.Text(), server_default="moderators", nullable=False),
            sa.Column("group_measure", sa.Text(), server_default="mean", nullable=False),
            sa.Column("group_least", sa.Integer(), server_default="2", nullable=False),
            sa.Column("showcase_channel_id", Whole, nullable=True),
        ),
        "member": (
            sa.Column("hidden", sa.Integer(), server_default="0", nullable=False),
            sa.Column("left_off_reason", sa.Text(), nullable=True),
            sa.Column("left_off_by", Whole, nullable=True),
            sa.Column("wants_company", sa.Integer(), server_default="1", nullable=False),
            sa.Column("name", sa.Text(), nullable=True),
            sa.Column("seen_at", Whole, nullable=True),
            sa.Column("left_at", Whole, nullable=True),
        ),
    }


def _make_points() -> None:
    op.create_table(
        "points",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_user_id", Whole, nullable=True),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_points")),
        sa.UniqueConstraint(
            "guild_id",
            "user_id",
            "reason",
            "source",
            "turn",
            name=op.f("uq_points_guild_id_user_id_reason_source_turn"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_points_guild_id_user_id", "points", ["guild_id", "user_id", "day", "reason", "delta"], unique=False
    )
    op.create_table(
        "points_rule",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("daily_most", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "reason", name=op.f("pk_points_rule")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "season",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=True),
        sa.Column("begun_at", Whole, nullable=False),
        sa.Column("ended_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_season")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _make_boards() -> None:
    op.create_table(
        "board",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("guild_id", Whole, nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_board")),
        sa.UniqueConstraint("guild_id", "window", "starts_on", name=op.f("uq_board_guild_id_window_starts_on")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "standing",
        sa.Column("board_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("board_id", "user_id", name=op.f("pk_standing")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_standing_rank",
        "standing",
        ["board_id", "shown", sa.literal_column("score DESC"), "user_id"],
        unique=False,
    )
    op.create_table(
        "group_share",
        sa.Column("board_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("board_id", "group_id", "user_id", name=op.f("pk_group_share")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_standing",
        sa.Column("board_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("board_id", "group_id", name=op.f("pk_group_standing")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _make_groups() -> None:
    op.create_table(
        "group",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=True),
        sa.Column("size_limit", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Integer(), nullable=False),
        sa.Column("captain_id", Whole, nullable=False),
        sa.Column("role_id", Whole, nullable=True),
        sa.Column("channel_id", Whole, nullable=True),
        sa.Column("created_at", Whole, nullable=False),
        sa.Column("archived_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "group_id", name=op.f("pk_group")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_member",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", Whole, nullable=False),
        sa.Column("here", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_group_member")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_group_member_guild_id_here_group_id", "group_member", ["guild_id", "here", "group_id"], unique=False
    )
    op.create_table(
        "showcase",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("channel_id", Whole, nullable=False),
        sa.Column("message_id", Whole, nullable=True),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "topic_id", name=op.f("pk_showcase")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_invite",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("by_user_id", Whole, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "group_id", "user_id", name=op.f("pk_group_invite")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the schema back."""
    for name in (
        "showcase",
        "group_invite",
        "group_member",
        "group",
        "group_standing",
        "group_share",
        "standing",
        "board",
        "season",
        "points_rule",
        "points",
    ):
        op.drop_table(name)
    for name, columns in _new_columns().items():
        with op.batch_alter_table(name, recreate="always", table_kwargs=KEPT_AS_IT_IS[name]) as old:
            for column in columns:
                old.drop_column(column.name)
