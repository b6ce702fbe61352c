"""What the soak counts: an entry more in any container of ours is one more."""

from __future__ import annotations

from tests.bench.soak_held import held, objects_of_ours
from tests.conftest import World


async def test_an_entry_more_is_counted_where_it_stands(world: World) -> None:
    before = held(world.bot)
    for user_id in range(7):
        world.bot.services.names.note(world.guild.id, user_id, "somebody")
    after = held(world.bot)
    assert after - before == {"NamesService._noted": 7, "NamesService._waiting": 7}
    assert before["Router._handlers"] > 100
    assert before["Seen._ids"] == 0


async def test_objects_that_are_kept_are_counted(world: World) -> None:
    before = objects_of_ours()
    kept = [held, [type(world.bot.router)() for _ in range(5)]]
    assert objects_of_ours() - before == 5, kept
