"""syncd as it runs: the real worker, store and connector on a tracker that people and trouble change meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from connectors.base import ConnectorError, Cursor
from syncd.trackers import doc
from syncd.trackers.models import Item, Stream, Tracker
from syncd.worker import discover, sweep, sync
from syncd.worker.sync import Slice
from tests.contract.rows import Row, differences, row_of
from tests.machine.people import Deed, People

SHOWN = 3600.0
"""Seconds after which everything that was done shows everywhere, and is older than every overlap."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that goes wrong with the requests of one pull, sweep or discovery.

    ``everywhere``: not only where items are listed. ``wait`` is what a 429 asks for, in seconds."""

    kind: str
    times: int
    after: int
    everywhere: bool = False
    wait: int | None = None


class Syncd:
    """Reads the tracker of these people, and complains as soon as the store is not what it should be."""

    def __init__(self, people: People) -> None:
        self.people, self.world = people, people.world
        self.settings = self.world.settings()
        self.tracker = Tracker.objects.create(name=self.settings.name, kind=self.settings.kind, url=self.settings.root)
        self.connector = self.world.connector()

    @property
    def streams(self) -> list[Stream]:
        return list(self.tracker.streams.filter(active=True).order_by("id"))

    def knows_the_name(self) -> bool:
        """Whether the first place was found under the name it is configured by: until then it cannot be followed."""
        place = self.world.container(self.world.places[0])
        return any(place in (row.name, row.native_id, *row.name.split(", ")) for row in self.streams)

    def found(self) -> list[Stream]:
        """The streams; a tracker that has none yet is asked."""
        if not self.streams:
            self.discover()
        return self.streams

    def discover(self, trouble: Trouble | None = None) -> None:
        with self._disturbed(trouble):
            try:
                discover.discover(self.settings, self.connector)
            except ConnectorError:
                self.restart()

    def pull(
        self, stream: Stream, pages: int = 0, meanwhile: Sequence[Deed] = (), trouble: Trouble | None = None
    ) -> sync.Pulled:
        """To the end, or stopped after so many pages; people go on working before each list is answered."""
        deeds, stop, left = list(meanwhile), Event(), pages

        def work(_: Callable[..., Any]) -> None:
            if deeds:
                self.world.clock.advance(1)
                self.people.do(deeds.pop())

        def count(_: sync.Pulled) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                stop.set()

        self.world.meanwhile = work
        with self._disturbed(trouble):
            done = sync.pull(stream.id, self.connector, self.settings.every, Slice(stop=stop, progress=count))
        self.world.meanwhile = None
        agree([done.busy])
        if done.error:
            self.restart()
        return done

    def forget(self, stream: Stream) -> None:
        """``syncd sync --full``"""
        Stream.objects.filter(id=stream.id).update(cursor={})

    def sweep(self, stream: Stream, *, accept: bool = False, trouble: Trouble | None = None) -> sweep.Swept:
        """Whatever it buries is away. Before the first pull has come to its end nothing is swept."""
        stream.refresh_from_db()
        if not Cursor.from_json(stream.cursor).backfilled:
            return sweep.Swept()
        before = self._buried()
        with self._disturbed(trouble):
            done = sweep.sweep(stream.id, self.connector, accept=accept)
        there = self.people.everything()
        buried = Item.objects.filter(native_id__in=(self._buried() - before) & there.keys())
        wrongly = [item for item in buried if not self._hidden_by_a_move(item, there[item.native_id])]
        agree(wrongly)
        if done.error:
            self.restart()
        return done

    @contextmanager
    def _disturbed(self, trouble: Trouble | None) -> Iterator[None]:
        """And no older version of an item takes the place of a newer one."""
        before = self._stamps()
        if trouble:
            match = "." if trouble.everywhere else self.world.lists
            self.world.fail(trouble.kind, match, times=trouble.times, after=trouble.after, retry_after=trouble.wait)
        yield
        self.world.sandbox.faults.clear()
        older = [id_ for id_, stamp in self._stamps().items() if stamp < before.get(id_, stamp)]
        agree(older)

    def _stamps(self) -> dict[str, datetime]:
        return dict(Item.objects.filter(deleted_at=None).values_list("native_id", "updated_at"))

    def _hidden_by_a_move(self, item: Item, row: Row) -> bool:
        """Somebody took it to a place that we may not read: no tracker tells that from a deletion."""
        places = {self.world.container(place): place for place in self.world.places}
        place = places[row["container"]]
        return place in self.people.closed and places.get(item.container, item.container) != place

    def restart(self) -> None:
        """A new process: it remembers nothing but what is in the store."""
        self.connector.close()
        self.connector = self.world.connector()

    def come_to_rest(self) -> None:
        """Nothing happens any more, everything can be read, and syncd does what it does every day.

        Pulls alone bring what is there: the first ends a run that was interrupted, whose mark is its start, the
        second is a whole one. Sweeps take away what is not."""
        for place in list(self.people.closed):
            self.people.open(place)
        self.world.clock.advance(SHOWN)
        self.restart()
        self.discover()
        self._pull_undisturbed()
        self._pull_undisturbed()
        agree(self._not_pulled())
        for _ in range(2):
            self._sweep_undisturbed()
            self.world.clock.advance(SHOWN)
            self._pull_undisturbed()
        agree(differences(self.people.everything(), self._stored()))

    def _pull_undisturbed(self) -> None:
        for stream in self.streams:
            done = self.pull(stream)
            agree([done.error, done.more, *done.problems])

    def _sweep_undisturbed(self) -> None:
        for stream in self.streams:
            swept = self.sweep(stream)
            if swept.held:
                swept = self.sweep(stream, accept=True)
            agree([swept.error])

    def _not_pulled(self) -> list[str]:
        """What the tracker holds and the store does not, apart from what only a sweep can learn: the names that
        a project's new key gives its issues, parents by such a name, branches for which GraphQL had no answer."""
        truth, stored = self.people.everything(), self._stored()
        late = {"branch"} | ({"container", "key", "url", "parent"} if self.people.renamed else set())
        for id_, row in truth.items():
            row |= {name: stored[id_][name] for name in late if id_ in stored}
        for row in stored.values():
            row["parent"] = row["parent"] if row["parent"] in truth else None
        return differences(truth, {id_: row for id_, row in stored.items() if id_ in truth})

    def _stored(self) -> dict[str, Row]:
        values = list(Item.objects.filter(deleted_at=None).values("id", "parent_id", "doc", *doc.COLUMNS))
        ids = {row["id"]: row["native_id"] for row in values}
        return {
            row["native_id"]: row_of(doc.unpack(self.tracker.name, row, row["doc"]), ids.get(row["parent_id"]))
            for row in values
        }

    def _buried(self) -> set[str]:
        return set(Item.objects.exclude(deleted_at=None).values_list("native_id", flat=True))


def agree(found: Sequence[Any]) -> None:
    """Nothing of what was found is to be complained of."""
    complaints = [str(one) for one in found if one]
    assert not complaints, "\n".join(complaints)
