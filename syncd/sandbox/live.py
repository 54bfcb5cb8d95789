"""People at work: a believable change every few seconds, in the order that the seed decides."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from connectors.item import OPEN
from syncd.sandbox import words
from syncd.sandbox.seeds import PLACES
from syncd.sandbox.story import TRACKERS

SECONDS = 4.0
_NEXT = {"todo": "in_progress", "in_progress": "done", "done": "todo", "cancelled": "todo"}


class World(Protocol):
    """What it changes."""

    def truth(self, service: str) -> list[dict[str, Any]]: ...

    def act(self, service: str, name: str, /, **arguments: Any) -> Any: ...

    @property
    def services(self) -> Any: ...


class Live:
    """A thread that changes a world between :meth:`start` and :meth:`stop`."""

    def __init__(self, world: World, seed: int, seconds: float = SECONDS) -> None:
        self._world = world
        self._rng = random.Random(f"{seed}/live")  # noqa: S311 - a seed, not a secret
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sandbox-live", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def step(self) -> tuple[str, str]:
        """Change one thing; tells the service and what was done."""
        service = self._rng.choice([name for name in self._world.services if name.partition("-")[0] in TRACKERS])
        done = self._rng.choices((self._advance, self._retitle, self._relabel, self._begin), (5, 1, 2, 2))[0]
        return service, done(service)

    def _work(self) -> None:
        while not self._over.wait(self._seconds * self._rng.uniform(0.5, 1.5)):
            with suppress(KeyError):  # somebody else removed it meanwhile
                self.step()

    def _advance(self, service: str) -> str:
        """Somebody starts or finishes something; a change is merged."""
        row = self._some(service, lambda row: row["status_category"] in OPEN)
        status = "done" if service == "github" else _NEXT[row["status_category"]]
        how = {"merged": True} if row["kind"] == "pull_request" else {"status": status}
        self._world.act(service, "edit", id=row["native_id"], **how)
        return f"{row['key']} is now {status}"

    def _retitle(self, service: str) -> str:
        """Somebody finds better words."""
        row = self._some(service, lambda row: row["status_category"] == "todo")
        title = row["title"].removesuffix(" (first version)")
        title = title if title != row["title"] else f"{title} (first version)"
        self._world.act(service, "edit", id=row["native_id"], title=title)
        return f"{row['key']} is called {title}"

    def _relabel(self, service: str) -> str:
        row = self._some(service, lambda _: True)
        label = self._rng.choice(words.LABELS)
        labels = [name for name in row["labels"] if name != label]
        labels = labels if label in row["labels"] else [*labels, label]
        self._world.act(service, "edit", id=row["native_id"], labels=labels)
        return f"{row['key']} is labelled {', '.join(labels)}"

    def _begin(self, service: str) -> str:
        """Somebody writes down something new."""
        place = self._rng.choice(PLACES[service.partition("-")[0]])
        thing = self._rng.choice([thing for things in words.AREAS.values() for thing in things])
        title = self._rng.choice(words.STORIES).format(thing)
        kind = "page" if service == "notion" else "story"
        self._world.act(service, "create", place=place, title=title, kind=kind)
        return f"{title} is new in {place}"

    def _some(self, service: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """A work that fits, or any if none does."""
        rows = self._world.truth(service)
        return self._rng.choice([row for row in rows if fits(row)] or rows)
