"""What changed since a moment."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Moment

Group = Literal["direction", "flags", "decisions", "ties", "moves", "new", "gone"]


class Since(Asked):
    """Without ``since``: since the person said that they had seen everything, else since a week ago."""

    since: Moment | None = None


class Below(Since):
    below: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0


class Change(Schema):
    """In words. ``item`` and ``flag``: what it is about, where it is about one."""

    at: datetime
    word: str
    title: str
    says: str
    key: str | None
    item: str | None
    flag: int | None


class Changes(Schema):
    """The beginning of a group, the newest first; ``more``: its list goes on."""

    group: Group
    title: str
    rows: list[Change]
    more: bool


class Everything(Schema):
    since: datetime
    groups: list[Changes]


class Seen(Asked):
    """``at``: now, where it is missing."""

    at: Moment | None = None


class LastSeen(Schema):
    """``before``: where the mark was, to have it back."""

    at: datetime
    before: datetime | None
