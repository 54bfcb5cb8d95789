"""The nouns of a Jira site: projects, issues as they were between two edits, and what hangs on them."""

from dataclasses import dataclass, field
from typing import Any

Doc = str | dict[str, Any]
"""Text as it was written: plain or wiki text, or an Atlassian document."""


@dataclass(slots=True)
class Project:
    """A project; its key may change, its id never does."""

    id: int
    key: str
    name: str
    last_number: int = 0
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue as it was between two edits. Times are epoch milliseconds."""

    id: int
    project: int
    number: int
    type: str
    summary: str
    created: int
    updated: int
    status: str = "To Do"
    resolution: str = ""
    resolved: int | None = None
    description: Doc = ""
    labels: tuple[str, ...] = ()
    assignee: str = ""
    reporter: str = ""
    parent: int | None = None
    goal: str = ""
    components: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    points: float | None = None
    priority: str = "Medium"
    due: str | None = None
    sprint: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of an issue's changelog: who, when, and ``(field, from, to)`` for each field."""

    id: int
    author: str
    created: int
    items: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Comment:
    """A comment and its entity properties."""

    id: int
    author: str
    body: Doc
    created: int
    updated: int
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class RemoteLink:
    """A link to somewhere else; ``global_id`` is unique on an issue."""

    id: int
    global_id: str
    content: dict[str, Any]


@dataclass(slots=True)
class Attached:
    """What hangs on an issue and is not part of its fields."""

    history: list[Change] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    links: list[RemoteLink] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
