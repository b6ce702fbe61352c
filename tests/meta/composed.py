"""The parts of Compose that ``deploy/`` uses, strictly: what is not named here is a mistake there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[str, Field(pattern=r"^\d+s$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=63)]


class Part(BaseModel):
    """A part that has no other keys than these, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Build(Part):
    """Compose: how an image is built."""

    context: str
    args: dict[str, str]


class Waited(Part):
    """Compose: what a service waits for."""

    condition: Literal["service_healthy", "service_started", "service_completed_successfully"]


class Check(Part):
    """Compose: how a service's health is looked at."""

    test: list[str]
    interval: Seconds
    timeout: Seconds
    retries: int


class Service(Part):
    """Compose: a service."""

    image: str
    environment: dict[str, str]
    volumes: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+:/[a-z/]+$")]]
    restart: Annotated[str, Field(pattern=r"^(no|always|unless-stopped|on-failure(:\d+)?)$")]
    stop_grace_period: Seconds
    build: Build | None = None
    depends_on: dict[str, Waited] = Field(default_factory=dict[str, Waited])
    profiles: list[str] = Field(default_factory=list[str])
    read_only: bool = False
    tmpfs: list[str] = Field(default_factory=list[str])
    cap_drop: list[str] = Field(default_factory=list[str])
    security_opt: list[str] = Field(default_factory=list[str])
    shm_size: str | None = None
    healthcheck: Check | None = None


class Nothing(Part):
    """A volume of Compose's own, with nothing said about it."""


class Compose(BaseModel):
    """Compose: the file. Keys that begin with ``x-`` are for its own anchors."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Name
    services: dict[Name, Service]
    volumes: dict[Name, Nothing]
