"""Intents are carried out: intent → lease → request → receipt."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import structlog
from django.utils import timezone
from prometheus_client import Counter

from connectors.base import BadResponse, ConnectorError, RateLimited, Unavailable
from connectors.calls import Budget
from connectors.mirror import Held, Place, Target, Write
from syncd.mirrors import hearing, receipts
from syncd.mirrors.lease import Lease
from syncd.mirrors.merging import merge, ours
from syncd.mirrors.models import Intent, Row
from syncd.worker import faults

log = structlog.get_logger(__name__)

WRITTEN = Counter("syncd_mirror_rows_total", "Rows of mirrors that were written.", ["kind", "act"])
AGAIN = timedelta(minutes=10)
"""Before a row is tried again that the tracker refused."""
LONGEST = timedelta(hours=6)
SOON = timedelta(seconds=20)
"""Before a request is tried again that had no answer, and may be sent twice."""
BATCH = 50
"""Intents that are read at once."""
FAILURES = 4
"""Rows in a row that fail: then it is about the place, not about them."""


class Push:
    """The pushing of one turn.

    :param clock: what time it is
    :param stop: once it is set, no further row is begun
    :param writes: how many rows may be written, beside what the tracker's lane allows
    """

    def __init__(
        self,
        lease: Lease,
        target: Target,
        place: Place,
        clock: Callable[[], datetime],
        stop: Event,
        writes: Budget | None = None,
    ) -> None:
        self._lease, self._target, self._place, self._clock = lease, target, place, clock
        self._stop, self._writes = stop, writes
        self._mark = ""
        self._failed = 0
        self._tried: set[int] = set()
        """Intents that failed in this turn."""

    def run(self, ends: float, only: str = "") -> bool:
        """What is due, until the time is over: what is to be withdrawn first.

        :param only: carry out only this act
        :returns: whether more is due
        :raises ConnectorError: nothing more can be written for now
        """
        while batch := self._due(only):
            for intent in batch:
                if time.monotonic() > ends or self._stop.is_set():
                    return True
                self._try(intent)
        return False

    def _due(self, only: str) -> list[Intent]:
        due = Intent.objects.filter(mirror=self._lease.mirror, next_at__lte=self._clock()).exclude(pk__in=self._tried)
        due = due.filter(act=only) if only else due
        return list(due.select_related("row").order_by("-act", "row_id")[:BATCH])  # withdraw, update, create

    def _try(self, intent: Intent) -> None:
        act = {Intent.CREATE: self._create, Intent.UPDATE: self._update, Intent.WITHDRAW: self._withdraw}[intent.act]
        tries = intent.attempts + 1
        try:
            act(intent)
        except RateLimited:
            raise
        except BadResponse as error:
            log.warning("mirror_row_refused", place=str(self._lease.mirror), act=intent.act, reason=str(error))
            self._later(intent, error, tries, min(AGAIN * 2 ** min(tries, 6), LONGEST))
        except Unavailable as error:
            self._later(intent, error, tries, SOON)
        else:
            self._failed = 0
            WRITTEN.labels(self._target.kind, intent.act).inc()

    def _later(self, intent: Intent, error: BadResponse | Unavailable, tries: int, pause: timedelta) -> None:
        """:raises ConnectorError: it is not about this row alone"""
        self._tried.add(intent.pk)
        due = {} if intent.begun_at else {"next_at": self._clock() + pause}
        Intent.objects.filter(pk=intent.pk).update(error=error.what, attempts=tries, **due)
        self._failed += 1
        if self._failed >= FAILURES:
            raise error

    def _create(self, intent: Intent) -> None:
        row, slots = intent.row, dict(self._target.slots(self._place, intent.values))
        if intent.begun_at and self._found(intent, slots):
            return
        if not self._mark:
            self._mark = self._target.mark(self._place)
        write = self._target.create(self._place, row.marker, slots)
        self._admit()
        self._begin(intent, slots)
        try:
            remote = self._send(write)
        except ConnectorError as error:
            if _had_no_effect(error):
                Intent.objects.filter(pk=intent.pk).update(begun_at=None, next_at=self._clock())
                intent.begun_at = None
            else:  # whether it is there will be found out, once that can be told
                Intent.objects.filter(pk=intent.pk).update(error=error.what)
                raise Unavailable(error.what, status=error.status) from error
            raise
        faults.point("before-receipt")
        now = self._clock()
        receipts.written(self._lease, row, intent.values, slots, now, remote=remote, made_at=now)
        faults.point("after-receipt")

    def _found(self, intent: Intent, slots: Mapping[str, str]) -> bool:
        """Whether the row was made by a request of which nothing was heard; then it is taken for what it is."""
        row = intent.row
        found = self._target.find(self._place, row.marker, intent.mark)
        if not found:
            return False
        first, *doubles = found
        self._take_on(row, first, intent.values, row.tried or slots)
        for double in doubles:
            self.take_out(double, ours(double.slots, row.written, row.tried))
        log.info("mirror_row_found", place=str(self._lease.mirror), doubles=len(doubles))
        return True

    def _take_on(self, row: Row, held: Held, values: Mapping[str, str], slots: Mapping[str, str]) -> None:
        """A row that stands there is this one. What differs was changed by the partner meanwhile."""
        now = self._clock()
        theirs = {slot: held.slots[slot] for slot, text in slots.items() if held.slots.get(slot, text) != text}
        receipts.written(
            self._lease, row, values, dict(slots), now,
            remote=held.remote, url=held.url, stage=held.stage, made_at=row.made_at or held.made,
        )  # fmt: skip
        self._note_theirs(row, theirs, held.slots)

    def _update(self, intent: Intent) -> None:
        row = intent.row
        held = self._read(row)
        if held is None or held.marker != row.marker:
            self._removed(row)
            return
        wanted = self._target.slots(self._place, intent.values)
        merged = merge(row.written, row.tried, wanted, held.slots)
        if merged.write:
            writes = self._target.update(self._place, held, merged.write)
            self._admit()
            Row.objects.filter(pk=row.pk).update(tried=merged.write)
            row.tried = merged.write
            self._attempted(intent)
            for write in writes:
                self._send(write)
        faults.point("before-receipt")
        more = {"url": held.url, "remote": held.remote}
        receipts.written(self._lease, row, intent.values, merged.written | merged.write, self._clock(), **more)
        self._note_theirs(row, merged.theirs, held.slots)

    def _withdraw(self, intent: Intent) -> None:
        row = intent.row
        if not row.remote and intent.begun_at:
            left = self._target.find(self._place, row.marker, intent.mark)
        else:
            there = self._read(row) if row.remote else None
            left = [there] if there and there.live else []
        if any(held.marker != row.marker for held in left):
            self._removed(row)
            return
        for held in left:
            self._attempted(intent)
            self.take_out(held, ours(held.slots, row.written, row.tried))
        faults.point("before-receipt")
        receipts.over(self._lease, row, Row.GONE, self._clock())

    def take_out(self, held: Held, slots: Mapping[str, str]) -> None:
        """Withdraw one row, and see for oneself that nothing of ours is left there.

        :param slots: those that hold what we wrote
        :raises Unavailable: something still is
        """
        for write in self._target.withdraw(self._place, held, slots):
            self._admit()
            self._send(write)
        left = self._target.read(self._place, [held.remote]).get(held.remote)
        if left and left.live:
            raise Unavailable(f"the row {held.remote} was withdrawn and is still there")
        if left and any(left.slots.get(slot) == text for slot, text in slots.items() if text):
            raise Unavailable(f"the row {held.remote} was withdrawn and still says what it said")

    def _removed(self, row: Row) -> None:
        """The partner took it away, or our marker off it: it is not ours any more."""
        receipts.over(self._lease, row, Row.REMOVED, self._clock())
        hearing.removed(self._lease.mirror, [row], self._clock())

    def _note_theirs(self, row: Row, theirs: Mapping[str, str], there: Mapping[str, str]) -> None:
        if dict(theirs) != row.theirs:
            hearing.differences(self._lease.mirror, row, theirs, there, self._clock())
            Row.objects.filter(pk=row.pk).update(theirs=dict(theirs))
            row.theirs = dict(theirs)

    def _read(self, row: Row) -> Held | None:
        return self._target.read(self._place, [row.remote]).get(row.remote)

    def _begin(self, intent: Intent, slots: Mapping[str, str]) -> None:
        """On record before it is sent: from here on it may be there."""
        now = self._clock()
        Row.objects.filter(pk=intent.pk).update(tried=dict(slots))
        intent.row.tried = dict(slots)
        # if this worker ends here, another try makes sense only then
        mark = intent.mark or self._mark  # of the first request: what that made may show late
        self._attempted(intent, begun_at=now, mark=mark, next_at=now + self._target.settles)

    def _attempted(self, intent: Intent, **changes: Any) -> None:
        for name, value in (changes | {"attempts": intent.attempts + 1}).items():
            setattr(intent, name, value)
        intent.save(update_fields=[*changes, "attempts"])

    def _send(self, write: Write) -> str:
        self._lease.hold()
        faults.point("before-write")
        remote = self._target.send(self._place, write)
        faults.point("after-write")
        return remote

    def _admit(self) -> None:
        """:raises RateLimited: so many rows were written that more have to wait"""
        if self._writes and (wait := self._writes.take()) > 0:
            raise RateLimited("as many rows were written as may be for now", retry_after=wait)


def _had_no_effect(error: ConnectorError) -> bool:
    """Whether it is certain that nothing was made."""
    if isinstance(error, Unavailable):
        return not error.sent
    return isinstance(error, RateLimited) or bool(error.status and error.status >= 300)


def clock_of(now: datetime) -> Callable[[], datetime]:
    """The clock, set to ``now``: what a caller says it is, going on from there."""
    began, at = timezone.now(), now
    return lambda: at + (timezone.now() - began)
