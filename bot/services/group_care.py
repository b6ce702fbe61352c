"""Looking after a study group: what its captain and the moderators may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.group import MOST_INVITED, group_emoji, group_name, group_size
from bot.errors import BadInputError, NotAllowedError
from bot.services.group import Left, Person, Wish, captain_of, living, require_unlike, take_out
from bot.storage import audit
from bot.storage import group as store
from bot.storage.database import Database
from bot.storage.group import Group


def require_care(tx: Connection, guild_id: int, group_id: int, person: Person) -> Group:
    """Return a living group that a person looks after, as its captain or as a moderator.

    Raises:
        NotFoundError: where the group is gone.
        NotAllowedError: where the person is neither.
    """
    group = living(tx, guild_id, group_id)
    if not person.moderates and captain_of(group, store.members(tx, guild_id, group_id)) != person.user_id:
        raise NotAllowedError("Only the group's captain and the moderators can do this. Ask the captain.")
    return group


class GroupCareService:
    """Use-cases of a captain. The right to each is checked in the transaction that does it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def group(self, guild_id: int, group_id: int, person: Person) -> Group:
        """Return a group that the person looks after.

        Raises:
            NotFoundError: where the group is gone.
            NotAllowedError: where the person does not look after it.
        """
        return await self._database.read(lambda tx: require_care(tx, guild_id, group_id, person))

    async def require_member(self, guild_id: int, group_id: int, user_id: int) -> None:
        """Refuse who is no member of a group.

        Raises:
            BadInputError: where that is none.
        """
        await self._database.read(lambda tx: _require_member(tx, living(tx, guild_id, group_id), user_id))

    async def edit(self, guild_id: int, group_id: int, person: Person, wish: Wish) -> Group:
        """Change a group's name, emoji, size limit, and whether it is open. A smaller limit removes nobody.

        Raises:
            BadInputError: where a value can't be used, or the name is taken.
        """

        def change(tx: Connection, group: Group) -> Group:
            name, emoji, size = group_name(wish.name), group_emoji(wish.emoji), group_size(wish.size)
            require_unlike(tx, guild_id, name, group_id)
            return replace(group, name=name, emoji=emoji, size_limit=size, is_open=wish.is_open)

        return await self._change(guild_id, group_id, person, "group.edit", change)

    async def link_role(self, guild_id: int, group_id: int, person: Person, role_id: int | None) -> Group:
        """Set the role that is shown with a group; nobody is given it or loses it."""
        return await self._change(
            guild_id, group_id, person, "group.role", lambda _tx, group: replace(group, role_id=role_id)
        )

    async def link_channel(self, guild_id: int, group_id: int, person: Person, channel_id: int | None) -> Group:
        """Set the channel that is shown with a group."""
        return await self._change(
            guild_id, group_id, person, "group.channel", lambda _tx, group: replace(group, channel_id=channel_id)
        )

    async def hand_over(self, guild_id: int, group_id: int, person: Person, user_id: int) -> Group:
        """Make another member the captain.

        Raises:
            BadInputError: where that is no member of the group.
        """

        def change(tx: Connection, group: Group) -> Group:
            _require_member(tx, group, user_id)
            return replace(group, captain_id=user_id)

        return await self._change(guild_id, group_id, person, "group.hand_over", change)

    async def invite(self, guild_id: int, group_id: int, person: Person, user_id: int) -> Group:
        """Invite somebody, once.

        Raises:
            BadInputError: where that is a member or was invited before, or too many invitations are open.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Group:
            group = require_care(tx, guild_id, group_id, person)
            members = store.members(tx, guild_id, group_id)
            if user_id in members:
                raise BadInputError(f"<@{user_id}> is in this group already. Choose somebody else.")
            invited = store.invited(tx, guild_id, group_id)
            if user_id in invited:
                raise BadInputError(f"<@{user_id}> was invited before; the invitation waits in their /group.")
            if len(members) >= group.size_limit:
                raise BadInputError(f"The group has its {group.size_limit} members. Raise the size first, with Edit.")
            if len(invited) >= MOST_INVITED:
                raise BadInputError(f"{MOST_INVITED} invitations are open already. Wait until some are answered.")
            store.invite(tx, guild_id, user_id, group_id, person.user_id, now)
            return group

        return await self._database.write(write)

    async def remove(self, guild_id: int, group_id: int, person: Person, user_id: int) -> Left:
        """Take a member out of the group.

        Raises:
            BadInputError: where that is no member of the group.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Left:
            group = require_care(tx, guild_id, group_id, person)
            _require_member(tx, group, user_id)
            _note(tx, group, person, "group.remove", now)
            return take_out(tx, group, user_id, now)

        return await self._database.write(write)

    async def archive(self, guild_id: int, group_id: int, person: Person) -> Group:
        """End a group: its members are free to join others, its points stay on the boards."""
        now = self._clock.now()

        def change(tx: Connection, group: Group) -> Group:
            store.dissolve(tx, guild_id, group_id)
            return replace(group, archived_at=now)

        return await self._change(guild_id, group_id, person, "group.archive", change)

    async def _change(
        self, guild_id: int, group_id: int, person: Person, act: str, change: Callable[[Connection, Group], Group]
    ) -> Group:
        now = self._clock.now()

        def write(tx: Connection) -> Group:
            group = require_care(tx, guild_id, group_id, person)
            changed = change(tx, group)
            store.put(tx, changed)
            _note(tx, group, person, act, now)
            return changed

        return await self._database.write(write)


def _require_member(tx: Connection, group: Group, user_id: int) -> None:
    if user_id not in store.members(tx, group.guild_id, group.group_id):
        raise BadInputError(f"<@{user_id}> is not in this group. Choose one of its members.")


def _note(tx: Connection, group: Group, person: Person, act: str, now: datetime) -> None:
    """Record what a moderator did to a group that is another's."""
    if person.moderates and person.user_id != group.captain_id:
        audit.add(tx, group.guild_id, person.user_id, act, f"group {group.group_id}", now)
