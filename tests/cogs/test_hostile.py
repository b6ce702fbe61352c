"""F36: hostile text in every form and every option that takes text, found by walking them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.storage.database import Database
from tests.cogs.everything import ids, press, slash_commands, use
from tests.cogs.posted import posted
from tests.cogs.test_interactions import is_told
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock
from tests.hostile import CORPUS, RAW

TEXT_INPUT: Final = 4
CODE: Final = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)

pytestmark = pytest.mark.usefixtures("files_here")


def fields(form: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a form's fields."""
    for one in form["components"]:
        inner = [*one.get("components", []), *([one["component"]] if one.get("component") else [])]
        yield from (field for field in inner if "custom_id" in field)


def filled(form: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return what a person types who puts ``text`` wherever it goes in, and chooses the first of everything."""
    typed: dict[str, Any] = {}
    for one in fields(form):
        if one["type"] == TEXT_INPUT:
            typed[str(one["custom_id"])] = text[: one.get("max_length") or 4000]
        elif one.get("options"):
            first = str(one["options"][0]["value"])
            typed[str(one["custom_id"])] = [first] if one["type"] == 3 else first
    return typed


def wrong(world: World, since: int, what: str) -> Iterator[str]:
    """Yield what is wrong with the requests since ``since``."""
    for request in world.env.http_requests[since:]:
        body: Any = request.json or {}
        data: dict[str, Any] = body.get("data", body) or {}
        if not {"content", "embeds"} & data.keys():
            continue
        allowed: dict[str, Any] | None = data.get("allowed_mentions")
        if (allowed is None and request.method != "PATCH") or (allowed and allowed.get("parse")):
            yield f"{what}: may ping {allowed}"
        for shown in texts(data):
            plain = CODE.sub("", shown)
            yield from (f"{what}: {raw} in {shown[:200]!r}" for raw in RAW if raw in plain)


def texts(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of a message in which Discord reads markdown."""
    yield str(data.get("content") or "")
    embeds: list[dict[str, Any]] = data.get("embeds") or []
    for embed in embeds:
        yield from (str(embed.get(part) or "") for part in ("title", "description"))
        rows: list[dict[str, Any]] = embed.get("fields") or []
        for row in rows:
            yield from (str(row["name"]), str(row["value"]))


async def forms(world: World, actor: simcord.MemberActor, page: discord.Message) -> dict[str, str]:
    """Return an id that opens each form, by the form's title and fields."""
    found: dict[str, str] = {}
    for one in ids(actor.id):
        form = (await press(world, actor, page, one.custom_id)).modal
        if form is not None and any(field["type"] == TEXT_INPUT for field in fields(form)):
            kind = str(form["custom_id"]).split(":")[1]
            found.setdefault(kind + ",".join(str(field["custom_id"]) for field in fields(form)), one.custom_id)
    return found


async def test_f36_hostile_text_in_every_form_stays_text(
    world: World, database: Database, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    await posted(world, database, clock)
    page = await forged(world, "any")
    found = await forms(world, world.manager, page)
    assert len(found) >= 8, f"few forms were found: {list(found)}"
    capsys.readouterr()
    faults: list[str] = []
    for kind, custom_id in found.items():
        for name, text in CORPUS.items():
            since = len(world.env.http_requests)
            opened = await press(world, world.manager, page, custom_id)
            if opened.modal is None:
                break
            result: InteractionResult = await world.manager.submit_modal(opened, filled(opened.modal, text))
            assert is_told(result), f"{kind}, {name}: no answer"
            faults += wrong(world, since, f"{kind}, {name}")
    assert not faults, "\n".join(faults)
    logged = capsys.readouterr()
    assert "interaction_failed" not in logged.out + logged.err


async def test_f36_hostile_text_in_every_option_stays_text(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    faults: list[str] = []
    for command in slash_commands(world.bot):
        takers = [one for one in command.parameters if one.type is discord.AppCommandOptionType.string]
        most = min([one.max_value or 4000 for one in takers if not one.choices], default=0)
        for name, text in CORPUS.items() if most else ():
            since = len(world.env.http_requests)
            result = await use(world, world.manager, command, text[: int(most)])
            assert is_told(result), f"/{command.qualified_name}, {name}: no answer"
            faults += wrong(world, since, f"/{command.qualified_name}, {name}")
    _ = world.env.errors
    assert not faults, "\n".join(faults)
    logged = capsys.readouterr()
    assert "interaction_failed" not in logged.out + logged.err
