"""Kills a process in which members act, over and over, and holds what it had told them against its database."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.services.points import rebuild_all
from bot.settings import ROOT
from bot.storage import roadmap
from bot.storage.database import Database
from bot.storage.restore import check
from tests.fakes.clock import FakeClock
from tests.kill.acts import GUILD, MEMBERS, POSTS, founded

MOST_ACTS: Final = 60
"""Acts that a worker lives to tell of, at most; every fifth dies on its very first."""
SPREAD: Final = 0.02
"""Seconds within which the kill comes after the drawn act: an act takes some 5 ms, so it hits any step of one."""

Key = tuple[str, int, str]
"""The kind of an act, the member, and what it was about; of a mark, its place in the member's log."""

STANDING: Final = """
SELECT 'grade', user_id, card_id || '/' || number, grade FROM review_event WHERE guild_id = :guild
UNION ALL SELECT 'vote', user_id, exercise_id, vote FROM prompt_vote WHERE guild_id = :guild
UNION ALL SELECT 'done', user_id, number, 'True' FROM prompt_done WHERE guild_id = :guild
UNION ALL SELECT 'mark', c.user_id, row_number() OVER (PARTITION BY c.user_id ORDER BY c.number),
    c.topic_id || ' ' || c.state_after
FROM progress_change c JOIN progress_act a USING (guild_id, user_id, number)
WHERE c.guild_id = :guild AND a.act = 'mark'
"""
"""Everything that the acts have left, by what they were about."""


@dataclass(slots=True)
class Toll:
    """What a run came to.

    Attributes:
        kills: how many processes were killed.
        told: how many acts were acknowledged, by their kind.
        cut: how many kills came while an act was under way that was then not acknowledged.
        lost: the acknowledged acts that the database did not hold, as they were told.
        damaged: how often the file was not whole after a kill.
        expected: what the database is to hold.
    """

    kills: int = 0
    told: Counter[str] = field(default_factory=Counter[str])
    cut: int = 0
    lost: list[str] = field(default_factory=list[str])
    damaged: int = 0
    expected: dict[Key, str] = field(default_factory=dict[Key, str])

    def look(self, path: Path, under_way: dict[Key, str]) -> None:
        """Compare the file with what was told; an act under way may have been done or not, as a whole."""
        with closing(sqlite3.connect(path)) as connection:
            self.damaged += connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
            rows = connection.execute(STANDING, {"guild": GUILD}).fetchall()
        found: dict[Key, str] = {(kind, user_id, str(what)): value for kind, user_id, what, value in rows}
        found |= {key: "False" for key in _dones() if key not in found}
        for key in self.expected.keys() | found.keys():
            kept, told = found.get(key), self.expected.get(key)
            if kept != told and (key not in under_way or kept != under_way[key]):
                self.lost.append(f"{key}: told {told}, kept {kept}")
        self.cut += bool(under_way)
        self.expected = found


def _dones() -> list[Key]:
    return [("done", user_id, str(number)) for user_id in MEMBERS for number in POSTS]


class Nursery:
    """The process that workers are forked from."""

    def __init__(self, inner: subprocess.Popen[str]) -> None:
        self._inner = inner

    @classmethod
    @contextmanager
    def running(cls, path: Path) -> Generator[Nursery]:
        """Start it on a database; end it, and every worker of it, in the end."""
        command = [sys.executable, "-m", "tests.kill.acts", str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as inner:
            yield cls(inner)
            assert inner.stdin is not None
            inner.stdin.close()

    def killed(self, seed: int, acts: int, after: float, toll: Toll) -> dict[Key, str]:
        """Let a worker live until so many acts are acknowledged and a moment longer; return what was under way."""
        assert self._inner.stdin is not None
        assert self._inner.stdout is not None
        print(seed, file=self._inner.stdin, flush=True)
        pid = int(self._inner.stdout.readline().removeprefix("born "))
        under_way: dict[int, tuple[Key, str]] = {}
        marks = Counter(key[1] for key in toll.expected if key[0] == "mark")
        told = 0
        for line in self._inner.stdout:
            if line == "gone\n":
                break
            sign, kind, user_id, what, value = line.rstrip("\n").split("\t")
            user = int(user_id)
            place = str(marks[user] + 1)
            act = ((kind, user, place), f"{what} {value}") if kind == "mark" else ((kind, user, what), value)
            if sign == "?":
                under_way[user] = act
                continue
            assert under_way.pop(user) == act
            toll.expected[act[0]] = act[1]
            toll.told[kind] += 1
            marks[user] += kind == "mark"
            told += 1
            if told == acts:
                threading.Timer(after, os.kill, (pid, signal.SIGKILL)).start()
        assert told >= acts, "the worker ended by itself; its error stands above"
        toll.kills += 1
        return dict(under_way.values())


async def run(path: Path, kills: int, seed: int = 7) -> Toll:
    """Kill so many workers on a database at the current schema, and return what it came to.

    In the end the file is looked over as a whole, and every total in it has to be what the logs add up to.
    """
    chance, toll = random.Random(seed), Toll()  # noqa: S311  (the same moments each time, as far as a machine allows)
    database = await Database.open(path)
    await founded(database, FakeClock())
    await database.close()
    toll.look(path, {})
    toll.lost.clear()
    with Nursery.running(path) as nursery:
        for number in range(1, kills + 1):
            acts = 1 if number % 5 == 0 else chance.randint(1, MOST_ACTS)
            toll.look(path, nursery.killed(number, acts, chance.uniform(0, SPREAD), toll))
    check(path)
    database = await Database.open(path)
    for user_id in MEMBERS:
        if not await database.read(partial(_adds_up, user_id=user_id)):
            toll.lost.append(f"member {user_id}: marks")
    toll.lost += [f"server {one.guild_id}: boards" async for one in rebuild_all(database) if not one.same]
    await database.close()
    return toll


def _adds_up(tx: Connection, user_id: int) -> bool:
    return roadmap.marks(tx, GUILD, user_id) == roadmap.rebuilt_marks(tx, GUILD, user_id)
