"""What a group of changes is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST = 100
"""Rows that are looked at for one page of a group."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change in words. ``item``: row id of the item it is about, ``flag`` that of the flag; 0 where there is none."""

    at: datetime
    word: str
    tone: str
    glyph: str
    title: str
    says: str = ""
    key: str = ""
    kind: str = ""
    """Of the tracker."""
    item: int = 0
    flag: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Some changes, the newest first. ``below``: row id to go on under; 0 where nothing is left."""

    rows: Sequence[Changed]
    below: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """``read``: changes since a moment among the rows below an id, of which so many are looked at, and the id to go on
    under."""

    name: str
    title: str
    nothing: str
    read: Callable[[datetime, int, int], Batch]
