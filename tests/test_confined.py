"""The real process where nothing but its data can be written, it is nobody, and the system has no zone data."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests import confined
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

PROBE = """
import os, sys, pathlib
print(os.getuid())
for folder in ("/", "/tmp", os.getcwd(), sys.argv[1], sys.argv[2]):
    try:
        pathlib.Path(folder, "probe").touch()
        print("written", folder)
    except OSError:
        pass
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The one folder that can be written."""
    folder = tmp_path / "data"
    folder.mkdir()
    if reason := confined.why_not(folder):
        pytest.skip(f"no read-only file system here: {reason}")
    return folder


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "DISCORD_", "TMP"))}
    return {**kept, "PYTHONPATH": str(ROOT), "BOT_DATA_DIR": str(data), "COLUMNS": "300", **more}


def ran(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python there to its end."""
    command: Sequence[str] = [*confined.within(data), sys.executable, *arguments]
    return subprocess.run(command, env=environment(data), capture_output=True, text=True, timeout=60, check=False)


def test_f51_only_the_data_can_be_written(data: Path) -> None:
    told = ran(data, "-c", PROBE, str(ROOT), str(data)).stdout.split("\n")
    assert told[:-1] == [str(confined.NOBODY), f"written {data}"]


async def test_f51_a_bot_that_can_write_nothing_but_its_data_serves_stops_and_is_found_well(data: Path) -> None:
    async with Wire.serving() as wire, BotProcess.running(wire, data, within=confined.within(data)) as bot:
        await wire.identified()
        for command in ("roadmap", "profile", "leaderboard"):
            shown = await (await wire.command(Person("ana"), command)).answer()
            assert "ref " not in str(shown.data), shown.data
        bot.inner.send_signal(signal.SIGTERM)
        assert await bot.inner.wait() == 0
    log = bot.log.read_text(encoding="utf-8")
    assert [word for word in ("Traceback", "error", "Errno") if word in log] == []
    made = ran(data, "-m", "bot", "db", "backup")
    assert made.returncode == 0, made.stderr
    well = ran(data, "-m", "bot", "doctor")
    assert well.returncode == 0, well.stdout + well.stderr
    known = re.search(r"time zones\W+(\d+) known", well.stdout)
    assert known is not None
    assert int(known[1]) > 300


def test_f51_the_simulated_server_names_the_folder_it_needs_and_opens_with_one(data: Path) -> None:
    refused = ran(data, "-m", "bot", "demo")
    assert refused.returncode == 2
    assert "Set TMPDIR" in refused.stderr
    assert "Traceback" not in refused.stderr
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*confined.within(data), sys.executable, "-m", "bot", "demo"]
    own = environment(data, TMPDIR=str(data), BOT_DEMO_PORT=str(port), PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        assert demo.stdout is not None
        said: list[str] = []
        url = None
        while url is None and (line := demo.stdout.readline()):
            said.append(line)
            url = re.search(r"http://127\S+", line)
        assert url is not None, said
        with urllib.request.urlopen(url[0], timeout=10) as page:  # noqa: S310  (its own page)
            assert page.status == 200
        demo.terminate()
        assert demo.wait(timeout=20) == 0
    assert list(data.iterdir()) == [], "nothing is left behind"
