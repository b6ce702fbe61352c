"""The bot's own memory: a few named texts that belong to no guild (what was synced, with which ids)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, Text, select

from bot.storage.schema import table
from bot.storage.upsert import insert

bot_state: Final = table("bot_state", Column("name", Text, primary_key=True), Column("value", Text, nullable=False))


def get(tx: Connection, name: str) -> str | None:
    """Return the text kept under ``name``."""
    return tx.execute(select(bot_state.c.value).where(bot_state.c.name == name)).scalar()


def put(tx: Connection, name: str, value: str) -> None:
    """Keep ``value`` under ``name``."""
    statement = insert(bot_state).values(name=name, value=value)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def peek(path: Path, name: str) -> str | None:
    """Return the text kept under ``name`` in a database file that nobody here has open; None where there is none."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            row = connection.execute("SELECT value FROM bot_state WHERE name = ?", (name,)).fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])
