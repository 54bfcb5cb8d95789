"""Who may commit to a stream: a lease with a fencing token.

A lease is taken by one conditional UPDATE that raises the stream's epoch; every page is committed
under the condition that the epoch is still the one that was taken. A worker that was stopped, woke
late or was declared dead finds zero rows and gives up without a trace. Lost, doubled or late jobs
are therefore harmless.
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db.models import F, Q
from django.utils import timezone

from connectors.base import Cursor, Problem
from syncd.trackers.models import Stream

LEASE = timedelta(seconds=150)
"""Longer than one call with all its tries; extended by every page."""


class Fenced(Exception):
    """The stream belongs to another worker now; nothing was written."""


@dataclass(slots=True)
class Lease:
    """The right to commit to one stream."""

    stream: Stream
    epoch: int

    @classmethod
    def claim(cls, stream_id: int) -> "Lease | None":
        """Take the stream, unless somebody alive holds it."""
        now = timezone.now()
        stream = Stream.objects.select_related("tracker").get(id=stream_id)
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        if stream.lease_until and stream.lease_until >= now and is_dead(stream.lease_by):
            free |= Q(lease_by=stream.lease_by)
        taken = Stream.objects.filter(free, id=stream_id, epoch=stream.epoch).update(
            epoch=F("epoch") + 1, lease_until=now + LEASE, lease_by=holder(), last_attempt_at=now
        )
        if not taken:
            return None
        stream.refresh_from_db(fields=["epoch", "cursor", "meta", "name", "census"])
        return cls(stream, stream.epoch)

    def advance(self, cursor: Cursor, requests: int) -> None:
        """Within the page's transaction: move the cursor, extend the lease.

        :raises Fenced: the stream was taken over
        """
        self._set(cursor=cursor.to_json(), requests=requests, lease_until=timezone.now() + LEASE)

    def hold(self) -> None:
        """Extend the lease during work that moves no cursor. :raises Fenced: the stream was taken over"""
        self._set(lease_until=timezone.now() + LEASE)

    def release(self, **changes: object) -> None:
        """Give the stream back with its new state. :raises Fenced: the stream was taken over"""
        self._set(lease_until=None, lease_by="", hinted_at=None, **changes)

    def _set(self, **changes: object) -> None:
        if not Stream.objects.filter(id=self.stream.id, epoch=self.epoch).update(**changes):
            raise Fenced(f"{self.stream}: another worker took over")


def problems_as_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """For the ``problems`` columns: where, and what in words, each once."""
    return [{"where": where, "what": what} for where, what in dict.fromkeys((p.where, p.error.what) for p in problems)]


def holder() -> str:
    """This process, so that others on the same machine can tell whether it still lives."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def is_dead(lease_by: str) -> bool:
    """Whether the holder was a process of this machine that is no more. Elsewhere, only time tells."""
    host, pid, started = [*lease_by.rsplit(":", 2), "", ""][:3]
    return host == socket.gethostname() and pid.isdigit() and _started(int(pid)) != started


def _started(pid: int) -> str:
    """A process's start in clock ticks since boot (proc(5), field 22 of stat); empty if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
