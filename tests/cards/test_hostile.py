"""F36: hostile text in every field of every card stays text: no element, no attribute and no template of its own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from typing import Any, Final

import pytest

from bot.cards import worker
from bot.cards.board import leaderboard_values
from bot.cards.group import group_values
from bot.cards.pace import pace_values
from bot.cards.progress import progress_values
from bot.cards.streak import streak_values
from bot.cards.typeface import Typefaces
from bot.domain.streak import DayKind, StreakCard
from bot.settings import ROOT
from tests.cards.samples import HOSTILE, group, leaderboard, pace, progress
from tests.hostile import CORPUS

TODAY: Final = date(2026, 11, 23)
CARDS: Final[dict[str, tuple[Any, Callable[[Any], dict[str, Any]]]]] = {
    "leaderboard.svg": (leaderboard(), leaderboard_values),
    "group.svg": (group(), group_values),
    "progress.svg": (progress(), progress_values),
    "pace.svg": (pace(), pace_values),
    "streak.svg": (StreakCard("Ana", TODAY, time(4), 1, 1, 0, 6, ((TODAY, DayKind.KEPT),)), streak_values),
}
TEMPLATES: Final = worker.environment()
TSPAN: Final = "{http://www.w3.org/2000/svg}tspan"
WORDS: Final = {"x", "font-family"}
"""What a stretch of free words has."""
TYPEFACES: Final = Typefaces()


def soiled(value: Any, text: str) -> Any:
    """Return a value with this text in the place of every text in it."""
    if type(value) is str:
        return text
    if isinstance(value, tuple):
        return tuple(soiled(one, text) for one in value)  # pyright: ignore[reportUnknownVariableType]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: soiled(getattr(value, one.name), text) for one in fields(value)})
    return value


def drawn(name: str, card: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the SVG that a card becomes."""
    seen: list[str] = []

    def keep(*, svg_string: str, **_more: object) -> bytes:
        seen.append(svg_string)
        return b"png"

    monkeypatch.setattr(worker.resvg_py, "svg_to_bytes", keep)
    worker.drawn(TEMPLATES, TYPEFACES, name, CARDS[name][1](card))
    return seen[0]


def shape(svg: str) -> set[tuple[str, frozenset[str]]]:
    """Return which elements there are, each with the names of its attributes."""
    return {(one.tag, frozenset(one.attrib)) for one in ET.fromstring(svg).iter()}  # noqa: S314  (ours)


def test_every_template_has_its_card() -> None:
    assert set(CARDS) == {one.name for one in (ROOT / "bot" / "cards" / "templates").glob("*.svg")}


@pytest.mark.parametrize("name", CARDS)
def test_f36_no_text_leaves_its_place_in_a_card(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = CARDS[name][0]
    allowed = shape(drawn(name, plain, monkeypatch)) | shape(drawn(name, soiled(plain, "x"), monkeypatch))
    tags, names = {tag for tag, _ in allowed} | {TSPAN}, {one for _, every in allowed for one in every}
    for text in (*CORPUS.values(), *HOSTILE):
        svg = drawn(name, soiled(plain, text), monkeypatch)
        found = shape(svg)
        assert {tag for tag, _ in found} <= tags, text[:40]
        assert {one for _, every in found for one in every} <= names | WORDS, text[:40]
        assert "49" not in re.findall(r">([^<]*)</tspan>", svg), "a name is no template"
