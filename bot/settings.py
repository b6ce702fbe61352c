"""The settings, from the environment and from ``.env``; every fault is told at once, with its mend."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from annotated_types import Ge, Le
from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.domain.cluster import ordinal_of
from bot.errors import SettingsError

ROOT: Final = Path(__file__).resolve().parent.parent
ENV_FILE: Final = ".env"
PREFIX: Final = "BOT_"


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("a web address that starts with https://")
    return value


Address = Annotated[str, AfterValidator(_address)]


class Settings(BaseModel, frozen=True):
    """Everything an operator can set. Names in capitals are the environment variables."""

    token: Annotated[
        SecretStr | None,
        Field(
            validation_alias="DISCORD_TOKEN",
            description="The bot's token from Discord's developer portal. Without it, the simulated server opens.",
        ),
    ] = None
    data_dir: Annotated[
        Path,
        Field(validation_alias="BOT_DATA_DIR", description="Folder of the database, its backups and the heartbeat."),
    ] = ROOT / "var"
    database_url: Annotated[
        SecretStr | None,
        Field(
            validation_alias="DATABASE_URL",
            description=(
                "A PostgreSQL database, `postgresql+asyncpg://user:password@host:5432/name`; needs the extra "
                "`postgresql`. Without it, a SQLite file in the data folder."
            ),
        ),
    ] = None
    backup_dir: Annotated[
        Path | None,
        Field(
            validation_alias="BOT_BACKUP_DIR",
            description="Folder of the backups, better on another disk. Without it, `backups` in the data folder.",
        ),
    ] = None
    backup_days: Annotated[
        int, Field(ge=1, le=30, validation_alias="BOT_BACKUP_DAYS", description="Days of which a backup is kept.")
    ] = 7
    backup_weeks: Annotated[
        int, Field(ge=0, le=52, validation_alias="BOT_BACKUP_WEEKS", description="Weeks of which a backup is kept.")
    ] = 4
    content_dir: Annotated[
        Path, Field(validation_alias="BOT_CONTENT_DIR", description="Folder of the content pack.")
    ] = ROOT / "content" / "ml-engineer"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Field(validation_alias="BOT_LOG_LEVEL", description="The lowest level of log lines shown."),
    ] = "INFO"
    log_json: Annotated[
        bool, Field(validation_alias="BOT_LOG_JSON", description="Write logs as one JSON object a line.")
    ] = False
    clusters: Annotated[
        int,
        Field(
            ge=1,
            le=1000,
            validation_alias="BOT_CLUSTERS",
            description="How many processes the bot runs as. More than one need PostgreSQL.",
        ),
    ] = 1
    cluster_id: Annotated[
        int,
        Field(
            ge=0,
            le=999,
            validation_alias="BOT_CLUSTER_ID",
            description="Which of them this is, from 0; a pod's name such as `syllabot-3` is taken as 3.",
        ),
    ] = 0
    shard_count: Annotated[
        int,
        Field(
            ge=0,
            le=16_384,
            validation_alias="BOT_SHARD_COUNT",
            description="Connections to Discord of all processes together; 0: as many as Discord recommends.",
        ),
    ] = 0
    demo_port: Annotated[
        int,
        Field(ge=1024, le=65535, validation_alias="BOT_DEMO_PORT", description="Port of the simulated server's page."),
    ] = 8765
    http_host: Annotated[
        str, Field(validation_alias="BOT_HTTP_HOST", description="Address to serve /healthz, /readyz and /metrics on.")
    ] = "127.0.0.1"
    http_port: Annotated[
        int | None,
        Field(
            ge=1024, le=65535, validation_alias="BOT_HTTP_PORT", description="Port of those pages. Without it, none."
        ),
    ] = None
    sentry_dsn: Annotated[
        SecretStr | None,
        Field(
            validation_alias="BOT_SENTRY_DSN",
            description="Address of a Sentry project for errors nobody expected; needs the extra `sentry`.",
        ),
    ] = None
    kaggle_token: Annotated[
        SecretStr | None,
        Field(
            validation_alias="KAGGLE_TOKEN",
            description="A token of Kaggle's API, for competitions that run now. Without it, evergreen tasks come.",
        ),
    ] = None
    arxiv_url: Annotated[
        Address, Field(validation_alias="BOT_ARXIV_URL", description="Address of arXiv's query API.")
    ] = "https://export.arxiv.org/api/query"
    arxiv_rss_url: Annotated[
        Address,
        Field(validation_alias="BOT_ARXIV_RSS_URL", description="Folder of arXiv's RSS feeds, for when the API fails."),
    ] = "https://rss.arxiv.org/rss"
    kaggle_url: Annotated[Address, Field(validation_alias="BOT_KAGGLE_URL", description="Address of Kaggle's API.")] = (
        "https://api.kaggle.com"
    )

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "syllabot.db"

    @property
    def database_address(self) -> str | None:
        """The address of the PostgreSQL database, with its password; None where the SQLite file serves."""
        return self.database_url.get_secret_value() if self.database_url else None

    @property
    def backup_path(self) -> Path:
        """The folder of the backups."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def heartbeat_path(self) -> Path:
        """The file whose age says whether the bot is alive."""
        return self.data_dir / "heartbeat"

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value().strip() if value else ""
        if text and (text.count(".") != 2 or any(c.isspace() for c in text)):
            raise ValueError("a bot token: three parts with dots between them, from the portal's page Bot")
        return SecretStr(text) if text else None

    @field_validator("database_url")
    @classmethod
    def _looks_like_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value().strip() if value else ""
        parts = urlsplit(text)
        if text and (parts.scheme not in {"postgresql+asyncpg", "postgresql", "postgres"} or len(parts.path) < 2):
            raise ValueError("postgresql+asyncpg://user:password@host:5432/name")
        return SecretStr(text) if text else None

    @field_validator("cluster_id", mode="before")
    @classmethod
    def _ends_with_a_number(cls, value: object) -> object:
        if isinstance(value, str) and (number := ordinal_of(value)) is not None:
            return number
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        told = {"clusters": self.clusters, "last": self.clusters - 1}
        if self.cluster_id >= self.clusters:
            raise PydanticCustomError(
                "BOT_CLUSTER_ID", "a number from 0 to {last}, because BOT_CLUSTERS is {clusters}.", told
            )
        if self.clusters > 1 and self.database_url is None:
            raise PydanticCustomError(
                "DATABASE_URL",
                "a PostgreSQL server, because BOT_CLUSTERS is {clusters}; a file serves one.",
                told,
            )
        if 0 < self.shard_count < self.clusters:
            raise PydanticCustomError(
                "BOT_SHARD_COUNT", "0, or {clusters} at least: each of {clusters} processes needs a shard.", told
            )
        return self

    @field_validator("kaggle_token")
    @classmethod
    def _in_one_piece(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value().strip() if value else ""
        if any(c.isspace() or not c.isprintable() for c in text):
            raise ValueError("a token in one piece, from the page Settings of kaggle.com, part API")
        return SecretStr(text) if text else None


def load_settings(env_file: Path | None = None) -> Settings:
    """Return the settings of this process.

    Args:
        env_file: a file of ``NAME=value`` lines; ``.env`` in the working folder by default. The environment wins.

    Raises:
        SettingsError: listing every fault and its mend; no secret is shown.
    """
    path = env_file or Path(ENV_FILE)
    try:
        if path.is_file():
            path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError(
            f"The settings can't be used:\n- {path} can't be read ({error}). Save it as UTF-8."
        ) from error
    in_file = dotenv_values(path) if path.is_file() else {}
    faults = list(_unknown_names({*in_file, *os.environ}))
    # what is empty in the environment is left to the file
    given = {name: value for source in (in_file, os.environ) for name, value in source.items() if value}
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        faults += [_sentence(details) for details in error.errors(include_url=False, include_input=False)]
    else:
        if not faults:
            return settings
    lines = "\n".join(f"- {fault}" for fault in faults)
    raise SettingsError(f"The settings can't be used:\n{lines}")


def described() -> Mapping[str, tuple[str, str]]:
    """Return each setting's environment variable with its description and its default, for people."""
    return {
        str(field.validation_alias): (field.description or "", _default(field.default))
        for field in Settings.model_fields.values()
    }


def _default(value: object) -> str:
    if isinstance(value, Path):
        return value.relative_to(ROOT).as_posix()
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _unknown_names(given: Iterable[str]) -> Iterator[str]:
    known = described()
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known:
            close = get_close_matches(name, known, n=1, cutoff=0.75)
            mend = f"did you mean {close[0]}?" if close else f"the settings are {', '.join(known)}."
            yield f"{name}: there is no such setting; {mend}"


def _range(name: str) -> str:
    """Return the bounds of a number's setting in words."""
    (field,) = [one for one in Settings.model_fields.values() if one.validation_alias == name]
    least = next(one.ge for one in field.metadata if isinstance(one, Ge))
    most = next(one.le for one in field.metadata if isinstance(one, Le))
    return f"a number from {least} to {most}"


def _sentence(details: ErrorDetails) -> str:
    # what several settings together are wrong in has the name of one of them for its type
    name = str(details["loc"][0]) if details["loc"] else details["type"]
    context = details.get("ctx", {})
    match details["type"]:
        case "value_error":
            wanted = str(context["error"])
        case "literal_error":
            wanted = f"one of {context['expected']}".replace("'", "")
        case "int_parsing":
            wanted = "a whole number"
        case "bool_parsing":
            wanted = "true or false"
        case "greater_than_equal" | "less_than_equal":
            wanted = _range(name)
        case _:
            wanted = details["msg"].removeprefix("Input should be ")
    return f"{name}: expected {wanted}. {described().get(name, ('', ''))[0]}".strip()
