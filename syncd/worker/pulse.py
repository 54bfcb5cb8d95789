"""Keeps a lease while a connector is at work.

A page may take longer than a lease lasts: relations that Notion gives in part are asked for one by one, and a slow
pace lets only so many requests through. Each request is a sign of life; a pull that hangs gives none, and loses its
stream as one does whose process died.
"""

import contextlib
import threading
from collections.abc import Iterator

from django.db import DatabaseError, connection

from connectors.calls import Meter
from syncd.trackers.lease import LEASE, Fenced, Lease

BEAT = LEASE / 3


@contextlib.contextmanager
def kept(lease: Lease, meter: Meter) -> Iterator[None]:
    """Extends the lease from a thread of its own for as long as requests go out."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(lease, meter, over), name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(lease: Lease, meter: Meter, over: threading.Event) -> None:
    known = 0
    try:
        while not over.wait(BEAT.total_seconds()):
            if meter.requests != known:
                known = meter.requests
                # whoever took the stream over, or a database that is away, is met at the next commit
                with contextlib.suppress(Fenced, DatabaseError):
                    lease.hold()
    finally:
        connection.close()
