"""A company that works in its tracker while syncd reads along, with all that can go wrong between them.

The tracker is the sandbox, the connector the real one, the store the real one. What people did is asked of
the sandbox itself; after quiet the store must hold exactly that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

from connectors.base import ConnectorError, Cursor
from connectors.item import Kind
from syncd.sandbox.base import Work
from syncd.trackers import doc
from syncd.trackers.models import Item, Stream, Tracker
from syncd.worker import discover, sweep, sync
from syncd.worker.sync import Slice
from tests.contract.rows import Row, differences, expected, row_of
from tests.contract.worlds import StillClock, World

SHOWN = 3600.0
"""Seconds after which everything that was done shows everywhere, and is older than every overlap."""
KINDS: Mapping[str, tuple[Kind, ...]] = {
    "jira": ("epic", "story", "task", "bug"),
    "github": ("story", "pull_request", "bug", "task"),
    "notion": ("epic", "task", "bug", "page"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does: ``edit``, ``create``, ``delete``, ``move``, ``trash``, ``restore``,
    ``comment``. ``which`` picks the item, ``how`` the rest; both count beyond the end of any list."""

    name: str
    which: int
    how: int


class Company:
    """:param ages: minutes before now at which each item was planted; equal ages make one instant"""

    def __init__(self, kind: type[World], folder: Path, ages: Sequence[int], portion: int, skew: timedelta) -> None:
        start = StillClock()()
        self.world = kind(folder, portion=portion, clock=StillClock(start + skew))
        self._plant(ages)
        self.closed: set[str] = set()
        self.trash: list[str] = []
        self.world.__enter__()
        self.settings = self.world.settings()
        self.tracker = Tracker.objects.create(name=self.settings.name, kind=kind.kind, url=self.settings.root)
        self.connector = self.world.connector()

    def end(self) -> None:
        self.world.__exit__()

    # what people do

    def act(self, name: str, **arguments: Any) -> Any:
        """Behind the sandbox's lock, which is held while a request is answered and free otherwise."""
        self.world.service.tick(self.world.clock())
        return self.world.service.act(name, arguments)

    def do(self, deed: Deed) -> None:
        """Nothing happens where there is nothing to do it to."""
        there = sorted(self.everything().values(), key=lambda row: (row["created_at"], row["native_id"]))
        if deed.name == "create":
            self._create(deed, there)
        elif deed.name == "restore":
            if self.trash:
                self.act("restore", id=self.trash.pop(deed.which % len(self.trash)))
        elif there:
            getattr(self, f"_{deed.name}")(there[deed.which % len(there)], deed.how, there)

    def close(self, place: str) -> None:
        """The credential loses a place."""
        self.closed.add(place)
        self.act("forbid", place=place)

    def open(self, place: str) -> None:
        self.closed.discard(place)
        self.act("allow", place=place)

    def everything(self) -> dict[str, Row]:
        """What is in scope, whether or not it may be read now."""
        for place in self.closed:
            self.act("allow", place=place)
        scope = {self.world.container(place) for place in self.world.places}
        rows = [row for row in self.world.service.truth() if row["container"] in scope]
        for place in self.closed:
            self.act("forbid", place=place)
        return expected(rows)

    # what syncd does

    @property
    def streams(self) -> list[Stream]:
        return list(self.tracker.streams.filter(active=True).order_by("id"))

    def knows(self, place: str) -> bool:
        """Whether it was found under the name it is configured by; one that is not cannot be followed."""
        container = self.world.container(place)
        return any(container in (row.name, row.native_id, *row.name.split(", ")) for row in self.streams)

    def discover(self) -> None:
        try:
            discover.discover(self.settings, self.connector)
        except ConnectorError:
            self.restart()

    def pull(self, stream: Stream, pages: int = 0, meanwhile: Sequence[Deed] = ()) -> sync.Pulled:
        """To the end, or stopped after so many pages; people go on working before each list is answered."""
        deeds, stop, left = list(meanwhile), Event(), pages

        def work(_: Callable[..., Any]) -> None:
            if deeds:
                self.world.clock.advance(1)
                self.do(deeds.pop())

        def count(_: sync.Pulled) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                stop.set()

        self.world.meanwhile = work
        done = sync.pull(stream.id, self.connector, self.settings.every, Slice(stop=stop, progress=count))
        self.world.meanwhile = None
        assert not done.busy
        if done.error:
            self.restart()
        return done

    def sweep(self, stream: Stream, *, accept: bool = False) -> sweep.Swept:
        """Whatever it buries is away."""
        stream.refresh_from_db()
        if not Cursor.from_json(stream.cursor).backfilled:
            return sweep.Swept()
        before = self._buried()
        done = sweep.sweep(stream.id, self.connector, accept=accept)
        there = self.everything()
        buried = Item.objects.filter(native_id__in=(self._buried() - before) & there.keys())
        wrongly = [item for item in buried if not self._hidden_by_a_move(item, there[item.native_id])]
        assert not wrongly
        if done.error:
            self.restart()
        return done

    def _hidden_by_a_move(self, item: Item, row: Row) -> bool:
        """Somebody took it to a place that we may not read: no tracker tells that from a deletion."""
        places = {self.world.container(place): place for place in self.world.places}
        place = places[row["container"]]
        return place in self.closed and places.get(item.container, item.container) != place

    def restart(self) -> None:
        """A new process: it remembers nothing but what is in the store."""
        self.connector.close()
        self.connector = self.world.connector()

    def come_to_rest(self) -> None:
        """Nothing happens any more, everything can be read, and syncd does what it does every day."""
        self.world.sandbox.faults.clear()
        for place in list(self.closed):
            self.open(place)
        self.world.clock.advance(SHOWN)
        self.restart()
        self.discover()
        for _ in range(2):
            for stream in self.streams:
                done = self.pull(stream)
                assert (done.error, done.more, done.problems) == (None, False, [])
            for stream in self.streams:
                swept = self.sweep(stream)
                if swept.held:
                    swept = self.sweep(stream, accept=True)
                assert swept.error is None
            self.world.clock.advance(SHOWN)

    def differences(self) -> list[str]:
        """Between what the tracker holds and what the store holds, in words."""
        return differences(self.everything(), self._stored())

    def _stored(self) -> dict[str, Row]:
        values = list(Item.objects.filter(deleted_at=None).values("id", "parent_id", "doc", *doc.COLUMNS))
        ids = {row["id"]: row["native_id"] for row in values}
        return {
            row["native_id"]: row_of(doc.unpack(self.tracker.name, row, row["doc"]), ids.get(row["parent_id"]))
            for row in values
        }

    def _buried(self) -> set[str]:
        return set(Item.objects.exclude(deleted_at=None).values_list("native_id", flat=True))

    # deeds

    def _plant(self, ages: Sequence[int]) -> None:
        places, kinds, now = self.world.places, KINDS[self.world.kind], self.world.clock()
        works = [
            Work(
                name=f"planted-{number}",
                tracker=self.world.tracker,
                place=places[number % 2],
                kind=kinds[number % len(kinds)],
                title=f"Planted {number}",
                status="todo",
                created=now - timedelta(days=2, minutes=age),
                updated=now - timedelta(days=2),
                branch=f"planted-{number}" if kinds[number % len(kinds)] == "pull_request" else "",
            )
            for number, age in enumerate(sorted(ages, reverse=True))
        ]
        if works:
            self.world.plant(works)

    def _create(self, deed: Deed, there: Sequence[Row]) -> None:
        place = (*self.world.places, self.world.outside)[deed.how % 3]
        kinds = KINDS[self.world.kind]
        kind = kinds[deed.which % len(kinds)]
        for number in range(1 + deed.how % 4):
            self.act("create", place=place, title=f"New {deed.which} {number}", kind=kind)

    def _edit(self, row: Row, how: int, there: Sequence[Row]) -> None:
        status = ("todo", "in_progress", "done", "cancelled")[how % 4]
        values = ({"title": f"Edited {how}"}, {"labels": [f"label-{how}"]}, {"status": status})[how % 3]
        if how % 7 == 0 and (parent := self._parent(row, how, there)):
            values = values | {"parent": parent}
        self.act("edit", id=row["native_id"], **values)

    def _parent(self, row: Row, how: int, there: Sequence[Row]) -> str:
        """One that the tracker would accept: an older item, in Jira an epic."""
        older = there[: there.index(row)]
        if self.world.kind == "jira":
            older = [one for one in older if one["kind"] == "epic" and row["kind"] != "epic"]
        if self.world.kind == "github":
            older = [one for one in older if "pull_request" not in (one["kind"], row["kind"])]
        return str(older[how % len(older)]["native_id"]) if older else ""

    def _delete(self, row: Row, how: int, there: Sequence[Row]) -> None:
        self.act("delete", id=row["native_id"])

    def _trash(self, row: Row, how: int, there: Sequence[Row]) -> None:
        if "trash" in self.world.fates:
            self.act("trash", id=row["native_id"])
            self.trash.append(row["native_id"])

    def _move(self, row: Row, how: int, there: Sequence[Row]) -> None:
        to = (*self.world.places, self.world.outside)[how % 3]
        if row["kind"] != "pull_request" and row["container"] != self.world.container(to):
            self.act("move", id=row["native_id"], to=to)

    def _comment(self, row: Row, how: int, there: Sequence[Row]) -> None:
        words = {} if self.world.kind == "jira" else {"body": f"Comment {how}"}
        self.act("comment", id=row["native_id"], **words)
