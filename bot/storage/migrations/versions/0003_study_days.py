"""What daily posts need: done and answers, the log of study days, reminders, outages, what sources brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DUE = sa.text("state IN ('due', 'sending')")
REMINDED = sa.text("next_reminder_at IS NOT NULL")
FOLLOWED = sa.text("follow_up = 'open'")
KEPT_AS_IT_IS = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    """Bring the schema forward."""
    _upgrade_old_tables()
    _make_new_tables()


def _upgrade_old_tables() -> None:
    with op.batch_alter_table("member", recreate="always", table_kwargs=KEPT_AS_IT_IS) as member:
        member.add_column(sa.Column("zone", sa.Text(), nullable=True))
        member.add_column(sa.Column("day_start_minutes", sa.Integer(), nullable=True))
        member.add_column(sa.Column("remind_minutes", sa.Integer(), nullable=True))
        member.add_column(sa.Column("next_reminder_at", Whole, nullable=True))
        member.add_column(sa.Column("unreachable_since", Whole, nullable=True))
    op.create_index(
        "ix_member_next_reminder_at",
        "member",
        ["next_reminder_at"],
        unique=False,
        sqlite_where=REMINDED,
        postgresql_where=REMINDED,
    )
    with op.batch_alter_table("occurrence", recreate="always", table_kwargs=KEPT_AS_IT_IS) as occurrence:
        occurrence.add_column(sa.Column("thread_id", Whole, nullable=True))
        occurrence.add_column(sa.Column("follow_up", sa.Text(), server_default="none", nullable=False))
    op.create_index("ix_occurrence_guild_id_due_at", "occurrence", ["guild_id", "due_at"], unique=False)
    op.create_index(
        "ix_occurrence_follow_up",
        "occurrence",
        ["posted_at"],
        unique=False,
        sqlite_where=FOLLOWED,
        postgresql_where=FOLLOWED,
    )
    with op.batch_alter_table("schedule", recreate="always", table_kwargs=KEPT_AS_IT_IS) as schedule:
        schedule.add_column(sa.Column("thread", sa.Integer(), server_default="0", nullable=False))
        schedule.add_column(sa.Column("pin", sa.Integer(), server_default="0", nullable=False))
        schedule.add_column(sa.Column("ping_role_id", Whole, nullable=True))
        schedule.add_column(sa.Column("categories", sa.Text(), nullable=True))
        schedule.add_column(sa.Column("keywords", sa.Text(), nullable=True))
        schedule.add_column(sa.Column("pinned_message_id", Whole, nullable=True))


def _make_new_tables() -> None:
    _make_prompts()
    _make_days()
    _make_feeds()


def _make_prompts() -> None:
    op.create_table(
        "prompt_answer",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("exercise_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", "user_id", name=op.f("pk_prompt_answer")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "prompt_done",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("exercise_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", "user_id", name=op.f("pk_prompt_done")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_prompt_done_guild_id_user_id", "prompt_done", ["guild_id", "user_id", "day"], unique=False)
    op.create_table(
        "prompt_instead",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("exercise_id", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", "user_id", name=op.f("pk_prompt_instead")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "prompt_vote",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("exercise_id", sa.Text(), nullable=False),
        sa.Column("vote", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "exercise_id", name=op.f("pk_prompt_vote")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "thanks",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("message_id", Whole, autoincrement=False, nullable=False),
        sa.Column("author_id", Whole, nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "message_id", name=op.f("pk_thanks")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "supply_warning",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("passed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "slot", "passed", name=op.f("pk_supply_warning")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_thanks_guild_id_author_id", "thanks", ["guild_id", "author_id", "at"], unique=False)


def _make_days() -> None:
    op.create_table(
        "streak_day",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_user_id", Whole, nullable=True),
        sa.Column("withdraws", sa.Integer(), nullable=True),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "number", name=op.f("pk_streak_day")),
        sa.UniqueConstraint("guild_id", "user_id", "withdraws", name=op.f("uq_streak_day_guild_id_user_id_withdraws")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outage",
        sa.Column("began_at", Whole, autoincrement=False, nullable=False),
        sa.Column("ended_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("began_at", name=op.f("pk_outage")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "reminder",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("reminder_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", Whole, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", Whole, nullable=True),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "reminder_id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "guild_id", "user_id", "kind", "number", name=op.f("uq_reminder_guild_id_user_id_kind_number")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reminder_open",
        "reminder",
        ["due_at"],
        unique=False,
        sqlite_where=DUE,
        postgresql_where=DUE,
    )


def _make_feeds() -> None:
    op.create_table(
        "feed_item",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("first_seen_at", Whole, nullable=False),
        sa.Column("seen_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_feed_item")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feed_item_source", "feed_item", ["source", "first_seen_at"], unique=False)
    op.create_table(
        "feed_source",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("asked_at", Whole, nullable=False),
        sa.Column("answered_at", Whole, nullable=True),
        sa.Column("down_since", Whole, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("not_before", Whole, nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_feed_source")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("schedule", recreate="always", table_kwargs=KEPT_AS_IT_IS) as schedule:
        for name in ("thread", "pin", "ping_role_id", "categories", "keywords", "pinned_message_id"):
            schedule.drop_column(name)
    op.drop_index("ix_occurrence_follow_up", table_name="occurrence")
    op.drop_index("ix_occurrence_guild_id_due_at", table_name="occurrence")
    with op.batch_alter_table("occurrence", recreate="always", table_kwargs=KEPT_AS_IT_IS) as occurrence:
        for name in ("thread_id", "follow_up"):
            occurrence.drop_column(name)
    op.drop_index("ix_member_next_reminder_at", table_name="member")
    with op.batch_alter_table("member", recreate="always", table_kwargs=KEPT_AS_IT_IS) as member:
        for name in ("zone", "day_start_minutes", "remind_minutes", "next_reminder_at", "unreachable_since"):
            member.drop_column(name)
    for name in (
        "supply_warning",
        "thanks",
        "streak_day",
        "reminder",
        "prompt_vote",
        "prompt_instead",
        "prompt_done",
        "prompt_answer",
        "outage",
        "feed_source",
        "feed_item",
    ):
        op.drop_table(name)
