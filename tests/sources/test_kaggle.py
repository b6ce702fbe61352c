"""Kaggle's competitions: today's shape, the shape of 2021, and nonsense."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feed import Competition
from bot.errors import SourceError
from bot.sources.http import Fetcher
from bot.sources.kaggle import PAGES, KaggleSource, competitions_of
from tests.sources.conftest import Stage
from tests.sources.samples import competition


def read(value: object) -> list[Competition]:
    return competitions_of(json.dumps(value).encode())[0]


def test_the_recorded_lists(recorded: Path) -> None:
    files = sorted((recorded / "kaggle").glob("*.json"))
    assert len(files) == 4
    for file in files:
        if file.stem != "competitions_list_2021":
            with pytest.raises(SourceError):
                competitions_of(file.read_bytes())
            continue
        found, page_token = competitions_of(file.read_bytes())
        assert (len(found), page_token) == (20, "")
        by_slug = {one.slug: one for one in found}
        jane = by_slug["jane-street-market-prediction"]
        assert jane.deadline == datetime(2021, 8, 23, 23, 59, tzinfo=UTC)
        assert (jane.reward, jane.category, jane.teams) == ("$100,000", "Featured", 4245)
        assert jane.submissions_closed
        assert jane.tags == ("finance", "tabular data")
        assert jane.url == "https://www.kaggle.com/competitions/jane-street-market-prediction"
        assert sum(one.submissions_closed for one in found) == 1
        assert all(one.enabled is not None and one.enabled.year in range(2010, 2022) for one in found)


def test_todays_shape() -> None:
    (found,) = read({"competitions": [competition()], "nextPageToken": ""})
    assert found == Competition(
        slug="titanic",
        title="Titanic - Machine Learning from Disaster",
        url="https://www.kaggle.com/competitions/titanic",
        description="Start here!",
        deadline=datetime(2030, 1, 1, tzinfo=UTC),
        category="Getting Started",
        reward="Knowledge",
        tags=("tabular",),
        teams=14000,
        enabled=datetime(2012, 9, 28, 21, 13, 33, 550000, tzinfo=UTC),
        submissions_closed=False,
    )


def test_the_suffix_nullable() -> None:
    given_fields = {
        "ref": "titanic",
        "titleNullable": "Titanic",
        "urlNullable": "https://www.kaggle.com/c/titanic",
        "deadline": None,
        "deadlineNullable": "2030-01-01T00:00:00",
        "rewardNullable": "Swag",
        "tags": [{"nameNullable": "tabular"}, "text", {"name": None}, None],
        "teamCount": 0,
    }
    (found,) = read([given_fields])
    assert (found.title, found.reward, found.tags, found.teams) == ("Titanic", "Swag", ("tabular", "text"), 0)
    assert found.deadline == datetime(2030, 1, 1, tzinfo=UTC)


def test_nulls() -> None:
    nulls = dict.fromkeys(set(competition()) - {"ref", "title"})
    (found,) = read({"competitions": [competition(**nulls)]})
    assert (found.description, found.category, found.reward, found.tags) == ("", "", "", ())
    assert (found.deadline, found.teams, found.enabled, found.submissions_closed) == (None, None, None, False)
    assert found.url == "https://www.kaggle.com/competitions/titanic"


@pytest.mark.parametrize("deadline", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "1970-01-01T00:00:00Z"])
def test_a_deadline_that_means_none(deadline: str) -> None:
    assert read([competition(deadline=deadline)])[0].deadline is None


@pytest.mark.parametrize(
    ("reference", "slug"),
    [
        ("titanic", "titanic"),
        ("GiveMeSomeCredit", "GiveMeSomeCredit"),
        ("https://www.kaggle.com/competitions/playground-series-s6e11", "playground-series-s6e11"),
        ("https://www.kaggle.com/c/titanic/", "titanic"),
        ("https://kaggle.com/c/titanic?x=y", "titanic"),
    ],
)
def test_references(reference: str, slug: str) -> None:
    assert read([competition(ref=reference)])[0].slug == slug


@pytest.mark.parametrize(
    "fields",
    [
        {"ref": "https://evil.example/competitions/titanic"},
        {"ref": "https://www.kaggle.com/datasets/x"},
        {"ref": "gpreda/reddit"},
        {"ref": "a b"},
        {"ref": ""},
        {"ref": None, "url": None},
        {"title": None},
        {"title": " "},
        {"deadline": "soon"},
        {"teamCount": -1},
        {"tags": "tabular"},
    ],
)
def test_what_can_not_be_used_is_left_out(fields: dict[str, object]) -> None:
    assert [one.slug for one in read([competition(**fields), competition(ref="good")])] == ["good"]
    with pytest.raises(SourceError, match="no usable competition"):
        read([competition(**fields)])


@pytest.mark.parametrize("empty", [[], {}, {"competitions": []}, {"competitions": None, "nextPageToken": None}])
def test_no_competitions_are_no_error(empty: object) -> None:
    assert read(empty) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"text"',
        b'{"code": 401, "message": "Unauthenticated"}',
        b'{"competitions": {}}',
        b'{"competitions": 0}',
        b'{"competitions": [{"ref": "a", "title": "b"}',
        b'[1, null, [], {}, "x"]',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" + b"9" * 100_000 + b"]",
        b'["\\ud800"]',
        b"\xff\xfe[",
        b"<html></html>",
        b"[NaN]",
    ],
)
def test_nonsense(body: bytes) -> None:
    with pytest.raises(SourceError):
        competitions_of(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*competition(), "titleNullable", "competitions", "nextPageToken"]), inner)
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(sorted(competition())))
def test_any_json(value: object, name: str) -> None:
    for made in (value, [value], {"competitions": [value]}, [competition(**{name: value})]):
        try:
            found = read(made)
        except SourceError:
            continue
        for one in found:
            assert one.title
            assert one.deadline is None or one.deadline.tzinfo is UTC


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    try:
        competitions_of(body)
    except SourceError:
        return


async def test_how_it_asks(stage: Stage, fetch: Fetcher) -> None:
    stage.says_json({"competitions": [competition()]})
    found = await KaggleSource(fetch, f"{stage.url}/", "s3cret").competitions()
    assert [one.slug for one in found] == ["titanic"]
    (asked,) = stage.asked
    assert (asked.method, asked.path) == ("POST", "/v1/competitions.CompetitionApiService/ListCompetitions")
    assert asked.headers["Authorization"] == "Bearer s3cret"
    assert asked.headers["Accept"] == "application/json"
    assert json.loads(stage.bodies[0])["group"] == "COMPETITION_LIST_TAB_GENERAL"


@pytest.mark.parametrize("token", [None, ""])
async def test_without_a_token_nothing_is_asked(stage: Stage, fetch: Fetcher, token: str | None) -> None:
    assert await KaggleSource(fetch, stage.url, token).competitions() == []
    assert stage.asked == []


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_is_not_accepted(stage: Stage, fetch: Fetcher, status: int) -> None:
    stage.says("<html>Forbidden</html>", "text/html", status)
    with pytest.raises(SourceError, match=r"does not accept the token\. Make a new one") as caught:
        await KaggleSource(fetch, stage.url, "s3cret").competitions()
    assert "s3cret" not in caught.value.sentence


async def test_a_token_that_no_header_can_hold(stage: Stage, fetch: Fetcher) -> None:
    with pytest.raises(SourceError) as caught:
        await KaggleSource(fetch, stage.url, "s3cret\r\nX: y").competitions()
    assert "s3cret" not in caught.value.sentence
    assert stage.asked == []


async def test_pages_are_followed_and_end(stage: Stage, fetch: Fetcher) -> None:
    async def paging(_: web.Request) -> web.Response:
        number = len(stage.asked)
        page = [competition(ref=f"c{number}"), competition(ref="again", teamCount=number)]
        return web.json_response({"competitions": page, "nextPageToken": f"p{number}"})

    stage.handler = paging
    found = await KaggleSource(fetch, stage.url, "s3cret").competitions()
    assert [one.slug for one in found] == ["c1", "again", "c2", "c3", "c4", "c5"]
    assert found[1].teams == 1
    assert len(stage.asked) == PAGES
    assert [json.loads(body).get("pageToken") for body in stage.bodies] == [None, "p1", "p2", "p3", "p4"]


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/xml"])
async def test_json_by_another_name(stage: Stage, fetch: Fetcher, content_type: str) -> None:
    stage.says("[]", content_type)
    with pytest.raises(SourceError):
        await KaggleSource(fetch, stage.url, "s3cret").competitions()
