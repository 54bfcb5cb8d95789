"""What the partner did at its place since it was last looked at: it is heard, and kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from connectors.mirror import Held, Place, Target
from syncd.mirrors import hearing
from syncd.mirrors.lease import Lease
from syncd.mirrors.merging import merge
from syncd.mirrors.models import Intent, Row

ASK_EVERY = timedelta(minutes=5)
BATCH = 500
"""Ids in one statement."""
ASK_AT_ONCE = 50
"""Rows that are asked for remarks in turn, where a remark leaves its row unchanged."""


def look(lease: Lease, target: Target, place: Place, every: float, clock: Callable[[], datetime]) -> None:
    """One question for what changed; one more where something did.

    :param every: seconds until it is looked again
    """
    mirror, now = lease.mirror, clock()
    changed: list[str] = []
    if mirror.looked_at:
        changed = _changed(lease, target, place, mirror.looked_at, clock)
        if changed and not target.quiet_remarks:
            _remarks(lease, target, place, changed, mirror.looked_at)
    if target.quiet_remarks:
        _ask_in_turn(lease, target, place, changed, now)
    lease.note(looked_at=place.now, look_at=now + timedelta(seconds=every))


def _changed(lease: Lease, target: Target, place: Place, since: datetime, clock: Callable[[], datetime]) -> list[str]:
    """:returns: ids there of the rows at which somebody may have said something"""
    found = {held.remote: held for held in target.changed(place, since)}
    rows = [row for ids in _batches(list(found)) for row in lease.mirror.rows.filter(state=Row.LIVE, remote__in=ids)]
    _meet([row for row in rows if not row.url], found)
    doubtful = [row for row in rows if _differs(row, found[row.remote], target, place)]
    # what is listed may be older than what was written since: what seems changed is read past every index
    sure = target.read(place, [row.remote for row in doubtful]) if doubtful else {}
    for row in doubtful:
        if (held := sure.get(row.remote)) and held.marker == row.marker:
            _note(lease, row, held, target, place, clock())
    if target.quiet_remarks:
        return [row.remote for row in doubtful]
    return [row.remote for row in rows if found[row.remote].remarks != 0]


def _meet(rows: Sequence[Row], found: Mapping[str, Held]) -> None:
    """What is seen for the first time is taken as it is."""
    for row in rows:
        row.url, row.stage = found[row.remote].url, found[row.remote].stage
    Row.objects.bulk_update(rows, ["url", "stage"], batch_size=BATCH)


def _batches(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _differs(row: Row, held: Held, target: Target, place: Place) -> bool:
    merged = merge(row.written, row.tried, target.slots(place, row.values), held.slots)
    return bool(merged.theirs) or bool(row.theirs) or held.stage != row.stage


def _note(lease: Lease, row: Row, held: Held, target: Target, place: Place, now: datetime) -> None:
    merged = merge(row.written, row.tried, target.slots(place, row.values), held.slots)
    hearing.differences(lease.mirror, row, merged.theirs, held.slots, now)
    hearing.stage(lease.mirror, row, held.stage, now)
    lease.hold()
    Row.objects.filter(pk=row.pk).update(theirs=merged.theirs, stage=held.stage)
    if merged.write and not Intent.objects.filter(pk=row.pk).exists():  # they put it back: ours goes on from there
        Intent.objects.create(
            row=row, mirror=lease.mirror, act=Intent.UPDATE, values=row.values, made_at=now, next_at=now
        )


def _remarks(lease: Lease, target: Target, place: Place, ids: Sequence[str], since: datetime) -> None:
    for some in _batches(list(ids)):
        rows = {row.remote: row for row in lease.mirror.rows.filter(state=Row.LIVE, remote__in=some)}
        for said in target.remarks(place, list(rows), since):
            hearing.remark(lease.mirror, rows[said.remote], said)


def _ask_in_turn(lease: Lease, target: Target, place: Place, changed: Sequence[str], now: datetime) -> None:
    """Rows that changed, and now and then the next few of all."""
    mirror = lease.mirror
    ids = list(changed)
    if mirror.asked_at is None or now - mirror.asked_at >= ASK_EVERY:
        live = mirror.rows.filter(state=Row.LIVE).order_by("pk")
        turn = list(live.filter(pk__gt=mirror.asked)[:ASK_AT_ONCE]) or list(live[:ASK_AT_ONCE])
        ids += [row.remote for row in turn if row.remote not in ids]
        lease.note(asked_at=now, asked=turn[-1].pk if turn else 0)
    if ids:
        _remarks(lease, target, place, ids, mirror.since)
