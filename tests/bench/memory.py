"""Resident memory and the time to the first answer by servers, and memory by active members, beside the bare bot.

Every server is lived in: it has twenty channels and roles more than a few, of every kind, with rights of their own, and
emojis, stickers, sounds and threads (``tests/fakes/wire/lived_in.py``). 1, 100 and 1,000 servers; 10,000 with
``FULL=1`` in the environment. Both bots are processes of their own, with stand-ins of their own. Ours has the features
of the usual installation, without the extra ``semantic``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import Connection

from bot.packs.load import load_pack
from bot.settings import ROOT
from bot.storage import guild as guild_store
from bot.storage.database import Database
from bot.storage.guild import Guild as Settings
from bot.storage.upgrade import migrate
from tests.bench.apart import BARE, FEW, Bot, Discord
from tests.bench.command_kinds import NOTHING, Kind, Scene, command
from tests.bench.row import Effort, Row
from tests.bench.seeded import Population, members_of
from tests.bench.start import BY_WORDS

BASELINE: Final = "bare discord.py bot in the same servers"
MORE: Final = 20
"""Channels and roles of a server, beyond the usual few."""
WARM_UP: Final = 300
"""Members that came before: SQLite's caches and the allocator's reserves are then full."""
MEMBERS, FULL_MEMBERS = 1_000, 10_000
MOST_TIMES, MOST_MIB_AT_MOST_GUILDS = 2.0, 260.0
MOST_GUILDS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Stood:
    """One bot: seconds from its start to the first answer, memory at rest, and afterwards by each member, in MiB."""

    seconds: float
    mib: float
    a_member: float


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of servers and of members.

    Args:
        effort: its rounds; with few calls, servers and members are few.
        folder: an empty one, for databases.
    """
    full, small = bool(os.environ.get("FULL")), effort.calls < FEW
    sizes = (1, 2) if small else (1, 100, 1_000, *([MOST_GUILDS] if full else []))
    members = FEW if small else FULL_MEMBERS if full else MEMBERS
    rows: list[Row] = []
    at: dict[int, tuple[list[Stood], list[Stood]]] = {}
    for guilds in sizes:
        at[guilds] = ([], [])
        for number in range(effort.rounds):
            data = folder / f"{guilds}-{number}"
            data.mkdir()
            who = members if small or guilds == 1 else 0
            at[guilds][1].append(await _stood(data, guilds, BARE, NOTHING, who))
            at[guilds][0].append(await _stood(data, guilds, BY_WORDS, ROAD, who))
        rows += _rows(guilds, *at[guilds])
    least, most = sizes[0], sizes[-1]
    each = [
        [max(late.mib - early.mib, 0.0) * 1024 / (most - least) for early, late in zip(*sides, strict=True)]
        for sides in zip(at[least], at[most], strict=True)
    ]
    rows.append(Row("Memory of one more server", f"from {least:,} to {most:,}", "KiB", each[0], BASELINE, each[1]))
    ours, bare = ([max(one.a_member * 1024, 0.0) for one in side] for side in at[1])
    over = f"{members:,} members, each with /roadmap once, after {WARM_UP} others"
    return [*rows, Row("Memory of one more active member", over, "KiB", ours, BASELINE, bare)]


ROAD: Final = Kind("/roadmap", "", command("roadmap"), 0)


def _rows(guilds: int, ours: Sequence[Stood], bare: Sequence[Stood]) -> list[Row]:
    each = f"{MORE + 3} channels, {MORE + 2} roles"
    over = f"{guilds:,} servers of {each}" if guilds > 1 else f"1 server of {each}"
    most = MOST_MIB_AT_MOST_GUILDS if guilds == MOST_GUILDS else None
    mib = [one.mib for one in ours], BASELINE, [one.mib for one in bare]
    seconds = [one.seconds for one in ours], BASELINE, [one.seconds for one in bare]
    rows = [Row("Memory at rest", over, "MiB", *mib, most_times=MOST_TIMES)]
    if most is not None:
        rows.append(Row("Memory at rest", over, "MiB", *mib, most=most))
    return [*rows, Row("Start to first answer", over, "s", *seconds)]


async def _stood(folder: Path, guilds: int, module: str, kind: Kind, members: int) -> Stood:
    """Start a bot, let it come to rest, and then let members come."""
    async with Discord.standing(guilds, MORE) as discord:
        if module != BARE:
            await _known(folder / "syllabot.db", discord.guilds)
        pack = load_pack(ROOT / "content" / "ml-engineer")
        scene = Scene(pack, Population(members_of(guilds, max((members + WARM_UP) // guilds, 1)), 0, ()))
        async with Bot.running(discord, folder, module, patient=members != FEW) as bot:
            await discord.do(kind.acts(scene, 0, 1))
            seconds = perf_counter() - bot.process.started_at
            await bot.at_rest()
            mib, a_member = bot.mib(), 0.0
            if members:
                await discord.do(kind.acts(scene, 0, min(WARM_UP, members)))
                await bot.at_rest()
                before = bot.mib()
                await discord.do(kind.acts(scene, WARM_UP, members))
                await bot.at_rest()
                a_member = (bot.mib() - before) / members
        return Stood(seconds, mib, a_member)


async def _known(path: Path, guild_ids: Sequence[int]) -> None:
    """Write the settings of every server, as after its set-up."""
    migrate(path)
    database = await Database.open(path)

    def write(tx: Connection) -> None:
        for guild_id in guild_ids:
            guild_store.put(tx, Settings(guild_id, zone="Europe/Berlin"))

    await database.write(write)
    await database.close()
