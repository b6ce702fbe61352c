"""The metrics in Prometheus's words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from bot.services.probe import Figures
from bot.services.tally import LATENESS
from bot.web.rest import ACKS, RestTally


@dataclass(frozen=True, slots=True)
class Link:
    """The connection to Discord.

    Attributes:
        connected: whether it stands.
        latency: in seconds.
        guilds: how many servers it brings.
        identifies: how many sessions Discord still lets the bot begin; None where it was not asked yet.
    """

    connected: bool
    latency: float
    guilds: int
    identifies: int | None


class _Collector:
    """Hands over the families of one scrape."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def rendered(link: Link, rest: RestTally, figures: Figures) -> bytes:
    """Return everything that is counted as Prometheus reads it."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector([*_of_discord(link, rest), *_of_posts(figures)]))
    return generate_latest(registry)


def _of_discord(link: Link, rest: RestTally) -> Iterator[Metric]:
    yield GaugeMetricFamily("discord_connected", "1 while the gateway is connected.", value=float(link.connected))
    latency = link.latency if math.isfinite(link.latency) else math.nan
    yield GaugeMetricFamily("discord_latency_seconds", "Time of the last heartbeat's way there and back.", latency)
    yield GaugeMetricFamily("discord_guilds", "Servers the bot is on.", value=link.guilds)
    if link.identifies is not None:
        left = "Sessions that Discord still lets the bot begin, of those of a day."
        yield GaugeMetricFamily("identify_remaining", left, value=link.identifies)
    yield CounterMetricFamily("discord_event_on_interaction", "Interactions that came.", value=rest.interactions)
    acks = HistogramMetricFamily("interaction_ack_seconds", "From an interaction's arrival to its acknowledgement.")
    acks.add_metric([], _buckets(ACKS, rest.acks), sum_value=rest.ack_seconds)
    yield acks
    limited = CounterMetricFamily("rest_429", "Calls over a rate limit.", labels=["scope"])
    for scope in ("user", "global", "shared", "none"):
        limited.add_metric([scope], rest.limited[scope])
    yield limited
    yield GaugeMetricFamily("invalid_requests_10m", "Calls of ten minutes answered 401, 403 or 429.", rest.invalid)


def _of_posts(figures: Figures) -> Iterator[Metric]:
    tally = figures.tally
    posts = CounterMetricFamily("posts", "Daily posts by what became of them.", labels=["result"])
    for result in ("posted", "missed", "skipped", "refused", "unknown"):
        posts.add_metric([result], tally.results[result])
    yield posts
    late = HistogramMetricFamily("post_lateness_seconds", "From a post's due time to when it went out.")
    late.add_metric([], _buckets(LATENESS, tally.lateness), sum_value=tally.late_seconds)
    yield late
    yield CounterMetricFamily("posts_missed", "Posts missed because the bot or Discord was away.", value=tally.missed)
    yield CounterMetricFamily("db_errors", "Failures of the database.", value=figures.database_errors)
    if figures.backup_age is not None:
        age = figures.backup_age.total_seconds()
        yield GaugeMetricFamily("backup_age_seconds", "Age of the newest backup.", value=age)


def _buckets(limits: Sequence[float], drawers: Sequence[int]) -> list[tuple[str, float]]:
    """Return drawers as Prometheus counts them: each holds those before it too."""
    names = [*(str(float(one)) for one in limits), "+Inf"]
    sums = [sum(drawers[: place + 1]) for place in range(len(drawers))]
    return [(name, float(number)) for name, number in zip(names, sums, strict=True)]
