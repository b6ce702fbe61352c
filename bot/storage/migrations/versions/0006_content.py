"""What servers load: loads, what each changed, what they add up to, drafts that wait, and the audit of acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "audit",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("actor_id", Whole, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_audit")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "content_load",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("actor_id", Whole, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_content_load")),
        sa.UniqueConstraint("guild_id", "token", name=op.f("uq_content_load_guild_id_token")),
        sqlite_strict=True,
    )
    op.create_table(
        "content_change",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guild_id", "number"],
            ["content_load.guild_id", "content_load.number"],
            name=op.f("fk_content_change_guild_id_number"),
        ),
        sa.PrimaryKeyConstraint("guild_id", "number", "kind", "entry_id", name=op.f("pk_content_change")),
        sqlite_strict=True,
    )
    op.create_table(
        "content_entry",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("patch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "kind", "entry_id", name=op.f("pk_content_entry")),
        sqlite_strict=True,
    )
    op.create_table(
        "content_draft",
        sa.Column("guild_id", Whole, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("actor_id", Whole, nullable=False),
        sa.Column("at", Whole, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("same_as", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "number", name=op.f("pk_content_draft")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take back what ``upgrade`` did."""
    for name in ("content_draft", "content_entry", "content_change", "content_load", "audit"):
        op.drop_table(name)
