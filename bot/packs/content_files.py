"""Has files read in a worker process, off the loop, at most so many at once, for at most so many seconds."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

from bot.domain.draft import MOST_APKG, Draft, FileRequest, Format, Problem, UnusableFileError
from bot.domain.entry import Fields, Kind

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 5.0
AT_ONCE: Final = 2
MOST_ANSWER: Final = 32 * 1024 * 1024
SLOW: Final = "a file that takes longer than 5 s to read"
GREEDY: Final = "a file that takes too much to read"


class ContentFiles:
    """Reads files of strangers, each in a process of its own that ends with it; writes exports."""

    def __init__(self, *, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        self._seconds = seconds
        self._turn = asyncio.Semaphore(at_once)

    async def read(self, request: FileRequest) -> Draft:
        """Return what a file holds. A cancelled caller takes the worker along.

        Raises:
            UnusableFileError: where it can't be used, takes too long or too much; with the reason.
        """
        if len(request.data) > MOST_APKG:
            raise UnusableFileError(f"{len(request.data):,} bytes", f"at most {MOST_APKG:,}")
        async with self._turn:
            answer = await self._answer(request)
        found = cast("dict[str, Any]", await asyncio.to_thread(json.loads, answer))
        if "problem" in found:
            problem = Problem(**found["problem"])
            raise UnusableFileError(problem.found, problem.expected, problem.line, problem.key)
        return await asyncio.to_thread(Draft.from_json, found["draft"])

    async def write(
        self, kind: Kind, written_as: Format, entries: Sequence[Fields], shelves: Sequence[Fields]
    ) -> list[bytes]:
        """Return the files of an export.

        Raises:
            UnusableFileError: where the format can't hold that kind.
        """
        from bot.packs.export import written  # noqa: PLC0415  (PyYAML takes a megabyte, and few servers export)

        return await asyncio.to_thread(written, kind, written_as, entries, shelves)

    async def template(self, kind: Kind, written_as: Format) -> bytes:
        """Return a small file of a kind to begin with.

        Raises:
            UnusableFileError: where the format can't hold that kind.
        """
        from bot.packs.export import template  # noqa: PLC0415

        return await asyncio.to_thread(template, kind, written_as)

    async def _answer(self, request: FileRequest) -> bytes:
        said = {"kind": request.kind, "columns": request.columns, "header": request.header}
        head = json.dumps({"name": request.name[:200], **said})
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.packs.worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT, env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}, limit=MOST_ANSWER,
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._seconds):
                answer, _ = await worker.communicate(head.encode() + b"\n" + request.data)
        except TimeoutError:
            raise UnusableFileError(SLOW, "a smaller or a plainer file") from None
        finally:
            if worker.returncode is None:
                worker.kill()
                await asyncio.shield(worker.wait())
        if worker.returncode != 0 or not answer or len(answer) > MOST_ANSWER:
            raise UnusableFileError(GREEDY, "a smaller or a plainer file")
        return answer
