"""What a finding's row knows of its item and root, so that flags are weighed and grouped by the database."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from connectors.item import Item
from rules import grouping
from rules.grouping import Alike, Shape, Side, Trait
from rules.model import Finding as Raw

UNLINKED = "unlinked"
"""The one check whose findings are grouped by shape: a rule repairs many of them."""

KEPT = 4_096
"""Labels and components that are in memory once, however many sets of them there are."""

COLUMNS = ("fingerprint", "held", "at_root", "shape", "moving", "points", "message", "fix")
"""Columns of a finding that say what it is now, in the order of :func:`columns`."""


def columns(raw: Raw, item: Item | None, root: Item | None) -> tuple[Any, ...]:
    """Values for :data:`COLUMNS`; an item that is not stored (any more) weighs like any other."""
    return (
        raw.fingerprint,
        raw.held,
        bool(item and item.id == raw.root),
        shape(root) if raw.kind == UNLINKED and root else "",
        bool(item and item.status_category == "in_progress"),
        item.points if item else None,
        raw.message,
        raw.fix,
    )


def shape(root: Item) -> str:
    """Tracker, container and traits as JSON; empty where there are none, or where something stands above."""
    found = grouping.traits(root)
    if root.parent or not found:
        return ""
    return orjson.dumps((root.tracker, root.container, found)).decode()


def shapes(packed: str) -> Sequence[Shape]:
    """The shapes of what :func:`shape` laid down."""
    return alike(packed, 1).shapes()


def alike(packed: str, items: int) -> Alike:
    """So many orphans with the same :func:`shape`, as the grouping wants to see them."""
    tracker, container, found = orjson.loads(packed)
    return Alike(tracker, container, tuple([_trait(side, word) for side, word in found]), items)


@lru_cache(KEPT)
def _trait(side: Side, word: str) -> Trait:
    """One and the same for all that have it."""
    return side, word


def unlinked(roots: Iterable[str]) -> list[str]:
    """The fingerprints of unlinked work below these items (ids)."""
    return [f"{UNLINKED}|{root}|" for root in roots]


def root_of(fingerprint: str) -> str:
    """The id of the root of a fingerprint of unlinked work."""
    return fingerprint.removeprefix(f"{UNLINKED}|").removesuffix("|")


def place(item: Item) -> str:
    """Where orphans are grouped together: what the :func:`shape` of an item there begins with."""
    return place_of(item.tracker, item.container)


def place_of(tracker: str, container: str) -> str:
    return orjson.dumps((tracker, container)).decode()[:-1] + ","


def owner(root: Item | None) -> str:
    """Who can repair it: the assignee of the item, else who reported it."""
    if root is None:
        return ""
    name = root.assignees[0].name if root.assignees else root.reporter.name if root.reporter else ""
    return name[:255]


def json(values: Mapping[str, Any]) -> str:
    """As raw statements write a JSON column; keys sorted, so that the same is equal."""
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
