"""Searching arXiv, with a server that plays its API and its RSS feeds."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from aiohttp import web

from bot.errors import BadInputError, SourceError
from bot.sources.arxiv import ArxivSource
from bot.sources.http import Fetcher
from tests.fakes.clock import FakeClock
from tests.sources.conftest import Stage
from tests.sources.samples import ATOM_TYPE, ERROR, RSS_TYPE, atom, entry, item, rss


@pytest.fixture
def arxiv(stage: Stage, fetch: Fetcher) -> ArxivSource:
    return ArxivSource(fetch, f"{stage.url}/api/query", f"{stage.url}/rss")


@dataclass(frozen=True)
class Said:
    """An answer the server can give any number of times."""

    body: bytes = b"<html>busy</html>"
    content_type: str = "text/html"
    status: int = 200
    retry_after: str = ""

    def response(self) -> web.Response:
        """Return it, new."""
        headers = {"Content-Type": self.content_type} | ({"Retry-After": self.retry_after} if self.retry_after else {})
        return web.Response(body=self.body, status=self.status, headers=headers)


def both(stage: Stage, api: Said, feed: Said) -> None:
    async def answer(request: web.Request) -> web.Response:
        return (api if request.path.startswith("/api") else feed).response()

    stage.handler = answer


async def test_a_search(stage: Stage, arxiv: ArxivSource) -> None:
    stage.says(atom(entry("2604.00002v1"), entry("2604.00001v1"), entry("2604.00002v3")), ATOM_TYPE)
    papers = await arxiv.search(["cs.LG", "stat.ML"], ["graph neural network", 'all:"x" OR cat:*'], 10)
    assert [(paper.arxiv_id, paper.version) for paper in papers] == [("2604.00002", 3), ("2604.00001", 1)]
    query = stage.asked[0].query
    assert query["search_query"] == (
        '(cat:cs.LG OR cat:stat.ML) AND (ti:"graph neural network" OR abs:"graph neural network"'
        ' OR ti:"all x OR cat" OR abs:"all x OR cat")'
    )
    assert (query["sortBy"], query["sortOrder"], query["max_results"]) == ("submittedDate", "descending", "10")
    assert "application/atom+xml" in stage.asked[0].headers["Accept"]
    assert len(stage.asked) == 1


@pytest.mark.parametrize(("most", "told"), [(1, "1"), (0, "1"), (1000, "100")])
async def test_how_many(stage: Stage, arxiv: ArxivSource, most: int, told: str) -> None:
    stage.says(atom(entry("2604.00002v1"), entry()), ATOM_TYPE)
    assert len(await arxiv.search(["cs.LG"], [], most)) == min(most, 2)
    assert stage.asked[0].query["max_results"] == told


async def test_nothing_wanted_is_not_asked(stage: Stage, arxiv: ArxivSource) -> None:
    assert await arxiv.search([], ["", " -- ", "(((", '"'], 10) == []
    assert stage.asked == []


@pytest.mark.parametrize("category", ["", "cs LG", "../admin", "cs.LG+x", "cs.LG OR all:x", "CS.lg?", "c" * 5 + "."])
async def test_a_class_that_can_not_be(stage: Stage, arxiv: ArxivSource, category: str) -> None:
    with pytest.raises(BadInputError):
        await arxiv.search(["cs.LG", category], [], 10)
    assert stage.asked == []


@pytest.mark.parametrize(
    "api",
    [
        Said(status=406),
        Said(status=500),
        Said(),
        Said(atom(ERROR), ATOM_TYPE, 400),
        Said(atom(ERROR), ATOM_TYPE),
        Said(atom(entry()), ATOM_TYPE, 400),
        Said(atom(entry()), ATOM_TYPE, 406),
        Said(atom(total=9), ATOM_TYPE),
        Said(atom(entry())[:400], ATOM_TYPE),
    ],
    ids=["406", "500", "page", "400", "error entry", "400 with papers", "406 with papers", "empty page", "half"],
)
async def test_rss_stands_in_for_the_api(stage: Stage, arxiv: ArxivSource, api: Said) -> None:
    items = [item("1706.03762v7", "cross"), item("2604.00003v1"), item("2604.00004v2", "replace")]
    both(stage, api, Said(rss(*items), RSS_TYPE))
    papers = await arxiv.search(["cs.LG", "cs.CL"], [], 10)
    assert [paper.arxiv_id for paper in papers] == ["2604.00003", "1706.03762"]
    assert [asked.path for asked in stage.asked] == ["/api/query", "/rss/cs.LG+cs.CL"]


async def test_rss_by_keywords(stage: Stage, arxiv: ArxivSource) -> None:
    titles = ["The world of girls", "On RL", "Graph-neural\n networks", "Graph neural network", "Unrelated"]
    items = [item(f"2604.0000{i}v1", title=title) for i, title in enumerate(titles)]
    both(stage, Said(status=503), Said(rss(*items), RSS_TYPE))
    papers = await arxiv.search(["cs.LG"], ["rl", "graph neural network"], 10)
    assert [paper.title for paper in papers] == ["On RL", "Graph neural network"]


async def test_a_weekend_while_the_api_is_down(stage: Stage, arxiv: ArxivSource) -> None:
    both(stage, Said(status=503), Said(rss(), RSS_TYPE))
    assert await arxiv.search(["cs.LG"], [], 10) == []


@pytest.mark.parametrize(("api", "feed", "wait"), [("120", "60", 60), ("120", "900", 120), ("120", None, None)])
async def test_when_both_are_down(
    stage: Stage, arxiv: ArxivSource, api: str, feed: str | None, wait: float | None
) -> None:
    broken = Said() if feed is None else Said(status=429, retry_after=feed)
    both(stage, Said(status=503, retry_after=api), broken)
    with pytest.raises(SourceError) as caught:
        await arxiv.search(["cs.LG"], [], 10)
    assert caught.value.source == "arXiv"
    assert caught.value.retry_after == wait
    assert "RSS" in caught.value.sentence


async def test_keywords_alone_have_no_second_source(stage: Stage, arxiv: ArxivSource) -> None:
    stage.says(b"", "text/html", 429, Retry_After="30")
    with pytest.raises(SourceError) as caught:
        await arxiv.search([], ["transformers"], 10)
    assert caught.value.retry_after == 30
    assert len(stage.asked) == 1


async def test_a_pause_of_the_api_is_kept_while_rss_answers(stage: Stage, arxiv: ArxivSource, clock: FakeClock) -> None:
    both(stage, Said(status=503, retry_after="600"), Said(rss(item()), RSS_TYPE))
    for _ in range(3):
        assert len(await arxiv.search(["cs.LG"], [], 10)) == 1
    assert [asked.path for asked in stage.asked].count("/api/query") == 1
    clock.move(seconds=600)
    await arxiv.search(["cs.LG"], [], 10)
    assert [asked.path for asked in stage.asked].count("/api/query") == 2
