"""What members write to a post: kept for oneself or shared, changed, taken back, and read by the others."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.answer import Answer, Counts
from bot.domain.frozen import frozen
from bot.domain.item import Item
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.errors import BadInputError, NotFoundError
from bot.services.item import find_item
from bot.services.packs import Packs
from bot.services.points import Book, Earning, Gain
from bot.services.prompt import PromptPage, count, page_of, page_with, sent
from bot.storage import prompt as store
from bot.storage.database import Database
from bot.storage.prompt import Made

ANSWER_CHARACTERS: Final = 1500
PAGE: Final = 5
"""Answers on a page."""

_GAP: Final = re.compile(r"\n\s*\n")


@frozen
class SharedAnswer:
    """An answer that the group may read. ``other``: the exercise it answers, where that is not the posted one."""

    answer: Answer
    other: Item | None


@frozen
class AnswersPage:
    """What was shared to a post.

    Attributes:
        page: the post, as the reader stands with it.
        shown: this page's answers, the oldest first.
        first: the position of the first of them, counted from 0.
        last_page: the last page there is, counted from 0.
        index: this page, counted from 0.
    """

    page: PromptPage
    shown: tuple[SharedAnswer, ...]
    first: int
    index: int
    last_page: int


class AnswerService:
    """Use-cases of answers. Every method raises NotFoundError where the guild has no such post."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def write(self, guild_id: int, user_id: int, number: int, text: str, *, shared: bool) -> PromptPage:
        """Keep what a member wrote, in place of what was there; writing an answer is doing the exercise.

        Raises:
            BadInputError: where the text is empty or too long.
        """
        pack = await self._packs.with_exercises(guild_id)
        kept = _GAP.sub("\n\n", text.strip())
        if not kept:
            raise BadInputError("There was nothing in that answer, so nothing was kept. Write a sentence or two.")
        if len(kept) > ANSWER_CHARACTERS:
            raise BadInputError(f"An answer holds {ANSWER_CHARACTERS} characters; yours has {len(kept)}.")
        now = self._clock.now()

        def write(tx: Connection) -> PromptPage:
            row = sent(tx, guild_id, number)
            with Book(tx, guild_id, user_id, now) as book:
                made, _, _, gain = count(book, pack.points, row)
                answer = Answer(number, user_id, made.instead or row.exercise_id, kept, shared, now)
                made = _put(book, made, answer)
                gain += _settle(book, pack, made, number)
            return page_with(tx, pack, row, made, gain)

        return await self._database.write(write)

    async def take_back(self, guild_id: int, user_id: int, number: int) -> PromptPage:
        """Take away what a member wrote; that the exercise was done stays."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> PromptPage:
            row = sent(tx, guild_id, number)
            with Book(tx, guild_id, user_id, now) as book:
                nothing = Answer(number, user_id, row.exercise_id, "", False, now)
                made = _put(book, store.made(tx, guild_id, user_id, number), nothing)
                gain = _settle(book, pack, made, number)
            return page_with(tx, pack, row, made, gain)

        return await self._database.write(write)

    async def shared(self, guild_id: int, user_id: int, number: int, index: int) -> AnswersPage:
        """Return a page of what was shared; ``index`` counts from 0 and is brought into range."""
        pack = await self._packs.with_exercises(guild_id)

        def read(tx: Connection) -> AnswersPage:
            row = sent(tx, guild_id, number)
            page = page_of(tx, pack, guild_id, user_id, row)
            last = max(page.counts.shared - 1, 0) // PAGE
            here = min(max(index, 0), last)
            found = store.shared_answers(tx, guild_id, number, PAGE, here * PAGE)
            shown = tuple(_shared(tx, pack, one, row.exercise_id) for one in found)
            return AnswersPage(page, shown, here * PAGE, here, last)

        return await self._database.read(read)

    async def one(self, guild_id: int, number: int, author_id: int) -> SharedAnswer:
        """Return what one member shared.

        Raises:
            NotFoundError: where it was taken back, or is not shared any more.
        """
        pack = await self._packs.with_exercises(guild_id)

        def read(tx: Connection) -> SharedAnswer:
            row = sent(tx, guild_id, number)
            found = store.answer(tx, guild_id, author_id, number)
            if found is None or not found.shared:
                raise NotFoundError("That answer was taken back meanwhile. Go back to the others.")
            return _shared(tx, pack, found, row.exercise_id)

        return await self._database.read(read)


def _put(book: Book, made: Made, answer: Answer) -> Made:
    """Keep an answer in place of the one there was, an empty one for none, and return what the member made by then."""
    store.put_answer(book.tx, book.whose[0], answer)
    before = made.answer is not None and made.answer.shared
    counts = Counts(made.counts.done, made.counts.shared - before + answer.shared)
    return replace(made, answer=answer if answer.text else None, counts=counts)


def _settle(book: Book, pack: Pack, made: Made, number: int) -> Gain:
    """Let the points of a shared answer stand exactly while the group may read one."""
    shared = made.answer is not None and made.answer.shared
    return book.settle(pack.points, Earning(Reason.ANSWER, str(number)), stands=shared)


def _shared(tx: Connection, pack: Pack, answer: Answer, posted: str) -> SharedAnswer:
    same = answer.exercise_id == posted
    return SharedAnswer(answer, None if same else find_item(tx, pack, answer.exercise_id))
