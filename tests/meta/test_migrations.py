"""The migrations and the tables of the code tell the same story, forward and back."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Float, Integer, LargeBinary, Text, create_engine

from bot.storage.migrations import REVISIONS
from bot.storage.schema import Instant
from bot.storage.tables import metadata
from bot.storage.upgrade import MIGRATIONS, migrate, revision, take_down

OF_NO_GUILD = {"bot_state", "feed_item", "feed_source", "interaction_seen", "outage", "text_vector"}
"""Tables that belong to the bot itself."""
OF_A_BOARD = {"board", "standing", "group_share", "group_standing"}
"""Tables whose key is a board's; the board belongs to a guild."""


def _schema(path: Path) -> dict[str, str]:
    """Return every table and index with its SQL, white space and quotes evened out."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: _plain(sql) for name, sql in rows if name != "alembic_version"}


def _plain(sql: str) -> str:
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(sql.replace('"', "").split()))


def test_a_fresh_database_equals_a_migrated_one(migrated: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.db"
    engine = create_engine(f"sqlite:///{fresh}")
    metadata.create_all(engine)
    engine.dispose()
    assert _schema(migrated) == _schema(fresh), (
        "The rule: the migrations lead to exactly the tables of the code. What to do: write a new migration in "
        "bot/storage/migrations/versions and name it in REVISIONS; never edit one that was released."
    )


def test_alembic_finds_nothing_to_do(migrated: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == [], f"What to do: write a migration for {differences}"


def test_revisions_are_in_the_scripts_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    order = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    assert list(REVISIONS) == order, "What to do: name every migration, oldest first, in bot/storage/migrations."


@pytest.mark.parametrize("place", range(len(REVISIONS)), ids=REVISIONS)
def test_a_migration_goes_up_down_and_up(place: int, tmp_path: Path) -> None:
    path = tmp_path / "syllabot.db"
    this, before = REVISIONS[place], REVISIONS[place - 1] if place else "base"
    if place:
        migrate(path, before)
    schema_before = _schema(path)
    migrate(path, this)
    schema_after = _schema(path)
    assert schema_after != schema_before, f"{this} changes nothing"
    take_down(path, before)
    assert _schema(path) == schema_before, f"{this} does not take back what it did"
    migrate(path, this)
    assert _schema(path) == schema_after
    assert revision(path) == this


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_a_table_is_kept_as_designed(name: str, migrated: Path) -> None:
    table = metadata.tables[name]
    if name not in OF_NO_GUILD:
        first = "board_id" if name in OF_A_BOARD else "guild_id"
        assert next(iter(table.primary_key)).name == first, f"the key of {name} starts with {first}"
    for column in table.columns:
        kinds = (Integer, BigInteger, Text, Float, LargeBinary, Instant)
        assert isinstance(column.type, kinds), f"{name}.{column.name}: {column.type!r} is no type of a STRICT table"
    assert re.search(r"\)[^)]*\bSTRICT\b[^)]*$", _schema(migrated)[name]), f"{name} is not STRICT"
