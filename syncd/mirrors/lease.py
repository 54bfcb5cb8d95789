"""Who may write to a place: a lease with a fencing token, as for streams (``syncd/trackers/lease.py``).

It is held anew before each request that changes something, and outlives that request with all its waits; whoever
woke late finds another epoch and sends nothing more.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from syncd.mirrors.models import Mirror
from syncd.trackers.lease import Fenced, holder, is_dead

LEASE = timedelta(seconds=150)
"""Longer than one request with its connection, its answer and its waits can take."""


@dataclass(slots=True)
class Lease:
    """The right to write to one place."""

    mirror: Mirror
    epoch: int

    @classmethod
    def claim(cls, mirror_id: int) -> "Lease | None":
        """Take it, unless somebody alive holds it."""
        now = timezone.now()
        mirror = Mirror.objects.get(id=mirror_id)
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        if mirror.lease_until and mirror.lease_until >= now and is_dead(mirror.lease_by):
            free |= Q(lease_by=mirror.lease_by)
        taken = Mirror.objects.filter(free, id=mirror_id, epoch=mirror.epoch).update(
            epoch=F("epoch") + 1, lease_until=now + LEASE, lease_by=holder()
        )
        if not taken:
            return None
        mirror.refresh_from_db()
        return cls(mirror, mirror.epoch)

    def hold(self) -> None:
        """:raises Fenced: it was taken over"""
        self.note(lease_until=timezone.now() + LEASE)

    def note(self, **changes: object) -> None:
        """Write down something about the place. :raises Fenced: it was taken over"""
        if not Mirror.objects.filter(id=self.mirror.id, epoch=self.epoch).update(**changes):
            raise Fenced(f"{self.mirror}: another worker took over")
        for name, value in changes.items():
            setattr(self.mirror, name, value)

    def release(self) -> None:
        """:raises Fenced: it was taken over"""
        self.note(lease_until=None, lease_by="")
