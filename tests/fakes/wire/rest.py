"""The REST routes that the bot uses. Those of issue after issue are added here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.wire.faults import answer, refusal
from tests.fakes.wire.interactions import EPHEMERAL, Interaction
from tests.fakes.wire.messages import DeletedMessageError
from tests.fakes.wire.world import Json, snowflake

if TYPE_CHECKING:
    from tests.fakes.wire.server import Wire

PAGE_DEFERRED = 6
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
HAS_A_THREAD = (400, 160004, "A thread has already been created for this message")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
ALREADY_ANSWERED = (400, 40060, "Interaction has already been acknowledged.")


async def body(request: web.Request) -> Json:
    """Return a request's JSON, also where it came in a form beside files; each attachment then knows its size."""
    if not request.content_type.startswith("multipart/"):
        return json.loads(await request.read() or b"{}")
    form = await request.post()
    asked: Json = json.loads(str(form.get("payload_json", "{}")))
    told: list[Json] = (asked.get("data") or asked).get("attachments") or []
    for one in told:
        file = form.get(f"files[{one['id']}]")
        if isinstance(file, web.FileField):
            one["size"] = len(file.file.read())
    return asked


class Rest:
    """The handlers, by method and path."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.commands: dict[str, list[Json]] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, below ``/api/v10``."""
        me, message, original = "/applications/{app}", "/messages/{message}", "/webhooks/{app}/{token}"
        table = [
            web.get("/users/@me", self.user),
            web.get("/oauth2/applications/@me", self.application),
            web.get("/applications/@me", self.application),
            web.get("/gateway", self.gateway),
            web.get("/gateway/bot", self.gateway),
            web.put(f"{me}/commands", self.put_commands),
            web.get(f"{me}/commands", self.get_commands),
            web.put(f"{me}/guilds/{{guild}}/commands", self.put_commands),
            web.get(f"{me}/guilds/{{guild}}/commands", self.get_commands),
            web.post("/interactions/{id}/{token}/callback", self.callback),
            web.post(original, self.followup),
            web.get(f"{original}{message}", self.get_original),
            web.patch(f"{original}{message}", self.edit_original),
            web.delete(f"{original}{message}", self.delete_original),
            web.get("/guilds/{guild}", self.guild),
            web.get("/guilds/{guild}/members/{user}", self.member),
            web.get("/channels/{channel}", self.channel),
            web.post("/channels/{channel}/messages", self.post),
            web.get("/channels/{channel}/messages", self.history),
            web.get(f"/channels/{{channel}}{message}", self.message),
            web.patch(f"/channels/{{channel}}{message}", self.edit),
            web.delete(f"/channels/{{channel}}{message}", self.delete),
            web.put("/channels/{channel}/messages/pins/{message}", self.pin),
            web.delete("/channels/{channel}/messages/pins/{message}", self.unpin),
            web.post(f"/channels/{{channel}}{message}/threads", self.open_thread),
        ]
        return [web.route(one.method, f"/api/v10{one.path}", one.handler) for one in table]

    async def user(self, _request: web.Request) -> web.Response:
        """Say who the bot is."""
        return answer(self.wire.world.bot.user(bot=True))

    async def application(self, _request: web.Request) -> web.Response:
        """Say what its application is."""
        return answer(self.wire.world.application)

    async def gateway(self, _request: web.Request) -> web.Response:
        """Say where the gateway is."""
        gateway = self.wire.gateway
        return answer({"url": gateway.url, "shards": gateway.recommended, "session_start_limit": gateway.limit})

    async def put_commands(self, request: web.Request) -> web.Response:
        """Take the commands of everywhere, or of one guild."""
        own = {"application_id": request.match_info["app"], "version": "1", "default_member_permissions": None}
        asked: list[Json] = json.loads(await request.read())
        made = [{**own, "type": 1, "description": "", "id": str(snowflake()), **command} for command in asked]
        self.commands[request.match_info.get("guild", "")] = made
        self.wire.signal.changed()
        return answer(made)

    async def get_commands(self, request: web.Request) -> web.Response:
        """Return the commands taken last."""
        return answer(self.commands.get(request.match_info.get("guild", ""), []))

    async def callback(self, request: web.Request) -> web.Response:
        """Take the first answer to an interaction."""
        interaction = self.wire.interactions.get(request.match_info["token"])
        if interaction is None or interaction.payload["id"] != request.match_info["id"]:
            return refusal(*UNKNOWN_INTERACTION)
        if interaction.answers:
            return refusal(*ALREADY_ANSWERED)
        given = await body(request)
        data: Json = given.get("data") or {}
        interaction.take("callback", given["type"], data)
        about: Json = {"id": interaction.payload["id"], "type": interaction.payload["type"]}
        resource: Json = {"type": given["type"]}
        if given["type"] == PAGE_DEFERRED:
            # what is edited later is the page whose button was pressed
            self.wire.originals[request.match_info["token"]] = interaction.payload["message"]
        if given["type"] in {4, 5, 7}:
            message = self.wire.messages.written(int(interaction.payload["channel_id"]), data)
            self.wire.originals[request.match_info["token"]] = message
            resource["message"] = message
            about["response_message_id"] = message["id"]
            about["response_message_ephemeral"] = bool(message["flags"] & EPHEMERAL)
        if "with_response" not in request.query:
            return web.Response(status=204)
        return answer({"interaction": about, "resource": resource})

    def _interaction(self, request: web.Request) -> Interaction | None:
        return self.wire.interactions.get(request.match_info["token"])

    async def followup(self, request: web.Request) -> web.Response:
        """Take a further answer. Discord heeds no nonce here."""
        interaction = self._interaction(request)
        if interaction is None:
            return refusal(404, 10015, "Unknown Webhook")
        data = await body(request)
        interaction.take("followup", 0, data)
        return answer(self.wire.messages.written(int(interaction.payload["channel_id"]), data))

    async def get_original(self, request: web.Request) -> web.Response:
        """Return the original answer."""
        message = self.wire.originals.get(request.match_info["token"])
        return refusal(*UNKNOWN_MESSAGE) if message is None else answer(message)

    async def edit_original(self, request: web.Request) -> web.Response:
        """Change the original answer."""
        message, interaction = self.wire.originals.get(request.match_info["token"]), self._interaction(request)
        if message is None or interaction is None:
            return refusal(*UNKNOWN_MESSAGE)
        data = await body(request)
        self.wire.messages.change(message, data)
        interaction.take("edit", 0, data)
        return answer(message)

    async def delete_original(self, request: web.Request) -> web.Response:
        """Remove the original answer."""
        gone = self.wire.originals.pop(request.match_info["token"], None)
        return refusal(*UNKNOWN_MESSAGE) if gone is None else web.Response(status=204)

    async def guild(self, request: web.Request) -> web.Response:
        """Return a server."""
        found = next((one for one in self.wire.world.guilds if str(one.id) == request.match_info["guild"]), None)
        return refusal(404, 10004, "Unknown Guild") if found is None else answer(found.created(self.wire.world.bot))

    async def member(self, _request: web.Request) -> web.Response:
        """Return the bot as a member."""
        return answer(self.wire.world.bot.member(bot=True))

    async def channel(self, request: web.Request) -> web.Response:
        """Return a channel."""
        channel_id = int(request.match_info["channel"])
        guild = self.wire.world.guild_of(channel_id)
        if guild is None:
            return refusal(*UNKNOWN_CHANNEL)
        return answer(guild.channel(guild.channels[channel_id - guild.id - 1]))

    async def post(self, request: web.Request) -> web.Response:
        """Take a message of the bot's own accord."""
        channel_id = int(request.match_info["channel"])
        if self.wire.world.guild_of(channel_id) is None:
            return refusal(*UNKNOWN_CHANNEL)
        try:
            asked = await body(request)
            self.wire.bodies.append(asked)
            message = self.wire.messages.put(channel_id, asked)
        except DeletedMessageError:
            return refusal(*UNKNOWN_MESSAGE)
        self.wire.signal.changed()
        return answer(message)

    async def history(self, request: web.Request) -> web.Response:
        """Return a channel's messages, newest first."""
        number = {name: int(value) for name, value in request.query.items() if name in {"limit", "before", "after"}}
        found = self.wire.messages.of(
            int(request.match_info["channel"]), number.get("limit", 50), number.get("before"), number.get("after")
        )
        return answer(found)

    def _kept(self, request: web.Request) -> Json | None:
        message = self.wire.messages.kept.get(int(request.match_info["message"]))
        return message if message and message["channel_id"] == request.match_info["channel"] else None

    async def message(self, request: web.Request) -> web.Response:
        """Return one message."""
        message = self._kept(request)
        return refusal(*UNKNOWN_MESSAGE) if message is None else answer(message)

    async def edit(self, request: web.Request) -> web.Response:
        """Change one message."""
        message = self._kept(request)
        if message is None:
            return refusal(*UNKNOWN_MESSAGE)
        self.wire.messages.change(message, await body(request))
        self.wire.signal.changed()
        return answer(message)

    async def pin(self, request: web.Request) -> web.Response:
        """Pin one message."""
        return self._pinned(request, on=True)

    async def unpin(self, request: web.Request) -> web.Response:
        """Take one message's pin away."""
        return self._pinned(request, on=False)

    def _pinned(self, request: web.Request, *, on: bool) -> web.Response:
        message = self._kept(request)
        if message is None:
            return refusal(*UNKNOWN_MESSAGE)
        message["pinned"] = on
        self.wire.signal.changed()
        return web.Response(status=204)

    async def open_thread(self, request: web.Request) -> web.Response:
        """Open a thread on one message, once; its id is the message's."""
        message = self._kept(request)
        if message is None:
            return refusal(*UNKNOWN_MESSAGE)
        if "thread" in message:
            return refusal(*HAS_A_THREAD)
        guild = self.wire.world.guild_of(int(message["channel_id"]))
        assert guild is not None
        name: str = (await body(request))["name"]
        message["thread"] = guild.thread(int(message["id"]), message["channel_id"], name, self.wire.world.bot)
        self.wire.signal.changed()
        return answer(message["thread"])

    async def delete(self, request: web.Request) -> web.Response:
        """Remove one message."""
        message = self._kept(request)
        if message is None:
            return refusal(*UNKNOWN_MESSAGE)
        del self.wire.messages.kept[int(message["id"])]
        self.wire.signal.changed()
        return web.Response(status=204)
