"""Which streams the configured scope of a tracker means now."""

from datetime import datetime, timedelta
from threading import Event

import structlog
from django.utils import timezone

from connectors import base
from connectors.base import Connector, ConnectorError, Discovery
from connectors.calls import fingerprint
from connectors.settings import TrackerSettings
from syncd.trackers import health, names, presence
from syncd.trackers.lease import problems_as_json
from syncd.trackers.models import Item, Stream, Tracker
from syncd.trackers.writing import writing

log = structlog.get_logger(__name__)

EVERY = timedelta(days=1)
AGAIN = timedelta(minutes=15)
"""When to ask again for a part of the scope that could not be read."""


def due(settings: TrackerSettings, tracker: Tracker, now: datetime) -> bool:
    """Daily, sooner where something could not be read, and whenever the settings of the tracker changed."""
    if tracker.discovered_at is None or tracker.discovered_as != _shape(settings):
        return True
    return now - tracker.discovered_at > (AGAIN if tracker.scope_hidden else EVERY)


def rests(settings: TrackerSettings, tracker: Tracker, now: datetime) -> bool:
    """Whether a tracker that is broken was asked a short while ago; like its streams it waits ever longer."""
    if tracker.broken_since is None or tracker.asked_at is None:
        return False
    return now < tracker.asked_at + health.pause_after(tracker.broken_since, tracker.asked_at, settings.every)


def discover(settings: TrackerSettings, connector: Connector, stop: Event | None = None) -> Discovery:
    """Ask the tracker, and have a row for each stream. A part that failed keeps the streams it has.

    :param stop: once it is set, what could not be read may merely have been interrupted: nothing is recorded
    :raises ConnectorError: the tracker as a whole could not be asked; it is on record
    """
    with structlog.contextvars.bound_contextvars(tracker=settings.name):
        return _discover(settings, connector, stop or Event())


def _discover(settings: TrackerSettings, connector: Connector, stop: Event) -> Discovery:
    tracker = Tracker.objects.get(name=settings.name)
    changed = tracker.discovered_as not in ("", _shape(settings))
    known = [base.Stream(row.native_id, row.name, row.meta) for row in tracker.streams.all()]
    now = timezone.now()
    Tracker.objects.filter(id=tracker.id).update(asked_at=now)
    try:
        found = connector.discover(known)
    except ConnectorError as error:
        if not stop.is_set():
            health.tracker_broke(tracker.id, error, now)
        raise
    if stop.is_set():
        return found
    health.tracker_recovered(tracker.id)
    told = {problem["where"] for problem in tracker.problems}
    with writing():
        for stream in found.streams:
            _keep(tracker, stream, anew=changed)
        tracker.scope_hidden = not all(problem.partial for problem in found.problems)
        if not tracker.scope_hidden:
            _retire(tracker, found, now)
        tracker.discovered_at, tracker.discovered_as = now, _shape(settings)
        tracker.problems = problems_as_json(found.problems)
        tracker.save(update_fields=["discovered_at", "discovered_as", "problems", "scope_hidden"])
    for problem in found.problems:
        if problem.where not in told:
            log.warning("scope_unreadable", where=problem.where, reason=problem.error.what)
    return found


def _keep(tracker: Tracker, stream: base.Stream, *, anew: bool) -> None:
    """:param anew: the scope or the meaning of fields changed, so everything is read once more"""
    row, made = Stream.objects.get_or_create(
        tracker=tracker, native_id=stream.native_id, defaults={"name": stream.name, "meta": dict(stream.meta)}
    )
    if made:
        return
    if stream.named_after and row.name != stream.name:
        names.rename(row, row.name, stream.name)
    if anew or not row.active:
        row.cursor, row.next_due_at = {}, None
    row.name, row.meta, row.active = stream.name, dict(stream.meta), True
    row.save(update_fields=["name", "meta", "active", "cursor", "next_due_at"])


def _retire(tracker: Tracker, found: Discovery, now: datetime) -> None:
    """Streams that left the scope are no longer polled, and their items take no further part."""
    gone = tracker.streams.filter(active=True).exclude(native_id__in=[stream.native_id for stream in found.streams])
    for stream in gone:
        presence.bury(
            list(Item.objects.filter(stream=stream, deleted_at=None).values_list("id", flat=True)), "moved", now
        )
        log.info("stream_left_scope", stream=stream.name)
    gone.update(active=False)


def _shape(settings: TrackerSettings) -> str:
    return fingerprint(settings.model_dump_json(exclude={"every", "sweep_every", "pace"}))
