"""``/metrics``: the store's figures beside those that this process has counted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from syncd import __version__
from syncd.web import snapshot

Values = dict[tuple[str, ...], float]
"""A figure by the values of its labels."""
MOST_STREAMS = 1000
"""Streams with figures of their own; more would burden whoever stores them. The worst come first."""


@login_not_required
@never_cache
@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Prometheus text format. Without a database, what the process itself has counted."""
    ours = CollectorRegistry(auto_describe=False)
    ours.register(Store())
    return HttpResponse(generate_latest(REGISTRY) + generate_latest(ours), content_type=CONTENT_TYPE_LATEST)


class Store(Collector):
    """Figures read from the store when they are asked for."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge("syncd_build_info", "The version that runs.", {(__version__,): 1}, ["version"])
        yield from _files()
        try:
            now = snapshot.take(datetime.now(UTC))
        except DatabaseError:
            yield _gauge("syncd_store_up", "Whether the store answers.", {(): 0})
            return
        yield _gauge("syncd_store_up", "Whether the store answers.", {(): 1})
        yield from _streams(now)
        yield from _work(now)


def _streams(now: snapshot.Snapshot) -> Iterator[Metric]:
    never = float("inf")
    worst = sorted(now.streams, key=lambda stream: never if stream.lag is None else stream.lag, reverse=True)
    shown = {(stream.tracker, stream.name): stream for stream in worst[:MOST_STREAMS]}
    seconds: Values = {key: stream.lag for key, stream in shown.items() if stream.lag is not None}
    labels = ["tracker", "stream"]
    yield _gauge("syncd_source_lag_seconds", "Time since the last complete pull.", seconds, labels)
    yield _gauge(
        "syncd_source_last_success_timestamp_seconds",
        "When the last complete pull ended.",
        {key: now.at.timestamp() - lag for key, lag in seconds.items()},
        labels,
    )
    for name, says, value in (
        ("syncd_source_broken", "Whether pulls fail.", lambda stream: stream.state == "broken"),
        ("syncd_source_sweep_held", "Whether too many items vanished at once.", lambda stream: bool(stream.held)),
        ("syncd_source_items", "Items that are there.", lambda stream: stream.items),
        ("syncd_source_requests", "Requests of the last pull.", lambda stream: stream.requests),
    ):
        yield _gauge(name, says, {key: value(stream) for key, stream in shown.items()}, labels)


def _work(now: snapshot.Snapshot) -> Iterator[Metric]:
    cover = now.coverage
    shares: Values = {("goal",): cover.goal, ("exempt",): cover.exempt, ("unlinked",): cover.unlinked}
    yield _gauge("syncd_items", "Items by what ties them to the strategy.", shares, ["tie"])
    yield _gauge("syncd_items_waiting", "Items that await their first judgement.", {(): cover.waiting})
    flags: Values = {(rule,): count for rule, count in now.flags_by_rule.items()}
    yield _gauge("syncd_flags_open", "Open flags.", flags, ["rule"])
    differing: Values = {(): now.disagreement.found if now.disagreement else 0}
    yield _gauge(
        "syncd_judging_disagreements", "Items that the last audit found decided otherwise than stored.", differing
    )


def _files() -> Iterator[Metric]:
    """Sizes of the SQLite store and its journal."""
    if settings.SQLITE:
        path = Path(str(settings.DATABASES["default"]["NAME"]))
        for name, file in (("syncd_db_size_bytes", path), ("syncd_wal_size_bytes", Path(f"{path}-wal"))):
            yield _gauge(name, f"Size of {file.name}.", {(): file.stat().st_size if file.exists() else 0})


def _gauge(name: str, says: str, values: Values, labels: list[str] | None = None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=labels or [])
    for key, value in values.items():
        family.add_metric(key, float(value))
    return family
