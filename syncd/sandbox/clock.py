"""The sandbox's own time: real time, moved by an offset that tests and people set."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Call it for the time now, aware and in UTC."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> datetime:
        """Move ahead (or back, if negative) and tell the new time."""
        self._offset += timedelta(seconds=seconds)
        return self()
