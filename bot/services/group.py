"""Study groups: which there are, making one, joining and leaving."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.domain.group import GroupMakers, group_emoji, group_name, group_size, name_key
from bot.errors import BadInputError, NotAllowedError, NotFoundError
from bot.services.membership import note_seen
from bot.storage import group as store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage.database import Database
from bot.storage.group import Group
from bot.storage.guild import Guild

GROUPS_PER_PAGE: Final = 10
MOST_GROUPS: Final = 200
"""Groups of a guild that are not archived: a list nobody reads to its end helps nobody."""
GONE: Final = "That group does not exist any more. See the others with /group."


@frozen
class Person:
    """Who asks: the id, the name in the guild, and whether that is a moderator; checked by whoever calls."""

    user_id: int
    name: str
    moderates: bool = False


@frozen
class Wish:
    """What was typed to make or change a group. ``is_open``: whether anybody may join."""

    name: str
    emoji: str
    size: str
    is_open: bool


@frozen
class GroupLine:
    """A group in a list: how many it has, and whether the person who asks was invited."""

    group: Group
    size: int
    invited: bool

    @property
    def full(self) -> bool:
        """Whether it takes nobody more."""
        return self.size >= self.group.size_limit

    @property
    def joinable(self) -> bool:
        """Whether the person may join it."""
        return not self.full and (self.group.is_open or self.invited)


@frozen
class GroupList:
    """A page of a guild's groups: invitations first, then what can be joined, then the others; each by name.

    Attributes:
        lines: the groups of this page.
        page: counts from 0.
        total: how many groups there are.
        mine: the person's own group.
        moderates: whether the person is a moderator.
        may_make: whether the person may make one.
    """

    lines: tuple[GroupLine, ...]
    page: int
    total: int
    mine: int | None
    moderates: bool
    may_make: bool

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // GROUPS_PER_PAGE))


@frozen
class Left:
    """What became of a group that somebody left: its new captain, where there is one; or that it is archived."""

    group: Group
    captain_id: int | None
    archived: bool


def living(tx: Connection, guild_id: int, group_id: int) -> Group:
    """Return a group that is not archived.

    Raises:
        NotFoundError: where there is none.
    """
    found = store.get(tx, guild_id, group_id)
    if found is None or found.archived_at is not None:
        raise NotFoundError(GONE)
    return found


def captain_of(group: Group, members: Collection[int]) -> int:
    """Return who looks after a group: its captain, or its longest member where the captain has left the guild.

    Args:
        group: the group.
        members: its members, the longest first.
    """
    return group.captain_id if group.captain_id in members else next(iter(members), group.captain_id)


def require_unlike(tx: Connection, guild_id: int, name: str, own: int | None = None) -> None:
    """Refuse a name that another living group of the guild has.

    Raises:
        BadInputError: where one looks the same.
    """
    key = name_key(name)
    if any(name_key(one.name) == key for one in store.all_of(tx, guild_id) if one.group_id != own):
        raise BadInputError("Another group here is called that, or nearly so. Choose another name.")


def take_out(tx: Connection, group: Group, user_id: int, now: datetime) -> Left:
    """Take a member out of a group; the longest member follows a captain, and the last one out archives it."""
    store.leave(tx, group.guild_id, user_id)
    left = store.members(tx, group.guild_id, group.group_id)
    if not left:
        store.dissolve(tx, group.guild_id, group.group_id)
        store.put(tx, replace(group, archived_at=now))
        return Left(group, None, archived=True)
    if group.captain_id != user_id:
        return Left(group, None, archived=False)
    store.put(tx, replace(group, captain_id=next(iter(left))))
    return Left(group, next(iter(left)), archived=False)


class GroupService:
    """Use-cases of ``/group`` for everybody."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def moderator_role(self, guild_id: int) -> int | None:
        """Return the role whose members are moderators here; None for none."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).moderator_role_id)

    async def listing(
        self, guild_id: int, user_id: int, moderates: Callable[[int | None], bool], page: int = 0
    ) -> GroupList:
        """Return a page of the guild's groups as somebody sees them; one beyond the last is the last.

        ``moderates`` tells, of the role of the guild's moderators, whether that person is one; pages count from 0.
        """

        def read(tx: Connection) -> tuple[Guild, list[GroupLine], int | None]:
            groups = store.all_of(tx, guild_id)
            sizes, invites = store.sizes(tx, guild_id), set(store.invites(tx, guild_id, user_id))
            lines = [GroupLine(one, sizes.get(one.group_id, 0), one.group_id in invites) for one in groups]
            return guild_store.get(tx, guild_id), lines, store.group_of(tx, guild_id, user_id)

        settings, lines, mine = await self._database.read(read)
        is_moderator = moderates(settings.moderator_role_id)
        lines.sort(key=lambda line: (not (line.invited and line.joinable), not line.joinable))
        shown = min(page, max(0, len(lines) - 1) // GROUPS_PER_PAGE)
        return GroupList(
            lines=tuple(lines[shown * GROUPS_PER_PAGE :][:GROUPS_PER_PAGE]),
            page=shown,
            total=len(lines),
            mine=mine,
            moderates=is_moderator,
            may_make=_may_make(settings, moderates=is_moderator),
        )

    async def may_make(self, guild_id: int, person: Person) -> bool:
        """Return whether a person may make a group here."""
        return await self._database.read(
            lambda tx: _may_make(guild_store.get(tx, guild_id), moderates=person.moderates)
        )

    async def put_makers(self, guild_id: int, makers: GroupMakers) -> None:
        """Set who may make groups in a guild. That a moderator asks is checked by whoever calls."""
        await self._database.write(
            lambda tx: guild_store.put(tx, replace(guild_store.get(tx, guild_id), group_makers=makers))
        )

    async def make(self, guild_id: int, person: Person, wish: Wish) -> Group:
        """Make a group with the person as its captain and first member.

        A moderator who is in a group already makes one that begins empty; its first member becomes captain.

        Raises:
            NotAllowedError: where the person may not, or is in a group.
            BadInputError: where a value can't be used, or the name is taken.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Group:
            if not _may_make(guild_store.get(tx, guild_id), moderates=person.moderates):
                raise NotAllowedError("Moderators make the groups here. Ask one of them, or join one with /group.")
            name, emoji, size = group_name(wish.name), group_emoji(wish.emoji), group_size(wish.size)
            if len(store.all_of(tx, guild_id)) >= MOST_GROUPS:
                raise NotAllowedError(f"There are {MOST_GROUPS} groups already. Join one of them.")
            note_seen(tx, guild_id, person.user_id, person.name, now)
            mine = store.group_of(tx, guild_id, person.user_id)
            if mine is not None and not person.moderates:
                raise _already_in(tx, guild_id, mine)
            require_unlike(tx, guild_id, name)
            made = store.add(tx, Group(guild_id, 0, name, emoji, size, wish.is_open, person.user_id, None, None, now))
            if mine is None:
                store.join(tx, guild_id, person.user_id, made.group_id, now)
            return made

        return await self._database.write(write)

    async def join(self, guild_id: int, group_id: int, person: Person) -> Group:
        """Put a person into a group that is open, or that invited the person; a moderator may join any.

        Raises:
            NotFoundError: where the group is gone.
            NotAllowedError: where it is full or takes only who is invited, or the person is in a group.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Group:
            group = living(tx, guild_id, group_id)
            mine = store.group_of(tx, guild_id, person.user_id)
            if mine is not None:
                raise _already_in(tx, guild_id, mine)
            invited = group_id in store.invites(tx, guild_id, person.user_id)
            if not (group.is_open or invited or person.moderates):
                raise NotAllowedError("This group takes only whom it invites. Ask its captain, or choose another one.")
            members = store.members(tx, guild_id, group_id)
            if len(members) >= group.size_limit:
                raise NotAllowedError("This group is full. Choose another one with /group.")
            note_seen(tx, guild_id, person.user_id, person.name, now)
            store.join(tx, guild_id, person.user_id, group_id, now)
            store.drop_invite(tx, guild_id, person.user_id, group_id)
            if not members:
                store.put(tx, replace(group, captain_id=person.user_id))
            return group

        return await self._database.write(write)

    async def decline(self, guild_id: int, group_id: int, user_id: int) -> None:
        """Take the invitation of a person away; one that is gone already changes nothing."""
        await self._database.write(lambda tx: store.drop_invite(tx, guild_id, user_id, group_id))

    async def leave(self, guild_id: int, group_id: int, user_id: int) -> Left:
        """Take a person out of a group; points stay where they were earned.

        Raises:
            NotFoundError: where the person isn't in that group.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Left:
            group = living(tx, guild_id, group_id)
            if store.group_of(tx, guild_id, user_id) != group_id:
                raise NotFoundError("You are not in this group any more. Open /group to see where you are.")
            return take_out(tx, group, user_id, now)

        return await self._database.write(write)

    async def put_company(self, guild_id: int, user_id: int, *, wanted: bool) -> None:
        """Set whether captain and moderators may see that a person might need company."""
        now = self._clock.now()

        def write(tx: Connection) -> None:
            member_store.ensure(tx, guild_id, user_id, now)
            person = member_store.get(tx, guild_id, user_id)
            if person is not None:
                member_store.put_profile(tx, replace(person, wants_company=wanted))

        await self._database.write(write)


def _may_make(settings: Guild, *, moderates: bool) -> bool:
    return moderates or settings.group_makers is GroupMakers.EVERYBODY


def _already_in(tx: Connection, guild_id: int, group_id: int) -> NotAllowedError:
    mine = store.get(tx, guild_id, group_id)
    name = f"**{mine.shown_name}**" if mine is not None else "a group"
    return NotAllowedError(f"You are in {name}, and one can be in one group at a time. Leave it first, with /group.")
