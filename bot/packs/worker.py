"""The process that reads a stranger's file: ``python -m bot.packs.worker``, a request in, a draft or a problem out.

It limits itself before it imports what reads files: memory, CPU, no files written, no core dumps. Its environment is
empty (see ``bot.packs.content_files``), so that not even a flaw in a library finds a token here.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Final

MEMORY: Final = 192 * 1024 * 1024
"""The whole address space, in bytes; what is resident is less."""
SECONDS: Final = 5
"""Of CPU."""


def limit() -> None:
    """Take from this process what reading a file does not need."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def answer(request: bytes) -> bytes:
    """Return what a request leads to: ``{"draft": …}`` or ``{"problem": …}``, as JSON.

    Args:
        request: one line of JSON with the file's name, kind, columns and header, then the file's bytes.
    """
    from dataclasses import asdict  # noqa: PLC0415  (nothing is imported before the limits stand)

    from bot.domain.draft import FileRequest, Problem, UnusableFileError  # noqa: PLC0415
    from bot.domain.entry import Kind  # noqa: PLC0415
    from bot.packs.read import read_file  # noqa: PLC0415

    head, _, data = request.partition(b"\n")
    said = json.loads(head)
    kind = Kind(said["kind"]) if said["kind"] else None
    try:
        draft = read_file(FileRequest(said["name"], data, kind, tuple(said["columns"]), said.get("header")))
        out = json.dumps({"draft": draft.to_json()}, ensure_ascii=True)
    except UnusableFileError as error:
        out = json.dumps({"problem": asdict(error.problem)})
    except MemoryError:
        out = json.dumps({"problem": asdict(Problem(0, "", "more than memory holds", "a smaller file"))})
    except RecursionError:
        out = json.dumps({"problem": asdict(Problem(0, "", "texts nested too deep", "a plainer file"))})
    except Exception as error:  # noqa: BLE001  (a flaw of a library: the moderator gets an answer, and we its name)
        found = f"something that our reader trips over ({type(error).__name__})"
        out = json.dumps({"problem": asdict(Problem(0, "", found, "a plainer file; please report this one to us"))})
    return out.encode()


def main() -> None:
    """Limit this process, answer one request, and end."""
    limit()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
