"""Reviews of cards: their history, what it adds up to, and who wants a message about them."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Real = cast("sa.types.TypeEngine[float]", sa.REAL()).with_variant(sa.Double(), "postgresql")
Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT_AS_IT_IS = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("member", recreate="always", table_kwargs=KEPT_AS_IT_IS) as member:
        member.add_column(sa.Column("wants_reviews", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "review_event",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "card_id", "number", name=op.f("pk_review_event")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_event_guild_id_user_id", "review_event", ["guild_id", "user_id", "day"])
    op.create_table(
        "review_card",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("user_id", Whole, autoincrement=False, nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("stability", Real, nullable=False),
        sa.Column("difficulty", Real, nullable=False),
        sa.Column("due_at", Whole, nullable=False),
        sa.Column("last_at", Whole, nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "card_id", name=op.f("pk_review_card")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_card_guild_id_user_id", "review_card", ["guild_id", "user_id", "due_at"])


def downgrade() -> None:
    """Take back what ``upgrade`` did."""
    op.drop_table("review_card")
    op.drop_table("review_event")
    with op.batch_alter_table("member", recreate="always", table_kwargs=KEPT_AS_IT_IS) as member:
        member.drop_column("wants_reviews")
