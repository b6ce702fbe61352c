"""A pack's search measured by a process of its own: ``python -m bot.search.apart``, the texts in, a calibration out.

Measuring builds a second index, asks it a thousand questions and loads rapidfuzz: seven MiB that a bot which nobody
asks anything would keep, because memory that many small things have shared is seldom given back.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from bot.domain.calibration import Calibration
from bot.domain.synonym import Synonym
from bot.search.calibrate import calibrated
from bot.search.document import Document

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 120.0
"""What the largest pack of a server takes on a slow machine is a fraction of it."""
PATIENCE: Final = 10
"""How far that process stands back for others, as ``nice`` has it."""


class ApartError(Exception):
    """The process could not be had, or came to no end."""


async def calibrated_apart(
    documents: Sequence[Document], synonyms: Iterable[Synonym], *, seconds: float = SECONDS
) -> Calibration | None:
    """Return the calibration of the lexical ranker, as ``bot.search.calibrate`` makes it.

    A cancelled caller takes the process along.

    Args:
        documents: the entries.
        synonyms: the field's.
        seconds: how long it may take.

    Raises:
        ApartError: where it can't be had in this way.
    """
    request = {
        "documents": [[one.id, one.asked, one.answer] for one in documents],
        "synonyms": [[one.short, one.means] for one in synonyms],
    }
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.search.apart",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            cwd=ROOT, env={"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    except OSError as error:
        raise ApartError(str(error)) from error
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await process.communicate(json.dumps(request).encode())
    except TimeoutError:
        raise ApartError(f"took over {seconds:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
    if process.returncode:
        raise ApartError(f"ended with {process.returncode}")
    try:
        found: object = json.loads(answer)
        return None if found is None else Calibration.model_validate(found)
    except (ValueError, ValidationError) as error:
        raise ApartError("an answer that is none") from error


def answer_to(request: bytes) -> bytes:
    """Return the calibration of the texts in a request, as JSON; ``null`` where they say too little."""
    said: dict[str, Any] = json.loads(request)
    documents = [Document(name, tuple(asked), answer) for name, asked, answer in said["documents"]]
    work = calibrated(documents, [Synonym(short=short, means=tuple(means)) for short, means in said["synonyms"]])
    while True:
        try:
            next(work)
        except StopIteration as end:
            made: Calibration | None = end.value
            return b"null" if made is None else made.model_dump_json().encode()


def main() -> None:
    """Stand back for others, answer one request, and end."""
    os.nice(PATIENCE)
    sys.stdout.buffer.write(answer_to(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
