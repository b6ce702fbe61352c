"""The layer between SimCord's page and the world: channels, people, the clock, menus, restarts, live updates."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from simcord import ChannelHandle, MemberActor, SetupError
from simcord.preview import Preview

from bot.demo import private
from bot.demo.clock import Clockwork
from bot.demo.host import Host
from bot.demo.private import Body, Page, Viewer
from bot.demo.talk import STUDY_HALL, WELCOME
from bot.demo.world import ZONE, World
from bot.errors import SyllabotError
from bot.log import get_logger

PULSE: Final = 0.5
"""Seconds between two looks at what the bot has done by itself."""

Operation = Callable[[Page, Mapping[str, Any]], Awaitable[None]]

log = get_logger(__name__)


class PageLayer:
    """Leads everything the open tabs ask for through one lock, and lets each look at a channel of its own.

    SimCord's page shows one channel and knows no other time than the world's. So before each action the world is
    brought to the present and the preview to the tab's channel; what our own script asks for comes as ``{"demo": …}``.
    """

    def __init__(self, host: Host, world: World, clockwork: Clockwork, preview: Preview) -> None:
        self._host = host
        self._world = world
        self._clockwork = clockwork
        self._preview = preview
        self._lock = asyncio.Lock()
        self._seen_requests = -1
        self._read: dict[tuple[int, int], int] = {}
        self._operations: dict[str, Operation] = {
            "state": self._nothing,
            "go": self._go,
            "push": self._push,
            "restart": self._restart,
            "away": self._away,
            "menu": self._menu,
        }
        self._as_simcord_does = private.lead(preview, self._act)
        self._direct = {member: member.user.dm_channel for member in world.members.values()}
        self._read_everything_but(world.channels[STUDY_HALL].id)

    async def pulse(self) -> None:
        """Keep the world at the present and the tabs up to date, until cancelled."""
        while True:
            await asyncio.sleep(PULSE)
            try:
                async with self._lock:
                    await self._clockwork.catch_up()
                    await self._refresh_if_changed()
            except Exception:
                log.exception("demo_pulse_failed")

    async def _act(self, page: Page, body: Body) -> dict[str, Any]:
        async with self._lock:
            if isinstance(body, dict) and "demo" in body:
                return await self._call(page, body["demo"])
            await self._clockwork.catch_up()
            self._preview.channel = self._channel(page.viewer, page.channel_id)
            try:
                return await self._as_simcord_does(page, body)
            finally:
                self._preview.channel = self._world.channels[WELCOME]

    async def _call(self, page: Page, call: Mapping[str, Any]) -> dict[str, Any]:
        notice = ""
        try:
            await self._operations[str(call.get("op"))](page, call)
        except SyllabotError as error:
            notice = error.sentence
        except (KeyError, ValueError, StopIteration, SetupError, TimeoutError):
            log.exception("demo_call_failed")
            notice = "That did not work here. Reload the page and try again."
        return {**self._state(page), "notice": notice}

    async def _nothing(self, _page: Page, _call: Mapping[str, Any]) -> None:
        """Change nothing: the page asks how things stand."""

    async def _go(self, page: Page, call: Mapping[str, Any]) -> None:
        member = next(one for one in self._world.members.values() if one.id == int(call["person"]))
        channel = self._channel(member, int(call["channel"]))
        private.move(self._preview, page, member.user if channel.guild is None else member, channel.id)

    async def _push(self, _page: Page, call: Mapping[str, Any]) -> None:
        await self._clockwork.push(timedelta(hours=float(call["hours"])))
        await self._preview.refresh()

    async def _restart(self, _page: Page, _call: Mapping[str, Any]) -> None:
        await self._host.restart()
        await self._preview.refresh()

    async def _away(self, _page: Page, call: Mapping[str, Any]) -> None:
        await self._clockwork.stand_still(timedelta(hours=float(call["hours"])), self._host.restart)
        await self._preview.refresh()

    async def _menu(self, page: Page, call: Mapping[str, Any]) -> None:
        channel = self._channel(page.viewer, page.channel_id)
        if not isinstance(page.viewer, MemberActor):
            return
        message = next(one for one in channel.history(viewer=page.viewer) if one.id == int(call["message"]))
        await self._clockwork.catch_up()
        result = await page.viewer.context_menu(channel, str(call["name"]), message)
        private.show_form(page, result)
        await self._preview.refresh()

    async def _refresh_if_changed(self) -> None:
        requests = len(self._host.env.http_requests)
        if requests != self._seen_requests:
            self._seen_requests = requests
            await self._preview.refresh()

    def _state(self, page: Page) -> dict[str, Any]:
        env = self._host.env
        now = env.now().astimezone(ZoneInfo(ZONE))
        channels = self._listed(page.viewer)
        self._read[page.viewer.id, page.channel_id] = self._newest(page.viewer, page.channel_id)
        return {
            "guild": self._world.guild.name,
            "person": str(page.viewer.id),
            "channel": str(page.channel_id),
            "channels": [self._row(page.viewer, channel) for channel in channels],
            "people": [
                {"id": str(member.id), "name": person.name, "about": person.about}
                for person, member in self._world.members.items()
            ],
            "portraits": {
                str(user_id): base64.b64encode(png).decode() for user_id, png in self._world.portraits.items()
            },
            "menus": private.message_menus(env, page.channel_id, page.viewer.id),
            "now": f"{now:%a} {now.day} {now:%b %Y, %H:%M}",
            "zone": ZONE.partition("/")[2],
            "ahead": self._clockwork.ahead.total_seconds(),
            "restarts": self._host.restarts,
        }

    def _row(self, viewer: Viewer, channel: ChannelHandle) -> dict[str, Any]:
        direct = channel.guild is None
        hidden = any(not private.can_see(self._host.env, one, channel.id) for one in self._world.members.values())
        return {
            "id": str(channel.id),
            "name": "Syllabot" if direct else channel.name,
            "kind": "direct" if direct else "thread" if channel.is_thread else "hidden" if hidden else "text",
            "unread": self._newest(viewer, channel.id) > self._read.get((viewer.id, channel.id), 0),
        }

    def _listed(self, viewer: Viewer) -> list[ChannelHandle]:
        """Return what a person may read: each channel followed by its threads, the direct messages last."""
        rows: list[ChannelHandle] = []
        for channel in self._world.guild.channels.values():
            rows += [one for one in (channel, *channel.threads) if private.can_see(self._host.env, viewer, one.id)]
        return [*rows, *(channel for member, channel in self._direct.items() if member.id == viewer.id)]

    def _channel(self, viewer: Viewer, channel_id: int) -> ChannelHandle:
        """Return a channel that a person may read; the welcome where this one is not theirs to read."""
        return next((one for one in self._listed(viewer) if one.id == channel_id), self._world.channels[WELCOME])

    def _newest(self, viewer: Viewer, channel_id: int) -> int:
        return private.last_message_id(self._host.env, channel_id, viewer.id)

    def _read_everything_but(self, unread_id: int) -> None:
        for member in self._world.members.values():
            for channel in self._listed(member):
                if channel.id != unread_id:
                    self._read[member.id, channel.id] = self._newest(member, channel.id)
