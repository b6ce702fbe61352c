"""Who may import what: the arrows between the rooms, and the one place of each outside package."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from tests.meta.rule import Rule
from tests.meta.source import Imported, Source

COMMAND_LINE: Final = frozenset({"__main__", "cli", "doctor", "run"})
"""The side of ``python -m bot``: it puts things together, so it may see all of them."""

ARROWS: Final[dict[str, frozenset[str]]] = {
    "__version__": frozenset(),
    "errors": frozenset(),
    "clock": frozenset(),
    "log": frozenset(),
    "health": frozenset({"clock"}),
    "settings": frozenset({"domain", "errors"}),
    "domain": frozenset({"errors"}),
    "packs": frozenset({"domain", "errors", "log"}),
    "search": frozenset({"domain", "errors"}),
    "sources": frozenset({"__version__", "clock", "domain", "errors", "log"}),
    "cards": frozenset({"domain", "errors", "log"}),
    "storage": frozenset({"domain", "errors", "log"}),
    "services": frozenset({"clock", "domain", "errors", "log", "search", "storage"}),
    "ui": frozenset({"domain", "errors", "log", "services"}),
    "cogs": frozenset({"domain", "errors", "log", "services", "ui"}),
    "jobs": frozenset({"clock", "health", "log", "services"}),
    "courier": frozenset({"clock", "domain", "errors", "log", "services", "ui"}),
    "roster": frozenset({"log"}),
    "guild_memory": frozenset({"errors"}),
    "sync": frozenset({"clock", "domain", "log", "services", "storage"}),
    "gateway": frozenset({"clock", "errors", "health", "log"}),
    "web": frozenset({"clock", "errors", "health", "log", "services"}),
    "sentry": frozenset({"log"}),
    "messenger": frozenset({"domain", "errors", "log", "services", "ui"}),
    "shards": frozenset({"client"}),
    "tree": frozenset({"ui"}),
    "client": frozenset(
        {"clock", "courier", "domain", "errors", "guild_memory", "jobs", "log", "services", "storage", "sync"}
        | {"tree", "ui"}
    ),
    "app": frozenset(
        {"cards", "client", "clock", "courier", "domain", "errors", "health", "jobs", "log", "messenger", "packs"}
        | {"roster", "search", "services", "settings", "shards", "sources", "storage", "sync"}
    ),
    "demo": frozenset(
        {"app", "client", "clock", "domain", "errors", "health", "jobs", "log", "packs", "services", "settings"}
        | {"storage", "ui"}
    ),
}
"""Each room, and the rooms it may import from besides itself."""

TYPING_ARROWS: Final[dict[str, frozenset[str]]] = {"cogs": frozenset({"client"}), "tree": frozenset({"client"})}
"""What a room may import besides, under ``if TYPE_CHECKING`` alone."""

SEES_DISCORD: Final = (
    "bot/ui/", "cogs/", "bot/client.py", "bot/courier/", "bot/messenger.py", "bot/roster.py", "bot/demo/",
    "bot/cli/", "bot/doctor.py", "bot/run.py", "bot/gateway.py", "bot/shards.py", "bot/sync.py",
    "bot/guild_memory.py", "bot/tree.py",
)  # fmt: skip
AT_HOME: Final[dict[str, tuple[str, ...]]] = {
    "discord": SEES_DISCORD,
    "aiohttp": (
        "bot/courier/",
        "bot/messenger.py",
        "bot/demo/",
        "bot/gateway.py",
        "bot/sync.py",
        "bot/sources/",
        "bot/web/",
    ),
    "apscheduler": ("bot/app.py", "bot/jobs.py", "bot/demo/"),
    "typer": ("bot/cli/",),
    "rich": ("bot/cli/",),
    "alembic": ("bot/storage/",),
    "simcord": ("bot/demo/",),
    "sqlalchemy": ("bot/storage/",),
    "aiosqlite": ("bot/storage/",),
    "asyncpg": ("bot/storage/postgresql.py",),
    "stamina": ("bot/storage/postgresql.py",),
    "sqlite3": ("bot/storage/", "bot/search/full_text.py", "bot/packs/anki.py"),
    "yaml": ("bot/packs/",),
    "bs4": ("bot/packs/html.py",),
    "markdownify": ("bot/packs/html.py",),
    "zipfile": ("bot/packs/anki.py",),
    "aiolimiter": ("bot/courier/",),
    "jinja2": ("bot/cards/",),
    "resvg_py": ("bot/cards/",),
    "rapidfuzz": ("bot/search/",),
    "fsrs": ("bot/services/recall.py",),
    "structlog": ("bot/log.py",),
    "prometheus_client": ("bot/web/",),
    "sentry_sdk": ("bot/sentry.py",),
    "dotenv": ("bot/settings.py",),
    "hypothesis": (),
    "playwright": (),
    "pytest": (),
    "tests": (),
}
"""Each outside package that has a place, and the files that may import it."""

PURE: Final = frozenset({"pydantic", *sys.stdlib_module_names}) - {
    "asyncio", "io", "logging", "os", "pathlib", "random", "shutil", "socket", "sqlite3", "subprocess", "tempfile",
    "threading", "time",
}  # fmt: skip

WIRING: Final = frozenset({"app", "client", "cogs", "demo"}) | COMMAND_LINE


def _against_the_arrows(source: Source) -> Iterator[tuple[int, str]]:
    if source.room in COMMAND_LINE or source.file == "bot/__init__.py":
        return
    allowed = ARROWS.get(source.room)
    if allowed is None:
        yield 1, f"a room without a line in the arrows: {source.room}"
        return
    for one in source.imports:
        room = one.room
        for_types = one.typing_only and room in TYPING_ARROWS.get(source.room, ())
        if room is not None and room not in {source.room, *allowed} and not for_types:
            yield one.line, f"{source.room} imports {one.target}"


def _out_of_place(source: Source) -> Iterator[tuple[int, str]]:
    for one in source.imports:
        homes = AT_HOME.get(one.package)
        if homes is not None and not source.file.startswith(homes) and not _only_names_a_type(source, one):
            yield one.line, f"imports {one.target}; its place is {', '.join(homes) or 'the tests'}"


def _only_names_a_type(source: Source, one: Imported) -> bool:
    """Services take the connection of a unit of work: they may name its type."""
    return source.room == "services" and one.target == "sqlalchemy.Connection"


def _impure(source: Source) -> Iterator[tuple[int, str]]:
    if source.room == "domain":
        yield from ((one.line, f"imports {one.target}") for one in source.imports if one.package not in {*PURE, "bot"})


def _holds_a_service(source: Source) -> Iterator[tuple[int, str]]:
    for one in source.imports:
        concrete = one.module == "bot.services" or one.target.endswith("Service")
        if one.room == "services" and concrete and source.room not in {"services", *WIRING}:
            yield one.line, f"imports {one.target}"


RULES: Final = (
    Rule(
        "arrows",
        "cogs -> ui -> services -> storage -> domain; jobs -> services, health; packs, search -> domain",
        "move the code to the room that may see both, or hand the value in; a new room gets its line in ARROWS of "
        "tests/meta/import_rules.py.",
        _against_the_arrows,
        (
            ("bot/domain/day.py", "from bot.storage import guild"),
            ("bot/domain/day.py", "from ..storage import guild"),
            ("bot/services/faq.py", "from bot.ui.reply import Reply"),
            ("bot/services/faq.py", "def f():\n    from bot import client"),
            ("bot/storage/guild.py", "import bot.services.setup"),
            ("bot/ui/faq.py", "from bot.storage.guild import Guild"),
            ("bot/client.py", "from bot.demo import server"),
            ("cogs/faq.py", "from bot.client import Syllabot"),
            ("cogs/faq.py", "import cogs.help\nfrom bot.storage import guild"),
            ("bot/extras/thing.py", ""),
        ),
    ),
    Rule(
        "places",
        "every outside package has its place, and SQL's is bot/storage",
        "use it through the room that owns it; a new place is argued for in AT_HOME of tests/meta/import_rules.py.",
        _out_of_place,
        (
            ("bot/services/roadmap.py", "import discord"),
            ("bot/services/roadmap.py", "from sqlalchemy import Connection, select"),
            ("bot/services/roadmap.py", "from apscheduler.triggers.cron import CronTrigger"),
            ("bot/ui/faq.py", "from sqlalchemy import Connection"),
            ("bot/app.py", "import typer"),
            ("bot/client.py", "from alembic import command"),
            ("bot/app.py", "import simcord"),
            ("bot/services/faq.py", "import aiohttp"),
            ("cogs/faq.py", "from tests.fakes.clock import FakeClock"),
        ),
    ),
    Rule(
        "pure domain",
        "bot/domain imports the standard library without its input and output, pydantic and bot.errors",
        "keep the rule in bot/domain and move what reads, writes or draws to the room of its own.",
        _impure,
        (("bot/domain/day.py", "import discord"), ("bot/domain/pack.py", "from pathlib import Path")),
    ),
    Rule(
        "services by hand",
        "only the composition root, the client, the cogs and the command line know a service's class",
        "take the values or the results a service returns; what needs the service itself belongs in a cog.",
        _holds_a_service,
        (
            ("bot/ui/faq.py", "from bot.services.faq import Answer, FaqService"),
            ("bot/ui/faq.py", "from bot.services import faq"),
        ),
    ),
)
