"""``/profile``, as a member meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.services.profile import ProfileService
from bot.storage import member as member_store
from bot.storage.member import Member
from tests.cogs.page import answered, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock


async def test_the_page_sets_everything_and_nobody_else_sees_it(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "profile"))
    assert message.flags.ephemeral
    assert "**Time zone** UTC (the server's)" in description(message)
    assert "**Daily reminder** off" in description(message)
    assert "rewrites no day" in (message.embeds[0].footer.text or "")
    own = ["My points", "My week", "Hide me from the boards", "Keep it from my captain", "Message me about reviews"]
    assert labels(message) == ["Time zone", "Portfolio", "My data", *own]
    form = await world.alice.click(message, label="Time zone")
    await world.alice.submit_modal(form, {"text": "europe/berlin"})
    assert "**Time zone** Europe/Berlin (your own)" in description(message)
    await pick(world.alice, message, "Start of my day", "0")
    assert "at 00:00 (your own)" in description(message)
    await pick(world.alice, message, "Daily reminder", "18")
    assert "at 18:00, by direct message" in description(message)
    assert "<t:1795453200:R>" in description(message), "18:00 in Berlin on November 23"
    await world.alice.click(message, label="Use the server's zone")
    assert "**Time zone** UTC (the server's)" in description(message)
    await pick(world.alice, message, "Start of my day", "none")
    await pick(world.alice, message, "Daily reminder", "none")
    assert "at 04:00 (the server's)" in description(message)
    assert "**Daily reminder** off" in description(message)
    bob = answered(await world.bob.slash(world.hall, "profile"))
    assert "UTC (the server's)" in description(bob)


async def test_the_zone_can_come_with_the_command(world: World) -> None:
    choices = await world.alice.autocomplete(world.hall, "profile", "zone", "toky")
    assert choices[0]["value"] == "Asia/Tokyo"
    message = answered(await world.alice.slash(world.hall, "profile", zone="Asia/Tokyo"))
    assert "Asia/Tokyo (your own)" in description(message)


async def test_a_wrong_zone_is_told_with_a_proposal(world: World) -> None:
    message = answered(await world.alice.slash(world.hall, "profile"))
    form = await world.alice.click(message, label="Time zone")
    assert "Europe/Berlin" in trouble(await world.alice.submit_modal(form, {"text": "berlin"}))


async def test_closed_messages_are_told_with_the_mend_and_taken_up_again(world: World, clock: FakeClock) -> None:
    service = world.bot.services.profile
    assert isinstance(service, ProfileService)
    page = await service.put_reminder(world.guild.id, world.alice.id, 18)

    def close(tx: Connection) -> None:
        person: Member = replace(page.person, unreachable_since=clock.now(), next_reminder_at=None)
        member_store.put_profile(tx, person)

    await world.bot.database.write(close)
    message = answered(await world.alice.slash(world.hall, "profile"))
    assert "Your daily reminder is paused" in description(message)
    assert "*Privacy Settings*" in description(message)
    await world.alice.click(message, label="Try again")
    assert "I could not write to you" not in description(message)
    person = (await service.page(world.guild.id, world.alice.id)).person
    assert person.next_reminder_at == clock.now() + timedelta(hours=9)


async def test_forged_choices_are_refused_in_words(world: World) -> None:
    for custom_id in ("s1:q:delete", "s1:q", "s1:qd:7"):
        assert "older version" in trouble(await world.alice.click(await forged(world, custom_id), label="forged"))


async def test_the_daily_reminder_arrives_by_the_job(world: World, clock: FakeClock) -> None:
    jobs = {job.id for job in world.bot._jobs.scheduler.get_jobs()}  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType]
    assert "reminders" in jobs
    assert "sources" not in jobs, "a simulated server asks nobody outside"
