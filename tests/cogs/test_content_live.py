"""From the attached file through the worker process to what members see."""

from __future__ import annotations

from pathlib import Path

import simcord

from bot.app import assembled
from bot.domain.pack import Pack
from tests.cogs.page import answered, description, labels
from tests.cogs.test_content import QA, TOPIC, load
from tests.conftest import World, make_world
from tests.fakes.clock import FakeClock
from tests.fakes.scheduler import DrivenScheduler


async def test_what_is_loaded_is_there_for_members_at_once(world: World) -> None:
    message = await load(world, QA)
    assert message.flags.ephemeral
    assert message.embeds[0].title == "a.csv · FAQ · 2 questions read"
    assert "**2** new" in description(message)
    assert labels(message) == ["Apply 2", "Cancel", "Replace all questions"]
    assert await world.bot.services.content_history.newest(world.guild.id) == 0, "nothing changes before Apply"
    await world.manager.click(message, label="Apply 2")
    assert "2 new" in description(message)
    answer = answered(await world.alice.slash(world.hall, "faq", question="What is SGD?"))
    assert "Steps down the hill." in description(answer)
    road = await load(world, TOPIC, "road.csv")
    await world.manager.click(road, label="Apply 1")
    topic = answered(await world.alice.slash(world.hall, "roadmap", topic="our-project"))
    assert "Our first project" in str(topic.embeds[0].title)


async def test_a_report_can_be_decided_about_after_a_restart(database_path: Path, pack: Pack, clock: FakeClock) -> None:
    async with assembled(database_path, pack, clock, scheduler=DrivenScheduler(timezone="UTC"), paced=False) as bot:
        env = simcord.Env(bot)
        await env.start()
        try:
            world = make_world(env, bot)
            message = await load(world, QA)
            await bot.close()
            async with assembled(
                database_path, pack, clock, scheduler=DrivenScheduler(timezone="UTC"), paced=False
            ) as fresh:
                await env.restart_bot(fresh)
                await world.manager.click(message, label="Apply 2")
                assert "Applied. 2 new." in description(message)
        finally:
            await env.shutdown()
