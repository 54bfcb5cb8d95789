"""What both sides promised and said, who can look, and what was disclosed."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from syncd.api.shapes.partners import Told
from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Day, Said, Text
from syncd.sharing import ledger

Side = Literal["ours", "theirs"]
Subject = Literal["date", "scope", "success", "dropped"]


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


class ProposalFilters(Asked):
    state: Literal["", "open", "accepted", "countered", "declined", "withdrawn", "told"] = ""


class ProposalAnswer(Asked):
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


class ShareLink(Schema):
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


class OnDay(Schema):
    """The end of that day, UTC."""

    on: Day


class Stretch(Asked):
    """Which lines are checked: so many after that one."""

    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=ledger.STRETCH)] = ledger.STRETCH


class Verified(Schema):
    """Whether a stretch of the ledger is as it was written: `lines` of them, from `first` to `last`.

    `first` is null where no line follows. `hash` is that of `last`. `broken` is the first line that is wrong, and `says`
    how; then nothing behind it was read. `cursor` is the `after` of the next stretch, `next` its address; both null at the
    end and where a line is wrong.
    """

    sound: bool
    lines: int
    first: int | None
    last: int | None
    hash: str | None
    broken: int | None
    says: str | None
    cursor: str | None
    next: str | None
