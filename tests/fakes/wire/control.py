"""The stand-in driven from outside: what a test does by calling, another process does over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web

from tests.fakes.wire.faults import Fault, answer, delay, drop, lost_after_storing, status
from tests.fakes.wire.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
    command_data,
    component_data,
)
from tests.fakes.wire.rest import body
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Json, Person

LONGEST_START: Final = 120.0
"""Seconds within which a bot must have come to the gateway."""
FAULTS: Final[Mapping[str, Callable[..., Fault]]] = {
    "status": status,
    "lost_after_storing": lost_after_storing,
    "drop": drop,
    "delay": delay,
}


def add_control(wire: Wire) -> None:
    """Add the routes of the control, before the stand-in is started."""

    async def act(request: web.Request) -> web.Response:
        """Press (``custom_id``, ``values``) or command (``name``, ``options``) as ``person``; wait for the answer."""
        interaction = await _begun(wire, await body(request))
        await interaction.answer()
        return answer(described(interaction))

    async def burst(request: web.Request) -> web.Response:
        """Do one thing after the other, each when the one before is answered; say how long each took, in ms."""
        took: list[Json] = []
        for asked in (await body(request))["acts"]:
            interaction = await _begun(wire, asked)
            shown = await interaction.answer()
            took.append({"ms": (shown.at - interaction.sent_at) * 1000, "type": shown.type, "data": shown.data})
        return answer(took)

    async def identified(_request: web.Request) -> web.Response:
        """Answer once a bot has come to the gateway and was told of its guilds."""
        await wire.signal.until(lambda: wire.gateway.identified > 0, LONGEST_START)
        return answer({})

    async def rule(request: web.Request) -> web.Response:
        """Put a rule in force: ``method``, ``path``, ``fault`` with its ``arguments``, ``times``."""
        asked = await body(request)
        fault = FAULTS[asked["fault"]](*asked.get("arguments", ()))
        wire.rules.add(asked["method"], asked["path"], fault, asked.get("times", 1))
        return answer({})

    async def state(_request: web.Request) -> web.Response:
        """Say what was asked for, how often a bot came, and every message posted."""
        found: dict[str, Any] = {
            "identified": wire.gateway.identified,
            "resumed": wire.gateway.resumed,
            "requests": [[one.method, one.path, one.at] for one in wire.requests],
            "messages": list(wire.messages.kept.values()),
            "guilds": [guild.id for guild in wire.world.guilds],
        }
        return answer(found)

    wire.app.add_routes(
        [
            web.post("/stand-in/act", act),
            web.post("/stand-in/burst", burst),
            web.post("/stand-in/rules", rule),
            web.get("/stand-in/state", state),
            web.get("/stand-in/identified", identified),
        ]
    )


async def _begun(wire: Wire, asked: Json) -> Interaction:
    """Send what somebody does, and return at once what then holds the answers.

    Args:
        wire: the stand-in.
        asked: ``person`` and, where it is not the first, the place of their ``guild``; then one of ``custom_id`` (with
            ``values``, or ``typed`` for a form), ``name`` with ``options``, and beside these ``focused``, the option
            that is being typed. ``on`` is what differs in the message pressed, such as its ``embeds`` or ``flags``.
    """
    person, place = Person(**asked["person"]), int(asked.get("guild", 0))
    guild = wire.world.guilds[place]
    if "name" in asked:
        data = command_data(asked["name"], asked.get("options", {}))
        for option in data["options"]:
            option.update({"focused": True} if option["name"] == asked.get("focused") else {})
        return await wire.act(AUTOCOMPLETE if "focused" in asked else COMMAND, data, person, guild)
    message = {**wire.messages.page(guild.channel_id()), **asked.get("on", {})}
    if "typed" in asked:
        fields = [{"type": 4, "custom_id": name, "value": text} for name, text in asked["typed"].items()]
        data = {"custom_id": asked["custom_id"], "components": [{"type": 18, "component": one} for one in fields]}
        return await wire.act(MODAL, data, person, guild, message)
    values = tuple(asked["values"]) if "values" in asked else None
    return await wire.act(COMPONENT, component_data(asked["custom_id"], values), person, guild, message)


def described(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction's answers as plain values."""
    answers = [{"way": one.way, "type": one.type, "data": one.data, "at": one.at} for one in interaction.answers]
    return {"sent_at": interaction.sent_at, "answers": answers}
