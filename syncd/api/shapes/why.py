"""Why an item serves its goals or does not, as ``syncd explain --json`` prints it."""

from datetime import datetime
from typing import Literal

from ninja import Schema

from syncd.api.shapes.flags import Severity, State, Suggested


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


class Matched(Schema):
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
    marks: list[Matched]


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
    dead_ends: list[str]
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
