"""What a test hears of the log."""

from collections.abc import Iterator
from contextlib import contextmanager

from structlog.testing import capture_logs


@contextmanager
def logged() -> Iterator[list[str]]:
    """The events that were logged, filled at the end."""
    events: list[str] = []
    with capture_logs() as logs:
        yield events
    events += [str(entry["event"]) for entry in logs]
