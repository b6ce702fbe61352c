"""The one ``insert`` of the storage: its ON CONFLICT is understood by SQLite and by PostgreSQL.

SQLAlchemy has an ``insert`` for each dialect, and the two write the same clause. PostgreSQL's compiler asks the clause
besides for the name of a constraint, which SQLite's lacks; here it is there, and always none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate


class _DoNothing(OnConflictDoNothing):
    inherit_cache = True
    constraint_target: Final = None


class _DoUpdate(OnConflictDoUpdate):
    inherit_cache = True
    constraint_target: Final = None


class Insert(sqlite.Insert):
    """An INSERT that may say what happens where the row is there already; conflicts are named by their columns."""

    inherit_cache = True

    def on_conflict_do_update(  # pyright: ignore[reportIncompatibleMethodOverride]  (what both dialects know)
        self,
        index_elements: Sequence[Any],
        set_: Mapping[Any, Any],
        where: Any = None,  # noqa: ANN401
    ) -> Self:
        """Change the row that has these columns' values already.

        Args:
            index_elements: the columns of the key.
            set_: what is put into the row's columns.
            where: a condition on the row; one that does not meet it is left as it is.
        """
        return self.ext(_DoUpdate(index_elements, None, dict(set_), where))

    def on_conflict_do_nothing(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, index_elements: Sequence[Any] | None = None
    ) -> Self:
        """Leave the row that is there already; without ``index_elements``, whichever key it shares."""
        return self.ext(_DoNothing(index_elements, None))


def insert(into: Table) -> Insert:
    """Return an INSERT into a table."""
    return Insert(into)
