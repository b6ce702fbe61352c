"""When a cohort begins the road, and how long it takes for each stage."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "pace_plan",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("weeks", sa.Text(), nullable=False),
        sa.Column("by_user_id", Whole, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "group_id", name=op.f("pk_pace_plan")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back what ``upgrade`` did."""
    op.drop_table("pace_plan")
