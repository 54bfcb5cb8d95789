"""Goals, what their owners say, and the versions of all that."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from syncd.api.shapes.words import Asked, Text

Health = Literal["on_track", "at_risk", "off_track"]


class Outcome(Schema):
    metric: str
    unit: str
    baseline: float | None
    target: float | None
    current: float | None
    as_of: date | None


class Update(Schema):
    """What a goal's owner says about it."""

    id: int
    goal: str
    health: Health
    text: str
    author: str
    made_at: datetime


class NewUpdate(Asked):
    health: Health
    text: Annotated[Text, Field(max_length=4_000)] = ""


class Goal(Schema):
    """A node of the strategy, each before those below it. ``share``: of all effort, as intended."""

    id: str
    kind: Literal["theme", "objective", "key_result", "non_goal"]
    parent: str | None
    depth: int
    title: str
    why: str | None
    status: Literal["proposed", "active", "paused", "achieved", "dropped"]
    owner: str | None
    starts: date | None
    ends: date | None
    share: float | None
    outcome: Outcome | None
    update: Update | None


class Version(Schema):
    """As ``syncd versions --json`` prints it."""

    version: int
    in_force: bool
    applied_at: datetime
    author: str
    message: str
    hash: str
    demoted: list[str]
    effect: dict[str, Any] | None


class WholeVersion(Version):
    """With what it says: ``strategy.yaml``, ``rules.yaml`` and ``partners.yaml`` as they were written."""

    files: dict[str, Any]


class Draft(Schema):
    """What the folder said when it was last looked at. ``effect``: what it would change, in numbers."""

    state: Literal["in_force", "held"]
    because: str | None
    effect: dict[str, Any] | None
    seen_at: datetime
