"""Killing the process in which members act loses nothing that a member was told of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tests.kill.toll import run

KILLS: Final = int(os.environ.get("KILLS", "20"))


async def test_f43_no_acknowledged_act_of_any_kind_is_lost(database_path: Path) -> None:
    toll = await run(database_path, KILLS)
    print(f"{toll.kills} kills, {dict(toll.told)} acknowledged, {toll.cut} cut short")
    assert (toll.kills, toll.lost, toll.damaged) == (KILLS, [], 0)
    assert toll.told.keys() == {"mark", "done", "grade", "vote"}
    assert toll.cut, "no kill met an act that was under way"
