"""The one ``insert`` writes the same clause for both engines."""

from __future__ import annotations

import re

from sqlalchemy import Dialect, Insert
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.bot_state import bot_state
from bot.storage.upsert import insert

DIALECTS: tuple[Dialect, ...] = (sqlite.dialect(), postgresql.dialect())


def said(statement: Insert, dialect: Dialect) -> str:
    return " ".join(re.sub(r"%\(\w+\)s(::VARCHAR)?|\?", ":x", str(statement.compile(dialect=dialect))).split())


def test_both_engines_are_told_the_same() -> None:
    row = insert(bot_state).values(name="a", value="1")
    new = {"value": row.excluded.value}
    for statement, end in (
        (row.on_conflict_do_nothing(), "ON CONFLICT DO NOTHING"),
        (row.on_conflict_do_nothing(["name"]), "ON CONFLICT (name) DO NOTHING"),
        (row.on_conflict_do_update(["name"], new), "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
        (
            row.on_conflict_do_update(["name"], new, bot_state.c.value == "0"),
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE bot_state.value = :x",
        ),
    ):
        for dialect in DIALECTS:
            assert said(statement, dialect) == f"INSERT INTO bot_state (name, value) VALUES (:x, :x) {end}"
