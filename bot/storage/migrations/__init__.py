"""Alembic's migrations, and their order, so that nothing but a migration needs to import Alembic."""

from typing import Final

REVISIONS: Final = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013",
    "0014",
)  # fmt: skip
"""Every revision, oldest first. The last one is what this code expects."""
