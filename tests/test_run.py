"""The bot from its start on Discord to its end, in a process of its own."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import discord
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.doctor import examine
from bot.errors import ContentError, SettingsError, StorageError
from bot.health import STALE_AFTER, age
from bot.run import serve
from bot.settings import Settings
from bot.storage.migrations import REVISIONS
from bot.storage.restore import check
from bot.storage.upgrade import prepare, revision
from bot.ui.rights import INVITED_WITH
from tests.fakes.wire.faults import Handler, delay, status
from tests.fakes.wire.process import AS_SHIPPED, TOKEN, BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

PATIENCE = 15.0


def settings(data_dir: Path, **changed: object) -> Settings:
    """Return settings that look at no environment."""
    return Settings.model_construct().model_copy(update={"data_dir": data_dir, **changed})


def log_of(bot: BotProcess) -> str:
    return bot.log.read_text(encoding="utf-8")


async def ended(bot: BotProcess) -> int:
    """Return the exit code of a process that is about to end."""
    async with asyncio.timeout(PATIENCE):
        return await bot.inner.wait()


async def test_without_a_token_nothing_is_begun(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN is not set"):
        await serve(settings(tmp_path / "var"))
    assert not (tmp_path / "var").exists()


async def test_content_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such folder"):
        await serve(settings(tmp_path / "var", token=SecretStr(TOKEN), content_dir=tmp_path / "none"))
    assert not (tmp_path / "var").exists()


async def test_a_database_that_cannot_be_trusted_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "syllabot.db").write_text("no database" * 100)
    with pytest.raises(StorageError, match="no backup beside it"):
        await serve(settings(tmp_path, token=SecretStr(TOKEN)))


@pytest.mark.parametrize(("number", "flags"), [(signal.SIGTERM, AS_SHIPPED), (signal.SIGINT, ())])
async def test_a_signal_ends_a_bot_at_work_cleanly_and_its_log_holds_the_invite(
    tmp_path: Path, number: signal.Signals, flags: tuple[str, ...]
) -> None:
    async with Wire.serving() as wire, BotProcess.running(wire, tmp_path, flags=flags) as bot:
        await wire.identified()
        await (await wire.command(Person("ana"), "roadmap")).answer()
        bot.inner.send_signal(number)
        assert await ended(bot) == 0
    log = log_of(bot)
    assert "stopping" in log
    _assert_invites_with_exactly_what_is_needed(log, wire.world.bot.id)
    assert [word for word in ("Traceback", "error", "Unclosed", TOKEN) if word in log] == []
    assert revision(tmp_path / "syllabot.db") == REVISIONS[-1]
    beaten = age(tmp_path / "heartbeat", SystemClock())
    assert beaten is not None
    assert timedelta() <= beaten < STALE_AFTER


def _assert_invites_with_exactly_what_is_needed(log: str, application_id: int) -> None:
    (link,) = set(re.findall(r"https://discord\.com/oauth2/authorize\?\S+", log))
    query = dict(part.split("=") for part in link.partition("?")[2].split("&"))
    assert query["client_id"] == str(application_id)
    assert query["scope"] == "bot+applications.commands"
    asked = discord.Permissions(int(query["permissions"]))
    assert [name for name in INVITED_WITH if not getattr(asked, name)] == []
    assert asked.value.bit_count() == len(INVITED_WITH), "it asks for more than it needs"


async def test_f49_told_to_stop_during_the_nightly_backup_it_leaves_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_BACKUP", "0.2")
    prepare(tmp_path / "syllabot.db", SystemClock().now())
    with closing(sqlite3.connect(tmp_path / "syllabot.db")) as connection, connection:
        connection.execute("INSERT INTO bot_state VALUES ('large', ?)", ("x" * 60_000_000,))
    async with Wire.serving() as wire, BotProcess.running(wire, tmp_path) as bot:
        await wire.identified()
        while not any((tmp_path / "backups").glob("*.unfinished")):  # noqa: ASYNC110  (a folder is no event)
            await asyncio.sleep(0)
        stopped_at = perf_counter()
        bot.inner.terminate()
        assert await ended(bot) == 0
        assert perf_counter() - stopped_at < 20
    assert "Traceback" not in log_of(bot)
    # whole and proved, or none: it depends on how far it was
    left = {one.name for one in (tmp_path / "backups").iterdir()} - {"last.json"}
    assert [name for name in left if not name.endswith("-nightly.db")] == []
    for name in left:
        check(tmp_path / "backups" / name)


async def test_a_signal_during_login_ends_the_bot_too(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def hangs(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked.set()
        return await delay(PATIENCE)(request, handler)

    async with Wire.serving() as wire:
        wire.rules.add("GET", "/users/@me", hangs)
        async with BotProcess.running(wire, tmp_path) as bot:
            async with asyncio.timeout(PATIENCE):
                await asked.wait()
            bot.inner.terminate()
            assert await ended(bot) == 0
    assert "Traceback" not in log_of(bot)


async def test_a_token_that_discord_does_not_know_ends_with_2_and_the_mend(tmp_path: Path) -> None:
    async with Wire.serving() as wire:
        wire.rules.add("GET", "/users/@me", status(401), times=None)
        async with BotProcess.running(wire, tmp_path) as bot:
            assert await ended(bot) == 2
    log = log_of(bot)
    assert "Discord does not know this DISCORD_TOKEN" in log
    assert [word for word in ("Traceback", TOKEN) if word in log] == []


async def test_f27_without_a_network_it_says_so_once_and_goes_on_trying_until_told_to_stop(tmp_path: Path) -> None:
    async with Wire.serving() as wire:
        pass
    async with BotProcess.running(wire, tmp_path) as bot, asyncio.timeout(PATIENCE):
        while "discord_away" not in log_of(bot) or not (tmp_path / "heartbeat").exists():  # noqa: ASYNC110
            await asyncio.sleep(0)
        bot.inner.terminate()
        assert await bot.inner.wait() == 0
    log = log_of(bot)
    assert log.count("Discord can't be reached") == 1
    assert [word for word in ("Traceback", "Unclosed", TOKEN) if word in log] == []


async def test_f30_commands_that_discord_does_not_take_keep_nobody_waiting(tmp_path: Path) -> None:
    async with Wire.serving() as wire:
        wire.rules.add("PUT", "/applications/*/commands", status(400, {"code": 50035, "message": "no"}), times=None)
        async with BotProcess.running(wire, tmp_path) as bot:
            await wire.identified()
            await (await wire.command(Person("ana"), "roadmap")).answer()
            bot.inner.terminate()
            assert await ended(bot) == 0
    assert "commands_not_synced" in log_of(bot)
    commands = {one.what: one for one in examine(settings(tmp_path), SystemClock())}["commands"]
    assert not commands.well
    assert "status 400, code 50035" in commands.found


async def test_the_most_talkative_log_holds_no_token_and_nothing_a_member_typed(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_LOG_LEVEL=DEBUG\n")
    async with Wire.serving() as wire, BotProcess.running(wire, tmp_path) as bot:
        await wire.identified()
        asked = await wire.command(Person("ana"), "faq", question="a very private worry of mine")
        await asked.answer()
        wrong = await wire.command(Person("ana"), "roadmap", topic="no such topic of mine")
        await wrong.answer()
        bot.inner.terminate()
        assert await ended(bot) == 0
    log = log_of(bot)
    assert "[debug" in log
    secrets = (TOKEN, asked.payload["token"], wrong.payload["token"], "private worry", "no such topic of mine")
    assert [secret for secret in secrets if secret in log] == []


async def test_f30_the_second_start_finds_what_the_first_one_kept(tmp_path: Path) -> None:
    async with Wire.serving() as wire:
        for start in (1, 2):
            async with BotProcess.running(wire, tmp_path) as bot:
                await wire.identified(start)
                bot.inner.terminate()
                assert await ended(bot) == 0
        puts = wire.asked("PUT", "/commands")
    assert len(puts) == 1, "commands are synced only when they have changed"
    assert "up to date" in log_of(bot)
    with closing(sqlite3.connect(tmp_path / "syllabot.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
