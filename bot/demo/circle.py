"""What happened in the simulated server besides talk and daily posts: groups, topics, thanks, a season, the queue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias
from zoneinfo import ZoneInfo

import discord

from bot.demo.host import Host
from bot.demo.people import LIN, MO, NEIGHBORS, SOFIA, TARIQ
from bot.demo.talk import FEEDBACK, LEADERBOARD, SHOWCASE
from bot.domain.entry import Kind
from bot.domain.group import GroupMakers
from bot.domain.report import Thing
from bot.domain.roadmap import State
from bot.services.courier import Place
from bot.services.group import Person, Wish
from bot.ui.showcase import exhibit, thread_title

if TYPE_CHECKING:
    from bot.demo.world import World

Do: TypeAlias = Callable[[Host, "World"], Awaitable[None]]

PRIYA, JONAS, YUKI, LAYLA = NEIGHBORS
PROJECT: Final = "project-movie-recommender"
PROJECT_LINK: Final = "https://example.org/tariq/movie-recommender"
SPLIT_LINK: Final = "https://example.org/sofia/splitting-by-hand"
PRECISION: Final = "Precision: of what I flagged"
WELCOME_LIN: Final = "Welcome, Lin!"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done through the bot's services, and when."""

    at: datetime
    do: Do


def deeds(start: datetime, zone: str) -> list[Deed]:
    """Return what was done before a server is started at ``start``, in order of time."""
    today = start.astimezone(ZoneInfo(zone)).date()
    found = [
        Deed(datetime.combine(today - timedelta(days=ago), at, ZoneInfo(zone)), do)
        for ago, at, do in (
            (20, time(18), _make_groups),
            (16, time(20), _begin_recap),
            (14, time(18), _begin_season),
            *((ago, at, _topic(who, topic, link)) for ago, at, who, topic, link in TOPICS_DONE),
            (5, time(19), _show_project),
            (2, time(18, 35), _thank(SOFIA.name, PRECISION, TARIQ.name)),
            (1, time(20, 20), _ask),
            (1, time(20, 30), _thank(LIN.name, WELCOME_LIN, SOFIA.name)),
        )
    ]
    found += [Deed(start - timedelta(hours=hours), _topic(who, topic, link)) for hours, who, topic, link in DONE_TODAY]
    return sorted(found, key=lambda one: one.at)


TOPICS_DONE: Final[tuple[tuple[int, time, str, str, str | None], ...]] = (
    (19, time(21), PRIYA, "numpy-arrays", None),
    (18, time(20), JONAS, "python-first-steps", None),
    (17, time(19), LAYLA, "python-first-steps", None),
    (13, time(19), TARIQ.name, "project-scoping", None),
    (12, time(20), SOFIA.name, "train-test-split", None),
    (11, time(21), TARIQ.name, "data-cleaning", None),
    (11, time(22), PRIYA, "pandas-tables", None),
    (10, time(17), MO.name, "neural-networks", None),
    (9, time(18), YUKI, "python-first-steps", None),
    (9, time(20), TARIQ.name, "feature-engineering", None),
    (8, time(19), SOFIA.name, "linear-regression", None),
    (8, time(21), JONAS, "python-data-structures", None),
    (6, time(17), TARIQ.name, PROJECT, PROJECT_LINK),
    (5, time(21), PRIYA, "sql-queries", None),
    (4, time(20), YUKI, "python-data-structures", None),
    (3, time(21), JONAS, "python-files-errors", None),
    (2, time(18), SOFIA.name, "logistic-regression", None),
    (1, time(21), PRIYA, "plotting", None),
)
"""Days before the start, time of day, who, the topic, and a link to own work."""

DONE_TODAY: Final[tuple[tuple[float, str, str, str | None], ...]] = (
    (2.5, JONAS, "environments-git", None),
    (2, MO.name, "training-networks", None),
    (1, SOFIA.name, "train-test-split", SPLIT_LINK),
)
"""Hours before the start, who, the topic, and a link: so that no week and no day begins empty."""


def dated(who: str) -> frozenset[str]:
    """Return the topics that somebody did on a day of their own."""
    marks = ((one, topic) for _, _, one, topic, _ in TOPICS_DONE), ((one, topic) for _, one, topic, _ in DONE_TODAY)
    return frozenset(topic for one, topic in chain(*marks) if one == who)


def _topic(who: str, topic_id: str, link: str | None) -> Do:
    async def do(host: Host, world: World) -> None:
        road, guild_id, user_id = host.bot.services.roadmap, world.guild.id, world.called(who).id
        await road.mark(guild_id, user_id, topic_id, State.DONE, confirmed=True)
        if link is not None:
            await road.add_evidence(guild_id, user_id, topic_id, link)

    return do


def _thank(who: str, text: str, author: str) -> Do:
    async def do(host: Host, world: World) -> None:
        message = next(message for said, message in world.said.items() if said.startswith(text))
        giver, author_id = world.called(who).id, world.called(author).id
        await host.bot.services.thanks.thank(world.guild.id, giver, message.id, author_id)

    return do


async def _make_groups(host: Host, world: World) -> None:
    """Two groups: one by invitation, which Lin is asked into, and an open one."""
    services, guild_id = host.bot.services, world.guild.id

    def person(name: str) -> Person:
        return Person(world.called(name).id, name, moderates=name == MO.name)

    await services.season.put_makers(guild_id, GroupMakers.EVERYBODY)
    owls = await services.group.make(guild_id, person(SOFIA.name), Wish("Night owls", "🦉", "6", is_open=False))
    for guest in (TARIQ, LIN):
        invited = world.called(guest.name).id
        await services.group_care.invite(guild_id, owls.group_id, person(SOFIA.name), invited)
    await services.group.join(guild_id, owls.group_id, person(TARIQ.name))
    early = await services.group.make(guild_id, person(MO.name), Wish("Early birds", "🌅", "8", is_open=True))
    for name in (PRIYA, JONAS, LAYLA):
        await services.group.join(guild_id, early.group_id, person(name))


async def _begin_recap(host: Host, world: World) -> None:
    schedules, guild_id = host.bot.services.schedule, world.guild.id
    page = await schedules.open_draft(guild_id, world.channels[LEADERBOARD].id, recap=True)
    await schedules.start(guild_id, page.one.schedule_id)


async def _begin_season(host: Host, world: World) -> None:
    await host.bot.services.season.begin(world.guild.id, "First season", "today")


async def _show_project(host: Host, world: World) -> None:
    """Show Tariq's project as his press would."""
    bot, guild_id, author = host.bot, world.guild.id, world.called(TARIQ.name)
    showcase = bot.services.showcase
    await showcase.put_channel(guild_id, world.channels[SHOWCASE].id)
    what = await showcase.claim(guild_id, author.id, PROJECT)
    channel = bot.get_channel(what.channel_id)
    if isinstance(channel, discord.TextChannel):
        message = await bot.courier.post(channel, exhibit(what, author.id, TARIQ.name))
        await showcase.record(guild_id, author.id, PROJECT, message.id)
        place = Place(guild_id, channel.id, message.id)
        await bot.courier.discuss(place, thread_title(what, TARIQ.name))
        world.channels[FEEDBACK] = next(iter(world.channels[SHOWCASE].threads))


async def _ask(host: Host, world: World) -> None:
    """Leave something in the moderators' queue: a question without answer, a suggestion of each kind, a report."""
    services, guild_id = host.bot.services, world.guild.id
    lin, sofia, tariq = (world.called(one.name).id for one in (LIN, SOFIA, TARIQ))
    await services.faq.pass_on(guild_id, "Do we meet over the winter holidays?")
    await services.suggest.suggest(
        guild_id,
        tariq,
        Kind.PROMPT,
        {
            "title": "The spam filter's bill",
            "text": "A filter loses one good mail in 500 and lets one spam in 20 through. Say in three sentences whom "
            "you would ask before you make it stricter, and what you would ask them.",
        },
    )
    await services.suggest.suggest(guild_id, sofia, Kind.FAQ, {"question": "How do I find somebody to learn with?"})
    await services.report.report(guild_id, lin, Thing(entry_id="how-long"), "Is this for people who work full time?")
