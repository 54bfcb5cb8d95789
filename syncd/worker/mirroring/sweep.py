"""Every row there compared with every row here: doubles are merged, what was taken away is noticed."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

import structlog
from prometheus_client import Counter

from connectors.mirror import Held, Place, Target
from syncd.mirrors import hearing, receipts
from syncd.mirrors.lease import Lease
from syncd.mirrors.merging import ours
from syncd.mirrors.models import Row
from syncd.worker.mirroring.push import Push

log = structlog.get_logger(__name__)

REPAIRED = Counter("syncd_mirror_doubles_total", "Rows of mirrors that stood there twice and were merged.", ["kind"])
BATCH = 500


def sweep(lease: Lease, target: Target, place: Place, push: Push, clock: Callable[[], datetime]) -> None:
    """From beginning to end. What it finds is put right at once."""
    there: defaultdict[str, list[Held]] = defaultdict(list)
    for page in target.rows(place):
        for held in page:
            there[held.marker].append(held)
        lease.hold()
    known: set[str] = set()
    for rows in _batches(lease):
        known |= {row.marker for row in rows}
        _doubles([row for row in rows if len(there.get(row.marker, ())) > 1], there, lease, target, push)
        _back([row for row in rows if row.state == Row.REMOVED and there.get(row.marker)], lease)
        _again([row for row in rows if row.state == Row.GONE and there.get(row.marker)], there, push)
        _missing(
            [row for row in rows if row.state == Row.LIVE and row.marker not in there], lease, target, place, clock
        )
    lease.note(swept_at=clock(), unknown=sum(len(rows) for marker, rows in there.items() if marker not in known))


def _doubles(rows: list[Row], there: dict[str, list[Held]], lease: Lease, target: Target, push: Push) -> None:
    """The oldest stays; the others go."""
    for row in rows:
        first, *others = sorted(there[row.marker], key=lambda held: (held.made, _number(held.remote)))
        for double in others:
            push.take_out(double, ours(double.slots, row.written, row.tried))
            REPAIRED.labels(target.kind).inc()
        if row.state == Row.LIVE and row.remote != first.remote:
            lease.hold()
            Row.objects.filter(pk=row.pk).update(remote=first.remote, url=first.url)
            row.remote = first.remote
        there[row.marker] = [first]
        log.warning("mirror_doubles_merged", place=str(lease.mirror), rows=len(others))


def _number(remote: str) -> tuple[int, str]:
    return (int(remote), "") if remote.isdecimal() else (0, remote)


def _back(rows: list[Row], lease: Lease) -> None:
    """The partner took them out of its bin again."""
    if rows:
        lease.hold()
        Row.objects.filter(pk__in=[row.pk for row in rows]).update(state=Row.LIVE, over_at=None)


def _again(rows: list[Row], there: dict[str, list[Held]], push: Push) -> None:
    """Withdrawn, and there again."""
    for row in rows:
        for held in there[row.marker]:
            push.take_out(held, ours(held.slots, row.written, row.tried))


def _missing(rows: list[Row], lease: Lease, target: Target, place: Place, clock: Callable[[], datetime]) -> None:
    """What is not listed is asked for by its id; only then it counts as taken away."""
    if not rows:
        return
    found = target.read(place, [row.remote for row in rows])
    gone = [row for row in rows if _is_gone(row, found.get(row.remote))]
    for row in gone:
        receipts.over(lease, row, Row.REMOVED, clock())
    if gone:
        hearing.removed(lease.mirror, gone, clock())


def _is_gone(row: Row, held: Held | None) -> bool:
    return held is None or not held.live or held.marker != row.marker


def _batches(lease: Lease) -> "list[list[Row]]":
    rows = list(lease.mirror.rows.order_by("pk"))
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
