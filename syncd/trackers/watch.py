"""How the trackers are doing, for people who can do something about it: what is wrong, what to do, what is left."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from syncd.trackers.models import Limit, Stream, Tracker, Trouble

REMEDIES: Mapping[str, str] = {
    Trouble.AUTH: "Renew the credential, or give it the rights that are named; then run syncd check {tracker}.",
    Trouble.LIMIT: "Nothing to do: it is read again when the tracker lets us. Where it happens often, lower pace in"
    " syncd.yaml, or give syncd a credential of its own.",
    Trouble.AWAY: "Nothing to do if the tracker is down: it is tried again, ever less often. Else see whether this"
    " machine reaches it: network, proxy, certificate, and the address in syncd.yaml.",
    Trouble.ANSWER: "Trying again changes nothing. See whether a proxy answers in the tracker's place or the address in"
    " syncd.yaml is another's; run syncd check {tracker}.",
    Trouble.OURS: "This is a mistake in syncd: it is tried again in a quarter of an hour. Please report what the log says.",
}


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be sent now. ``left`` of ``burst`` requests at once; ``blocked``: seconds until anything may be sent."""

    left: int
    burst: int
    per_second: float
    blocked: float


@dataclass(frozen=True, slots=True)
class Watched:
    """One tracker. ``filling``: stretches of time that its first sync has read, of how many; None where it is over."""

    tracker: Tracker
    streams: Sequence[Stream]
    budget: Budget | None
    remedy: str
    filling: tuple[int, int] | None
    requests: int
    """Of the last pass over each stream, together."""
    oldest: datetime | None
    """The last success that is longest ago; None while a stream has had none."""


def watch() -> list[Watched]:
    """All trackers that are configured, in three queries; nothing of their items is counted."""
    trackers = list(Tracker.objects.filter(active=True).order_by("name"))
    limits = {
        limit.credential: limit for limit in Limit.objects.filter(credential__in=[t.credential for t in trackers])
    }
    streams: defaultdict[int, list[Stream]] = defaultdict(list)
    for stream in Stream.objects.filter(active=True, tracker__active=True).select_related("tracker").order_by("name"):
        streams[stream.tracker_id].append(stream)
    return [_watched(each, streams[each.id], limits.get(each.credential)) for each in trackers]


def _watched(tracker: Tracker, streams: Sequence[Stream], limit: Limit | None) -> Watched:
    successes = [stream.last_success_at for stream in streams]
    return Watched(
        tracker=tracker,
        streams=streams,
        budget=_budget(limit) if limit else None,
        remedy=remedy(tracker.trouble, tracker.name),
        filling=_filling(streams),
        requests=sum(stream.requests for stream in streams),
        oldest=min((each for each in successes if each), default=None) if all(successes) else None,
    )


def remedy(trouble: str, tracker: str) -> str:
    """What to do about an error; empty where its kind is not known."""
    return REMEDIES.get(trouble, "").format(tracker=tracker)


def _budget(limit: Limit) -> Budget | None:
    if not limit.burst:
        return None
    now = time.time()
    left = min(limit.burst, limit.tokens + max(0.0, now - limit.refilled_at) * limit.per_second)
    blocked = max(0.0, limit.blocked_until - now)
    return Budget(0 if blocked else int(left), int(limit.burst), limit.per_second, blocked)


def _filling(streams: Sequence[Stream]) -> tuple[int, int] | None:
    """Of the streams that are read for the first time: a walk goes through stretches of creation time."""
    first = [stream for stream in streams if stream.filled_at is None and not stream.cursor.get("backfilled")]
    if not first:
        return None
    stretches = [stretch for stream in first for stretch in stream.cursor.get("windows", ())]
    return sum(bool(done) for _, _, done, _ in stretches), len(stretches)


def sync_now(tracker: Tracker, now: datetime) -> int:
    """All its streams are due at once, and one that is broken as a whole is asked again; a wait that the tracker asked
    for still holds. The worker follows within seconds. :returns: how many streams are due"""
    Tracker.objects.filter(id=tracker.id).exclude(broken_since=None).update(asked_at=None)
    later = Q(next_due_at__gt=now) | Q(next_due_at=None) | Q(hinted_at__isnull=False)
    streams = Stream.objects.filter(tracker=tracker, active=True)
    streams.filter(later).update(next_due_at=now, hinted_at=None)
    return streams.count()
