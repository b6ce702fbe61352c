"""F31 to F37: slow databases, many presses at once, forged and foreign ids, replays, and rights at every call."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import discord
import pytest
from discord import app_commands
from simcord.results import InteractionResult
from sqlalchemy import Connection, func, select

from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.ui.components import STALE
from bot.ui.errors import SLOW, SUGGEST_WITHIN, complete
from bot.ui.patience import LAST_MOMENT
from bot.ui.reply import DEFER_AFTER, FORM_WITHIN
from tests.cogs.everything import ids, is_restricted, menus, press, slash_commands, use
from tests.cogs.page import answered, trouble
from tests.cogs.posted import posted
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.usefixtures("files_here")


def hold(world: World, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Have every unit of work wait until what is returned is set, and nobody's patience take long in a test."""
    assert max(DEFER_AFTER, LAST_MOMENT, FORM_WITHIN, SUGGEST_WITHIN) < 2.5, "Discord waits for 3 s, network included"
    for number, name in enumerate(("deferral.DEFER_AFTER", "reply.FORM_WITHIN", "patience.LAST_MOMENT"), 1):
        monkeypatch.setattr(f"bot.ui.{name}", number * 0.002)
    database: Database = world.bot.database
    free = asyncio.Event()

    def held(work: Callable[..., Any]) -> Callable[..., Any]:
        async def wait(unit: Callable[[Connection], object]) -> object:
            if not free.is_set():
                await world.env.external_wait(free.wait(), reason="a slow database")
            return await work(unit)

        return wait

    monkeypatch.setattr(database, "read", held(database.read))
    monkeypatch.setattr(database, "write", held(database.write))
    return free


def is_told(result: InteractionResult) -> bool:
    """Whether the person got a form, a page or a sentence."""
    shown = [*result.followups, *([result.response] if result.response else [])]
    return result.modal is not None or any(one.content or one.embeds or one.components for one in shown)


async def late(world: World, free: asyncio.Event, results: dict[str, InteractionResult]) -> list[str]:
    """Return what is wrong with how interactions were answered that a slow database held up."""
    await world.env.settle()
    wrong = [f"{what}: not acknowledged in time" for what, one in results.items() if not one.acknowledged]
    free.set()
    await world.env.settle(timeout=60)
    return [*wrong, *(f"{what}: never answered" for what, one in results.items() if not is_told(one))]


async def test_f31_every_command_is_acknowledged_in_time_by_a_slow_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await world.bob.send(world.hall, "how do I scale features")
    free, results = hold(world, monkeypatch), dict[str, InteractionResult]()
    for command in slash_commands(world.bot):
        results[command.qualified_name] = await use(world, world.manager, command)
    for menu in menus(world.bot):
        target = message if menu.type is discord.AppCommandType.message else world.bob
        results[menu.name] = await world.manager.context_menu(world.hall, menu.name, target)
    assert await late(world, free, results) == []
    _ = world.env.errors  # what a command says of a stand-in's values is an answer too


async def test_f31_every_component_is_acknowledged_in_time_by_a_slow_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await forged(world, "any")
    free, results = hold(world, monkeypatch), dict[str, InteractionResult]()
    for one in ids(world.manager.id):
        results[one.custom_id] = await press(world, world.manager, page, one.custom_id)
    assert await late(world, free, results) == []


async def test_f31_suggestions_that_come_too_late_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_cog: object, _interaction: object, _typed: str) -> list[app_commands.Choice[str]]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr("bot.ui.errors.SUGGEST_WITHIN", 0.002)
    unused: Any = None
    (only,) = await complete(never)(None, unused, "deg")
    assert (only.name, only.value) == (SLOW, "deg")


async def test_f32_twenty_presses_at_once_count_once(world: World, database: Database, clock: FakeClock) -> None:
    message = await posted(world, database, clock)
    done = next(str(one["custom_id"]) for one in components_of(world, message) if one.get("label") == "Done")
    with held_back(world) as payloads:
        for _ in range(20):
            await press(world, world.alice, message, done)
    for payload in payloads:
        world.env.backend.emit("INTERACTION_CREATE", payload)
    await world.env.settle()
    assert len(payloads) == 20
    entries = await count(database, "points")
    await press(world, world.bob, message, done)
    assert entries == await count(database, "points") - entries, "as many entries in the ledger as for one press"


async def test_f26_what_a_resumed_connection_brings_again_is_dropped(
    world: World, database: Database, clock: FakeClock
) -> None:
    message = await posted(world, database, clock)
    done = next(str(one["custom_id"]) for one in components_of(world, message) if one.get("label") == "Done")
    with held_back(world) as payloads:
        await press(world, world.alice, message, done)
        await world.alice.slash(world.hall, "roadmap", topic="bayes")
    before = len(world.env.http_requests)
    for payload in payloads:
        world.env.backend.emit("INTERACTION_CREATE", payload)
    await world.env.settle()
    first = len(world.env.http_requests)
    assert first > before
    for payload in payloads:
        world.env.backend.emit("INTERACTION_CREATE", payload)
    await world.env.settle()
    assert len(world.env.http_requests) == first, "a replay leads to no call"


@contextmanager
def held_back(world: World) -> Generator[list[dict[str, Any]]]:
    """Keep what Discord would send the bot of people's acts, instead of sending it."""
    backend, kept = world.env.backend, list[dict[str, Any]]()
    with pytest.MonkeyPatch.context() as patch:

        def keep(_event: str, payload: dict[str, Any], *_rest: object, **_more: object) -> None:
            kept.append(payload)

        patch.setattr(backend, "emit", keep)
        yield kept


def components_of(world: World, message: discord.Message) -> list[dict[str, Any]]:
    """Return the buttons of a message."""
    rows: list[Any] = world.env.backend.get_message(message.channel.id, message.id).components
    return [one for row in rows for one in row["components"]]


async def count(database: Database, name: str) -> int:
    """Return how many rows a table has."""
    return await database.read(
        lambda tx: tx.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
    )


async def test_f34_what_is_old_forged_or_somebody_elses_is_refused_with_a_sentence(world: World) -> None:
    page = await forged(world, "any")
    for custom_id in ("", "s0:ro", "s1:nothing", "s1:t:done:bayes", "other:button", "s1:" + "x" * 97, "{0.__class__}"):
        assert trouble(await press(world, world.alice, page, custom_id)) == STALE
    owned = [one for one in ids(world.bob.id) if "owner" in type(one).model_fields]
    assert owned
    for one in owned:
        told = trouble(await press(world, world.alice, page, one.custom_id))
        assert f"belongs to <@{world.bob.id}>" in told, one.custom_id


async def test_f34_no_forged_press_finds_a_fault_of_ours(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    page = await forged(world, "any")
    for one in ids(world.manager.id):
        assert is_told(await press(world, world.manager, page, one.custom_id)), one.custom_id
    logged = capsys.readouterr()
    assert "interaction_failed" not in logged.out + logged.err


async def test_f37_suggestions_are_few_short_and_take_any_text(world: World) -> None:
    asked = [(one, option.display_name) for one in slash_commands(world.bot) for option in one.parameters
             if option.autocomplete]  # fmt: skip
    assert asked
    await shown_to_all(world)
    for command, option in asked:
        for text in ("", "a", "no-such-id", "x" * 60, "%_'\";--", "{0.__class__}", "\u202e@everyone"):
            found = await world.alice.autocomplete(world.hall, command.qualified_name, option, text)
            assert len(found) <= 25
            assert all(1 <= len(one["name"]) <= 100 and 1 <= len(str(one["value"])) <= 100 for one in found)


async def test_f37_an_id_that_nobody_suggested_gets_a_sentence(world: World) -> None:
    for text in ("no-such-id", "../../etc", "x" * 60):
        for command in slash_commands(world.bot):
            if any(one.autocomplete for one in command.parameters) and not is_restricted(command):
                result = await use(world, world.alice, command, text)
                assert is_told(result)
                shown = str(answered(result).embeds[0].to_dict()) + str(answered(result).content)
                assert "went wrong" not in shown
    _ = world.env.errors


async def test_nothing_is_waited_for_that_has_ended(world: World) -> None:
    await world.alice.autocomplete(world.hall, "roadmap", "topic", "valid")
    page = answered(await world.alice.slash(world.hall, "roadmap"))
    await world.alice.click(page, label="Start at the beginning")
    trouble(await world.alice.slash(world.hall, "roadmap", topic="no such topic"))
    assert await world.bot.under_way.ended(0.001), "a bot that is told to stop would wait for it"
    _ = world.env.errors


async def test_every_restricted_command_refuses_whoever_it_was_shown_to(world: World) -> None:
    restricted = [one.qualified_name for one in slash_commands(world.bot) if is_restricted(one)]
    restricted_menus = [one.name for one in menus(world.bot) if is_restricted(one)]
    assert restricted
    assert restricted_menus
    await shown_to_all(world)
    message = await world.bob.send(world.hall, "how do I scale features")
    refusal = re.compile("Only moderators|Only people with")
    for command in slash_commands(world.bot):
        if command.qualified_name in restricted:
            assert refusal.search(trouble(await use(world, world.alice, command))), command.qualified_name
    for menu in menus(world.bot):
        if menu.name in restricted_menus:
            target = message if menu.type is discord.AppCommandType.message else world.bob
            assert refusal.search(trouble(await world.alice.context_menu(world.hall, menu.name, target))), menu.name
    _ = world.env.errors


async def shown_to_all(world: World) -> None:
    """Show every command to everybody, as if a server had opened it in its Integrations."""
    for one in world.bot.tree.get_commands():
        one.default_permissions = None
    await world.bot.tree.sync()
