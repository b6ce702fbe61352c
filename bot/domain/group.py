"""Study groups: who may make them, and the limits of one."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

NAME_CHARACTERS: Final = 32
LARGEST: Final = 50
USUAL_SIZE: Final = 8


class GroupMakers(StrEnum):
    """Who may make a study group in a guild."""

    MODERATORS = "moderators"
    EVERYBODY = "everybody"
