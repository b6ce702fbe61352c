"""What members suggest, and how moderators decide about it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.entry import NOUNS, Fields, Kind, title_of
from bot.domain.frozen import frozen
from bot.domain.letter import Letter, LetterKind
from bot.domain.plan_row import Verdict
from bot.domain.suggest import MOST_A_DAY, SUGGESTED, WITHIN, Decision, Suggestion
from bot.errors import BadInputError, NotFoundError
from bot.services.content_entry import ContentEntryService
from bot.services.content_history import Applied
from bot.services.letter import take_untold
from bot.storage import audit
from bot.storage import letter as letters
from bot.storage import suggest as store
from bot.storage.database import Database
from bot.storage.letter import NewLetter
from bot.storage.suggest import NewSuggestion

PAGE: Final = 10
MINE: Final = 5
"""Suggestions of one's own shown on the member's page."""
REASON_CHARACTERS: Final = 300
STANDS_FOR: Final = "An answer."
"""Checked in the place of an answer that a member left to the moderators."""


@frozen
class SuggestPage:
    """What a member sees: how much may still be suggested today, the latest of one's own, and what is news."""

    left: int
    mine: tuple[Suggestion, ...]
    news: tuple[Letter, ...]


@frozen
class Queue:
    """A page of what waits: its suggestions, how many there are in all, and the page's place, counted from 0."""

    shown: tuple[Suggestion, ...]
    of: int
    index: int


@frozen
class Source:
    """The message that a suggestion was taken from: its address, and who wrote it."""

    address: str
    author_id: int


class SuggestService:
    """Use-cases of ``/suggest`` and of its queue. Who may decide is the caller's to check."""

    def __init__(self, database: Database, entries: ContentEntryService, clock: Clock) -> None:
        self._database = database
        self._entries = entries
        self._clock = clock

    async def page(self, guild_id: int, user_id: int) -> SuggestPage:
        """Return a member's page; what is news on it is told by that."""
        now = self._clock.now()

        def write(tx: Connection) -> SuggestPage:
            used, _ = store.count_since(tx, guild_id, user_id, now - WITHIN)
            mine = tuple(store.of_member(tx, guild_id, user_id, MINE))
            return SuggestPage(max(MOST_A_DAY - used, 0), mine, tuple(take_untold(tx, guild_id, user_id)))

        return await self._database.write(write)

    async def suggest(
        self, guild_id: int, user_id: int, kind: Kind, fields: Fields, source: Source | None = None
    ) -> SuggestPage:
        """Put something into the moderators' queue and return the member's page.

        Raises:
            BadInputError: where it can't be used, is there already, or is too much for a day.
        """
        if kind not in SUGGESTED:
            raise BadInputError("Suggest a prompt, a question or a resource.")
        kept = {key: value for key, value in fields.items() if value not in ("", [], None)}
        await self._check(guild_id, kind, kept)
        new = NewSuggestion(user_id, kind, kept, source.address if source else "", source.author_id if source else None)
        now = self._clock.now()

        def write(tx: Connection) -> None:
            used, first = store.count_since(tx, guild_id, user_id, now - WITHIN)
            if used >= MOST_A_DAY and first is not None:
                free = int((first + WITHIN).timestamp())
                raise BadInputError(
                    f"That is {MOST_A_DAY} suggestions within a day, which is as many as moderators can read. "
                    f"The next one is welcome <t:{free}:R>."
                )
            store.add(tx, guild_id, new, now)

        await self._database.write(write)
        return await self.page(guild_id, user_id)

    async def queue(self, guild_id: int, index: int = 0) -> Queue:
        """Return a page of what waits, oldest first; ``index`` is brought into range."""

        def read(tx: Connection) -> Queue:
            of = store.count_waiting(tx, guild_id)
            here = min(max(index, 0), max(of - 1, 0) // PAGE)
            return Queue(tuple(store.waiting(tx, guild_id, PAGE, here * PAGE)), of, here)

        return await self._database.read(read)

    async def one(self, guild_id: int, number: int) -> Suggestion:
        """Return a suggestion that waits.

        Raises:
            NotFoundError: where it was decided about; with by whom.
        """
        found = await self._database.read(lambda tx: store.get(tx, guild_id, number))
        if found is None or found.decision is not Decision.OPEN:
            raise decided(found)
        return found

    async def approve(self, guild_id: int, actor_id: int, number: int, typed: Fields | None = None) -> Applied:
        """Make an entry of a suggestion, as it is or as the moderator wrote it, and have its author told.

        Raises:
            BadInputError: where it can't be used, with every reason.
            ContentChangedError: where somebody changed the content at the same moment.
            NotFoundError: where it was decided about already.
        """
        one = await self.one(guild_id, number)
        fields: Fields = {**one.fields, **(typed or {})}
        if one.kind is Kind.FAQ and not fields.get("answer"):
            raise BadInputError("It has no answer yet. Press Edit and write one; that approves it.")
        row, _ = await self._entries.check(guild_id, one.kind, fields)
        seen, now = await self._entries.version(guild_id), self._clock.now()

        def decide(tx: Connection) -> None:
            if not store.decide(tx, guild_id, number, actor_id, Decision.APPROVED, entry_id=row.entry_id):
                raise decided(store.get(tx, guild_id, number))
            audit.add(tx, guild_id, actor_id, "suggestion.approve", f"suggestion {number}", now)
            letters.put(tx, guild_id, _letter(one, LetterKind.APPROVED), now)

        return await self._entries.add(guild_id, actor_id, one.kind, fields, seen, decide)

    async def decline(self, guild_id: int, actor_id: int, number: int, reason: str) -> Suggestion:
        """Turn a suggestion down and have its author told, with the reason.

        Raises:
            BadInputError: where there is no reason.
            NotFoundError: where it was decided about already.
        """
        why = " ".join(reason.split())[:REASON_CHARACTERS]
        if not why:
            raise BadInputError("Say in a few words why: whoever suggested it reads them.")
        now = self._clock.now()

        def write(tx: Connection) -> Suggestion:
            one = store.get(tx, guild_id, number)
            if one is None or not store.decide(tx, guild_id, number, actor_id, Decision.DECLINED, why=why):
                raise decided(one)
            audit.add(tx, guild_id, actor_id, "suggestion.decline", f"suggestion {number}", now)
            letters.put(tx, guild_id, _letter(one, LetterKind.DECLINED, why), now)
            return one

        return await self._database.write(write)

    async def credit(self, guild_id: int, kind: Kind, entry_id: str) -> int | None:
        """Return the member who is credited with an entry; None where it came from nobody's suggestion."""
        return await self._database.read(lambda tx: store.suggested_by(tx, guild_id, kind, entry_id))

    async def _check(self, guild_id: int, kind: Kind, fields: Fields) -> None:
        """Refuse what moderators could not approve.

        Raises:
            BadInputError: with every reason, or with what is there already.
        """
        whole = {"answer": STANDS_FOR, **fields} if kind is Kind.FAQ else fields
        row, _ = await self._entries.check(guild_id, kind, whole)
        if row.verdict is Verdict.BAD:
            raise BadInputError(self._entries.reasons(row.problems))
        if row.verdict in (Verdict.CHANGED, Verdict.SAME):
            way = " Ask /faq for it." if kind is Kind.FAQ else ""
            raise BadInputError(f"There is a {NOUNS[kind][0]} of this name here already.{way} Suggest another one.")


def decided(one: Suggestion | None) -> NotFoundError:
    """Return that a suggestion waits no longer, and who decided."""
    if one is None or one.actor_id is None:
        return NotFoundError("That suggestion isn't there any more. Go back to the list.")
    return NotFoundError(f"<@{one.actor_id}> {one.decision} that suggestion already. Go back to the list.")


def _letter(one: Suggestion, kind: LetterKind, why: str = "") -> NewLetter:
    return NewLetter(one.user_id, kind, NOUNS[one.kind][0], title_of(one.kind, one.fields), why)
