"""The process that draws: lazy, restarted, never waited for too long."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from datetime import date, time

import pytest

from bot.cards import renderer
from bot.cards.renderer import Cards
from bot.domain.streak import DayKind, StreakCard
from tests.cards.samples import HOSTILE, group, leaderboard, progress

TODAY = date(2026, 11, 23)
DEAD = (sys.executable, "-c", "")
HANGING = (sys.executable, "-c", "import sys; sys.stdin.read()")


def card(name: str = "Sofia", length: int = 1) -> StreakCard:
    """Return a card of one day."""
    return StreakCard(name, TODAY, time(4), length, 1, 0, 6, ((TODAY, DayKind.KEPT),))


@pytest.fixture
async def cards() -> AsyncIterator[Cards]:
    made = Cards()
    yield made
    await made.close()


def process(cards: Cards) -> int | None:
    """Return the id of the process that draws."""
    return cards._worker.pid if cards._worker else None  # pyright: ignore[reportPrivateUsage]


async def test_it_starts_with_the_first_picture_and_draws_each_once(cards: Cards) -> None:
    assert process(cards) is None
    first = await cards.streak(card())
    assert first
    assert first.startswith(b"\x89PNG")
    started = process(cards)
    await cards.close()
    assert await cards.streak(card()) == first
    assert process(cards) is None, "what was drawn is kept"
    other = await cards.streak(card(length=2))
    assert other not in {None, first}
    assert process(cards) not in {None, started}


async def test_a_process_that_died_is_replaced(cards: Cards) -> None:
    await cards.streak(card())
    worker = cards._worker  # pyright: ignore[reportPrivateUsage]
    assert worker is not None
    worker.kill()
    worker.wait()
    assert await cards.streak(card(length=2))


@pytest.mark.parametrize("command", [DEAD, HANGING])
async def test_one_that_dies_or_hangs_costs_the_picture_and_nothing_else(command: tuple[str, ...]) -> None:
    cards = Cards(command, within=0.5)
    assert await cards.streak(card()) is None
    assert process(cards) is None
    await cards.close()


async def test_the_process_is_told_no_secret(cards: Cards, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.very.private.token")
    await cards.streak(card())
    with open(f"/proc/{process(cards)}/environ", "rb") as environment:  # noqa: ASYNC230, PTH123
        assert b"a.very.private.token" not in environment.read()


@pytest.mark.parametrize("name", HOSTILE)
async def test_any_name_can_be_drawn(cards: Cards, name: str) -> None:
    assert await cards.streak(card(name))
    worker = process(cards)
    assert await cards.leaderboard(leaderboard(name))
    assert await cards.group(group(name))
    assert await cards.progress(progress(name))
    assert process(cards) == worker, "no name may end the process"


async def test_a_board_that_is_kept_is_told_at_once(cards: Cards) -> None:
    assert cards.kept_leaderboard(leaderboard()) is None
    png = await cards.leaderboard(leaderboard())
    assert cards.kept_leaderboard(leaderboard()) == png
    assert cards.kept_leaderboard(leaderboard("Ana")) is None


async def test_of_too_many_pictures_the_one_nobody_looked_at_longest_is_let_go(
    cards: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer, "KEPT", 2)
    boards = [leaderboard(name) for name in ("Ana", "Bo", "Cleo")]
    await cards.leaderboard(boards[0])
    await cards.leaderboard(boards[1])
    assert cards.kept_leaderboard(boards[0])
    await cards.leaderboard(boards[2])
    assert [cards.kept_leaderboard(one) is not None for one in boards] == [True, False, True]


@pytest.mark.parametrize("command", [DEAD, HANGING])
async def test_no_new_card_waits_for_a_process_that_fails(command: tuple[str, ...]) -> None:
    cards = Cards(command, within=0.3)
    assert await cards.leaderboard(leaderboard()) is None
    assert await cards.group(group()) is None
    assert await cards.progress(progress()) is None
    await cards.close()
