"""Direct messages on a simulated Discord: what arrives, what a second try does, and what each refusal comes to."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace, TracebackType
from typing import Any, Final, Self

import discord
import pytest
import simcord

from bot.domain.item import Item
from bot.domain.letter import Letter, LetterKind
from bot.domain.reminder import ReminderKind, reminder_nonce
from bot.domain.schedule import Slot
from bot.messenger import DirectMessenger
from bot.services.reminder import Closed, Notice, Outcome, Sent, Unclear
from tests.conftest import World

ITEM = Item("p", Slot.PRACTICE, "A title", "Do this. " * 200, "A hint.", ("One.", "Two."))
LINK = "https://discord.com/channels/1/2/3"


def notice(
    world: World, kind: ReminderKind = ReminderKind.LATER, *, tries: int = 1, link: str = LINK, item: Item | None = ITEM
) -> Notice:
    """Return a notice for Alice that is due now."""
    due_at = datetime.fromtimestamp(int(world.env.now().timestamp()), UTC)
    return Notice(world.alice.id, kind, item, link, reminder_nonce(1, 2, due_at), due_at, tries)


async def write(world: World, what: Notice) -> Outcome:
    """Write as the job does."""
    return await DirectMessenger(world.bot, nullcontext()).write(what)


def sends(world: World) -> list[dict[str, Any]]:
    """Return the bodies of the messages that were sent."""
    found = [one for one in world.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]
    return [dict(one.json or {}) for one in found]


async def inbox(world: World) -> list[discord.Message]:
    """Return what Alice has from the bot, the oldest first."""
    conversation = await world.bot.create_dm(discord.Object(world.alice.id))
    return [message async for message in conversation.history(oldest_first=True)]


async def test_a_reminder_says_what_and_where_and_how_to_stop_it(world: World) -> None:
    assert await write(world, notice(world, ReminderKind.DAILY)) == Sent()
    (message,) = await inbox(world)
    assert message.content == "Today's post is still open."
    assert message.embeds[0].title == "A title"
    assert len(message.embeds[0].description or "") <= 600
    assert "/profile" in (message.embeds[0].footer.text or "")
    (row,) = message.components
    assert isinstance(row, discord.ActionRow)
    (button,) = row.children
    assert isinstance(button, discord.Button)
    assert (button.label, button.url) == ("Open the post", LINK)
    (sent,) = sends(world)
    assert sent["enforce_nonce"] is True
    assert len(str(sent["nonce"])) <= 25
    assert sent["allowed_mentions"] == {"parse": []}


async def test_an_exercise_that_is_gone_still_leads_to_its_post(world: World) -> None:
    assert await write(world, notice(world, item=None)) == Sent()
    (message,) = await inbox(world)
    assert message.embeds[0].title == "The post you kept for later"


async def test_a_second_try_looks_first(world: World) -> None:
    first = notice(world)
    assert await write(world, first) == Sent()
    assert await write(world, notice(world, tries=2)) == Sent()
    assert len(sends(world)) == 1
    assert await write(world, notice(world, tries=2, link=f"{LINK}4")) == Sent()
    assert len(sends(world)) == 2, "another post's reminder is no earlier try of this one"


async def test_a_week_and_reviews_of_one_server_are_told_apart(world: World) -> None:
    week = (await world.bot.services.look_back.page(world.guild.id, world.alice.id)).found
    reviews = replace(notice(world, ReminderKind.REVIEW, item=None), reviews=3)
    look_back = replace(notice(world, ReminderKind.LOOK_BACK, item=None), week=week)
    assert await write(world, look_back) == Sent()
    assert await write(world, replace(reviews, tries=2)) == Sent()
    assert [one.embeds[0].title for one in await inbox(world)] == [
        "Your week, 23 to 29 November",
        "3 review cards for today",
    ]
    assert await write(world, replace(look_back, tries=2)) == Sent()
    assert await write(world, replace(reviews, tries=2, reviews=2)) == Sent()
    assert len(sends(world)) == 2
    assert "0 of 7 kept" in ((await inbox(world))[0].embeds[0].description or "")


async def test_what_was_sent_long_before_it_was_due_is_another_reminder(world: World) -> None:
    assert await write(world, notice(world)) == Sent()
    await world.env.advance_time(1800)
    assert await write(world, notice(world, tries=2)) == Sent()
    assert len(sends(world)) == 2


REFUSALS: Final = (
    (403, 50007, Closed()),
    (403, 50278, Closed()),
    (403, 0, Closed()),
    (404, 10013, Closed()),
    (403, 20026, Unclear()),
    (403, 40003, Unclear()),
    (401, 0, Unclear()),
    (400, 50035, Unclear()),
)


@pytest.mark.parametrize("path", ["/channels/*/messages", "/users/@me/channels"])
async def test_a_refusal_comes_to_what_it_is(world: World, path: str) -> None:
    for status, code, outcome in REFUSALS:
        world.env.inject_error("POST", path, status=status, code=code)
        assert await write(world, notice(world)) == outcome, (status, code)


async def test_a_conversation_that_can_not_be_read_gets_no_second_message(world: World) -> None:
    assert await write(world, notice(world)) == Sent()
    world.env.inject_error("GET", "/channels/*/messages", status=400)
    assert await write(world, notice(world, tries=2)) == Unclear()
    assert len(sends(world)) == 1


class Counted:
    """A limiter that counts who passes."""

    def __init__(self) -> None:
        self.passed = 0

    async def __aenter__(self) -> Self:
        self.passed += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


async def test_every_request_passes_the_limiter(world: World) -> None:
    limiter = Counted()
    await DirectMessenger(world.bot, limiter).write(notice(world, tries=2))
    assert limiter.passed == 3


async def test_where_sending_has_stopped_nobody_is_written_to(world: World) -> None:
    messenger = DirectMessenger(world.bot, nullcontext(), lambda: True)
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert await messenger.write(notice(world)) == Unclear()
    assert not await messenger.deliver(Letter(1, 7, world.alice.id, LetterKind.DECLINED, "prompt", "A", "no", now))
    assert not await messenger.tell_owner("The disk is full.")
    assert sends(world) == []


async def test_a_letter_says_what_was_decided_in_words_that_show_as_typed(world: World) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    one = Letter(1, 7, world.alice.id, LetterKind.DECLINED, "prompt", "A **title**", "@everyone no", now)
    messenger = DirectMessenger(world.bot, nullcontext())
    assert await messenger.deliver(one)
    (message,) = await inbox(world)
    said = message.embeds[0].description or ""
    assert said.startswith("Your prompt **A \\*\\*title\\*\\*** was not taken.")
    assert "@everyone" not in said
    assert len(one.nonce) <= 25


async def told(world: World, sentence: str, *, limiter: Counted | None = None) -> bool:
    """Tell whoever runs the bot."""
    return await DirectMessenger(world.bot, limiter or Counted()).tell_owner(sentence)


def owned_by(world: World, owner: simcord.MemberActor, *, in_team: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the application belong to somebody, or to somebody's team."""
    user = SimpleNamespace(id=owner.id)
    own = SimpleNamespace(team=SimpleNamespace(owner_id=owner.id), owner=SimpleNamespace(id=1))
    found = own if in_team else SimpleNamespace(team=None, owner=user)

    async def application_info() -> object:
        return found

    monkeypatch.setattr(world.bot, "application_info", application_info)


@pytest.mark.parametrize("in_team", [False, True])
async def test_trouble_is_told_to_the_owner_alone_and_pings_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, *, in_team: bool
) -> None:
    owned_by(world, world.alice, in_team=in_team, monkeypatch=monkeypatch)
    limiter = Counted()
    assert await told(world, "The disk is full, @everyone. Make room.", limiter=limiter)
    (message,) = await inbox(world)
    assert message.content == "The disk is full, @everyone. Make room."
    (sent,) = sends(world)
    assert sent["allowed_mentions"] == {"parse": []}
    assert limiter.passed == 3, "the application, the conversation and the message"


async def test_an_owner_who_can_not_be_told_is_told_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    owned_by(world, world.alice, in_team=False, monkeypatch=monkeypatch)
    for path in ("/users/@me/channels", "/channels/*/messages"):
        world.env.inject_error("POST", path, status=403, code=50007)
        assert not await told(world, "The disk is full.")
    assert await inbox(world) == []
    assert await told(world, "The disk is full.")


async def test_a_team_without_an_owner_is_told_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def application_info() -> object:
        return SimpleNamespace(team=SimpleNamespace(owner_id=None), owner=SimpleNamespace(id=1))

    monkeypatch.setattr(world.bot, "application_info", application_info)
    assert not await told(world, "The disk is full.")
    assert sends(world) == []
