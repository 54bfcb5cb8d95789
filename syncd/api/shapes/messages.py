"""Digests and the messages that leave: see ``docs/messages.md``."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from syncd.api.shapes.flags import Filters
from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Id, Switch, Word

Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]
"""From 0, Monday."""


class NewSubscription(Asked):
    """A digest on some days at some hour of one's own time zone. ``channel``: ``mail``, or the key of a place in
    ``syncd.yaml``. ``view`` goes before ``filters``."""

    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = [0, 1, 2, 3, 4]
    hour: Annotated[int, Field(ge=0, le=23, strict=True)] = 9
    channel: Word = "mail"
    view: Id | None = None
    filters: Filters = Filters()


class Subscription(Schema):
    """``query`` is the query string of the queue's address. ``next_at`` is null once it has ended."""

    id: int
    days: list[int]
    hour: int
    channel: str
    view: int | None
    query: str
    about: str
    since: datetime
    next_at: datetime | None
    ended_at: datetime | None
    ended_because: str | None


class Line(Schema):
    """One flag, and what happened to it."""

    flag: int
    title: str
    change: Literal["new", "back", "grown", "resolved"]
    says: str
    rule: str
    key: str
    tracker: str
    owner: str
    clears: int


class Content(Schema):
    """Numbers are counted up to 1,001, which means "more"."""

    subject: str
    new: int
    back: int
    grown: int
    resolved: int
    mine: int
    lines: list[Line]


class Digest(Schema):
    """What somebody was told of ``since`` to ``until``; ``message`` is how that fares on its way."""

    id: int
    subscription: int
    slot: datetime
    since: datetime
    until: datetime
    content: Content
    message: Literal["waiting", "sending", "sent", "dead", "unknown"] | None


class Message(Schema):
    """Something that leaves, without its text."""

    id: int
    way: Literal["mail", "place", "webhook"]
    to: str
    topic: str
    subject: str
    state: Literal["waiting", "sending", "sent", "dead", "unknown"]
    attempts: int
    made_at: datetime
    next_at: datetime
    sent_at: datetime | None
    error: str | None


class Alerts(Asked):
    """Whether one gets alerts by mail."""

    by_mail: Switch
