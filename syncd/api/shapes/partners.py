"""Partners: what they see, what waits, what was promised, said and disclosed."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from syncd.api.shapes.words import Asked, Day, Said, Text

Side = Literal["ours", "theirs"]
Subject = Literal["date", "scope", "success", "dropped"]
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


class Item(Schema):
    """An item as the partner sees it: ``id`` is the partner's, ``item`` ours."""

    id: str
    item: str | None
    values: dict[str, str]
    shown_on: date
    changed_on: date


class Commitment(Schema):
    """What one side promised. ``because`` is for our side alone; ``current``: what the work says, where it differs."""

    id: str
    who: Side
    what: str
    by: date | None
    success: str
    stage: Literal["offered", "agreed", "removed"]
    state: str | None
    because: str | None
    current: dict[str, str]
    ours_at: datetime | None
    theirs_at: datetime | None
    removed_at: datetime | None
    reason: str | None


class Propose(Asked):
    """``becomes``: a day, such as 2026-12-15, or the new words; empty where it is dropped. Both sides read ``because``."""

    subject: Subject
    becomes: Said = ""
    because: Told


class Remove(Asked):
    """Both sides read it."""

    reason: Told


class Proposal(Schema):
    """A change to a commitment. ``because`` is for our side; ``consent``: the other side has to agree."""

    id: str
    commitment: str
    by_side: Side
    subject: str
    was: str
    becomes: str | None
    says: str
    because: str | None
    consent: bool
    state: str
    made_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    note: str | None


class ProposalFilters(Schema):
    state: Literal["", "open", "accepted", "countered", "declined", "withdrawn", "told"] = ""


class Answer(Asked):
    """Both sides read ``text``; ``becomes`` is what a counter-proposal wants."""

    decision: Literal["accept", "counter", "decline"]
    text: Said = ""
    becomes: Said = ""


class Comment(Schema):
    """What somebody said. ``about``: an item or commitment in its words; ``waits``: for an answer of ours."""

    id: str
    side: Side
    text: str
    about: str | None
    waits: bool
    at: datetime


class Say(Asked):
    """``to``: the comment that is replied to."""

    text: Told
    to: Annotated[Text, Field(max_length=36)] = ""


class GivenWord(Asked):
    """What they were told, for our side."""

    text: Told


class Link(Schema):
    """A share link, without its secret, which was told once."""

    id: str
    label: str
    state: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


class MadeLink(Schema):
    """``url`` is in this answer and nowhere else."""

    id: str
    label: str
    expires_at: datetime
    url: str


class NewLink(Asked):
    """``label``: whom it is for."""

    label: Annotated[Told, Field(max_length=100)]


class Disclosed(Schema):
    """A line of the ledger: a value that was shown from then on, or, without one, no longer."""

    id: int
    at: datetime
    partner: str
    kind: Literal["shown", "withdrawn"]
    public: str
    item: str
    field: str
    value: str
    channel: str
    version: str
    approver: str
    digest: str
    before: str
    hash: str


class Known(Schema):
    """A value that the partner could know; ``until`` is null where it still stood there."""

    line: int
    public: str
    item: str
    field: str
    value: str
    channel: str
    version: str
    approver: str
    since: datetime
    until: datetime | None


class OnDay(Schema):
    """The end of that day, UTC."""

    on: Day


class Verified(Schema):
    """Whether the ledger of all partners is as it was written."""

    sound: bool
    lines: int
    broken: int | None
    says: str | None
