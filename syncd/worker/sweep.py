"""Deletions: what a census does not see is looked up by id, and only evidence buries an item.

    mark what the tracker lists now → what is left is missing → too many at once? hold everything
    and say so → ask for the rest by id → trashed, gone or moved: a tombstone; forbidden, which may
    mean deleted or merely hidden: a tombstone after the second sweep that misses it.

An error anywhere buries nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import structlog
from django.db.models import F, QuerySet
from django.utils import timezone

from connectors import base
from connectors.base import Census, Connector, ConnectorError, Known
from connectors.calls import metered
from syncd.trackers import presence, store
from syncd.trackers.lease import Fenced, Lease
from syncd.trackers.models import Item
from syncd.trackers.writing import writing
from syncd.worker import faults
from syncd.worker.pulse import kept

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""Items looked up in one call."""
MISSES = 2
"""Sweeps that must miss an item of which the tracker does not say whether it is deleted or hidden."""


@dataclass(slots=True)
class Swept:
    """What came of a sweep, in numbers of items."""

    seen: int = 0
    missing: int = 0
    buried: int = 0
    requests: int = 0
    held: bool = False
    """The brake held the sweep: nothing was buried."""
    busy: bool = False
    error: ConnectorError | None = None


def sweep(stream_id: int, connector: Connector, *, accept: bool = False) -> Swept:
    """One census of a stream.

    :param accept: bury however many are missing; an operator has looked
    """
    done = Swept()
    lease = Lease.claim(stream_id)
    if lease is None:
        done.busy = True
        return done
    with structlog.contextvars.bound_contextvars(tracker=lease.stream.tracker.name, stream=lease.stream.name):
        try:
            _sweep(lease, connector, done, accept=accept)
        except Fenced as fenced:
            log.warning("stream_taken_over", reason=str(fenced))
            done.busy = True
        except ConnectorError as error:
            done.error = error
            log.warning("sweep_failed", reason=str(error))
            lease.release()
        except Exception:
            lease.release()
            raise
    return done


def brake(total: int) -> int:
    """How many of ``total`` items may vanish in one sweep: one in twenty, at least 10, at most 50. A
    permission lost looks like a mass deletion."""
    return max(10, min(50, total // 20))


def _sweep(lease: Lease, connector: Connector, done: Swept, *, accept: bool) -> None:
    row = lease.stream
    row.census += 1
    row.save(update_fields=["census"])
    stream = base.Stream(row.native_id, row.name, row.meta)
    with metered() as meter, kept(lease, meter):
        unreadable = _count(lease, connector, stream, done)
        missing = _missing(lease, unreadable)
        done.missing = missing.count()
        total = row.items.filter(deleted_at=None).count()
        if done.missing > brake(total) and not accept:
            done.held = True
            _hold(lease, done.missing, total)
        else:
            for known in _in_batches(missing):
                done.buried += _settle(lease, connector, stream, known)
            lease.release(swept_at=timezone.now(), held={})
        done.requests = meter.requests


def _count(lease: Lease, connector: Connector, stream: base.Stream, done: Swept) -> set[str]:
    """Mark everything the tracker lists. :returns: the containers that could not be listed"""
    unreadable: set[str] = set()
    renamed: list[Known] = []
    with closing(connector.census(stream)) as pages:
        for page in pages:
            with writing():
                lease.hold()
                store.upsert(lease.stream, page.items, timezone.now())
                presence.mark_seen(lease.stream, [seen.native_id for seen in page.seen])
            done.seen += len(page.seen)
            unreadable |= {problem.where for problem in page.unreadable}
            renamed += _unlike(lease, page)
    for start in range(0, len(renamed), AT_ONCE):
        found = connector.look_up(stream, renamed[start : start + AT_ONCE])
        with writing():
            lease.hold()
            store.upsert(lease.stream, found.items, timezone.now())
    return unreadable


def _unlike(lease: Lease, page: Census) -> list[Known]:
    """Items that the census knows by another key than we do, or that we do not know at all."""
    items = {item.native_id for item in page.items}
    listed = {seen.native_id: seen.key for seen in page.seen if seen.native_id not in items}
    rows = Item.objects.filter(tracker=lease.stream.tracker_id, native_id__in=list(listed), deleted_at=None)
    keys = dict(rows.values_list("native_id", "key"))
    return [Known(native_id, key, "") for native_id, key in listed.items() if keys.get(native_id) != key]


def _missing(lease: Lease, unreadable: set[str]) -> QuerySet[Item]:
    items = lease.stream.items.filter(deleted_at=None, census__lt=lease.stream.census)
    return items.exclude(container__in=unreadable).order_by("id")


def _hold(lease: Lease, missing: int, total: int) -> None:
    """The brake: nothing is buried until somebody has looked, or the items are back."""
    since = (lease.stream.held or {}).get("since") or timezone.now().isoformat(timespec="seconds")
    log.error("sweep_held", missing=missing, of=total, remedy="check the credential's rights; see syncd status")
    lease.release(swept_at=timezone.now(), held={"missing": missing, "of": total, "since": since})


def _in_batches(missing: QuerySet[Item]) -> Iterator[list[Item]]:
    """Keyset batches: settling a batch takes its items out of the query."""
    last = 0
    while batch := list(missing.filter(id__gt=last)[:AT_ONCE]):
        yield batch
        last = batch[-1].id


def _settle(lease: Lease, connector: Connector, stream: base.Stream, missing: Sequence[Item]) -> int:
    """Ask for the missing by id and bury those that are known to be away. :returns: how many"""
    now = timezone.now()
    found = connector.look_up(stream, [Known(item.native_id, item.key, item.container) for item in missing])
    fates = {item.id: found.fates.get(item.native_id) for item in missing}
    hidden = [item.id for item in missing if fates[item.id] == "forbidden" and item.missed + 1 < MISSES]
    away = {id_: fate for id_, fate in fates.items() if fate and id_ not in hidden}
    faults.point("before-bury")
    with writing():
        lease.hold()
        store.upsert(lease.stream, found.items, now)
        Item.objects.filter(id__in=hidden).update(missed=F("missed") + 1)
        for fate in set(away.values()):
            presence.bury([id_ for id_, its in away.items() if its == fate], fate, now)
    return len(away)
