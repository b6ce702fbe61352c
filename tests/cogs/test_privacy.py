"""**My data** on ``/profile``, a disk that is full, and the log of it all, as members meet them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy import Connection

from bot.errors import StorageError
from bot.log import configure
from bot.storage import member, retention
from bot.storage.database import Database
from bot.storage.roadmap import topic_note
from tests.cogs.page import answered, description, labels, trouble
from tests.cogs.test_roadmap import open_topic
from tests.conftest import World

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOTE = "zebra quartz 7191"
"""What a member writes; it stands nowhere else."""


async def noted(world: World) -> None:
    """Have Alice write a private note."""
    topic = await open_topic(world, "python-first-steps")
    form = await world.alice.click(topic, label="Note")
    await world.alice.submit_modal(form, {"text": NOTE})
    await world.bot.services.names.write()


async def test_my_data_is_shown_exported_and_deleted_when_asked_twice(world: World, database: Database) -> None:
    await noted(world)
    page = answered(await world.alice.slash(world.hall, "profile"))
    await world.alice.click(page, label="My data")
    assert "Private notes: **1**" in description(page)
    assert labels(page) == ["Export as files", "Delete my data"]
    files = answered(await world.alice.click(page, label="Export as files"))
    assert files.flags.ephemeral
    assert [one.filename for one in files.attachments] == ["my-data.json", "my-data.csv"]
    await world.alice.click(page, label="Delete my data")
    assert "What goes" in description(page)
    assert "What stays" in description(page)
    await world.alice.click(page, label="Keep my data")
    assert "Private notes: **1**" in description(page)
    await world.alice.click(page, label="Delete my data")
    await world.alice.click(page, label="Go on")
    assert labels(page) == ["Keep my data", "Delete it for good"]
    assert await world.bot.services.privacy.kept(world.guild.id, world.alice.id)
    await world.alice.click(page, label="Delete it for good")
    assert page.embeds[0].title == "Your data is deleted"
    await world.bot.services.names.write()
    assert await world.bot.services.privacy.kept(world.guild.id, world.alice.id) == {}
    assert await database.read(lambda tx: member.get(tx, world.guild.id, world.alice.id)) is None


async def test_who_presses_it_gets_what_is_theirs(world: World) -> None:
    await noted(world)
    page = answered(await world.bob.slash(world.hall, "profile"))
    await world.bob.click(page, label="My data")
    assert "Private notes" not in description(page)


async def test_on_a_full_disk_members_are_told_read_on_and_save_again_when_there_is_room(world: World) -> None:
    database = world.bot.services.packs._database  # pyright: ignore[reportPrivateUsage]
    await noted(world)
    topic = await open_topic(world, "python-first-steps")
    await fill_up(database, world.guild.id, world.alice.id)
    form = await world.alice.click(topic, label="Note")
    told = trouble(await world.alice.submit_modal(form, {"text": "long " * 90}))
    assert "wasn't saved" in told
    assert "disk is full" in told
    topic = await open_topic(world, "python-first-steps")
    assert NOTE in str(topic.embeds[0].to_dict())
    await database.write(lambda tx: limit(tx, 2**30))
    form = await world.alice.click(topic, label="Note")
    await world.alice.submit_modal(form, {"text": "long " * 90})
    assert topic.content == "Your note is kept."


def limit(tx: Connection, pages: int) -> None:
    """Let the database grow no further than this, or than it is."""
    tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def fill_up(database: Database, guild_id: int, user_id: int) -> None:
    """Use up a disk's last bytes, and those of the page that the member's notes stand on."""
    await database.write(lambda tx: limit(tx, 1))
    number = 0
    for size in (400, 20):
        with suppress(StorageError):
            while True:
                number += 1
                note = {"guild_id": guild_id, "user_id": user_id, "topic_id": f"python-first-steps-{number}"}
                row = topic_note.insert().values(**note, text="x" * size, at=NOW)
                await database.write(lambda tx, row=row: tx.execute(row))


@pytest.fixture
def debug_log(world: World) -> Iterator[None]:
    """Log everything there is to log, and put the process's logging back; after ``world``, which is quiet."""
    assert world
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**config)


@pytest.mark.usefixtures("debug_log")
async def test_no_log_holds_what_a_member_wrote_nor_a_name(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", as_json=False)
    structlog.configure(cache_logger_on_first_use=False)
    await noted(world)
    await world.alice.slash(world.hall, "faq", question=NOTE)
    page = answered(await world.alice.slash(world.hall, "profile"))
    form = await world.alice.click(page, label="Time zone")
    trouble(await world.alice.submit_modal(form, {"text": NOTE}))
    topic = await open_topic(world, "python-first-steps")
    form = await world.alice.click(topic, label="Note")
    database = world.bot.services.packs._database  # pyright: ignore[reportPrivateUsage]
    await database.write(lambda tx: tx.exec_driver_sql("DROP TABLE topic_note"))
    trouble(await world.alice.submit_modal(form, {"text": NOTE}))
    trouble(await world.alice.click(page, label="My data"))
    written = capsys.readouterr().err
    assert "database_read_failed" in written
    assert "database_write_failed" in written
    assert [word for word in (NOTE, "Alice", "zebra") if word in written] == []


async def test_a_server_that_removed_the_bot_is_noted_and_one_that_takes_it_back_too(
    world: World, database: Database
) -> None:
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await database.write(lambda tx: member.ensure(tx, 77, world.alice.id, NOW))
    await _told(world, "on_ready")
    assert await database.read(retention.removed) == {77: NOW}, "it was removed while it was away"
    await _told(world, "on_guild_remove", guild)
    assert (await database.read(retention.removed)).keys() == {77, guild.id}
    await _told(world, "on_guild_join", guild)
    assert (await database.read(retention.removed)).keys() == {77}


async def _told(world: World, event: str, *arguments: object) -> None:
    """Have the bot's listeners hear an event of the gateway."""
    for listener in world.bot.extra_events[event]:
        await listener(*arguments)
