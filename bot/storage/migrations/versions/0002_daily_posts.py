"""Schedules and occurrences: what daily posts are planned from, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state IN ('planned', 'sending')")
ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "occurrence",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("exercise_id", sa.Text(), nullable=False),
        sa.Column("channel_id", Whole, nullable=False),
        sa.Column("due_at", Whole, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", Whole, nullable=True),
        sa.Column("message_id", Whole, nullable=True),
        sa.Column("posted_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_occurrence")),
        sa.UniqueConstraint(
            "guild_id",
            "schedule_id",
            "local_date",
            "kind",
            name=op.f("uq_occurrence_guild_id_schedule_id_local_date_kind"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_occurrence_open",
        "occurrence",
        ["due_at"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "schedule",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("schedule_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", Whole, nullable=False),
        sa.Column("at_minutes", sa.Integer(), nullable=False),
        sa.Column("week_plan", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("next_date", sa.Text(), nullable=True),
        sa.Column("next_run_at", Whole, nullable=True),
        sa.Column("skip_date", sa.Text(), nullable=True),
        sa.Column("created_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "schedule_id", name=op.f("pk_schedule")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_schedule_next_run_at",
        "schedule",
        ["next_run_at"],
        unique=False,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index(
        "ix_schedule_next_run_at",
        table_name="schedule",
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
    op.drop_table("schedule")
    op.drop_index(
        "ix_occurrence_open",
        table_name="occurrence",
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.drop_table("occurrence")
