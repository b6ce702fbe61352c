"""Every cog is a thing of its own: importable in a fresh interpreter that knows nothing of this machine."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from bot.client import COGS
from tests.meta.source import ROOT, sources

EACH: Final = """
import importlib, os, sys
import discord, pydantic, sqlalchemy, structlog
for cog in sys.argv[1:]:
    child = os.fork()
    if not child:
        assert importlib.import_module(cog).setup
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(print(cog) or 1)
"""
"""Imports each cog in a process that knows none of our modules yet, and prints the first that can't be."""


def test_the_client_knows_every_cog() -> None:
    present = {source.file.removesuffix(".py").replace("/", ".") for source in sources("cogs")} - {"cogs.__init__"}
    assert set(COGS) == present, "What to do: name every file of cogs/ in COGS of bot/client.py."


def test_a_cog_needs_no_environment() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning:discord", "-c", EACH, *COGS],
        env={},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (
        f"The rule: {done.stdout} can be imported with an empty environment. What to do: read settings in bot/app.py's "
        f"callers, never at import.\n{done.stderr}"
    )
    assert (done.stdout, done.stderr) == ("", ""), f"importing the cogs talks: {done.stdout}{done.stderr}"
