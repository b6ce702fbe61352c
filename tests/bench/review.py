"""Reviews: finding 10,000 members whose message is due, and the cards of one of them.

What a press costs beside a no-op stands among the commands, over sockets: in a simulated server most of it would be
the simulator's copying of the message that was pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import thread_time
from typing import Final

from sqlalchemy import Connection

from bot.domain.day import DayRule
from bot.domain.pack import Pack
from bot.domain.recall import Memory, Phase, Today
from bot.domain.roadmap import Act, Change, Mark, State
from bot.packs.load import load_pack
from bot.services.review_cards import ready
from bot.settings import ROOT
from bot.storage import member as member_store
from bot.storage import review as store
from bot.storage import roadmap as roadmap_store
from bot.storage.member import Member
from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row
from tests.fakes.hasty import hasty

GUILD: Final = 1
MEMBERS: Final = 10_000
NOW: Final = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
CARDS: Final = 60
"""Cards of the member whose due ones are looked up; half of them are due."""


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of who is due, and of what is due.

    Args:
        effort: rounds and calls.
        folder: an empty one, for databases.
    """
    pack, path, today = load_pack(ROOT / "content" / "ml-engineer"), folder / "due.db", Today.at(NOW, DayRule())
    migrate(path)
    rounds = range(effort.rounds)
    async with hasty(path) as database:
        await database.write(lambda tx: _fill(tx, pack))
        people = [
            await database.read(lambda tx: _took(lambda: member_store.due_for_reminder(tx, NOW, MEMBERS)))
            for _ in rounds
        ]
        cards = [await database.read(lambda tx: _took(lambda: ready(tx, pack, GUILD, 1, today))) for _ in rounds]
    return [
        Row("Reviews: who is due", f"{MEMBERS:,} members at once, rows made", "ms", people, "", people, most=5.0),
        Row("Reviews: what is due", f"a member with {CARDS} cards, half of them due", "ms", cards, "", cards),
    ]


def _fill(tx: Connection, pack: Pack) -> None:
    for user_id in range(1, MEMBERS + 1):
        member_store.put_profile(tx, Member(GUILD, user_id, NOW, next_reminder_at=NOW, wants_reviews=True))
    known = [Change(topic_id, Mark(), Mark(State.KNOWN)) for topic_id in pack.cards.of_topic]
    roadmap_store.record(tx, GUILD, 1, Act.PLACEMENT, known, NOW)
    for number, card_id in enumerate(list(pack.cards.by_id)[:CARDS]):
        due_at = NOW + timedelta(days=3 if number % 2 else -1)
        memory = Memory(Phase.REVIEW, None, 3.0, 5.0, due_at, NOW - timedelta(days=4), 1, 0)
        store.put(tx, GUILD, 1, {card_id: memory})


def _took(work: Callable[[], object]) -> float:
    """Return the CPU time of one call on the database's thread, in ms, the second time it is made."""
    work()
    before = thread_time()
    work()
    return (thread_time() - before) * 1000
