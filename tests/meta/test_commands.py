"""The command tree: small, described, and legal in Discord's eyes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from discord import app_commands

from bot.app import assembled
from bot.client import COGS, Syllabot
from bot.domain.pack import Pack
from tests.fakes.clock import FakeClock
from tests.fakes.scheduler import DrivenScheduler

ALLOWED: Final = {
    "content export": ["kind", "form"],
    "content history": [],
    "content load": ["file", "kind"],
    "content manage": [],
    "faq": ["question"],
    "group": [],
    "help": [],
    "leaderboard": ["board", "window"],
    "member": ["who"],
    "profile": ["zone"],
    "roadmap": ["topic"],
    "schedule": [],
    "setup": ["zone"],
    "streak": [],
    "suggest": [],
    "today": [],
}
"""The whole tree: every command with its options. It stays small; a new feature finds its place on a page first."""
MANAGERS_ONLY: Final = {"setup"}
MODERATORS_ONLY: Final = {"Save as FAQ answer", "content", "member", "schedule"}

NAME: Final = re.compile(r"[-_'\w]{1,32}")
NO_DESCRIPTION: Final = "…"
"""What discord.py puts where a description was left out."""

Slash: TypeAlias = app_commands.Command[Any, ..., Any]


@pytest.fixture
async def bot(database_path: Path, pack: Pack, clock: FakeClock) -> AsyncIterator[Syllabot]:
    """The real bot with its cogs, never logged in."""
    async with assembled(database_path, pack, clock, scheduler=DrivenScheduler(timezone="UTC")) as made:
        for cog in COGS:
            await made.load_extension(cog)
        yield made


def _slash(bot: Syllabot) -> list[Slash]:
    return [one for one in bot.tree.walk_commands() if isinstance(one, app_commands.Command)]


async def test_the_tree_is_the_one_that_was_planned(bot: Syllabot) -> None:
    found = {one.qualified_name: [option.name for option in one.parameters] for one in _slash(bot)}
    assert found == ALLOWED, (
        "The rule: the command tree holds what the plan of the screens lists, nothing else. What to do: put the new "
        "thing on a page as a button or a choice; where it truly needs a command, add it to ALLOWED here."
    )
    menus = [one.name for one in bot.tree.get_commands() if isinstance(one, app_commands.ContextMenu)]
    assert menus == ["Find in FAQ", "This helped me", "Save as FAQ answer", "Suggest as prompt"], (
        f"message and user menus that the plan does not list: {menus}"
    )


async def test_everything_is_described(bot: Syllabot) -> None:
    described = {one.qualified_name: one.description for one in _slash(bot)}
    described |= {f"{one.qualified_name} {p.name}": str(p.description) for one in _slash(bot) for p in one.parameters}
    described |= {
        one.name: one.callback.__doc__ or ""
        for one in bot.tree.get_commands()
        if isinstance(one, app_commands.ContextMenu)
    }
    silent = [name for name, text in described.items() if text.strip() in {"", NO_DESCRIPTION} or len(text) > 100]
    assert not silent, f"The rule: 1 to 100 characters that say what it is for. What to do: describe {silent}."


async def test_names_and_amounts_are_legal(bot: Syllabot) -> None:
    for one in _slash(bot):
        for name in [*one.qualified_name.split(), *(option.name for option in one.parameters)]:
            assert NAME.fullmatch(name), f"Discord refuses the name {name!r} of /{one.qualified_name}"
            assert name == name.lower(), f"Discord refuses the name {name!r} of /{one.qualified_name}"
        assert len(one.parameters) <= 25
        assert all(len(option.choices) <= 25 for option in one.parameters)
    for menu in bot.tree.get_commands():
        assert 1 <= len(menu.name) <= 32
    assert len({one.name for one in bot.tree.get_commands()}) <= 100


async def test_commands_belong_to_servers_and_the_managers_are_theirs(bot: Syllabot) -> None:
    for one in bot.tree.get_commands():
        assert one.guild_only, f"/{one.name} must be marked guild_only: everything here belongs to a server."
        wanted = "manage_guild" if one.name in MANAGERS_ONLY else None
        wanted = "manage_messages" if one.name in MODERATORS_ONLY else wanted
        asked = one.default_permissions
        flags = [name for name, given in asked if given] if asked is not None else []
        assert flags == ([wanted] if wanted else []), (
            f"/{one.name} is shown to the wrong people: {flags or 'everybody'}"
        )
