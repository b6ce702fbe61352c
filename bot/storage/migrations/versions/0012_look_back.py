"""Looking back on one's week, and the goals of weeks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WANTED = sa.text("next_at IS NOT NULL")
Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "look_back",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("next_at", Whole, nullable=True),
        sa.Column("refused_at", Whole, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_look_back")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_look_back_next_at", "look_back", ["next_at"], sqlite_where=WANTED, postgresql_where=WANTED)
    op.create_table(
        "week_goal",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "week", name=op.f("pk_week_goal")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back what ``upgrade`` did."""
    op.drop_table("week_goal")
    op.drop_index("ix_look_back_next_at", table_name="look_back")
    op.drop_table("look_back")
