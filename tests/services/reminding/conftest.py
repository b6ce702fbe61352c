"""A guild whose members are written to."""

from __future__ import annotations

import pytest

from bot.domain.pack import Pack
from bot.services.look_back import LookBackService
from bot.services.packs import Packs
from bot.services.profile import ProfileService
from bot.services.reminder import ReminderService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.reminding.letters import Post


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock, post: Post) -> ReminderService:
    return ReminderService(database, Packs(database, pack), clock, post, "one")


@pytest.fixture
def profile(database: Database, clock: FakeClock) -> ProfileService:
    return ProfileService(database, clock)


@pytest.fixture
def weeks(database: Database, pack: Pack, clock: FakeClock) -> LookBackService:
    return LookBackService(database, Packs(database, pack), clock)
