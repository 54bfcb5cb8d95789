"""Every request that came in, counted: what tests hold a connector's frugality against."""

import re
import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

_ID = re.compile(
    r"^(\d+|[A-Z][A-Z0-9_]*-\d+|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"
)


def operation(method: str, path: str) -> str:
    """The endpoint, with ids left out: ``GET /rest/api/3/issue/{}/comment``."""
    parts = path.split("/")
    names = ["{}" if _ID.match(part) and parts[i - 1] != "api" else part for i, part in enumerate(parts)]
    return f"{method} {'/'.join(names)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as it was answered; ``status`` is 0 where the connection was dropped instead."""

    service: str
    method: str
    path: str
    query: str
    status: int
    ms: float


class Journal:
    """Counts for ever, and remembers the last thousand requests. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._last: deque[Entry] = deque(maxlen=1000)

    def record(self, entry: Entry) -> None:
        with self._lock:
            self._counts[entry.service, operation(entry.method, entry.path), entry.status] += 1
            self._last.append(entry)

    def reset(self) -> None:
        with self._lock:
            self._counts.clear()
            self._last.clear()

    def count(self, service: str = "", op: str = "", status: int | None = None) -> int:
        """Requests so far; ``op`` is the beginning of an operation, so ``POST`` counts all of them."""
        with self._lock:
            return sum(
                n
                for (of, name, got), n in self._counts.items()
                if service in ("", of) and name.startswith(op) and status in (None, got)
            )

    def to_json(self) -> dict[str, Any]:
        """``{"total": {service: n}, "counts": {service: {operation: {status: n}}}, "last": [entry…]}``"""
        total: Counter[str] = Counter()
        counts: dict[str, dict[str, dict[str, int]]] = {}
        with self._lock:
            for (service, op, status), n in self._counts.items():
                total[service] += n
                counts.setdefault(service, {}).setdefault(op, {})[str(status)] = n
            return {"total": dict(total), "counts": counts, "last": [asdict(entry) for entry in self._last]}
