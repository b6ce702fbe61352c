"""Looking things up in the FAQ, and what members' questions teach the moderators."""

from __future__ import annotations

from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.calibration import Band
from bot.domain.faq import FaqCategory, FaqEntry, Learned, Vote
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.search.text import words
from bot.services.packs import Packs
from bot.services.search import SearchService
from bot.storage import faq
from bot.storage.database import Database

GUESSES: Final = 3
LONGEST: Final = 140
"""Characters of a question that can teach something; a phrasing holds no more."""
ENOUGH: Final = 3
"""Members who must have found an entry right for a question before it is suggested as a phrasing."""


@frozen
class Answer:
    """One entry, found or chosen, with the entries beside it.

    Attributes:
        entry: the entry.
        category: its shelf.
        related: entries beside it.
        asked: the question that led to it; empty where it was chosen from a list.
    """

    entry: FaqEntry
    category: FaqCategory
    related: tuple[FaqEntry, ...]
    asked: str = ""


@frozen
class Unsure:
    """Up to three entries that may be meant."""

    question: str
    entries: tuple[FaqEntry, ...]


@frozen
class NothingFound:
    """No entry fits the question; ``noted`` where it is kept for the moderators."""

    question: str
    noted: bool = False


Finding: TypeAlias = Answer | Unsure | NothingFound


class FaqService:
    """Use-cases of ``/faq``."""

    def __init__(self, database: Database, packs: Packs, clock: Clock, search: SearchService) -> None:
        self._packs = packs
        self._database = database
        self._clock = clock
        self._search = search

    async def ask(self, guild_id: int, question: str, *, of_ones_own: bool = True) -> Finding:
        """Return the answer to a question, or up to three guesses, or nothing. Any text at all may be asked.

        Args:
            guild_id: where it was asked.
            question: any text.
            of_ones_own: whether whoever looks it up also asked it; then a question without answer is kept as a gap.

        Raises:
            StorageError: where the gap can't be kept.
        """
        pack = await self._packs.of(guild_id)
        exact = pack.entries.get(question.strip())
        if exact is not None:
            return _answer(pack, exact.id)
        found = await self._search.find(question, await self._search.index_of(guild_id, pack))
        match found.band:
            case Band.SURE:
                return _answer(pack, found.candidates[0].entry_id, question)
            case Band.UNSURE:
                likely = found.candidates[:GUESSES]
                return Unsure(question, tuple(pack.entries[one.entry_id] for one in likely))
            case Band.NO:
                noted = of_ones_own and await self._log_gap(guild_id, question, passed_on=False)
                return NothingFound(question, noted)

    async def pack(self, guild_id: int) -> Pack:
        """Return what there is to look up in a server."""
        return await self._packs.of(guild_id)

    async def answer(self, guild_id: int, entry_id: str, asked: str = "") -> Answer:
        """Return one entry, found for the question ``asked`` where there was one.

        Raises:
            NotFoundError: where there is no such entry.
        """
        return _answer(await self._packs.of(guild_id), entry_id, asked)

    async def complete(self, guild_id: int, typed: str, most: int = 25) -> list[FaqEntry]:
        """Return entries for what has been typed so far."""
        pack = await self._packs.of(guild_id)
        index = await self._search.index_of(guild_id, pack)
        return [pack.entries[entry_id] for entry_id in index.complete(typed, most)]

    async def vote(self, guild_id: int, user_id: int, entry_id: str, asked: str, vote: Vote) -> Answer:
        """Take what a member says of an entry for the question that led to it, and return the entry.

        Enough members who found it right make the question a suggested phrasing. An entry that missed its question
        leaves the question without answer: a gap. Without a question there is nothing to learn.

        Raises:
            NotFoundError: where there is no such entry.
            StorageError: where nothing was saved.
        """
        found = await self.answer(guild_id, entry_id, asked)
        learned = Learned(_plain(asked), entry_id)
        if not learned.question or self._said_by(found.entry, learned.question):
            return found
        now = self._clock.now()

        def unit(tx: Connection) -> None:
            faq.vote(tx, guild_id, user_id, learned, vote, now)
            right, missed = faq.evidence(tx, guild_id, learned)
            if right - missed >= ENOUGH:
                faq.suggest(tx, guild_id, learned, now)
            if vote is Vote.MISSED:
                faq.log_gap(tx, guild_id, learned.question, now, passed_on=False)

        await self._database.write(unit)
        return found

    async def pass_on(self, guild_id: int, question: str) -> bool:
        """Keep a question for the moderators; False where there is none to keep.

        Raises:
            StorageError: where nothing was saved.
        """
        return await self._log_gap(guild_id, question, passed_on=True)

    async def _log_gap(self, guild_id: int, question: str, *, passed_on: bool) -> bool:
        plain = _plain(question)
        if not plain:
            return False
        now = self._clock.now()
        await self._database.write(lambda tx: faq.log_gap(tx, guild_id, plain, now, passed_on=passed_on))
        return True

    @staticmethod
    def _said_by(entry: FaqEntry, plain: str) -> bool:
        """Whether an entry is asked in these very words already."""
        return any(_plain(text) == plain for text in (entry.question, *entry.phrasings))


def _plain(question: str) -> str:
    """Return a question in small words without marks; nothing where it is too long to be one."""
    plain = " ".join(words(question))
    return plain if len(plain) <= LONGEST else ""


def _answer(pack: Pack, entry_id: str, asked: str = "") -> Answer:
    entry = pack.entry(entry_id)
    related = tuple(pack.entries[other] for other in entry.related)
    return Answer(entry, pack.category_of[entry_id], related, asked)
