"""Goals, what their owners say, and the versions of all that."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Day, Text

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


class Said(Schema):
    """What its people said last; all null where nobody said anything yet. ``stale``: too long ago to be taken for now."""

    health: Health | None
    text: str | None
    author: str | None
    made_at: datetime | None
    stale: bool | None


class Computed(Schema):
    """What its work and its metric say; null where nothing can be told."""

    health: Health | None
    reasons: list[str]


class Goal(Schema):
    """As ``syncd goals --json`` prints it, with why it is wanted and what it is measured by. Each stands before those
    below it. ``weeks``: items that served it at the end of the last weeks, oldest first."""

    id: str
    kind: Literal["theme", "objective", "key_result", "non_goal"]
    parent: str | None
    depth: int
    title: str
    status: Literal["proposed", "active", "paused", "achieved", "dropped"]
    owner: str | None
    starts: date | None
    ends: date | None
    share: float | None
    share_actual: float | None
    open: int
    in_progress: int
    done: int
    flags: int
    health: Said
    computed: Computed
    weeks: list[int]
    why: str | None
    outcome: Outcome | None


class Direction(Schema):
    """One version that touched a goal. ``what``: clauses such as "its status went from active to paused"."""

    version: int
    at: datetime
    author: str
    message: str
    what: list[str]


class OfDay(Asked):
    """``unit``: items, points, or days in progress."""

    day: Day | None = None
    unit: Literal["items", "points", "time"] = "items"


class Share(Schema):
    """As it looks, and between which bounds it is. ``seen``: of all work, what was read while its tracker answered;
    below 0.6 nobody should tell the number."""

    likely: float
    low: float
    high: float
    seen: float


class Part(Schema):
    """Effort that went into a goal, an exemption, or nothing that is known."""

    side: str
    name: str
    amount: float
    share: Share | None


class Place(Schema):
    """A team (a container) or a tracker: side -> effort there."""

    tracker: str
    container: str
    effort: dict[str, float]


class Week(Schema):
    """Work on the last day of a week, by side."""

    day: date
    work: dict[str, float]


class Alignment(Schema):
    """A day and the weeks that end with it. ``first``: the first day that was tallied and not reckoned."""

    day: date
    first: date
    unit: str
    coverage: dict[str, Share | None]
    parts: list[Part]
    teams: list[Place]
    trackers: list[Place]
    weeks: list[Week]


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
