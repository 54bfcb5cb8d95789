"""Items, why they serve their goals, and the trackers that they come from."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from syncd.api.shapes.flags import Severity, State, Suggested, Words
from syncd.api.shapes.words import Asked, Text
from syncd.trackers import listing

Category = Literal["todo", "in_progress", "done", "cancelled"]
Kind = Literal["epic", "story", "task", "bug", "subtask", "pull_request", "page", "other"]
Sought = Literal["item", "goal"]


class ItemFilters(Asked):
    """What of the items is asked for; the same words as in the address of their page. ``since``: changed on that day
    (UTC) or later. ``goal``, ``unlinked`` and ``exempt`` exclude one another. ``deleted``: those that went, instead."""

    q: Annotated[Text, Field(max_length=200)] = ""
    tracker: Words = []
    container: Words = []
    kind: Annotated[list[Kind], Field(max_length=8)] = []
    status: Annotated[list[Category], Field(max_length=4)] = []
    goal: Words = []
    unlinked: bool = False
    exempt: bool = False
    owner: Words = []
    label: Words = []
    since: date | None = None
    deleted: bool = False

    def read(self) -> listing.Filters:
        """:raises listing.BadFilter: they do not fit together"""
        return listing.Filters.of({name: _texts(value) for name, value in self})


def _texts(value: str | bool | date | list[str] | None) -> list[str]:
    if isinstance(value, bool):
        return ["1"] if value else []
    return value if isinstance(value, list) else [str(value)] if value else []


class Evidence(Schema):
    kind: str
    source: str
    detail: str


class Tie(Schema):
    """A goal that an item serves; ``strength``: verdict, explicit, inherited, reference, label rule or text rule."""

    goal: str
    strength: str
    primary: bool
    evidence: list[Evidence]


class Item(Schema):
    """As ``syncd items --json`` prints it."""

    id: str
    key: str
    tracker: str
    kind: str
    type: str
    title: str
    url: str
    status: str
    status_category: Category
    labels: list[str]
    assignees: list[str]
    reporter: str | None
    parent: str | None
    components: list[str]
    versions: list[str]
    milestone: str | None
    sprint: str | None
    points: float | None
    priority: str | None
    due: date | None
    draft: bool | None
    merged_at: datetime | None
    branch: str | None
    container: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    deleted_at: datetime | None
    goals: list[Tie]


class Step(Schema):
    kind: Literal["item", "goal", "vision"]
    id: str
    text: str
    broken: str


class Ground(Schema):
    goal: str
    strength: str
    kind: str
    source: str
    detail: str
    via: str


class Link(Schema):
    goal: str
    strength: str
    primary: bool
    evidence: list[Ground]


class Ruling(Schema):
    kind: str
    target: str
    author: str
    reason: str
    made_at: datetime
    until: datetime | None


class Finding(Schema):
    kind: str
    root: str
    subject: str
    message: str
    fix: str
    held: str


class Held(Schema):
    kind: str
    message: str
    held: str
    why: str


class Mark(Schema):
    part: str
    text: str
    start: int
    end: int


class Trial(Schema):
    rule: str
    matched: bool | None
    because: str
    action: str
    target: str
    mode: str
    reason: str
    near: str
    marks: list[Mark]


class Told(Schema):
    item: str
    title: str
    url: str
    verdict: str
    path: list[Step]
    links: list[Link]
    against: list[Link]
    exempt: str
    outranked: list[Ground]
    contradictions: list[str]
    rulings: list[Ruling]
    findings: list[Finding]
    held: list[Held]
    trials: list[Trial]
    near: list[str]


class Verdict(Schema):
    kind: str
    target: str
    author: str
    reason: str
    made_at: datetime
    until: datetime | None
    until_event: str
    standing: bool


class Flagged(Schema):
    id: int
    rule: str
    severity: Severity
    state: State
    item: str | None
    key: str | None
    goal: str | None
    message: str
    clears: int
    fix: str
    owner: str | None
    opened_at: datetime
    regressed: int
    verdicts: list[Verdict]


class Freshness(Schema):
    updated_at: datetime
    known_at: datetime
    decided_at: datetime
    synced_at: datetime | None
    strategy_version: str
    at: datetime | None
    waits: bool
    frozen: str


class Explanation(Schema):
    """As ``syncd explain --json`` prints it."""

    explanation: Told
    flags: list[Flagged]
    suggestions: list[Suggested]
    freshness: Freshness | None


class Suggestion(Schema):
    """Goals that an item might serve, best first."""

    item: str
    key: str
    title: str
    suggestions: list[Suggested]


class Hit(Schema):
    """An item or a goal that was found. ``exact``: it is called so, by its key, its address or a key of before."""

    kind: Sought
    id: str
    key: str | None
    title: str
    url: str | None
    exact: bool


class Stream(Schema):
    """As ``syncd status --json`` prints it."""

    tracker: str
    stream: str
    items: int
    last_success_at: datetime | None
    lag_s: float | None
    error: str | None
    problems: list[dict[str, Any]]
    next_poll_at: datetime | None
    requests: int
    backfilled: bool
    held: dict[str, Any] | None


class Tracker(Schema):
    name: str
    kind: str
    url: str
    discovered_at: datetime | None
    broken_since: datetime | None
    error: str | None
    problems: list[dict[str, Any]]
    streams: list[Stream]
