"""Choosing fresh papers and competitions, and showing them: from the cache to the post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.feed import ARXIV, KAGGLE, Competition, FeedPaper, competition_json, paper_json
from bot.domain.pack import Pack
from bot.domain.schedule import BALANCED, PostOptions, Slot
from bot.services.fresh import fresh_choice, level_of
from bot.services.item import find_item
from bot.storage import feed as store
from bot.storage import occurrence as occurrence_store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from tests.domain.small_pack import small_pack
from tests.fakes.clock import FakeClock

GUILD, OTHER = 11, 12
DAY = date(2026, 11, 26)


def paper(clock: FakeClock, arxiv_id: str = "2611.00001", *, days: float = 1, **fields: Any) -> FeedPaper:
    """Return a paper that came out so many days ago."""
    moment = clock.now() - timedelta(days=days)
    values: dict[str, Any] = {
        "version": 1, "title": "A Survey of Counting", "authors": ("Ada", "Bo"), "abstract": "We count.",
        "categories": ("cs.LG",), "primary": "cs.LG", "published": moment, "updated": moment, "comment": None,
        "withdrawn": False,
    }  # fmt: skip
    return FeedPaper(arxiv_id=arxiv_id, **(values | fields))


def contest(clock: FakeClock, slug: str = "playing", *, days: float | None = 20, **fields: Any) -> Competition:
    """Return a competition that ends in so many days."""
    values: dict[str, Any] = {
        "title": "Playground Series", "url": f"https://www.kaggle.com/competitions/{slug}", "description": "Play.",
        "deadline": None if days is None else clock.now() + timedelta(days=days), "category": "Playground",
        "reward": "Swag", "tags": (), "teams": 1234, "enabled": None, "submissions_closed": False,
    }  # fmt: skip
    return Competition(slug=slug, **(values | fields))


def keep(tx: Connection, clock: FakeClock, items: Iterable[FeedPaper | Competition]) -> None:
    """Keep items as the fetch does."""
    for one in items:
        if isinstance(one, FeedPaper):
            store.put(tx, ARXIV, {one.item_id: paper_json(one)}, clock.now())
        else:
            store.put(tx, KAGGLE, {one.item_id: competition_json(one)}, clock.now())


class Choosing:
    """Chooses for a guild, as planning does."""

    def __init__(self, database: Database, pack: Pack, clock: FakeClock) -> None:
        self.database, self.pack, self.clock = database, pack, clock
        self.days = 0

    async def keep(self, *items: FeedPaper | Competition) -> None:
        """Keep items as the fetch does."""
        await self.database.write(lambda tx: keep(tx, self.clock, items))

    async def choose(
        self, slot: Slot, options: PostOptions | None = None, *, guild: int = GUILD, stage: int = 3
    ) -> str | None:
        """Choose for a new schedule of a guild at a stage."""

        def work(tx: Connection) -> str | None:
            one = schedule_store.add(tx, guild, 5, time(9), BALANCED, self.clock.now(), options or PostOptions())
            return fresh_choice(tx, self.pack, one, slot, self.pack.track.stages[stage - 1], self.clock.now())

        return await self.database.write(work)

    async def post(self, exercise_id: str, slot: Slot, guild: int = GUILD) -> None:
        """Plan a post for the next day."""
        self.days += 1
        day = DAY + timedelta(days=self.days)
        due_at = self.clock.now() + timedelta(days=self.days)
        what = occurrence_store.Plan(guild, 1, day, slot, exercise_id, 5, due_at)
        await self.database.write(lambda tx: occurrence_store.plan(tx, what))


@pytest.fixture
def choosing(database: Database, pack: Pack, clock: FakeClock) -> Choosing:
    return Choosing(database, pack, clock)


async def test_with_nothing_kept_the_pack_serves(choosing: Choosing) -> None:
    for slot in Slot:
        assert await choosing.choose(slot) is None


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"title": "Counting", "abstract": "This SURVEY counts."}, True),
        ({"title": "Counting: a (review)", "abstract": ""}, True),
        ({"title": "Surveying peer-reviewed reviewers"}, False),
        ({"title": "Counting"}, False),
        ({"withdrawn": True}, False),
        ({"days": 13.9}, True),
        ({"days": 14.1}, False),
        ({"days": -1}, False),
        ({"categories": ("cs.CV", "stat.ML")}, True),
        ({"categories": ("cs.CV",)}, False),
    ],
)
async def test_a_paper_must_be_fresh_and_speak_of_what_the_group_wants(
    choosing: Choosing, clock: FakeClock, fields: dict[str, Any], fits: bool
) -> None:
    await choosing.keep(paper(clock, **fields))
    assert await choosing.choose(Slot.ARXIV) == ("arxiv:2611.00001" if fits else None)


async def test_without_keywords_any_paper_of_the_classes_will_do(choosing: Choosing, clock: FakeClock) -> None:
    await choosing.keep(paper(clock, title="Counting"))
    assert await choosing.choose(Slot.ARXIV, PostOptions(keywords=())) == "arxiv:2611.00001"
    assert await choosing.choose(Slot.ARXIV, PostOptions(keywords=(), categories=("cs.CL",))) is None


async def test_a_keyword_of_several_words_is_found_whatever_joins_them(choosing: Choosing, clock: FakeClock) -> None:
    await choosing.keep(paper(clock, title="On In-Context  learning"))
    assert await choosing.choose(Slot.ARXIV, PostOptions(keywords=("in context learning",))) is not None
    assert await choosing.choose(Slot.ARXIV, PostOptions(keywords=("c++ (.*",))) is None


async def test_a_title_that_says_it_comes_first_then_the_newest(choosing: Choosing, clock: FakeClock) -> None:
    await choosing.keep(
        paper(clock, "2611.00001", title="Counting", abstract="A survey.", days=1),
        paper(clock, "2611.00002", days=6),
        paper(clock, "2611.00003", days=5),
    )
    order: list[str | None] = []
    for _ in range(4):
        chosen = await choosing.choose(Slot.ARXIV)
        order.append(chosen)
        await choosing.post(chosen or "paper-word2vec", Slot.ARXIV)
    assert order == ["arxiv:2611.00003", "arxiv:2611.00002", "arxiv:2611.00001", None]
    assert await choosing.choose(Slot.ARXIV, guild=OTHER) == "arxiv:2611.00003", "each guild has its own history"


async def test_no_paper_comes_twice_across_versions(choosing: Choosing, clock: FakeClock) -> None:
    await choosing.keep(paper(clock))
    await choosing.post("arxiv:2611.00001", Slot.ARXIV)
    await choosing.keep(paper(clock, version=2))
    assert await choosing.choose(Slot.ARXIV) is None


async def test_the_cache_serves_over_a_weekend_and_a_long_outage_ends_at_the_pack(
    choosing: Choosing, clock: FakeClock
) -> None:
    await choosing.keep(paper(clock, days=1))
    clock.move(days=12)
    assert await choosing.choose(Slot.ARXIV) == "arxiv:2611.00001"
    clock.move(days=2)
    assert await choosing.choose(Slot.ARXIV) is None


@pytest.mark.parametrize(
    ("fields", "stage", "fits"),
    [
        ({}, 1, True),
        ({}, 5, True),
        ({}, 6, False),
        ({"category": "getting started"}, 1, True),
        ({"category": "Featured"}, 5, False),
        ({"category": "Featured"}, 6, True),
        ({"category": "Research"}, 8, True),
        ({"category": "Masters"}, 6, False),
        ({"category": ""}, 3, False),
        ({"days": 7}, 3, True),
        ({"days": 6.9}, 3, False),
        ({"days": 365}, 3, True),
        ({"days": 366}, 3, False),
        ({"days": None}, 3, False),
        ({"submissions_closed": True}, 3, False),
    ],
)
async def test_a_competition_must_suit_the_level_and_leave_time(
    choosing: Choosing, clock: FakeClock, fields: dict[str, Any], stage: int, fits: bool
) -> None:
    await choosing.keep(contest(clock, **fields))
    assert await choosing.choose(Slot.KAGGLE, stage=stage) == ("kaggle:playing" if fits else None)


async def test_a_competition_that_has_not_opened_waits(choosing: Choosing, clock: FakeClock) -> None:
    await choosing.keep(contest(clock, enabled=clock.now() + timedelta(hours=1)))
    assert await choosing.choose(Slot.KAGGLE) is None
    clock.move(hours=1)
    assert await choosing.choose(Slot.KAGGLE) == "kaggle:playing"


async def test_never_two_competitions_in_a_row_and_none_twice(choosing: Choosing, clock: FakeClock) -> None:
    await choosing.keep(contest(clock, "later", days=40), contest(clock, "sooner", days=30))
    order: list[str | None] = []
    for _ in range(5):
        chosen = await choosing.choose(Slot.KAGGLE)
        order.append(chosen)
        await choosing.post(chosen or "k-titanic-one-rule", Slot.KAGGLE)
        await choosing.post("p-float-money", Slot.PRACTICE)
    assert order == ["kaggle:sooner", None, "kaggle:later", None, None]


async def test_a_pack_without_questions_and_tasks_gets_nothing_fresh(database: Database, clock: FakeClock) -> None:
    bare = Choosing(database, small_pack({"one": {"any-topic": []}}), clock)
    await bare.keep(paper(clock), contest(clock))
    assert await bare.choose(Slot.ARXIV, stage=1) is None
    assert await bare.choose(Slot.KAGGLE, stage=1) is None


def test_levels_of_stages(pack: Pack) -> None:
    assert [level_of(stage) for stage in pack.track.stages] == [1, 1, 2, 2, 2, 3, 3, 3]


async def test_a_fresh_paper_as_it_is_shown(choosing: Choosing, database: Database, clock: FakeClock) -> None:
    hostile = paper(
        clock,
        title="@everyone *Bold* $\\alpha$-[net](https://evil.example) __x__",
        authors=("A*a", "B", "C", "D"),
        abstract="We bound $x_{max}$. See [here](https://evil.example). " + "And so on it goes. " * 80,
    )
    await choosing.keep(hostile)
    found = await database.read(lambda tx: find_item(tx, choosing.pack, "arxiv:2611.00001"))
    assert found is not None
    assert (found.id, found.slot, found.level, found.kind) == ("arxiv:2611.00001", Slot.ARXIV, None, None)
    assert found.title == "@\u200beveryone ∗Bold∗ α-(net)(https://evil.example) x"
    assert found.text.startswith("We bound x\\_max. See \\[here\\](")
    assert found.text.endswith("goes.")
    assert len(found.text) < 800
    assert found.facts == ("A\\*a, B, C and 1 more", "November 2026", "cs.LG")
    assert [address for _, address in found.links] == [
        "https://arxiv.org/abs/2611.00001", "https://arxiv.org/pdf/2611.00001",
    ]  # fmt: skip
    asked = {one.question for one in choosing.pack.exercises.reading.values()}
    assert found.question in asked
    await choosing.keep(paper(clock, version=2))
    again = await database.read(lambda tx: find_item(tx, choosing.pack, "arxiv:2611.00001"))
    assert again is not None
    assert again.question == found.question, "the same question for all its versions"


async def test_papers_come_with_different_questions(choosing: Choosing, database: Database, clock: FakeClock) -> None:
    many = [paper(clock, f"2611.{i:05}") for i in range(200)]
    await choosing.keep(*many)
    found = await database.read(lambda tx: [find_item(tx, choosing.pack, one.item_id) for one in many])
    assert len({one.question for one in found if one}) == len(choosing.pack.exercises.reading)


async def test_a_competition_as_it_is_shown(choosing: Choosing, database: Database, clock: FakeClock) -> None:
    await choosing.keep(contest(clock, teams=1))
    found = await database.read(lambda tx: find_item(tx, choosing.pack, "kaggle:playing"))
    assert found is not None
    assert found.text.startswith("Play.\n\n")
    assert found.facts == ("Playground", "Swag", "1 team")
    assert found.deadline == clock.now() + timedelta(days=20)
    assert found.links == (("Open it on Kaggle", "https://www.kaggle.com/competitions/playing"),)
    assert len(found.outline) >= 2


@pytest.mark.parametrize("unknown", ["arxiv:2611.99999", "kaggle:gone", "no-such-exercise", "arxiv:"])
async def test_what_is_not_known_is_none(choosing: Choosing, database: Database, unknown: str) -> None:
    assert await database.read(lambda tx: find_item(tx, choosing.pack, unknown)) is None


async def test_a_long_title_is_cut_at_a_word(choosing: Choosing, database: Database, clock: FakeClock) -> None:
    await choosing.keep(paper(clock, title="Counting words " * 40))
    found = await database.read(lambda tx: find_item(tx, choosing.pack, "arxiv:2611.00001"))
    assert found is not None
    assert len(found.title) <= 200
    assert found.title.endswith(" words…") or found.title.endswith("Counting…")
