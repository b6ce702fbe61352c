"""Every cog is a thing of its own: importable in a fresh interpreter that knows nothing of this machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.client import COGS
from tests.meta.source import ROOT, sources


def test_the_client_knows_every_cog() -> None:
    present = {source.file.removesuffix(".py").replace("/", ".") for source in sources("cogs")} - {"cogs.__init__"}
    assert set(COGS) == present, "What to do: name every file of cogs/ in COGS of bot/client.py."


@pytest.mark.parametrize("cog", COGS)
def test_a_cog_needs_no_environment(cog: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning:discord", "-c", f"import {cog}; assert {cog}.setup"],
        env={},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, (
        f"The rule: {cog} can be imported with an empty environment. What to do: read settings in bot/app.py's "
        f"callers, never at import.\n{done.stderr}"
    )
    assert (done.stdout, done.stderr) == ("", ""), f"importing {cog} talks: {done.stdout}{done.stderr}"
