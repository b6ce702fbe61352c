"""Letters: sent once, tried again, and never lost."""

from __future__ import annotations

from bot.domain.letter import Letter, LetterKind
from bot.services.letter import LetterService, take_untold
from bot.storage import letter as store
from bot.storage.database import Database
from bot.storage.letter import NewLetter
from tests.fakes.clock import FakeClock

GUILD, ANA = 11, 21


class Mailbag:
    """Takes letters, or refuses them while it is shut."""

    def __init__(self) -> None:
        self.open = True
        self.taken: list[Letter] = []

    async def deliver(self, letter: Letter) -> bool:
        """Keep a letter."""
        self.taken.append(letter)
        return self.open


async def test_a_letter_is_sent_once(database: Database, clock: FakeClock) -> None:
    bag = Mailbag()
    letters = LetterService(database, clock, bag)
    new = NewLetter(ANA, LetterKind.APPROVED, "prompt", "A title")
    await database.write(lambda tx: store.put(tx, GUILD, new, clock.now()))
    for _ in range(3):
        await letters.tick()
        clock.move(hours=1)
    (sent,) = bag.taken
    assert (sent.user_id, sent.title, sent.tries) == (ANA, "A title", 1)
    assert await database.write(lambda tx: take_untold(tx, GUILD, ANA)) == []


async def test_what_no_message_could_bring_stands_on_the_next_page(database: Database, clock: FakeClock) -> None:
    bag = Mailbag()
    bag.open = False
    letters = LetterService(database, clock, bag)
    new = NewLetter(ANA, LetterKind.REMOVED, "answer", "A title")
    await database.write(lambda tx: store.put(tx, GUILD, new, clock.now()))
    for _ in range(9):
        await letters.tick()
        clock.move(minutes=5)
    assert len(bag.taken) == 3
    assert len({one.nonce for one in bag.taken}) == 1
    assert [one.title for one in await database.write(lambda tx: take_untold(tx, GUILD, ANA))] == ["A title"]
    assert await database.write(lambda tx: take_untold(tx, GUILD, ANA)) == []
