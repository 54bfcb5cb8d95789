"""From rows to whole items, and from steps to pages.

Branches of pull requests are asked for many at once, so steps are held back until there are enough of
them; one page then carries all of them with the cursor of the last.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from connectors import reading
from connectors.base import ConnectorError, Cursor, Page, Problem
from connectors.github import parse
from connectors.github.delta import Step
from connectors.github.lists import Row
from connectors.github.pulls import ASKED_BY, MOST, Enrichment
from connectors.item import Item

STEPS = 50
"""Steps that are held back at most: 5,000 items."""

Parse = Callable[[Row, str], Item]


@dataclass(slots=True)
class _Held:
    """Steps on their way to one page."""

    items: list[Item] = field(default_factory=list)
    pulls: list[tuple[int, Row]] = field(default_factory=list)
    """Position among the items, and of the row only what branches are asked for by: rows are large."""
    problems: list[Problem] = field(default_factory=list)
    steps: int = 0
    cursor: Cursor = field(default_factory=Cursor)

    @property
    def full(self) -> bool:
        return self.steps >= STEPS or len(self.pulls) >= MOST


class Pages:
    """Makes the pages of one pass.

    :param name: the repository's full name as it is known
    :param parse_row: makes an item of a row and a repository's name
    """

    def __init__(self, name: str, parse_row: Parse, enrichment: Enrichment) -> None:
        self._name, self._parse, self._enrichment = name, parse_row, enrichment

    def of(self, steps: Iterable[Step]) -> Iterator[Page]:
        """Where a step fails, what came before it is given first."""
        held = _Held()
        try:
            for step in steps:
                self._hold(held, step)
                if held.full or not held.pulls or not self._enrichment.in_bulk:
                    page, held = self._page(held), _Held()
                    yield page
        except ConnectorError:
            if held.steps:
                yield self._page(held)
            raise
        if held.steps:
            yield self._page(held)

    def _hold(self, held: _Held, step: Step) -> None:
        items, problems = reading.each(step.rows, self._read, self._name)
        rows = {str(row.get("id")): row for row in step.rows}
        for item in items:
            if item.kind == "pull_request":
                row = rows[item.native_id]
                held.pulls.append((len(held.items), {name: row.get(name) for name in ASKED_BY}))
            held.items.append(item)
        held.problems += problems
        held.steps += 1
        held.cursor = step.cursor

    def _read(self, row: Row) -> Item:
        return self._parse(row, parse.repository_of(row) or self._name)

    def _page(self, held: _Held) -> Page:
        problems = (*held.problems, *(self._complete(held) if held.pulls else ()))
        return Page(held.items, held.cursor, problems, self._renamed(held))

    def _complete(self, held: _Held) -> tuple[Problem, ...]:
        whole, error = self._enrichment.complete([(held.items[at], row) for at, row in held.pulls])
        for (at, _), item in zip(held.pulls, whole, strict=True):
            held.items[at] = item
        if error is None:
            return ()
        error.what = f"the branches of its pull requests are not known: {error.what}"
        return (Problem(self._name, error),)

    def _renamed(self, held: _Held) -> tuple[str, str] | None:
        old, new = self._name, held.items[-1].container if held.items else self._name
        if new.lower() == old.lower():
            return None
        self._name = new
        return old, new
