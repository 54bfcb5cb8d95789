"""What happened to a flag, from its first finding on; and whether it can be told how it is now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.review.models import Flag, Verdict
from syncd.trackers import health
from syncd.trackers.models import Stream


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at: datetime
    what: str
    """``open``, ``resolved``, ``snoozed``, ``exempt``; ``decided``, ``undone``, ``ended``."""
    who: str
    """Empty: syncd."""
    says: str
    verdict: int | None = None


def log(flag: Flag) -> list[Entry]:
    """Everything that happened to a flag, the oldest first."""
    return sorted([*_decisions(flag), *_events(flag)], key=lambda entry: entry.at)


def _events(flag: Flag) -> Iterator[Entry]:
    for event in flag.events.order_by("id"):
        yield Entry(event.at, event.state, "", event.because or ("found" if event.state == "open" else ""))


def _decisions(flag: Flag) -> Iterator[Entry]:
    for verdict in Verdict.objects.filter(flag=flag, of=None).order_by("id"):
        yield Entry(verdict.made_at, "decided", verdict.author, verdict.says, verdict.id)
        if verdict.undone_at:
            yield Entry(verdict.undone_at, "undone", verdict.undone_by, f"took back: {verdict.says}", verdict.id)
        elif verdict.ended_at:
            yield Entry(verdict.ended_at, "ended", "", verdict.ended_because, verdict.id)


def stale(now: datetime) -> dict[int, str]:
    """Stream -> that it is out of date, in words: its flags neither open nor resolve."""
    streams = Stream.objects.filter(id__in=health.frozen(now)).select_related("tracker").order_by("id")
    return {stream.id: f"{stream} not synced {_since(stream.last_success_at, now)}" for stream in streams}


def frozen(flag: Flag, now: datetime, known: Mapping[int, str] | None = None) -> str:
    """Why a flag neither opens nor resolves at the moment, in words; empty where it does.

    A flag about work waits for the stream of its root, one about a goal or a group for any that is stale.

    :param known: what :func:`stale` gives, for who asks about many flags
    """
    streams = stale(now) if known is None else known
    if flag.item:
        streams = {id_: says for id_, says in streams.items() if id_ == flag.item.stream_id}
    return f"frozen: {', '.join(streams.values())}" if streams else ""


def _since(when: datetime | None, now: datetime) -> str:
    if when is None:
        return "yet"
    minutes = int((now - when).total_seconds() // 60)
    if minutes < 120:
        return f"for {minutes} min"
    return f"for {minutes // 60} h" if minutes < 48 * 60 else f"for {minutes // 1440} days"
