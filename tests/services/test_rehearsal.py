"""What members ask for first was done before, for nobody, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.sql.compiler import SQLCompiler

from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.errors import StorageError
from bot.services.board import BoardService
from bot.services.board_lines import Ask
from bot.services.packs import Packs
from bot.services.rehearsal import Rehearsal, Unsaved
from bot.services.roadmap import RoadmapService
from bot.services.today import TodayService
from bot.storage.database import Database
from bot.storage.schema import metadata
from tests.fakes.clock import FakeClock

GUILD, ALICE = 1, 2


def everything(tx: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {name: tx.scalar(select(func.count()).select_from(one)) or 0 for name, one in metadata.tables.items()}


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were compiled."""
    found: list[str] = []
    inner: Callable[..., None] = SQLCompiler.__init__

    def noted(self: SQLCompiler, *args: object, **more: object) -> None:
        inner(self, *args, **more)
        found.append(str(self))

    monkeypatch.setattr(SQLCompiler, "__init__", noted)
    return found


async def test_who_asks_first_waits_for_no_statement(
    database: Database, pack: Pack, clock: FakeClock, compiled: list[str]
) -> None:
    for run in (database.read, database.write):
        await run(lambda tx: tx.engine.clear_compiled_cache())
    packs = Packs(database, pack)
    before = await database.read(everything)
    await Rehearsal(database, packs, clock).run()
    assert await database.read(everything) == before
    assert compiled
    compiled.clear()
    roadmap, topic_id = RoadmapService(database, packs, clock), next(iter(pack.topics))
    await roadmap.page(GUILD, ALICE)
    await roadmap.mark(GUILD, ALICE, topic_id, State.LEARNING)
    await roadmap.mark(GUILD, ALICE, topic_id, State.DONE)
    await roadmap.topic_page(GUILD, ALICE, topic_id)
    await TodayService(database, packs, clock).page(GUILD, ALICE)
    assert (await BoardService(database, clock).members(GUILD, ALICE, Ask())).lines
    assert compiled == []


async def test_what_is_written_is_seen_by_who_writes_it_and_does_not_stay(
    database: Database, pack: Pack, clock: FakeClock
) -> None:
    roadmap, topic_id = RoadmapService(Unsaved(database), Packs(database, pack), clock), next(iter(pack.topics))
    for _ in range(2):
        marked = await roadmap.mark(GUILD, ALICE, topic_id, State.LEARNING)
        assert getattr(marked, "state", None) is State.LEARNING
    assert (await roadmap.page(GUILD, ALICE)).states == {}


async def test_a_database_that_is_away_stops_the_rehearsal_alone(
    database: Database, pack: Pack, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_work: object) -> None:
        raise StorageError("It is away.")

    monkeypatch.setattr(database, "read", away)
    await Rehearsal(database, Packs(database, pack), clock).run()
