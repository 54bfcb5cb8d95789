"""Partners: what they see and why, and what waits."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Said, Text

Told = Annotated[Said, Field(min_length=1, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]
"""Words that are not blank."""


class Widening(Schema):
    """Why something waits: the clause of the agreement, and what it would make visible."""

    clause: str
    says: str


class Partner(Schema):
    """An agreement and how it stands. ``proposals`` and ``comments`` are those that our side has to answer; ``due_at`` is
    when the partner is to have had word again; ``stopped_*`` are null while sharing goes on."""

    id: str
    name: str
    state: str
    owner: str | None
    cadence: str | None
    items: int
    waiting: int
    proposals: int
    comments: int
    approved_at: datetime | None
    approved_by: str | None
    told_at: datetime | None
    due_at: datetime | None
    fresh_at: datetime | None
    stopped_at: datetime | None
    stopped_by: str | None
    stopped_because: str | None
    ended_at: datetime | None


class Summary(Schema):
    """What waits for approval, in numbers. ``seen``: how all of it stands, to be sent back with the approval; ``looking``:
    more may come, and until then nothing can be approved."""

    seen: str
    items: int
    added: int
    changed: int
    values: int
    blanked: int
    withdrawn: int
    looking: bool
    because: list[Widening]


class Taken(Schema):
    """Something that was taken out of a text, and why."""

    kind: str
    text: str
    because: str


class Value(Schema):
    """A value that approval would show (null: nothing) in place of what stands there (null: nothing)."""

    field: str
    was: str | None
    becomes: str | None
    clause: str
    because: str
    taken: list[Taken]


class Cell(Schema):
    """A value as the partner sees it; null: it sees nothing."""

    field: str
    value: str | None
    clause: str
    because: str
    taken: list[Taken]


class Waiting(Schema):
    """An item of which the partner would see more. ``held``: only because so many match at once."""

    item: str
    key: str
    title: str
    added: bool
    held: bool
    values: list[Value]
    withheld: list[Cell]


class Why(Schema):
    """Why a partner sees an item, or does not. ``matched``: whether the filter holds; null: that is not known."""

    item: str
    visible: bool
    says: str
    matched: bool | None
    because: str
    cells: list[Cell]
    waiting: list[Cell]


class Approve(Asked):
    """``seen`` is that of ``…/waiting/summary``: where something else waits by now, nothing is approved (409)."""

    seen: Annotated[Text, Field(min_length=1, max_length=100)]
    message: Told


class Approval(Schema):
    """What was put in force, in numbers."""

    items: int
    values: int
    partner: Partner


class Stop(Asked):
    because: Told


class SharedItem(Schema):
    """An item as the partner sees it: ``id`` is the partner's, ``item`` ours."""

    id: str
    item: str | None
    values: dict[str, str]
    shown_on: date
    changed_on: date
