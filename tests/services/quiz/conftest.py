"""What the tests of quiz rounds are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from bot.domain.pack import Pack
from bot.services.packs import Packs
from bot.services.quiz import QuizService
from bot.services.quiz_play import QuizPlay
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.quizzes import Stage

Restart: TypeAlias = Callable[[], QuizPlay]


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> QuizService:
    return QuizService(database, Packs(database, pack), clock)


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def restart(database: Database, clock: FakeClock, stage: Stage) -> Restart:
    """Return what makes another process's steps, which knows nothing but the rows."""
    return lambda: QuizPlay(database, clock, stage)


@pytest.fixture
def play(restart: Restart) -> QuizPlay:
    return restart()
