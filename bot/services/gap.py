"""Questions without answer, and phrasings that members' votes suggest: what the FAQ can learn, for moderators."""

from __future__ import annotations

import asyncio
from datetime import datetime
from hashlib import sha256
from typing import Final, cast

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.entry import Fields, Json, Kind
from bot.domain.faq import Learned
from bot.domain.frozen import frozen
from bot.errors import NotFoundError
from bot.search.alike import alike, nearest
from bot.services.content_entry import ContentEntryService
from bot.services.content_history import Applied
from bot.storage import audit, faq
from bot.storage.database import Database
from bot.storage.faq import Gap, SuggestionState

MOST_PHRASINGS: Final = 12
MOST_GAPS: Final = 1000


@frozen
class GapGroup:
    """Questions of one meaning that found no answer.

    Attributes:
        mark: names the group on buttons; made of its first question, and any other one's finds it too.
        questions: in plain small words, the most asked first.
        times: how often they were asked.
        passed_on: how often somebody pressed for one to be passed on.
        last_at: when one was last asked.
    """

    mark: str
    questions: tuple[str, ...]
    times: int
    passed_on: int
    last_at: datetime


@frozen
class Phrasing:
    """A question that members took an entry for.

    Attributes:
        mark: names it on buttons.
        learned: the question, and the entry.
        title: the entry's own question.
        right: how many found the entry right for it.
        missed: how many did not.
    """

    mark: str
    learned: Learned
    title: str
    right: int
    missed: int


class GapService:
    """Use-cases of the gap list. Who may is the caller's to check."""

    def __init__(self, database: Database, entries: ContentEntryService, clock: Clock) -> None:
        self._database = database
        self._entries = entries
        self._clock = clock

    async def gaps(self, guild_id: int) -> list[GapGroup]:
        """Return the questions without answer by their likeness, the newest first."""
        rows = await self._database.read(lambda tx: faq.gaps(tx, guild_id, MOST_GAPS))
        rows.sort(key=lambda gap: (-gap.passed_on, -gap.times, -gap.last_at.timestamp(), gap.question))
        places = await asyncio.to_thread(alike, [gap.question for gap in rows])
        return sorted((_group([rows[i] for i in group]) for group in places), key=_newest)

    async def gap(self, guild_id: int, mark: str) -> GapGroup:
        """Return one group.

        Raises:
            NotFoundError: where it has its answer, or was closed.
        """
        found = next((one for one in await self.gaps(guild_id) if mark in map(_mark, one.questions)), None)
        if found is None:
            raise NotFoundError("Somebody has seen to that question already. Go back to the list.")
        return found

    async def dismiss(self, guild_id: int, actor_id: int, mark: str) -> None:
        """Close a group that needs no answer.

        Raises:
            NotFoundError: where it has its answer, or was closed.
        """
        group, now = await self.gap(guild_id, mark), self._clock.now()

        def write(tx: Connection) -> None:
            _close(tx, guild_id, group)
            audit.add(tx, guild_id, actor_id, "gap.dismiss", f"gap {mark}", now)

        await self._database.write(write)

    async def write_answer(self, guild_id: int, actor_id: int, mark: str, fields: Fields) -> Applied:
        """Load the answer to a group as an entry, which closes the group.

        Raises:
            BadInputError: where it can't be used, with every reason.
            ContentChangedError: where somebody changed the content at the same moment.
            NotFoundError: where the group has its answer, or was closed.
        """
        group = await self.gap(guild_id, mark)
        seen = await self._entries.version(guild_id)

        def close(tx: Connection) -> None:
            _close(tx, guild_id, group)

        return await self._entries.add(guild_id, actor_id, Kind.FAQ, fields, seen, close)

    async def about(self, guild_id: int, text: str, most: int = 5) -> list[str]:
        """Return the questions without answer that a text may be about, the nearest first."""
        rows = await self._database.read(lambda tx: faq.gaps(tx, guild_id, MOST_GAPS))
        return await asyncio.to_thread(nearest, text, [gap.question for gap in rows], most)

    async def save_answer(self, guild_id: int, actor_id: int, fields: Fields) -> Applied:
        """Load an answer that somebody gave in a channel; questions without answer that it names are closed by it.

        Raises:
            BadInputError: where it can't be used, with every reason.
            ContentChangedError: where somebody changed the content at the same moment.
        """
        named = cast("list[str]", fields.get("phrasings") or [])
        seen = await self._entries.version(guild_id)

        def close(tx: Connection) -> None:
            for question in named:
                faq.close_gap(tx, guild_id, question)

        return await self._entries.add(guild_id, actor_id, Kind.FAQ, fields, seen, close)

    async def phrasings(self, guild_id: int) -> list[Phrasing]:
        """Return the suggested phrasings that wait, oldest first; entries that are gone left out."""
        entries, _ = await self._entries.entries(guild_id, Kind.FAQ)
        titles = {one.entry_id: one.title for one in entries if not one.retired}

        def read(tx: Connection) -> list[Phrasing]:
            return [
                Phrasing(_mark(one.question, one.entry_id), one, titles[one.entry_id], *faq.evidence(tx, guild_id, one))
                for one in faq.suggestions(tx, guild_id)
                if one.entry_id in titles
            ]

        return await self._database.read(read)

    async def settle(self, guild_id: int, actor_id: int, mark: str, *, keep: bool) -> Phrasing:
        """Keep a phrasing as one of its entry, or turn it down, and return it.

        Raises:
            BadInputError: where the entry has all the phrasings it can hold.
            ContentChangedError: where somebody changed the content at the same moment.
            NotFoundError: where it is settled already.
        """
        one = next((one for one in await self.phrasings(guild_id) if one.mark == mark), None)
        if one is None:
            raise _settled()
        state = SuggestionState.ACCEPTED if keep else SuggestionState.DISMISSED
        now = self._clock.now()

        def settle(tx: Connection) -> None:
            if not faq.settle(tx, guild_id, one.learned, state, now):
                raise _settled()

        if not keep:

            def turn_down(tx: Connection) -> None:
                settle(tx)
                audit.add(tx, guild_id, actor_id, "phrasing.dismiss", f"faq {one.learned.entry_id}", now)

            await self._database.write(turn_down)
            return one
        entry, seen = await self._entries.one(guild_id, Kind.FAQ, one.learned.entry_id)
        known = cast("list[Json]", entry.fields.get("phrasings") or [])
        fields: Fields = {"id": entry.entry_id, "phrasings": [*known, one.learned.question]}
        await self._entries.edit(guild_id, actor_id, Kind.FAQ, fields, seen, settle)
        return one


def _close(tx: Connection, guild_id: int, group: GapGroup) -> None:
    """Forget a group's questions.

    Raises:
        NotFoundError: where somebody else did already.
    """
    closed = [faq.close_gap(tx, guild_id, question) for question in group.questions]
    if not any(closed):
        raise NotFoundError("Somebody has seen to that question already. Go back to the list.")


def _group(gaps: list[Gap]) -> GapGroup:
    return GapGroup(
        _mark(gaps[0].question),
        tuple(gap.question for gap in gaps),
        sum(gap.times for gap in gaps),
        sum(gap.passed_on for gap in gaps),
        max(gap.last_at for gap in gaps),
    )


def _newest(group: GapGroup) -> tuple[float, int, str]:
    return -group.last_at.timestamp(), -group.times, group.mark


def _mark(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def _settled() -> NotFoundError:
    return NotFoundError("Somebody has settled that phrasing already. Go back to the list.")
