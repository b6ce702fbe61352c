"""What a running bot has no use for is not in its memory."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import ROOT

STARTED = """
import asyncio, importlib, sys
import bot.__main__, bot.cli.start, bot.run, bot.storage.sqlite
from bot.client import COGS
from bot.packs.apart import PackReading
from bot.search.document import Document
from bot.search.index import SearchIndex
from bot.settings import load_settings
for cog in COGS:
    importlib.import_module(cog)
pack = PackReading.begin(load_settings().content_dir).pack()
pack.exercises
index = SearchIndex([Document.of(one) for one in pack.entries.values()], pack.synonyms)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
asked = index.search("how do I begin", most=3)
print(len(asked), "rapidfuzz" in sys.modules)
"""
"""As far as a bot comes before anybody asks it anything; then the first search."""

RARE = {
    "alembic": "for a schema that is to change",
    "asyncpg": "for a PostgreSQL server",
    "defusedxml": "for feeds",
    "PIL": "for pictures, which another process draws",
    "jinja2": "for pictures, which another process draws",
    "prometheus_client": "for pages that are set up",
    "pygments": "for a terminal",
    "rapidfuzz": "for searches",
    "rich": "for a terminal",
    "sentry_sdk": "for an operator who has set it up",
    "simcord": "for the simulated server",
    "typer": "for every command but run",
    "yaml": "for content, which another process reads",
}


def test_a_started_bot_has_imported_nothing_that_only_some_bots_need_or_only_later() -> None:
    told = subprocess.run([sys.executable, "-c", STARTED], cwd=ROOT, capture_output=True, text=True, check=True)
    imported, searched = told.stdout.splitlines()
    assert sorted(RARE.keys() & set(imported.split())) == []
    assert {"bot", "cogs", "discord", "sqlalchemy"} <= set(imported.split())
    assert searched == "3 True"
