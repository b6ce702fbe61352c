"""Balanced groups out of everyone without one: a proposal that is shown, and made only as it was shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.domain.group import LARGEST, SMALLEST, name_key
from bot.domain.group_balance import Candidate, balanced
from bot.domain.pack import Pack
from bot.domain.roadmap import State, current_stage
from bot.errors import BadInputError, NotAllowedError
from bot.services.group import MOST_GROUPS, Person
from bot.services.packs import Packs
from bot.storage import audit, group_activity
from bot.storage import group as store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage.database import Database
from bot.storage.group import Group

MOST_PEOPLE: Final = 500
"""Who is put into groups at one time."""


@frozen
class Placed:
    """Somebody in a proposed group: the name, where known; hours ahead of UTC; the stage, counted from 1."""

    user_id: int
    name: str | None
    hours: float
    stage: int


@frozen
class Proposal:
    """Groups that could be made.

    Attributes:
        size: how many members a group should have.
        seed: which of the many good divisions this is.
        mark: tells this proposal from every other, so that what is made is what was shown.
        groups: the members of each, the captain first.
    """

    size: int
    seed: int
    mark: int
    groups: tuple[tuple[Placed, ...], ...]


@frozen
class _Facts:
    people: Mapping[int, member_store.Member]
    states: Mapping[int, Mapping[str, State]]
    acts: Mapping[int, datetime]
    rule_zone: str


class GroupBalanceService:
    """Use-cases of balanced groups. That a moderator asks is checked here by what the caller says of the person."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def propose(self, guild_id: int, person: Person, size: int, seed: int) -> Proposal:
        """Return balanced groups of everyone without one; nothing is made yet.

        Raises:
            NotAllowedError: where the person is no moderator.
            BadInputError: where fewer than two people are without a group, or the size can't be.
        """
        if not person.moderates:
            raise NotAllowedError("Only moderators of this server can divide it into groups. Ask one of them.")
        if not SMALLEST <= size <= LARGEST:
            raise BadInputError(f"A group has {SMALLEST} to {LARGEST} members.")
        pack = await self._packs.of(guild_id)
        now = self._clock.now()
        facts = await self._database.read(lambda tx: _facts(tx, guild_id))
        if len(facts.people) < SMALLEST:
            raise BadInputError("Nearly everybody here is in a group already: fewer than two people are without one.")
        # hundreds of people take longer than the loop may stand still
        return await asyncio.to_thread(_proposal, pack, facts, size, seed, now)

    async def make(self, guild_id: int, person: Person, shown: tuple[int, int, int]) -> list[Group] | Proposal:
        """Make the groups that were shown and return them; where something has changed since, a new proposal.

        Args:
            guild_id: the guild.
            person: the moderator.
            shown: size, seed and mark of the proposal.

        Raises:
            NotAllowedError: where the person is no moderator, or there would be too many groups.
            BadInputError: where fewer than two people are without a group by now.
        """
        size, seed, mark = shown
        found = await self.propose(guild_id, person, size, seed)
        if found.mark != mark:
            return found
        now = self._clock.now()

        def write(tx: Connection) -> list[Group] | None:
            wanted = {one.user_id for group in found.groups for one in group}
            if set(store.without_group(tx, guild_id, MOST_PEOPLE)) != wanted:
                return None
            taken = {name_key(one.name) for one in store.all_of(tx, guild_id)}
            if len(taken) + len(found.groups) > MOST_GROUPS:
                raise NotAllowedError(f"There would be more than {MOST_GROUPS} groups. Choose a larger size.")
            names = (name for n in range(1, 2 * MOST_GROUPS) if name_key(name := f"Study group {n}") not in taken)
            made = [_make(tx, guild_id, next(names), group, size, now) for group in found.groups]
            audit.add(tx, guild_id, person.user_id, "group.balance", f"{len(made)} groups", now)
            return made

        made = await self._database.write(write)
        return await self.propose(guild_id, person, size, seed) if made is None else made


def _facts(tx: Connection, guild_id: int) -> _Facts:
    among = store.without_group(tx, guild_id, MOST_PEOPLE)
    return _Facts(
        people=member_store.several(tx, guild_id, among),
        states=group_activity.states(tx, guild_id, among),
        acts=group_activity.last_acts(tx, guild_id, among),
        rule_zone=guild_store.get(tx, guild_id).zone,
    )


def _proposal(pack: Pack, facts: _Facts, size: int, seed: int, now: datetime) -> Proposal:
    candidates = [
        Candidate(user_id, _minutes(person.zone or facts.rule_zone, now), _stage(pack, facts.states[user_id]))
        for user_id, person in facts.people.items()
    ]
    groups = [_captain_first(group, facts.acts) for group in balanced(candidates, size, seed)]
    ids = ";".join(",".join(str(one.user_id) for one in group) for group in groups)
    placed = tuple(
        tuple(Placed(one.user_id, facts.people[one.user_id].name, one.zone_minutes / 60, one.stage) for one in group)
        for group in groups
    )
    return Proposal(size, seed, crc32(ids.encode()), placed)


def _captain_first(group: Sequence[Candidate], acts: Mapping[int, datetime]) -> list[Candidate]:
    """Return a group with whoever was active last in front: a captain who is there."""
    order = sorted(group, key=lambda one: one.user_id)
    captain = max(order, key=lambda one: acts[one.user_id].timestamp() if one.user_id in acts else 0.0)
    return [captain, *(one for one in order if one is not captain)]


def _minutes(zone: str, now: datetime) -> int:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    return round(offset.total_seconds() / 60) if offset is not None else 0


def _stage(pack: Pack, states: Mapping[str, State]) -> int:
    """Return the order of the stage somebody is at; one more than the last at the road's end."""
    stage = current_stage(pack, states)
    return stage.order if stage is not None else pack.track.stages[-1].order + 1


def _make(tx: Connection, guild_id: int, name: str, members: Sequence[Placed], size: int, now: datetime) -> Group:
    limit = max(size, len(members))
    captain_id = members[0].user_id
    made = store.add(tx, Group(guild_id, 0, name, None, limit, True, captain_id, None, None, now))
    for one in members:
        store.join(tx, guild_id, one.user_id, made.group_id, now)
    return made
