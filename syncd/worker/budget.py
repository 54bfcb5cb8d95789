"""The request budget of a credential, shared by all workers through one row.

Tokens are taken from the row a few at a time, so that most requests cost no statement; a wait that a
tracker asks for is written at once, and seen by the others when they next take tokens.
"""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connections, transaction

from connectors.settings import Pace
from syncd.trackers.models import Limit

HANDFUL = 8


class SharedBudget:
    """A :class:`connectors.calls.Budget` kept in the database."""

    def __init__(self, credential: str, pace: Pace) -> None:
        """:param credential: the credential's fingerprint"""
        self._credential, self._pace = credential, pace
        self._lock, self._hand, self._blocked_until = threading.Lock(), 0, 0.0
        # connectors call from threads that come and go: one thread of our own keeps one connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="budget")

    def take(self) -> float:
        with self._lock:
            if (wait := self._blocked_until - time.time()) > 0:
                return wait
            if self._hand == 0:
                self._hand, wait = self._thread.submit(self._draw).result()
                if self._hand == 0:
                    return max(wait, 0.01)
            self._hand -= 1
            return 0.0

    def block(self, seconds: float) -> None:
        with self._lock:
            self._hand = 0
            self._blocked_until = max(self._blocked_until, time.time() + seconds)
            self._thread.submit(self._write_block, self._blocked_until).result()

    def close(self) -> None:
        """Give the connection back."""
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()

    def _draw(self) -> tuple[int, float]:
        """Tokens taken from the row, or none and the seconds until there is one."""
        with transaction.atomic():
            row, now = self._row(), time.time()
            if now < row.blocked_until:
                return 0, row.blocked_until - now
            # a clock that was set back must not empty the bucket
            tokens = min(self._pace.burst, row.tokens + max(0.0, now - row.refilled_at) * self._pace.per_second)
            taken = min(HANDFUL, math.floor(tokens))
            Limit.objects.filter(credential=self._credential).update(
                tokens=tokens - taken, refilled_at=now, burst=self._pace.burst, per_second=self._pace.per_second
            )
        return taken, (1 - tokens) / self._pace.per_second

    def _write_block(self, until: float) -> None:
        with transaction.atomic():
            if self._row().blocked_until < until:
                Limit.objects.filter(credential=self._credential).update(blocked_until=until)

    def _row(self) -> Limit:
        pace = {"burst": self._pace.burst, "per_second": self._pace.per_second}
        defaults = {"tokens": self._pace.burst, "refilled_at": time.time(), **pace}
        row, _ = Limit.objects.select_for_update().get_or_create(credential=self._credential, defaults=defaults)
        return row
