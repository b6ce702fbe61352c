"""Killing the process in the middle of Apply leaves all of a load or nothing of it."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Connection

from bot.domain.entry import Kind
from bot.storage import content as store
from bot.storage.database import Database
from tests.meta.source import ROOT

KILLS = 6
GUILD, ENTRIES = 1, 300
LOADER = f"""
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.domain.entry import Kind
from bot.domain.overlay import Patch, PatchChange
from bot.storage import content as store
from bot.storage.database import Database

async def main():
    database = await Database.open(Path(sys.argv[1]))
    while True:
        number = await database.read(lambda tx: store.version(tx, {GUILD})) + 1
        patch = Patch({{"id": "one", "answer": str(number) * 50}}, None)
        changes = [PatchChange((Kind.FAQ, f"e{{i}}"), None, patch) for i in range({ENTRIES})]
        new = store.NewLoad(2, "load", Kind.FAQ, "a.csv", "", str(number))
        await database.write(lambda tx: store.add_load(tx, {GUILD}, new, changes, datetime.now(UTC)))
        print(number, flush=True)

asyncio.run(main())
"""


def _whole(tx: Connection) -> int:
    """Return the number of loads, each of which changed every entry; the entries are those of the newest."""
    newest = store.version(tx, GUILD)
    assert all(len(store.changes_of(tx, GUILD, number)) == ENTRIES for number in range(1, newest + 1))
    rebuilt = store.rebuilt_patches(tx, GUILD)
    assert {Kind(kind): text for kind, _, text in store.packed_patches(tx, GUILD)} == {
        kind: patch.to_json() for (kind, _), patch in rebuilt.items()
    }
    assert all(patch.now["answer"] == str(newest) * 50 for patch in rebuilt.values())
    return newest


async def test_a_load_is_there_as_a_whole_or_not_at_all(database_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311  (the same moments each time, as far as a machine allows)
    acknowledged = 0
    for _ in range(KILLS):
        command = [sys.executable, "-c", LOADER, str(database_path)]
        with subprocess.Popen(  # noqa: ASYNC220  (nothing else waits)
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as loader:
            assert loader.stdout is not None
            for _ in range(chance.randint(1, 4)):
                acknowledged = int(loader.stdout.readline())
            loader.kill()
            rest = loader.stdout.read().split()
            acknowledged = int(rest[-1]) if rest else acknowledged
        database = await Database.open(database_path)
        newest = await database.read(_whole)
        await database.close()
        assert acknowledged <= newest <= acknowledged + 1
