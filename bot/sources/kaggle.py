"""Kaggle: its list of competitions, where the operator has set a token. There is none without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, cast

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

from bot.domain.feed import Competition
from bot.domain.tex import one_line
from bot.errors import SourceError
from bot.log import get_logger
from bot.sources.http import Fetch, Request

log = get_logger(__name__)

SOURCE: Final = "Kaggle"
BASE_URL: Final = "https://api.kaggle.com"
LIST: Final = "/v1/competitions.CompetitionApiService/ListCompetitions"
PAGE_SIZE: Final = 20
PAGES: Final = 5
REFUSES: Final = frozenset({401, 403})
SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
ADDRESS: Final = re.compile(r"https?://(?:www\.)?kaggle\.com/(?:competitions|c)/([^/?#]+)/?(?:[?#].*)?")


def _slug(reference: str) -> str:
    found = ADDRESS.fullmatch(reference)
    slug = found[1] if found else reference
    if not SLUG.fullmatch(slug):
        raise ValueError("no competition's name")
    return slug


def _utc(moment: datetime) -> datetime | None:
    """Return an instant in UTC; a time without a zone is UTC, and the year 1 is how Kaggle writes "none"."""
    if moment.year < 1990:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _name(tag: object) -> object:
    """Return the name of a tag, which comes as an object or as its name alone."""
    if isinstance(tag, Mapping):
        fields = cast("Mapping[object, object]", tag)
        return fields.get("name") or fields.get("nameNullable") or fields.get("ref")
    return tag


Line = Annotated[str, AfterValidator(one_line)]
Instant = Annotated[datetime | None, AfterValidator(lambda moment: None if moment is None else _utc(moment))]


class _Wire(BaseModel):
    """The border: a competition as Kaggle writes it, today or in 2021.

    Fields come in camel case, with and without the suffix ``Nullable``; null counts as absent. ``ref`` was the slug
    and is now an address.
    """

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=to_camel), coerce_numbers_to_str=True, extra="ignore"
    )

    ref: Annotated[str, AfterValidator(_slug)]
    title: Annotated[Line, Field(min_length=1)]
    description: Line = ""
    deadline: Instant = None
    category: Line = ""
    reward: Line = ""
    tags: tuple[Annotated[Line | None, BeforeValidator(_name)], ...] = ()
    team_count: Annotated[int, Field(ge=0)] | None = None
    enabled_date: Instant = None
    submissions_disabled: bool = False

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        given = cast("dict[str, object]", value)
        fields = {name.removesuffix("Nullable"): one for name, one in given.items() if one is not None}
        return {"ref": fields.get("url"), **fields}

    def competition(self) -> Competition:
        """Return it as a domain value. The address is made of the slug, so it leads to Kaggle and nowhere else."""
        return Competition(
            slug=self.ref,
            title=self.title,
            url=f"https://www.kaggle.com/competitions/{self.ref}",
            description=self.description,
            deadline=self.deadline,
            category=self.category,
            reward=self.reward,
            tags=tuple(tag for tag in self.tags if tag),
            teams=self.team_count,
            enabled=self.enabled_date,
            submissions_closed=self.submissions_disabled,
        )


class KaggleSource:
    """Brings the competitions anyone may enter."""

    def __init__(self, fetch: Fetch, base_url: str = BASE_URL, token: str | None = None) -> None:
        """Take a fetcher, the address of the API, and the operator's token. Without a token nothing is ever asked."""
        self._fetch = fetch
        self._url = f"{base_url.rstrip('/')}{LIST}"
        self._token = token

    async def competitions(self) -> list[Competition]:
        """Return the competitions, those with the latest deadline first; nothing where there is no token.

        Raises:
            SourceError: where Kaggle does not accept the token, or gave nothing that can be used.
        """
        found: dict[str, Competition] = {}
        page_token = ""
        for _ in range(PAGES if self._token else 0):
            page, page_token = competitions_of(await self._page(page_token))
            found |= {one.slug: one for one in page if one.slug not in found}
            if not page_token:
                break
        return list(found.values())

    async def _page(self, page_token: str) -> bytes:
        answer = await self._fetch(
            Request(
                SOURCE,
                self._url,
                ("application/json",),
                headers={"Authorization": f"Bearer {self._token}"},
                json={
                    "group": "COMPETITION_LIST_TAB_GENERAL",
                    # by the earliest deadline, the ones that ended years ago would come first
                    "sortBy": "COMPETITION_SORT_BY_LATEST_DEADLINE",
                    "pageSize": PAGE_SIZE,
                    **({"pageToken": page_token} if page_token else {}),
                },
                also=REFUSES,
            )
        )
        if answer.status in REFUSES:
            raise SourceError(
                "Kaggle does not accept the token. Make a new one on kaggle.com (Settings, API) and put it into the "
                "bot's settings, or take it out: the evergreen tasks need none.",
                source=SOURCE,
            )
        return answer.body


def competitions_of(body: bytes) -> tuple[list[Competition], str]:
    """Return the competitions of an answer, today's shape or the bare list of 2021, and the next page's token.

    Raises:
        SourceError: for what is no list of competitions, and where none of its entries can be used.
    """
    entries, page_token = _listed(body)
    found = [one for entry in entries if (one := _competition(entry)) is not None]
    if len(found) < len(entries):
        log.warning("kaggle_entries_left_out", count=len(entries) - len(found), of=len(entries))
    if entries and not found:
        raise SourceError("Kaggle answered with no usable competition.", source=SOURCE)
    return found, page_token


def _listed(body: bytes) -> tuple[list[object], str]:
    try:
        answer: object = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise SourceError("Kaggle answered with broken JSON.", source=SOURCE) from error
    page_token: object = ""
    if isinstance(answer, dict):
        fields = cast("dict[str, object]", answer)
        page_token = fields.get("nextPageToken") or ""
        # an empty list is null or left out on the wire; an answer of another kind holds other things
        empty = fields.get("competitions") is None and fields.keys() <= {"competitions", "nextPageToken"}
        answer = [] if empty else fields.get("competitions")
    if not isinstance(answer, list):
        raise SourceError("Kaggle answered with something else than competitions.", source=SOURCE)
    return cast("list[object]", answer), page_token if isinstance(page_token, str) else ""


def _competition(entry: object) -> Competition | None:
    try:
        return _Wire.model_validate(entry).competition()
    except ValidationError:
        return None
