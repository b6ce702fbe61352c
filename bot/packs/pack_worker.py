"""The process that reads a pack's folder: ``python -m bot.packs.pack_worker FOLDER pack`` or ``... exercises``.

It answers with a pickle: what it was asked for, or the sentences that say the faults.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from bot.errors import ContentError
from bot.packs.load import load_pack
from bot.packs.pickled import PACK, pickled, unread


def answer_to(folder: Path, what: str) -> bytes:
    """Return the pack in a folder, or what its posts hold, or its faults as text; pickled."""
    try:
        if what == PACK:
            return pickled(replace(load_pack(folder, exercises=False), read_exercises=unread))
        return pickled(load_pack(folder).exercises)
    except ContentError as error:
        return pickled(error.sentence)


def main() -> None:
    """Read what is asked for, answer, and end."""
    sys.stdout.buffer.write(answer_to(Path(sys.argv[1]), sys.argv[2]))


if __name__ == "__main__":
    main()
