"""The page *Pace*, from ``/roadmap`` and ``/group``, and the plans behind it."""

from __future__ import annotations

from datetime import date

from bot.domain.roadmap import State
from bot.services.pace import PaceService, headline
from bot.services.roadmap import RoadmapService
from bot.services.streak import StreakService
from tests.cogs.page import answered, components, description, fill, labels, trouble
from tests.cogs.test_group import make_group, open_group
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock


async def mark(world: World, *topic_ids: str, state: State = State.DONE) -> None:
    """Mark topics as Alice."""
    service = world.bot.services.roadmap
    assert isinstance(service, RoadmapService)
    for topic_id in topic_ids:
        await service.mark(world.guild.id, world.alice.id, topic_id, state, confirmed=True)


async def make_plan(world: World, first: str, weeks: str = "7, 6, 5, 7, 12, 6, 3, 7") -> None:
    """Give Alice's group a plan, by her hand."""
    message = await open_group(world, world.alice)
    await world.alice.click(message, label="Look after it")
    await world.alice.click(message, label="Pace")
    form = await world.alice.click(message, label="Make a plan")
    await fill(world.alice, form, {"first": first, "weeks": weeks})
    assert "The plan is kept" in message.content


async def test_without_a_plan_the_forecast_alone(world: World, clock: FakeClock) -> None:
    topics = [topic.id for topic in (await world.bot.services.roadmap.pack(world.guild.id)).track.stages[0].topics]
    await mark(world, topics[0])
    message = answered(await world.alice.slash(world.hall, "roadmap"))
    await world.alice.click(message, label="Pace")
    assert message.embeds[0].title == "The road ahead of you"
    assert "No forecast yet" in description(message)
    assert "6 months to 2 years" in description(message)
    assert "according to Pradeep Kumar" in description(message)
    clock.move(days=15)
    await mark(world, *topics[1:3])
    await world.alice.click(message, label="Back to my road")
    await world.alice.click(message, label="Pace")
    assert "**17 h of 415 h** are behind you. In your last 16 days: 17 h." in description(message)
    assert "**Stage 1** ends between " in description(message)
    assert "**The whole road** ends between " in description(message)
    assert message.attachments[0].filename == "pace.png"
    assert "in eight of ten cases" in (message.attachments[0].description or "")
    shared = answered(await world.alice.click(message, label="Share"))
    assert not shared.flags.ephemeral
    assert labels(shared) == ["My pace", "Open my own roadmap"]
    bob = answered(await world.bob.click(shared, label="My pace"))
    assert bob.flags.ephemeral
    assert "**0 h of 415 h** are behind you." in description(bob)


async def test_a_group_has_a_plan_and_a_member_who_is_behind_learns_how_to_meet_it(
    world: World, clock: FakeClock
) -> None:
    await make_group(world)
    await make_plan(world, "2026-09-28")
    message = await open_group(world, world.alice)
    await world.alice.click(message, label="Pace")
    assert (message.embeds[0].title or "") == "10 topics behind the group, 59 h"
    assert "The plan of **🦉 Owls**: 60.5 h by today; for you it ends on 3 Oct 2027." in description(message)
    await world.alice.click(message, label="Meet the group")
    assert message.embeds[0].title == "How you meet the group"
    assert "what the group does after that day builds on them" in description(message)
    assert "**Skip for now**" in description(message)
    menu = next(one for one in components(message) if "options" in one)
    assert menu["placeholder"] == "Open one of these"
    streak = world.bot.services.streak
    assert isinstance(streak, StreakService)
    await streak.take_vacation(world.guild.id, world.alice.id, "today", "7")
    clock.move(days=7)
    await world.alice.click(message, label="Back")
    assert "The plan of **🦉 Owls**: 60.5 h by today; for you it ends on 10 Oct 2027." in description(message)
    assert "7 days of rest and vacation moved it by as much" in description(message)
    stages = (await world.bot.services.roadmap.pack(world.guild.id)).track.stages
    await mark(world, *(topic.id for topic in stages[0].topics), state=State.KNOWN)
    await mark(world, *(topic.id for topic in stages[1].topics[:3]))
    page = await open_pace(world)
    assert page == "2 topics ahead of the group, 8 h"


async def open_pace(world: World) -> str:
    """Return the headline of Alice's pace."""
    service = world.bot.services.pace
    assert isinstance(service, PaceService)
    return headline(await service.page(world.guild.id, world.alice.id))


async def test_what_a_reset_took_back_was_not_learned_anew(world: World, clock: FakeClock) -> None:
    topics = [topic.id for topic in (await world.bot.services.roadmap.pack(world.guild.id)).track.stages[0].topics]
    await mark(world, *topics[:3])
    road = world.bot.services.roadmap
    assert isinstance(road, RoadmapService)
    clock.move(days=60)
    await road.reset(world.guild.id, world.alice.id)
    await road.undo(world.guild.id, world.alice.id)
    page = await world.bot.services.pace.page(world.guild.id, world.alice.id)
    assert page.own == ((date(2026, 11, 23), 17.0),)
    assert page.seen.topics == 0


async def test_the_plans_of_the_server_and_what_is_refused(world: World) -> None:
    message = answered(await world.manager.slash(world.hall, "setup"))
    await world.manager.click(message, label="Seasons and groups")
    await world.manager.click(message, label="Pace")
    assert message.embeds[0].title == "Pace of the server"
    for typed, said in (
        ({"weeks": "7, 6"}, "8 numbers such as 7, 6, 5, 7, 12, 6, 3, 7"),
        ({"weeks": "7, 6, 5, 7, 12, 6, 3, 70"}, "1 to 52 weeks"),
        ({"first": "soon"}, "no date I know"),
        ({"first": "2031-01-01"}, "within two years"),
    ):
        form = await world.manager.click(message, label="Make a plan")
        assert said in trouble(await fill(world.manager, form, typed))
    form = await world.manager.click(message, label="Make a plan")
    await fill(world.manager, form, {"first": "tomorrow", "weeks": "7 6 5 7 12 6 3 8"})
    assert "1 **Programming basics** · 7 weeks · from 24 Nov 2026" in description(message)
    assert "It ends on 6 Dec 2027." in description(message)
    assert await open_pace(world) == "The plan begins on 24 Nov 2026"
    await world.manager.click(message, label="Remove the plan")
    await world.manager.click(message, label="Remove it")
    assert "No plan yet" in description(message)
    await world.manager.click(message, label="Back")
    assert message.embeds[0].title == "Seasons and groups"


async def test_a_plan_is_made_by_captain_and_moderators_alone(world: World) -> None:
    await make_group(world)
    for code in ("sl:1", "sf:1", "sd:1:0", "sd:1:1"):
        assert "captain" in trouble(await world.bob.click(await forged(world, f"s1:{code}"), label="forged"))
    for code in ("sl:0", "sf:0", "sd:0:0", "sd:0:1"):
        assert "Manage Server" in trouble(await world.alice.click(await forged(world, f"s1:{code}"), label="forged"))
    assert "That group does not exist" in trouble(
        await world.alice.click(await forged(world, "s1:sl:9"), label="forged")
    )
