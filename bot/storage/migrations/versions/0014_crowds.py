"""Whom a post met when it was posted, so that showing it anew does not count the whole guild."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; of the posts so far it is not known, and they go on counting."""
    for name in ("at_stage", "on_road"):
        op.add_column("occurrence", sa.Column(name, sa.Integer()))


def downgrade() -> None:
    """Take the schema back."""
    for name in ("on_road", "at_stage"):
        op.drop_column("occurrence", name)
