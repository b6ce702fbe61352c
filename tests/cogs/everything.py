"""Every command and every component of the bot, found by walking it, so that a new one can't be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final, TypeAlias

import discord
import simcord
from discord import app_commands
from simcord.backend import serializers
from simcord.results import InteractionResult

from bot.client import Syllabot
from bot.ui.components import ComponentId
from tests.conftest import World
from tests.meta.test_component_ids import KINDS

Slash: TypeAlias = app_commands.Command[Any, ..., Any]

FILE: Final = ("questions.csv", b"question,answer\nWhat is a tensor?,An array with more axes.\n")


def slash_commands(bot: Syllabot) -> list[Slash]:
    """Return every slash command, those of groups too."""
    return [one for one in bot.tree.walk_commands() if isinstance(one, app_commands.Command)]


def menus(bot: Syllabot) -> list[app_commands.ContextMenu]:
    """Return every message and user menu."""
    return [one for one in bot.tree.get_commands() if isinstance(one, app_commands.ContextMenu)]


def is_restricted(command: Slash | app_commands.ContextMenu) -> bool:
    """Whether Discord is told to show it to some people alone."""
    top = command.root_parent or command if isinstance(command, app_commands.Command) else command
    return top.default_permissions is not None


def options(command: Slash, world: World, text: str = "bayes") -> dict[str, Any]:
    """Return a value for each option of a command, ``text`` wherever something can be typed."""
    given: dict[str, Any] = {}
    for one in command.parameters:
        if one.choices:
            given[one.display_name] = one.choices[0].value
        elif one.type is discord.AppCommandOptionType.string:
            given[one.display_name] = text
        elif one.type is discord.AppCommandOptionType.user:
            given[one.display_name] = world.bob
        else:
            assert one.type is discord.AppCommandOptionType.attachment, f"give {one.name} a value here"
            given[one.display_name] = FILE
    return given


async def use(world: World, actor: simcord.MemberActor, command: Slash, text: str = "bayes") -> InteractionResult:
    """Use a slash command with all its options."""
    return await actor.slash(world.hall, command.qualified_name, **options(command, world, text))


def ids(owner: int) -> Iterator[ComponentId]:
    """Yield an id of every kind, one for each of its verbs, that belongs to ``owner`` where it belongs to somebody."""
    for kind in KINDS:
        enums = [name for name, field in kind.model_fields.items() if _is_enum(field.annotation)]
        of: Any = kind.model_fields[enums[0]].annotation if enums else [None]
        verbs: list[Any] = list(of)  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
        for verb in verbs:
            values = {name: _value(name, field.annotation, owner) for name, field in kind.model_fields.items()}
            yield kind.model_validate(values | ({enums[0]: verb} if enums else {}))


def _is_enum(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def _value(name: str, annotation: Any, owner: int) -> object:
    if _is_enum(annotation):
        return next(iter(annotation))
    if name == "owner":
        return owner
    return 1 if annotation is int else "bayes"


async def press(
    world: World, actor: simcord.MemberActor, page: discord.Message, custom_id: str, **more: Any
) -> InteractionResult:
    """Press a component of this id on a message, whatever stands on it."""
    stored = world.env.backend.get_message(page.channel.id, page.id)
    shown = dict(serializers.message_payload(world.env.backend, stored))
    return await actor._dispatch_interaction(  # pyright: ignore[reportPrivateUsage]
        3,
        world.hall,
        {"custom_id": custom_id, "component_type": 2, **more},
        extra={"message": shown},
        source_message_id=page.id,
    )
