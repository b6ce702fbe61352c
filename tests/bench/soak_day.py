"""A busy guild in Berlin: what its members do on a day, by commands and presses, the real bot on SimCord's clock."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import discord
import simcord
from simcord.results import ResponseMessage, to_discord_message
from sqlalchemy import Connection

from bot.demo.clock import Clockwork
from bot.demo.host import Host
from bot.domain.group import GroupMakers
from bot.domain.pack import Pack
from bot.domain.schedule import Slot, WeekPlan
from bot.services.group import Person
from bot.storage import guild as guild_store
from bot.storage import schedule as schedule_store
from bot.storage.guild import Guild
from bot.ui.review import Pick
from tests.cogs.page import answered, components, labels
from tests.cogs.posted import told

BERLIN: Final = ZoneInfo("Europe/Berlin")
P: Final = Slot.PRACTICE
EVERY_DAY: Final[WeekPlan] = (P, P, P, P, P, P, P)
HOURS: Final = (10, 14, 19)
"""When members come: a third of them at each."""
CARDS: Final = 4
"""Cards that a member reviews on a day, at most."""
GROUP: Final = 8
LOADED: Final = 20
"""Questions in each week's file."""


@dataclass(slots=True)
class Guildlife:
    """A guild and who is in it. ``acts`` counts what its members did."""

    host: Host
    pack: Pack
    clockwork: Clockwork
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    members: Sequence[simcord.MemberActor]
    manager: simcord.MemberActor
    chance: random.Random = field(default_factory=lambda: random.Random(54))  # noqa: S311  (the same luck every time)
    acts: int = 0

    @classmethod
    async def founded(cls, host: Host, pack: Pack, members: int, begin: date) -> Guildlife:
        """Found a guild with a post a day and groups of eight."""
        clockwork = Clockwork(host.env, lambda: host.scheduler, host.next_due, host.note_alive)
        await clockwork.to(datetime.combine(begin, time(4, 30), BERLIN).astimezone(UTC))
        guild = host.env.create_guild("Berlin")
        channel = guild.create_text_channel("daily")
        rights = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True, manage_messages=True))
        people = [guild.add_member(host.env.create_user(f"member{number}")) for number in range(members)]
        manager = guild.add_member(host.env.create_user("mo"), roles=[rights])

        def add(tx: Connection) -> None:
            guild_store.put(tx, Guild(guild.id, zone=BERLIN.key))
            schedule_store.add(tx, guild.id, channel.id, time(9), EVERY_DAY, host.env.now())

        await host.database.write(add)
        await host.bot.services.group.put_makers(guild.id, GroupMakers.EVERYBODY)
        life = cls(host, pack, clockwork, guild, channel, people, manager)
        await life._make_groups()
        return life

    async def live(self, day: date) -> None:
        """Live through a day, from half past four to half past four."""
        for place, hour in enumerate(HOURS):
            await self._to(day, time(hour))
            for member in self.members[place :: len(HOURS)]:
                if self.chance.random() < 0.85:
                    await self._come_by(member)
        await self._to(day, time(21))
        if day.weekday() == 0:
            await self._load(day)
        await self._to(day, time(23, 59))

    async def _to(self, day: date, at: time) -> None:
        await self.clockwork.to(datetime.combine(day, at, BERLIN).astimezone(UTC))

    async def _make_groups(self) -> None:
        for number in range(0, len(self.members), GROUP):
            captain = self.members[number]
            page = await self._open(captain, "group")
            form = await captain.click(page, label="Make a group")
            typed = {"name": f"Group {number}", "emoji": "🦉", "size": str(GROUP), "joining": "open"}
            await captain.submit_modal(form, typed)
            own = await self.host.bot.services.group_page.own(self.guild.id, captain.id, lambda _: False)
            assert own is not None
            for member in self.members[number + 1 : number + GROUP]:
                await self.host.bot.services.group.join(
                    self.guild.id, own.group.group_id, Person(member.id, f"member {member.id}")
                )

    async def _come_by(self, member: simcord.MemberActor) -> None:
        """Do what a member does in ten minutes."""
        await self._press_done(member)
        await self._mark(member)
        await self._review(member)
        for usually, command in ((0.3, "leaderboard"), (0.3, "group"), (0.3, "roadmap"), (0.2, "streak")):
            if self.chance.random() < usually:
                await self._open(member, command)
        if self.chance.random() < 0.5:
            await self._ask(member)

    async def _open(self, member: simcord.MemberActor, command: str, **options: str) -> ResponseMessage:
        self.acts += 1
        return answered(await member.slash(self.channel, command, **options))

    async def _press(self, member: simcord.MemberActor, page: ResponseMessage, label: str) -> None:
        self.acts += 1
        await member.click(page, label=label)

    async def _press_done(self, member: simcord.MemberActor) -> None:
        kept = reversed(self.host.env.backend.messages[self.channel.id].values())
        newest = next(one for one in kept if one.visible_to(None) and one.components)
        page = await told(member, to_discord_message(self.host.env, newest), "Done")
        self.acts += 1
        write = next((one for one in labels(page) if one.endswith("my answer") and not one.startswith("Remove")), None)
        if write is not None and self.chance.random() < 0.4:
            form = await member.click(page, label=write)
            audience = self.chance.choice(("shared", "private"))
            await member.submit_modal(form, {"text": f"I would {self.chance.random()}.", "audience": audience})
            self.acts += 2

    async def _mark(self, member: simcord.MemberActor) -> None:
        page = await self._open(member, "roadmap", topic=self.chance.choice(list(self.pack.topics)))
        for wanted in ("Start", "I know this", "Done", "Done anyway"):
            if wanted in labels(page) and self.chance.random() < 0.6:
                await self._press(member, page, wanted)

    async def _review(self, member: simcord.MemberActor) -> None:
        page = await self._open(member, "today")
        begin = next((one for one in labels(page) if one.startswith("Review ")), None)
        if begin is None:
            return
        await self._press(member, page, begin)
        for _ in range(CARDS):
            shown = next((one for one in labels(page) if one == "Show" or one in list(Pick)), None)
            if shown is None:
                return
            custom_id = next(str(one["custom_id"]) for one in components(page) if one.get("label") == shown)
            right = getattr(self.pack.cards.by_id[custom_id.split(":")[2]], "right", "Show")
            await self._press(member, page, right)
            await self._press(member, page, labels(page)[self.chance.randrange(len(labels(page)) - 1)])

    async def _ask(self, member: simcord.MemberActor) -> None:
        entry = self.chance.choice(list(self.pack.entries.values()))
        words = entry.question.rstrip("?").split()
        self.chance.shuffle(words)
        page = await self._open(member, "faq", question=" ".join(words))
        if "Yes" in labels(page) and self.chance.random() < 0.5:
            await self._press(member, page, "Yes")

    async def _load(self, day: date) -> None:
        rows = "".join(f"What is thing {number} of {day}?,It is {number}.\n" for number in range(LOADED))
        file = ("week.csv", f"question,answer\n{rows}".encode())
        page = answered(await self.manager.slash(self.channel, "content load", file=file))
        await self._press(self.manager, page, labels(page)[0])
