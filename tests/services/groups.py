"""What the tests of study groups share: people, and a group made quickly."""

from __future__ import annotations

from typing import Final

from bot.services.group import GroupService, Person, Wish

GUILD: Final = 11
ANA, BEN, CARA, DAN = (Person(20 + i, name) for i, name in enumerate(("Ana", "Ben", "Cara", "Dan"), 1))
MO: Final = Person(30, "Mo", moderates=True)


def wish(name: str = "Owls", *, size: int = 8, is_open: bool = True) -> Wish:
    """Return what was typed."""
    return Wish(name, "🦉", str(size), is_open)


async def made(service: GroupService, captain: Person, *others: Person, size: int = 8, name: str = "Owls") -> int:
    """Make an open group of these people; return its id."""
    maker = Person(captain.user_id, captain.name, moderates=True)
    group = await service.make(GUILD, maker, wish(name, size=size))
    for one in others:
        await service.join(GUILD, group.group_id, one)
    return group.group_id
