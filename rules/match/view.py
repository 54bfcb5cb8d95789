"""An item as matchers look at it: folded values, computed when first asked for and then kept."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from connectors.item import Item, Person
from rules.lazy import lazy
from rules.match.folding import fold
from rules.match.lexicon import Lexicon
from rules.model import Case


class Values(lazy[tuple[str, ...]]):
    """What an item has under one name, folded. ``read`` gives it as it is written, ``shown`` as people know it."""

    def __init__(
        self, read: Callable[["View"], tuple[str, ...]], shown: Callable[["View"], tuple[str, ...]] | None = None
    ) -> None:
        super().__init__(lambda view: _folded(read(view)))
        self.read, self.shown = read, shown or read


@lru_cache(maxsize=4_096)
def _folded(values: tuple[str, ...]) -> tuple[str, ...]:
    """The same few values come again and again."""
    return tuple(map(fold, values))


def _some(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _identity(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(text for person in people for text in (person.name, person.email, person.native_id) if text)


def _names(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(person.name for person in people)


def _reporter(item: Item) -> tuple[Person, ...]:
    return (item.reporter,) if item.reporter else ()


def addresses(item: Item) -> tuple[str, ...]:
    """How files name an item, folded: ``tracker:KEY``, ``tracker:native id``, its address."""
    return (fold(f"{item.tracker}:{item.key}"), fold(item.id), fold(item.address))


def straight(line: tuple[Item, ...], *, cycle: bool = False) -> tuple[tuple[Item, ...], bool]:
    """A line of items, each the child of the next, as far as it leads up; and whether it ends in a cycle.

    The items of a cycle count as having no parent: whoever looks from whichever of them sees the same.
    Where the item at which a known cycle closes is not to be found, nobody in the line has a parent.
    """
    top = line[-1].parent
    if not top:
        return line, False
    for index, item in enumerate(line):
        if item.address == top:
            return line[: index + 1], True
    return (line[:1], True) if cycle else (line, False)


class View:
    """One item and what stands above it. The names of its values are the words of the rule language."""

    def __init__(
        self,
        item: Item,
        above: tuple[Item, ...] = (),
        *,
        lexicon: Lexicon,
        cycle: bool = False,
        state_since: datetime | None = None,
    ) -> None:
        self.item = item
        self.id = item.id
        self.above = above
        self.cycle = cycle
        self.lexicon = lexicon
        self.state_since = state_since

    @classmethod
    def of(cls, case: Case, lexicon: Lexicon) -> "View":
        """The view of a case's item."""
        line, cycle = straight((case.item, *case.ancestors), cycle=case.cycle)
        return cls(case.item, line[1:], lexicon=lexicon, cycle=cycle, state_since=case.state_since)

    label = Values(lambda view: view.item.labels)
    kind = Values(lambda view: (view.item.kind,))
    type = Values(lambda view: _some(view.item.type))
    status = Values(lambda view: _some(view.item.status))
    status_category = Values(lambda view: (view.item.status_category,))
    component = Values(lambda view: view.item.components)
    assignee = Values(lambda view: _identity(view.item.assignees), lambda view: _names(view.item.assignees))
    reporter = Values(lambda view: _identity(_reporter(view.item)), lambda view: _names(_reporter(view.item)))
    tracker = Values(lambda view: (view.item.tracker,))
    container = Values(lambda view: _some(view.item.container))
    milestone = Values(lambda view: _some(view.item.milestone))
    version = Values(lambda view: view.item.versions)
    sprint = Values(lambda view: _some(view.item.sprint))

    @lazy
    def fields(self) -> Mapping[str, Any]:
        """The tracker's further fields by folded name."""
        return {fold(name): value for name, value in self.item.fields.items()}

    @lazy
    def found(self) -> frozenset[int]:
        """The words and patterns of the rule set that occur in the item."""
        return self.lexicon.find(self.item)

    @lazy
    def ancestors(self) -> "tuple[View, ...]":
        """The items above, nearest first."""
        return tuple(
            View(item, self.above[index + 1 :], lexicon=self.lexicon, cycle=self.cycle)
            for index, item in enumerate(self.above)
        )

    def missing(self, reach: int | None = None) -> str:
        """Address of the first item above that is not stored, looking ``reach`` items up; else empty."""
        if self.cycle or (reach is not None and len(self.above) >= reach):
            return ""
        return (self.above[-1] if self.above else self.item).parent
