"""What the status page and the metrics show, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

from django.conf import settings

from syncd.review.models import Flag
from syncd.strategy.models import Draft
from syncd.trackers.models import Round, Stream, Tracker
from syncd.web import counts
from syncd.web.counts import Coverage

State = Literal["broken", "late", "held", "filling", "new", "fine"]
"""``late``: its next poll is overdue; ``held``: the sweep's brake waits for a person; ``filling``: the
first sync is under way; ``new``: never polled."""

LATE = timedelta(minutes=5)
"""A poll that is overdue by so much is told; less is a busy moment."""
TOP = 10


@dataclass(frozen=True, slots=True)
class StreamState:
    """One stream, as it stands. Times are aware; ``lag`` is in seconds, None before the first success."""

    tracker: str
    kind: str
    name: str
    state: State
    items: int
    last_success_at: datetime | None
    lag: float | None
    next_poll_at: datetime | None
    requests: int
    error: str
    """In words; empty where it is its tracker's."""
    problems: tuple[str, ...]
    held: str
    """What the sweep's brake holds back, in words; empty if nothing."""

    @property
    def needs_attention(self) -> bool:
        return bool(self.state in ("broken", "late", "held") or self.problems)


@dataclass(frozen=True, slots=True)
class TrackerState:
    """What is wrong with a tracker as a whole."""

    name: str
    error: str
    problems: tuple[str, ...]
    streams: int
    leaving: str
    """Why its removal from ``syncd.yaml`` is held, in words; empty if it is not."""


@dataclass(frozen=True)
class Snapshot:
    """Everything at one moment."""

    at: datetime
    trackers: Sequence[TrackerState]
    streams: Sequence[StreamState]
    coverage: Coverage
    flags: Sequence[Flag]
    """The open flags whose repair clears most."""
    flags_by_rule: dict[str, int] = field(default_factory=dict)
    held_edit: str = ""
    """Why an edit of strategy and rules has not taken effect, in words; empty if there is none."""
    disagreement: Round | None = None
    """The last nightly audit, if it found that something stored is not what judging gives."""

    @cached_property
    def items(self) -> int:
        return sum(stream.items for stream in self.streams)

    @cached_property
    def open_flags(self) -> int:
        return sum(self.flags_by_rule.values())

    @cached_property
    def attention(self) -> Sequence[StreamState]:
        return [stream for stream in self.streams if stream.needs_attention]

    @cached_property
    def broken_trackers(self) -> Sequence[TrackerState]:
        return [tracker for tracker in self.trackers if tracker.error or tracker.problems or tracker.leaving]


def take(now: datetime) -> Snapshot:
    """The snapshot, in eight queries whatever there is."""
    streams = list(Stream.objects.filter(active=True, tracker__active=True).select_related("tracker"))
    counted = counts.current()
    top = Flag.objects.filter(state="open").select_related("item").order_by("-clears", "-stake", "id")
    return Snapshot(
        at=now,
        trackers=_trackers(streams),
        streams=sorted(
            (_stream(s, counted.items.get(s.id, 0), now) for s in streams), key=lambda s: (s.tracker, s.name)
        ),
        coverage=counted.coverage,
        flags=list(top[:TOP]),
        flags_by_rule=counted.flags_by_rule,
        held_edit=_held_edit(),
        disagreement=Round.disagreement(),
    )


def _held_edit() -> str:
    """Of the folder that the service runs on."""
    folder = str(Path(settings.CONFIG_DIR).resolve())
    held = Draft.objects.filter(folder=folder, state=Draft.HELD) if settings.CONFIG_DIR else Draft.objects.none()
    return held.values_list("because", flat=True).first() or ""


def _trackers(streams: Sequence[Stream]) -> list[TrackerState]:
    return [
        TrackerState(
            name=tracker.name,
            error=tracker.error,
            problems=problems_of(tracker.problems),
            streams=sum(stream.tracker_id == tracker.id for stream in streams),
            leaving=tracker.leaving_says,
        )
        for tracker in Tracker.objects.filter(active=True).order_by("name")
    ]


def _stream(stream: Stream, items: int, now: datetime) -> StreamState:
    lag = (now - stream.last_success_at).total_seconds() if stream.last_success_at else None
    return StreamState(
        tracker=stream.tracker.name,
        kind=stream.tracker.kind,
        name=stream.name,
        state=state_of(stream, now),
        items=items,
        last_success_at=stream.last_success_at,
        lag=lag,
        next_poll_at=stream.next_due_at,
        requests=stream.requests,
        error="" if stream.error == stream.tracker.error else stream.error,
        problems=problems_of(stream.problems),
        held=held_of(stream),
    )


def state_of(stream: Stream, now: datetime) -> State:
    """:param stream: with its tracker"""
    if stream.broken_since or stream.tracker.broken_since:
        return "broken"
    leased = stream.lease_until is not None and stream.lease_until > now
    if stream.next_due_at and stream.next_due_at < now - LATE and not leased:
        return "late"
    if stream.held:
        return "held"
    if not stream.cursor.get("backfilled"):
        return "filling" if stream.last_attempt_at else "new"
    return "fine"


def problems_of(problems: Sequence[dict[str, str]]) -> tuple[str, ...]:
    return tuple(f"{problem.get('where', '')}: {problem.get('what', '')}" for problem in problems)


def held_of(stream: Stream) -> str:
    if not stream.held:
        return ""
    missing, of = stream.held.get("missing", 0), stream.held.get("of", 0)
    return f"{missing:,} of {of:,} items were not seen any more"
