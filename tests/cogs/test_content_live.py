"""From the attached file through the worker process to what members see."""

from __future__ import annotations

from tests.cogs.page import answered, description, labels
from tests.cogs.test_content import QA, TOPIC, load
from tests.conftest import World


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
