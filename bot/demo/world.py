"""The simulated server: its channels, its people, what they have said and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import discord
from simcord import ChannelHandle, GuildHandle, MemberActor, RoleHandle, UserHandle

from bot.demo import daily, private
from bot.demo.circle import Deed, dated, deeds
from bot.demo.clock import Clockwork
from bot.demo.host import Host
from bot.demo.people import EVERYBODY, MO, NEIGHBORS, TARIQ, Person, walk, write_notes
from bot.demo.portraits import bot_portrait, portrait
from bot.demo.talk import DAILY, LINES, MODERATORS, STUDY_HALL, TOPICS, WELCOME, Line, first_steps
from bot.ui.setup import welcome

Overwrites: TypeAlias = dict[
    RoleHandle | MemberActor | UserHandle | discord.Role | discord.Member | discord.User | discord.ClientUser,
    discord.PermissionOverwrite,
]

ZONE: Final = "Europe/Berlin"
PORTRAIT: Final = "portrait"
"""What SimCord takes for the hash of everybody's portrait; the address also holds the user's id."""

FOUNDED: Final = timedelta(days=21)
"""How long before the start the server was founded."""


@dataclass(slots=True)
class World:
    """What was built."""

    guild: GuildHandle
    channels: dict[str, ChannelHandle]
    members: dict[Person, MemberActor]
    neighbors: dict[str, MemberActor]
    portraits: dict[int, bytes]
    said: dict[str, discord.Message] = field(default_factory=dict[str, discord.Message])

    def called(self, name: str) -> MemberActor:
        """Return who is called so; KeyError for nobody."""
        return {**self.neighbors, **{person.name: member for person, member in self.members.items()}}[name]

    @property
    def assets(self) -> Mapping[str, tuple[str, bytes]]:
        """The portraits by the address at which SimCord looks for them."""
        return {
            private.portrait_url(user_id, PORTRAIT): (f"{user_id}.png", png) for user_id, png in self.portraits.items()
        }


async def build(host: Host, clockwork: Clockwork, now: datetime) -> World:
    """Found the server three weeks before ``now`` and live in it until then."""
    await clockwork.to(now - FOUNDED)
    world = _found(host)
    await _set_up(host, world)
    for person, member in world.members.items():
        await walk(person, host.bot.services, world.guild.id, member.id, dated(person.name))
    await write_notes(host.bot.services, world.guild.id, world.members[TARIQ].id)
    acts = await daily.begin(host, world.guild.id, world.channels[DAILY].id, now, ZONE)
    zone = ZoneInfo(ZONE)
    events: list[Line | daily.Act | Deed] = [*LINES, *acts, *deeds(now, ZONE)]
    events.sort(key=lambda one: one.when(now, zone) if isinstance(one, Line) else one.at)
    for event in events:
        if isinstance(event, daily.Act):
            await clockwork.to(event.at)
            await daily.do(host.bot.services, world.guild.id, world.members[event.person].id, event)
        elif isinstance(event, Deed):
            await clockwork.to(event.at)
            await event.do(host, world)
        else:
            await clockwork.to(event.when(now, zone))
            await _say(host, world, event)
    await daily.bring_up_to_date(host.bot, world.guild.id, acts)
    await clockwork.to(now)
    await _be_known(host, world)
    return world


def _found(host: Host) -> World:
    env = host.env
    guild = env.create_guild("ML Study Circle")
    rights = discord.Permissions(manage_guild=True, manage_messages=True, manage_threads=True)
    role = guild.create_role("Moderators", permissions=rights, color=0x8BE0C4)
    users = {one: env.create_user(one.username, global_name=one.name, avatar=PORTRAIT) for one in EVERYBODY}
    members = {
        person: guild.add_member(user, roles=[role] if person.moderates else []) for person, user in users.items()
    }
    neighbors = {
        name: guild.add_member(env.create_user(f"neighbor{number}", global_name=name))
        for number, name in enumerate(NEIGHBORS, 1)
    }
    hidden: Overwrites = {
        guild.default_role: discord.PermissionOverwrite(view_channel=False),
        role: discord.PermissionOverwrite(view_channel=True),
        _me(guild): discord.PermissionOverwrite(view_channel=True),
    }
    channels = {
        name: guild.create_text_channel(name, topic=topic, overwrites=hidden if name == MODERATORS else None)
        for name, topic in TOPICS.items()
    }
    portraits = {member.id: portrait(person.name[0], person.look) for person, member in members.items()}
    portraits[private.give_bot_portrait(env, PORTRAIT)] = bot_portrait()
    return World(guild, channels, members, neighbors, portraits)


async def _set_up(host: Host, world: World) -> None:
    """Set the server up as its moderator would, by the services behind ``/setup``, and post the welcome."""
    bot, setup, guild_id = host.bot, host.bot.services.setup, world.guild.id
    if bot.user is not None:
        await bot.user.edit(username="Syllabot")
    await setup.greet_once(guild_id)
    await setup.put_zone(guild_id, ZONE)
    await setup.put_moderator_role(guild_id, world.guild.roles["Moderators"].id)
    await setup.put_moderator_channel(guild_id, world.channels[MODERATORS].id)
    await setup.put_welcome_channel(guild_id, world.channels[WELCOME].id)
    channel = bot.get_channel(world.channels[WELCOME].id)
    if isinstance(channel, discord.TextChannel):
        await bot.courier.post(channel, welcome())
        await setup.note_welcomed(guild_id)
    for text in first_steps(bot.mention, world.channels[STUDY_HALL].mention, world.channels[DAILY].mention):
        await world.members[MO].send(world.channels[WELCOME], text)


async def _be_known(host: Host, world: World) -> None:
    """Let the bot know how everybody is called, as it would where each act had been a press."""
    names = host.bot.services.names
    for member in (*world.members.values(), *world.neighbors.values()):
        names.note(world.guild.id, member.id, member.user.global_name or member.user.name)
    await names.write()


async def _say(host: Host, world: World, line: Line) -> None:
    channel, member = world.channels[line.where], world.members[line.who]
    earlier = [message for text, message in world.said.items() if line.to and text.startswith(line.to)]
    message = await member.send(channel, line.text, reply_to=earlier[0] if earlier else None)
    world.said[line.text] = message
    for emoji, who in line.liked:
        await world.members[who].react(message, emoji)
    if line.thread:
        world.channels[line.thread] = private.open_thread(host.env, channel, message.id, line.thread, member.id)


def _me(guild: GuildHandle) -> discord.Member:
    me = guild.me
    assert me is not None  # noqa: S101  (the bot is in every guild it founds)
    return me
