"""What is kept of settings, of a member's first moment, and by the bot for itself."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.storage import bot_state, guild, member
from bot.storage.database import Database
from bot.storage.guild import Guild

HERE, ANA = 11, 21
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def test_settings_left_alone_stay_at_their_defaults(database: Database) -> None:
    await database.write(lambda tx: guild.put(tx, Guild(HERE, zone="Asia/Tokyo")))
    assert await database.read(lambda tx: guild.get(tx, HERE)) == Guild(HERE, zone="Asia/Tokyo")
    await database.write(lambda tx: guild.put(tx, Guild(HERE)))
    assert await database.read(lambda tx: guild.get(tx, HERE)) == Guild(HERE)


async def test_a_members_first_moment_and_background_are_kept(database: Database) -> None:
    later = NOW.replace(hour=12)

    def unit(tx: Connection) -> member.Member | None:
        member.place(tx, HERE, ANA, "student", NOW)
        member.ensure(tx, HERE, ANA, later)
        member.place(tx, HERE, ANA, None, later)
        return member.get(tx, HERE, ANA)

    assert await database.write(unit) == member.Member(HERE, ANA, NOW, "student", later)


async def test_the_bots_own_memory_is_replaced_by_name(database: Database) -> None:
    def unit(tx: Connection) -> list[str | None]:
        bot_state.put(tx, "a", "1")
        bot_state.put(tx, "b", "2")
        bot_state.put(tx, "a", "3")
        return [bot_state.get(tx, name) for name in ("a", "b", "c")]

    assert await database.write(unit) == ["3", "2", None]
