"""One item with all that its judgement may depend on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from connectors.item import Item, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person decided about an item and has not taken back: it serves a goal, or needs none."""

    kind: Literal["link", "exempt"]
    target: str
    """The goal's id, or the category of the exemption."""
    author: str
    reason: str = ""
    made_at: datetime
    until: datetime | None = None
    """When it ends to count; None: it stands until somebody takes it back."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The children of one item, in numbers."""

    children: int
    open: int
    components: int
    """How many different components they have; different labels where nobody uses components."""


@dataclass(frozen=True, slots=True)
class Start:
    """The item as it was when work on it began (when it last came into progress)."""

    at: datetime
    item: Item
    grown: int = 0
    """How many children it got since."""


@dataclass(frozen=True, slots=True)
class Referenced:
    """What an item points at: the reference, the target and the target's ancestors, nearest first."""

    ref: Ref
    item: Item
    ancestors: tuple[Item, ...] = ()
    by: str = ""
    """Id of the ancestor that points, where it is not the item itself: what an epic refers to
    passes on to its stories."""


@dataclass(frozen=True, slots=True)
class Case:
    """One item with all that its judgement may depend on.

    ``ancestors`` are nearest first and free of cycles; ``cycle`` tells that the walk up met an item
    twice. ``references`` are those that resolve to a stored item, the item's own and its ancestors'.
    """

    item: Item
    ancestors: tuple[Item, ...] = ()
    references: tuple[Referenced, ...] = ()
    cycle: bool = False
    state_since: datetime | None = None
    """When the item came into its present status; None where that is not known."""
    rulings: Mapping[str, tuple[Ruling, ...]] = field(default_factory=dict)
    """Item id -> what people decided about it, oldest first: the item's, and those of every item in the case."""
    crowds: Mapping[str, Crowd] = field(default_factory=dict)
    """Item id -> its children: of the item and of its ancestors, where they have any."""
    start: Start | None = None
    """None where work has not begun, or began before we knew the item."""
    old: bool = False
    """Whether the item was there at its stream's first sync and has not changed for the worse since."""

    def lineage(self) -> Iterator[Item]:
        """The item, then its ancestors."""
        yield self.item
        yield from self.ancestors
