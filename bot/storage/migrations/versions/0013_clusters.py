"""Several processes: whose outage it was, and which interactions are dealt with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FORWARD = """INSERT INTO outage (began_at, ended_at, cluster, clusters, shards)
SELECT began_at, ended_at, 0, 1, 1 FROM outage_before"""
BACK = "INSERT INTO outage (began_at, ended_at) SELECT began_at, ended_at FROM outage_before WHERE clusters = 1"


def upgrade() -> None:
    """Bring the schema forward; the outages so far were the whole bot's."""
    op.create_table(
        "interaction_seen",
        sa.Column("interaction_id", Whole, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_interaction_seen")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _make_anew(
        [sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in ("cluster", "clusters")],
        [sa.Column("shards", sa.Integer(), nullable=False)],
        ["began_at", "cluster", "clusters"],
        FORWARD,
    )


def downgrade() -> None:
    """Take the schema back; what only a part of the bot was away for is forgotten."""
    _make_anew([], [], ["began_at"], BACK)
    op.drop_table("interaction_seen")


def _make_anew(keys: list[sa.Column[int]], more: list[sa.Column[int]], key: list[str], fill: str) -> None:
    """Put another table in the place of ``outage``, and fill it from the one before."""
    op.rename_table("outage", "outage_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_outage RENAME TO pk_outage_before")
    op.create_table(
        "outage",
        sa.Column("began_at", Whole, autoincrement=False, nullable=False),
        *keys,
        *more,
        sa.Column("ended_at", Whole, nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_outage")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.execute(fill)
    op.drop_table("outage_before")
