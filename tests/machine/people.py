"""The people of a company, who work in its tracker behind the API's back, and who own what may be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors.item import Kind
from syncd.sandbox.base import Work
from tests.contract.rows import Row, expected
from tests.contract.worlds import StillClock, World

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


class People:
    """:param ages: minutes before now at which each item was planted; equal ages make one instant"""

    def __init__(self, kind: type[World], folder: Path, ages: Sequence[int], portion: int, skew: timedelta) -> None:
        self.world = kind(folder, portion=portion, clock=StillClock(StillClock()() + skew))
        self.closed: set[str] = set()
        """Places that the credential has lost."""
        self.renamed = False
        self.trashed: list[str] = []
        self._plant(ages)

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
            if self.trashed:
                self.act("restore", id=self.trashed.pop(deed.which % len(self.trashed)))
        elif there:
            getattr(self, f"_{deed.name}")(there[deed.which % len(there)], deed.how, there)

    def close(self, place: str) -> None:
        """The credential loses a place."""
        self.closed.add(place)
        self.act("forbid", place=place)

    def open(self, place: str) -> None:
        self.closed.discard(place)
        self.act("allow", place=place)

    def rename(self) -> None:
        self.renamed = True
        self.world.rename()

    def everything(self) -> dict[str, Row]:
        """What is in scope, whether or not it may be read now."""
        for place in self.closed:
            self.act("allow", place=place)
        scope = {self.world.container(place) for place in self.world.places}
        rows = [row for row in self.world.service.truth() if row["container"] in scope]
        for place in self.closed:
            self.act("forbid", place=place)
        return expected(rows)

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
            self.trashed.append(row["native_id"])

    def _move(self, row: Row, how: int, there: Sequence[Row]) -> None:
        to = (*self.world.places, self.world.outside)[how % 3]
        if row["kind"] != "pull_request" and row["container"] != self.world.container(to):
            self.act("move", id=row["native_id"], to=to)

    def _comment(self, row: Row, how: int, there: Sequence[Row]) -> None:
        words = {} if self.world.kind == "jira" else {"body": f"Comment {how}"}
        self.act("comment", id=row["native_id"], **words)
