"""Reports: what members find wrong with an answer, and what moderators do about it. Who reported is never shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.answer import Answer
from bot.domain.entry import Kind
from bot.domain.frozen import frozen
from bot.domain.letter import LetterKind
from bot.domain.points import Reason
from bot.domain.report import Reported, Ruling, Thing
from bot.errors import BadInputError, NotFoundError
from bot.services import points
from bot.services.content_entry import ContentEntryService, Listed
from bot.storage import audit
from bot.storage import letter as letters
from bot.storage import prompt as prompt_store
from bot.storage import report as store
from bot.storage import suggest as suggest_store
from bot.storage.database import Database
from bot.storage.letter import NewLetter

PAGE: Final = 10
REASON_CHARACTERS: Final = 300
MOST_A_DAY: Final = 20
OTHER: Final = "It was changed since you opened this page. Look at it again, then decide."


@frozen
class ReportPage:
    """One thing that waits for a ruling, as it stands.

    Attributes:
        reported: the reports.
        entry: the FAQ's entry; None where it is gone, or where it is a shared answer.
        answer: the shared answer; None where it was taken back, or where it is an entry.
        seen: what changes with the thing, so that nothing is removed that nobody looked at.
    """

    reported: Reported
    entry: Listed | None
    answer: Answer | None
    seen: int


@frozen
class ReportQueue:
    """A page of what waits: its things, how many there are in all, and the page's place, counted from 0."""

    shown: tuple[Reported, ...]
    of: int
    index: int


class ReportService:
    """Use-cases of reports. Who may rule is the caller's to check."""

    def __init__(self, database: Database, entries: ContentEntryService, clock: Clock) -> None:
        self._database = database
        self._entries = entries
        self._clock = clock

    async def report(self, guild_id: int, user_id: int, thing: Thing, reason: str) -> None:
        """Report a thing; one report a person and thing, unless what was reported has changed since the ruling.

        Raises:
            BadInputError: where the member reported it before, wrote it, or reports too much.
            NotFoundError: where it is gone.
        """
        if thing.entry_id:
            await self._entries.one(guild_id, Kind.FAQ, thing.entry_id)
        if thing.author_id == user_id:
            raise BadInputError("That one is yours. You can remove it yourself, under Answers.")
        why, now = " ".join(reason.split())[:REASON_CHARACTERS], self._clock.now()

        def write(tx: Connection) -> None:
            shared = None if thing.entry_id else _shared(tx, guild_id, thing)
            if not thing.entry_id and shared is None:
                raise NotFoundError("That answer was taken back meanwhile. There is nothing to report any more.")
            before = store.ruling_of(tx, guild_id, user_id, thing)
            if before is not None and (before[0] is Ruling.OPEN or shared is None or shared.at <= before[1]):
                said = "They look at it soon." if before[0] is Ruling.OPEN else "They looked at it and kept it."
                raise BadInputError(f"You have reported this to the moderators already. {said}")
            if store.count_since(tx, guild_id, user_id, now - timedelta(days=1)) >= MOST_A_DAY:
                raise BadInputError("That is a lot of reports for one day. Write to a moderator instead: see /help.")
            store.put(tx, guild_id, user_id, thing, why, now)

        await self._database.write(write)

    async def queue(self, guild_id: int, index: int = 0) -> ReportQueue:
        """Return a page of what waits, the most reported first; ``index`` is brought into range."""

        def read(tx: Connection) -> ReportQueue:
            of = store.count_waiting(tx, guild_id)
            here = min(max(index, 0), max(of - 1, 0) // PAGE)
            return ReportQueue(tuple(store.waiting(tx, guild_id, PAGE, here * PAGE)), of, here)

        return await self._database.read(read)

    async def page(self, guild_id: int, thing: Thing) -> ReportPage:
        """Return a thing that waits for a ruling.

        Raises:
            NotFoundError: where it was ruled on already.
        """

        def read(tx: Connection) -> tuple[Reported | None, Answer | None]:
            return store.one(tx, guild_id, thing), None if thing.entry_id else _shared(tx, guild_id, thing)

        reported, answer = await self._database.read(read)
        if reported is None:
            raise _ruled()
        if not thing.entry_id:
            return ReportPage(reported, None, answer, _seen(answer))
        entries, version = await self._entries.entries(guild_id, Kind.FAQ)
        entry = next((one for one in entries if one.entry_id == thing.entry_id and not one.retired), None)
        return ReportPage(reported, entry, None, version)

    async def keep(self, guild_id: int, actor_id: int, thing: Thing) -> None:
        """Leave a reported thing as it is.

        Raises:
            NotFoundError: where it was ruled on already.
        """
        await self._database.write(lambda tx: self._rule(tx, guild_id, actor_id, thing, Ruling.KEPT))

    async def remove(self, guild_id: int, actor_id: int, thing: Thing, seen: int) -> None:
        """Take a reported thing away and have its author told: an entry is retired, a shared answer taken back.

        Raises:
            ContentChangedError: where somebody changed the content since the page was opened.
            NotFoundError: where it was ruled on already, or changed since the page was opened.
        """
        now = self._clock.now()
        if thing.entry_id:
            await self._retire(guild_id, actor_id, thing, seen)
            return

        def write(tx: Connection) -> None:
            self._rule(tx, guild_id, actor_id, thing, Ruling.REMOVED)
            found = _shared(tx, guild_id, thing)
            if found is None:
                return
            if _seen(found) != seen:
                raise NotFoundError(OTHER)
            empty = Answer(thing.number, thing.author_id, found.exercise_id, "", shared=False, at=now)
            prompt_store.put_answer(tx, guild_id, empty)
            points.take_back(tx, guild_id, thing.author_id, Reason.ANSWER, str(thing.number), now, actor_id)
            told = NewLetter(thing.author_id, LetterKind.REMOVED, "answer", found.text[:100])
            letters.put(tx, guild_id, told, now)

        await self._database.write(write)

    async def _retire(self, guild_id: int, actor_id: int, thing: Thing, seen: int) -> None:
        found = await self.page(guild_id, thing)
        title = found.entry.title if found.entry else ""
        now = self._clock.now()

        def also(tx: Connection) -> None:
            self._rule(tx, guild_id, actor_id, thing, Ruling.REMOVED)
            author_id = suggest_store.suggested_by(tx, guild_id, Kind.FAQ, thing.entry_id)
            if author_id is not None:
                letters.put(tx, guild_id, NewLetter(author_id, LetterKind.REMOVED, "question", title), now)

        await self._entries.retire(guild_id, actor_id, Kind.FAQ, thing.entry_id, seen, also)

    def _rule(self, tx: Connection, guild_id: int, actor_id: int, thing: Thing, ruling: Ruling) -> None:
        now = self._clock.now()
        if not store.rule(tx, guild_id, thing, actor_id, ruling, now):
            raise _ruled()
        audit.add(tx, guild_id, actor_id, f"report.{ruling}", thing.key, now)


def _shared(tx: Connection, guild_id: int, thing: Thing) -> Answer | None:
    """Return a reported answer, if it is still shared."""
    found = prompt_store.answer(tx, guild_id, thing.author_id, thing.number)
    return found if found is not None and found.shared else None


def _seen(answer: Answer | None) -> int:
    """Return the moment at which an answer was written, in microseconds; 0 for none."""
    return 0 if answer is None else (answer.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _ruled() -> NotFoundError:
    return NotFoundError("Somebody has decided about that report already. Go back to the list.")
