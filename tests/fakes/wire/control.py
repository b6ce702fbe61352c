"""The stand-in driven from outside: what a test does by calling, another process does over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web

from tests.fakes.wire.faults import Fault, answer, delay, drop, lost_after_storing, status
from tests.fakes.wire.interactions import Interaction
from tests.fakes.wire.rest import body
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

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
        asked = await body(request)
        person = Person(**asked["person"])
        if "custom_id" in asked:
            values = tuple(asked["values"]) if "values" in asked else None
            interaction = await wire.press(person, asked["custom_id"], values=values)
        else:
            interaction = await wire.command(person, asked["name"], **asked.get("options", {}))
        await interaction.answer()
        return answer(described(interaction))

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
        [web.post("/stand-in/act", act), web.post("/stand-in/rules", rule), web.get("/stand-in/state", state)]
    )


def described(interaction: Interaction) -> dict[str, Any]:
    """Return an interaction's answers as plain values."""
    answers = [{"way": one.way, "type": one.type, "data": one.data, "at": one.at} for one in interaction.answers]
    return {"sent_at": interaction.sent_at, "answers": answers}
