"""Has a pack's folder read by a process of its own (``pack_worker.py``).

Reading builds validators and a great many values that are gone a moment later, and memory that many small things have
shared is seldom given back: six MiB for what daily posts hold, of which one and a half are the content. So a bot that
runs for good has its content read elsewhere and takes only the outcome, as a pickle of its own making.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, Self, TypeVar, cast

from bot.domain.pack import Pack
from bot.domain.prompt import Exercises
from bot.errors import ContentError
from bot.log import get_logger
from bot.packs.once import Once
from bot.packs.pickled import EXERCISES, PACK

T = TypeVar("T")

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 60.0

log = get_logger(__name__)


class PackReading:
    """A folder that is being read."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes] | None) -> None:
        self._folder = folder
        self._process = process

    @classmethod
    def begin(cls, folder: Path) -> Self:
        """Begin to read a folder; whoever began it asks for the outcome."""
        return cls(folder, _begun(folder, PACK))

    def pack(self) -> Pack:
        """Wait for the pack. What daily posts hold is read at its first need, in the same way.

        Raises:
            ContentError: naming every fault.
        """
        folder = self._folder
        later = Once(lambda: _outcome(folder, _begun(folder, EXERCISES), _exercises))
        return replace(_outcome(folder, self._process, _pack), read_exercises=later)


def _begun(folder: Path, what: str) -> subprocess.Popen[bytes] | None:
    try:
        return subprocess.Popen(  # noqa: S603  (our own module, in our own interpreter)
            [sys.executable, "-m", "bot.packs.pack_worker", str(folder.resolve()), what],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            cwd=ROOT, env={"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    except OSError:
        return None


def _outcome(folder: Path, process: subprocess.Popen[bytes] | None, here: Callable[[Path], T]) -> T:
    """Return what a process has read; where there is none, or it died, read it here.

    Raises:
        ContentError: naming every fault.
    """
    answer = b""
    if process is not None:
        try:
            answer, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    if process is None or process.returncode != 0 or not answer:
        log.warning("content_not_read_apart", code=process and process.returncode)
        return here(folder)
    found: object = pickle.loads(answer)  # noqa: S301  (what our own process made, over a pipe)
    if isinstance(found, str):
        raise ContentError(found)
    return cast("T", found)


def _pack(folder: Path) -> Pack:
    from bot.packs.load import load_pack  # noqa: PLC0415  (the bot itself has no use for what reads files)

    return load_pack(folder, exercises=False)


def _exercises(folder: Path) -> Exercises:
    from bot.packs.load import load_pack  # noqa: PLC0415

    return load_pack(folder).exercises
