"""``/leaderboard`` on the real surface."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.results import ResponseMessage
from sqlalchemy import Connection

from bot.storage import member as member_store
from bot.storage.database import Database
from tests.cogs.page import answered, components, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock
from tests.services.boards.ledger import TODAY, ago, found, give


def database(world: World) -> Database:
    """Return the bot's database."""
    return world.bot.database


async def crowd(world: World, many: int = 12) -> list[simcord.MemberActor]:
    """Let members of the guild have 100, 99, 98 … points this week, and the week before the other way round."""
    people = [world.guild.add_member(world.env.create_user(f"m{i:02}", global_name=f"M{i:02}")) for i in range(many)]

    def write(tx: Connection) -> None:
        for i, one in enumerate(people):
            give(tx, one.id, 100 - i, guild_id=world.guild.id)
            give(tx, one.id, 10 + i, ago(7), guild_id=world.guild.id)
        give(tx, world.alice.id, 5, guild_id=world.guild.id)

    await database(world).write(write)
    return people


async def board(world: World, **options: str) -> ResponseMessage:
    """Open Alice's board."""
    return answered(await world.alice.slash(world.hall, "leaderboard", **options))


async def test_names_arrive_with_the_gateways_answer_and_the_place_is_said(world: World) -> None:
    await crowd(world)
    message = await board(world)
    assert message.flags.ephemeral
    assert message.embeds[0].title == "This week"
    text = description(message)
    assert "🥇 **1** \u2068M00\u2069 · **100** · ▲ 11" in text
    assert "**10** \u2068M09\u2069 · **91** · ▼ 7" in text
    assert "You: 13th, with 5 points, 84 behind 12th." in text
    assert message.embeds[0].footer.text == "1–10 of 13 · ▲ ▼ places since the week before"
    assert labels(message) == [
        "This week",
        "This month",
        "All time",
        "History",
        "Lower",
        "Jump to me",
        "Groups",
        "Share",
    ]
    ids = [one["custom_id"] for one in components(message)]
    assert len(set(ids)) == len(ids)


async def test_one_jumps_to_oneself_and_turns_pages(world: World) -> None:
    await crowd(world)
    message = await board(world)
    await world.alice.click(message, label="Jump to me")
    assert "▸ __**13** \u2068Alice\u2069 · **5** · new__ · you" in description(message)
    assert "Jump to me" not in labels(message)
    await world.alice.click(message, label="Higher")
    assert "🥇" in description(message)
    await world.alice.click(message, label="This month")
    assert message.embeds[0].title == "This month"
    assert "**121** · +89 this week" not in description(message)
    assert "+100 this week" in description(message)


async def test_who_left_is_gone_from_the_page_without_a_gap(world: World) -> None:
    people = await crowd(world)
    gone = await world.bot.get_guild(world.guild.id).fetch_member(people[0].id)  # pyright: ignore[reportOptionalMemberAccess]
    await gone.kick()
    message = await board(world)
    assert "🥇 **1** \u2068M01\u2069" in description(message)
    assert str(people[0].id) not in description(message)
    assert "1–10 of 12" in (message.embeds[0].footer.text or "")


async def test_the_picture_follows_the_words_and_comes_with_them_once_it_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(world)
    sent: list[bool] = []
    send = discord.InteractionResponse.send_message

    async def noted(self: discord.InteractionResponse[discord.Client], *args: Any, **kwargs: Any) -> Any:
        sent.append(bool(kwargs["files"]))
        return await send(self, *args, **kwargs)

    monkeypatch.setattr(discord.InteractionResponse, "send_message", noted)
    for _ in range(2):
        message = await board(world)
        (picture,) = message.attachments
        assert "1 M00 100" in (picture.description or "")
        assert "You: 13th of 13 · 84 points to 12th" in (picture.description or "")
        assert "🥇" in description(message), "the words say the same"
    assert sent == [False, True]


async def test_without_a_picture_the_words_stand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await crowd(world)

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(type(world.bot.services.pictures), "leaderboard", nothing)
    message = await board(world)
    assert message.attachments == []
    assert not message.embeds[0].image
    assert "🥇 **1** \u2068M00\u2069" in description(message)


async def test_an_empty_board_says_how_the_first_points_come(world: World) -> None:
    message = await board(world)
    assert "Nobody has points this week yet" in description(message)
    assert "Share" not in labels(message)
    message = await board(world, board="groups", window="month")
    assert "No group has points this month yet" in description(message)
    message = await board(world, window="season")
    assert "No season is running" in description(message)
    message = await board(world, window="all")
    assert "History" not in labels(message)


async def test_groups_are_compared_fairly_and_shared(world: World) -> None:
    await crowd(world)

    def write(tx: Connection) -> None:
        found(tx, "Owls *of* `doom`", world.alice.id, world.bob.id, guild_id=world.guild.id)
        give(tx, world.alice.id, 40, guild_id=world.guild.id)

    await database(world).write(write)
    message = await board(world)
    await world.alice.click(message, label="Groups")
    text = description(message)
    name = "\u2068Owls \\*of\\* \\`doom\\`\u2069"
    assert f"▸ __🥇 **1** 🦉 {name} · **40.0** each · 1 of 2 took part · 40 in all__ · yours" in text
    assert "Your group is 1st of 1." in text
    shared = answered(await world.alice.click(message, label="Share"))
    assert not shared.flags.ephemeral
    assert "Your group" not in description(shared)
    own = answered(await world.bob.click(shared, label="My place"))
    assert own.flags.ephemeral
    assert "· yours" in description(own)


async def test_a_shared_board_frames_nobody(world: World) -> None:
    await crowd(world)
    shared = answered(await world.alice.click(await board(world), label="Share"))
    assert "shares the board" in shared.content
    assert "You:" not in description(shared)
    own = answered(await world.alice.click(shared, label="My place"))
    assert "▸" in description(own)


async def test_the_past_is_listed_with_its_winners_and_opens(world: World, clock: FakeClock) -> None:
    await crowd(world)
    message = await board(world)
    await world.alice.click(message, label="History")
    assert message.embeds[0].title == "Past weeks"
    assert "**Week of Mon 16 Nov 2026**\n🥇 **1** \u2068M11\u2069 · 21" in description(message)
    await pick(world.alice, message, "Open one", str((TODAY - timedelta(days=7)).toordinal()))
    assert message.embeds[0].title == "Week of Mon 16 Nov 2026"
    assert "You had no points in it." in description(message)
    await world.alice.click(message, label="Lower")
    assert message.embeds[0].title == "Week of Mon 16 Nov 2026"
    await world.alice.click(message, label="History")
    await world.alice.click(message, label="Groups")
    assert "No group had a place." in description(message)
    await world.alice.click(message, label="Back")
    assert message.embeds[0].title == "This week"
    clock.move(days=50)
    await world.alice.click(message, label="This week")
    await world.alice.click(message, label="History")
    assert message.embeds[0].footer.text == "1–2 of 2 weeks, the latest first"


async def test_an_empty_past_and_forged_days(world: World) -> None:
    message = await board(world)
    await world.alice.click(message, label="History")
    assert "No week is over yet" in description(message)
    for start in ("99999999999", "5000000"):
        custom_id = f"s1:l:{world.alice.id}:w:members:week:{start}:0"
        assert "older version" in trouble(await world.alice.click(await forged(world, custom_id), label="forged"))
    custom_id = f"s1:l:{world.bob.id}:w:members:week:0:0"
    assert "belongs to" in trouble(await world.alice.click(await forged(world, custom_id), label="forged"))


async def test_a_gateway_that_does_not_answer_leaves_the_page_as_it_is(world: World) -> None:
    await crowd(world)

    async def nothing(*_: object, **__: object) -> None:
        raise TimeoutError

    guild = world.bot.get_guild(world.guild.id)
    assert guild
    state = guild._state  # pyright: ignore[reportPrivateUsage]
    state.query_members = nothing  # pyright: ignore[reportAttributeAccessIssue]
    message = await board(world)
    assert "🥇 **1** <@" in description(message)
    people = await database(world).read(lambda tx: member_store.several(tx, world.guild.id, [world.alice.id]))
    assert people[world.alice.id].left_at is None
