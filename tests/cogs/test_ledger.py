"""My points in ``/profile``, a member's in ``/member``, and who is left off the boards, on the real surface."""

from __future__ import annotations

from functools import partial

import simcord
from sqlalchemy import Connection

from bot.domain.board import ALWAYS, Window
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.services.points import Earning, earn
from bot.storage import audit
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage import member as member_store
from bot.storage.database import Database
from bot.storage.group import Group
from tests.cogs.page import answered, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock

ROWS = 23


def database_of(world: World) -> Database:
    """Return the bot's database."""
    return world.bot.database


async def fill(world: World, pack: Pack, clock: FakeClock) -> None:
    """Give Alice rows: topics over many days, the last of them in a group."""
    topics = list(pack.topics.values())[:ROWS]

    def write(tx: Connection, at: int) -> None:
        if at == ROWS - 1:
            guild_id, alice = world.guild.id, world.alice.id
            group_store.add(tx, Group(guild_id, 0, "Night *owls*", None, 8, True, alice, None, None, clock.now()))
            group_store.join(tx, guild_id, alice, 1, clock.now())
        what = Earning(Reason.TOPIC, topics[at].id, topics[at].hours)
        earn(tx, pack.points, world.guild.id, world.alice.id, what, clock.now())

    for at in range(ROWS):
        await database_of(world).write(partial(write, at=at))
        clock.move(days=1)


async def test_my_rows_are_paged_newest_first(world: World, pack: Pack, clock: FakeClock) -> None:
    message = answered(await world.alice.slash(world.hall, "profile"))
    await world.alice.click(message, label="My points")
    assert "No rows yet" in description(message)
    await fill(world, pack, clock)
    topics = list(pack.topics.values())[:ROWS]
    await world.alice.click(message, label="Back")
    await world.alice.click(message, label="My points")
    lines = description(message).splitlines()
    total = sum(round(topic.hours * pack.points.topic.points) for topic in topics)
    assert lines[0] == f"**{total:,} points** of all time"
    assert len(lines) == 12
    assert f"**{topics[-1].title}** · {pack.points.topic.says} · Tue 15 Dec · Night \\*owls\\*" in lines[2]
    assert "owls" not in lines[3]
    assert message.embeds[0].footer.text == f"1–10 of {ROWS} rows, the newest first"
    assert labels(message) == ["Back", "What scores", "Older", "Oldest"]
    await world.alice.click(message, label="Oldest")
    assert message.embeds[0].footer.text == f"21–{ROWS} of {ROWS} rows, the newest first"
    assert f"**{topics[0].title}**" in description(message).splitlines()[-1]
    await world.alice.click(message, label="What scores")
    assert f"**{pack.points.topic.points}** · {pack.points.topic.says} · at most 480 a day" in description(message)


async def test_moderators_adjust_with_a_reason_and_take_it_back(world: World, pack: Pack) -> None:
    message = answered(await world.manager.slash(world.hall, "member", who=world.alice))
    await world.manager.click(message, label="Points")
    assert labels(message) == ["Back", "What scores", "Adjust"]
    for typed, note, said in (("many", "x", "with its sign"), ("+5000", "x", "1 to 1000"), ("+5", " ", "a reason")):
        form = await world.manager.click(message, label="Adjust")
        assert said in trouble(await world.manager.submit_modal(form, {"points": typed, "note": note}))
    form = await world.manager.click(message, label="Adjust")
    await world.manager.submit_modal(form, {"points": "−5", "note": "Twice *the same* link"})
    line = description(message).splitlines()[2]
    assert line.startswith("`  −5` Adjusted by a moderator: Twice \\*the same\\* link · ")
    assert line.endswith(f"by <@{world.manager.id}>")
    assert "**-5 points** of all time" in description(message)
    own = answered(await world.alice.slash(world.hall, "profile"))
    await world.alice.click(own, label="My points")
    assert "Twice \\*the same\\* link" in description(own)
    standing = await world.bot.services.ledger.page(world.guild.id, world.alice.id)
    await pick(world.manager, message, "Take an adjustment back", standing.adjustments[0].source)
    assert "**0 points** of all time" in description(message)
    assert "taken back · Adjusted" in description(message)
    assert not (await world.bot.services.ledger.page(world.guild.id, world.alice.id)).adjustments


async def test_nobody_but_moderators_sees_or_changes_somebody_elses(world: World) -> None:
    alice, bob = world.alice.id, world.bob.id
    for custom_id in (f"s1:jp:{bob}:{alice}:0", f"s1:ja:{bob}:{alice}"):
        assert "Only moderators" in trouble(await world.bob.click(await forged(world, custom_id), label="forged"))
    for custom_id in (f"s1:jp:{alice}:{alice}:0", f"s1:jr:{alice}:{alice}"):
        assert "belongs to" in trouble(await world.bob.click(await forged(world, custom_id), label="forged"))


async def test_hiding_leaves_the_boards_at_once_and_never_the_group(world: World, pack: Pack, clock: FakeClock) -> None:
    await fill(world, pack, clock)
    database, guild_id = database_of(world), world.guild.id
    days = await database.read(lambda tx: board_store.starts(tx, guild_id, Window.WEEK, 99))
    boards = [await database.read(lambda tx, day=day: board_store.find(tx, guild_id, Window.WEEK, day)) for day in days]

    async def shown() -> list[int]:
        return [await database.read(lambda tx, one=one: board_store.size(tx, one or 0)) for one in boards]

    message = answered(await world.alice.slash(world.hall, "profile"))
    await world.alice.click(message, label="Hide me from the boards")
    assert "**Boards** you are left off them" in description(message)
    assert set(await shown()) == {0}
    totals = await database.read(lambda tx: board_store.group_totals(tx, boards[0] or 0))
    assert totals[0].total > 0
    await world.alice.click(message, label="Show me on the boards")
    assert set(await shown()) == {1}
    await world.alice.click(message, label="Keep it from my captain")
    person = await database.read(lambda tx: member_store.get(tx, guild_id, world.alice.id))
    assert person is not None
    assert not person.wants_company
    await world.alice.click(message, label="Let my captain see")
    assert "captain may see it and write" in description(message)


async def test_moderators_leave_somebody_off_with_a_reason_and_take_it_back(
    world: World, pack: Pack, clock: FakeClock
) -> None:
    await fill(world, pack, clock)
    database, guild_id = database_of(world), world.guild.id

    async def on_the_board() -> bool:
        board_id = await database.read(lambda tx: board_store.find(tx, guild_id, Window.ALL, ALWAYS))
        return await database.read(lambda tx: board_store.size(tx, board_id or 0)) == 1

    message = answered(await world.manager.slash(world.hall, "member", who=world.alice))
    form = await world.manager.click(message, label="Leave off the boards")
    assert "a reason" in trouble(await world.manager.submit_modal(form, {"reason": " "}))
    assert await on_the_board()
    form = await world.manager.click(message, label="Leave off the boards")
    await world.manager.submit_modal(form, {"reason": "A *copy* of Bob's work"})
    assert f"Left off the boards by <@{world.manager.id}>: A \\*copy\\* of Bob's work" in description(message)
    assert not await on_the_board()
    await earn_more(world, pack, clock)
    assert not await on_the_board(), "what is earned meanwhile brings nobody back"

    own = answered(await world.alice.slash(world.hall, "profile"))
    assert "moderators leave you off them: A \\*copy\\* of Bob's work" in description(own)
    await world.alice.click(own, label="Hide me from the boards")
    await world.alice.click(own, label="Show me on the boards")
    assert not await on_the_board(), "no choice of one's own overrules it"

    await world.manager.click(message, label="Put back on the boards")
    assert "with every point" in (message.content or "")
    assert await on_the_board()
    acts = [(one.actor_id, one.act) for one in await database.read(lambda tx: audit.recent(tx, guild_id, 2))]
    assert acts == [(world.manager.id, "boards.put_back"), (world.manager.id, "boards.leave_off")]
    for custom_id in (f"s1:kd:{world.bob.id}:{world.alice.id}", f"s1:kb:{world.bob.id}:{world.alice.id}"):
        assert "Only moderators" in trouble(await world.bob.click(await forged(world, custom_id), label="forged"))


async def earn_more(world: World, pack: Pack, clock: FakeClock) -> None:
    """Give Alice one more topic."""
    what = Earning(Reason.TOPIC, list(pack.topics)[ROWS], 2)
    earned = partial(earn, table=pack.points, guild_id=world.guild.id, user_id=world.alice.id, what=what)
    await database_of(world).write(lambda tx: earned(tx, now=clock.now()))


async def test_names_come_with_interactions_of_every_kind(world: World, clock: FakeClock) -> None:
    async def called(who: simcord.MemberActor) -> str | None:
        await world.bot.services.names.write()
        person = await database_of(world).read(lambda tx: member_store.get(tx, world.guild.id, who.id))
        return person and person.name

    jobs = {job.id for job in world.bot._jobs.scheduler.get_jobs()}  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType]
    assert "names" in jobs
    await world.alice.slash(world.hall, "help")
    assert await called(world.alice) == "Alice"
    await world.bob.click(await forged(world, "s1:ro"), label="forged")
    assert await called(world.bob) == "Bob"
