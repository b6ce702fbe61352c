"""The real process on a disk that is full: members are told, reading goes on, and room mends it."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from collections.abc import Sequence
from io import FileIO
from itertools import cycle
from pathlib import Path
from typing import Final

import pytest

from bot.domain.pack import Pack
from bot.storage.restore import check
from bot.ui.text import SIGNS
from bot.ui.topic import TopicPress, TopicVerb
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person
from tests.kill.pressers import VERBS

SMALL: Final = 'mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"'
MOST_PRESSES: Final = 60


class SmallDisk:
    """A file system of four megabytes that only the bot's process sees; others reach it through that process."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.within: Sequence[str] = ("unshare", "--mount", "sh", "-c", SMALL, str(data))
        if reason := self._why_not():
            pytest.skip(f"no small file system here: {reason}")

    def _why_not(self) -> str:
        if shutil.which("unshare") is None:
            return "unshare of util-linux is missing"
        tried = subprocess.run([*self.within, "true"], capture_output=True, text=True, check=False)
        return tried.stderr.strip() if tried.returncode else ""

    def _seen_by(self, bot: BotProcess) -> Path:
        return Path(f"/proc/{bot.pid}/root{self._data}")

    def fill(self, bot: BotProcess) -> None:
        """Leave no byte."""
        with (self._seen_by(bot) / "films").open("wb", buffering=0) as films:
            for size in (4096, 1):
                with pytest.raises(OSError, match="No space left"):
                    _write_on(films, size)

    def make_room(self, bot: BotProcess) -> None:
        """Let there be room again."""
        (self._seen_by(bot) / "films").unlink()

    def database(self, bot: BotProcess, beside: Path) -> Path:
        """Return a copy of the database of a bot that has nothing to do: the disk goes with its process."""
        beside.mkdir()
        for end in ("", "-wal"):
            shutil.copy(self._seen_by(bot) / f"syllabot.db{end}", beside)
        return beside / "syllabot.db"


class SmallFiles:
    """A process whose files may grow no further than they have."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.within: Sequence[str] = ()

    def fill(self, bot: BotProcess) -> None:
        """Let no file grow past the write-ahead log as it is."""
        size = (self._data / "syllabot.db-wal").stat().st_size
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def make_room(self, bot: BotProcess) -> None:
        """Let files grow again."""
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def database(self, _bot: BotProcess, _beside: Path) -> Path:
        """Return the database."""
        return self._data / "syllabot.db"


def _write_on(file: FileIO, size: int) -> None:
    while file.write(b"x" * size):
        pass


@pytest.mark.parametrize("make", [SmallDisk, SmallFiles])
async def test_f41_on_a_full_disk_the_bot_says_so_reads_on_and_saves_again_when_there_is_room(
    tmp_path: Path, pack: Pack, make: type[SmallDisk | SmallFiles]
) -> None:
    disk, ana, presses = make(tmp_path), Person("ana"), cycle(VERBS)
    topics = cycle(pack.topics)

    async def pressed(wire: Wire) -> tuple[str, str]:
        """Return the sign of a state that was asked for, and what the member was shown."""
        verb: TopicVerb = next(presses)
        custom_id = TopicPress(verb=verb, topic_id=next(topics), owner=ana.id).custom_id
        shown = await (await wire.press(ana, custom_id)).answer()
        return SIGNS[VERBS[verb]], str(shown.data["embeds"][0]["description"])

    async with Wire.serving() as wire, BotProcess.running(wire, tmp_path, within=disk.within) as bot:
        await wire.identified()
        sign, shown = await pressed(wire)
        assert shown.startswith(sign)
        disk.fill(bot)
        for _ in range(MOST_PRESSES):
            sign, shown = await pressed(wire)
            if not shown.startswith(sign):
                break
        assert "wasn't saved: the bot's disk is full" in shown
        road = await (await wire.command(ana, "roadmap")).answer()
        assert "ref " not in str(road.data)
        disk.make_room(bot)
        for _ in range(3):
            sign, shown = await pressed(wire)
            assert shown.startswith(sign), shown
        check(disk.database(bot, tmp_path / "copy"))
        bot.inner.send_signal(signal.SIGTERM)
        assert await bot.inner.wait() == 0
