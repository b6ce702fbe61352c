"""A card with a palette looks as it was drawn, corners included, and takes half the bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, time
from typing import Any, cast

import pytest
from PIL import Image, ImageChops

from bot.cards import worker
from bot.cards.board import leaderboard_values
from bot.cards.group import group_values
from bot.cards.pace import pace_values
from bot.cards.palette import SHEER, UNSEEN, with_palette
from bot.cards.progress import progress_values
from bot.cards.renderer import Cards
from bot.cards.streak import streak_values
from bot.cards.typeface import Typefaces
from bot.domain.streak import DayKind, StreakCard
from tests.cards import samples

TODAY = date(2026, 11, 23)
CARDS = {
    "leaderboard.svg": leaderboard_values(samples.leaderboard("Sofia 🦊")),
    "group.svg": group_values(samples.group("林薇")),
    "progress.svg": progress_values(samples.progress()),
    "pace.svg": pace_values(samples.pace()),
    "streak.svg": streak_values(StreakCard("Ana", TODAY, time(4), 12, 31, 1, 6, ((TODAY, DayKind.KEPT),))),
}


def drawn(template: str, values: Mapping[str, Any]) -> bytes:
    return worker.drawn(worker.environment(), Typefaces(), template, dict(values))


def on(ground: str, png: bytes) -> Image.Image:
    """Return a picture as it looks on a page of this color."""
    with Image.open(io.BytesIO(png)) as one:
        rgba = one.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, ground), rgba).convert("RGB")


def difference(ground: str, one: bytes, other: bytes) -> int:
    """Return by how much a pixel of red, green or blue differs at most, on a page of this color."""
    differences = ImageChops.difference(on(ground, one), on(ground, other)).getextrema()
    return max(most for _, most in cast("tuple[tuple[int, int], ...]", differences))


@pytest.mark.parametrize("template", CARDS)
def test_every_card_looks_the_same_in_little_more_than_half_the_bytes(template: str) -> None:
    before = drawn(template, CARDS[template])
    after = with_palette(before)
    assert len(after) < 0.6 * len(before)
    assert difference("black", before, after) <= UNSEEN
    assert difference("white", before, after) <= UNSEEN + 255 // (SHEER - 1), "its corners let a light page through"
    with Image.open(io.BytesIO(after)) as one:
        assert one.mode == "P"
        assert one.convert("RGBA").getchannel("A").getpixel((0, 0)) == 0


def test_what_has_too_many_colors_stays_as_it_is() -> None:
    before = drawn("group.svg", group_values(samples.group("🦊🌈🎨🍉🧠")))
    assert with_palette(before) is before


async def test_the_process_that_draws_gives_every_picture_a_palette() -> None:
    cards = Cards()
    png = await cards.group(samples.group())
    await cards.close()
    assert png is not None
    with Image.open(io.BytesIO(png)) as one:
        assert one.mode == "P"
