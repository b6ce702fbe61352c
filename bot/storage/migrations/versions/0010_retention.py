"""Which guilds the bot was removed from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "guild_removal",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_guild_removal")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take back what ``upgrade`` did."""
    op.drop_table("guild_removal")
