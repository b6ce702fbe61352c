"""What members write to a post: kept for oneself or shared, changed, taken back, and read by the others."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.answer import Answer
from bot.domain.frozen import frozen
from bot.domain.item import Item
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.errors import BadInputError, NotFoundError
from bot.services.item import find_item
from bot.services.packs import Packs
from bot.services.points import Book, Earning, Gain
from bot.services.prompt import PromptPage, finish, page_of, sent
from bot.storage import prompt as store
from bot.storage.database import Database

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
            _, _, gain = finish(tx, pack.points, guild_id, user_id, row, now)
            exercise_id = store.instead(tx, guild_id, user_id, number) or row.exercise_id
            store.put_answer(tx, guild_id, Answer(number, user_id, exercise_id, kept, shared, now))
            page = page_of(tx, pack, guild_id, user_id, row)
            return replace(page, gain=gain + _settle(tx, pack, guild_id, user_id, page, now))

        return await self._database.write(write)

    async def take_back(self, guild_id: int, user_id: int, number: int) -> PromptPage:
        """Take away what a member wrote; that the exercise was done stays."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> PromptPage:
            row = sent(tx, guild_id, number)
            store.put_answer(tx, guild_id, Answer(number, user_id, row.exercise_id, "", False, now))
            page = page_of(tx, pack, guild_id, user_id, row)
            return replace(page, gain=_settle(tx, pack, guild_id, user_id, page, now))

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


def _settle(tx: Connection, pack: Pack, guild_id: int, user_id: int, page: PromptPage, now: datetime) -> Gain:
    """Let the points of a shared answer stand exactly while the group may read one."""
    shared = page.answer is not None and page.answer.shared
    what = Earning(Reason.ANSWER, str(page.number))
    with Book(tx, guild_id, user_id, now) as book:
        return book.settle(pack.points, what, stands=shared)


def _shared(tx: Connection, pack: Pack, answer: Answer, posted: str) -> SharedAnswer:
    same = answer.exercise_id == posted
    return SharedAnswer(answer, None if same else find_item(tx, pack, answer.exercise_id))
