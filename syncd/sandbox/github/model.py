"""What the sandbox's GitHub holds, in GitHub's own terms: repositories, issues, pull requests, people."""

import bisect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

Actor = Literal["User", "Bot", "Organization"]
Key = Callable[["Issue"], tuple[Any, int]]


def second(moment: datetime) -> datetime:
    """GitHub keeps whole seconds, in UTC."""
    return moment.astimezone(UTC).replace(microsecond=0)


@dataclass(slots=True, eq=False)
class User:
    """An account; one that was deleted stays as author of nothing (``user`` is null in the API)."""

    id: int
    login: str
    name: str
    kind: Actor = "User"
    created: datetime = datetime(2019, 3, 4, 9, 0, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Label:
    id: int
    name: str
    color: str
    description: str | None = None


@dataclass(slots=True, eq=False)
class Milestone:
    id: int
    number: int
    title: str
    created: datetime
    due: date | None = None
    open_issues: int = 0
    closed_issues: int = 0


@dataclass(slots=True, eq=False)
class IssueType:
    id: int
    name: str
    description: str
    color: str


@dataclass(slots=True, eq=False)
class IssueField:
    """A field of the organisation's issues; ``options`` are those of a single select."""

    id: int
    name: str
    data_type: Literal["text", "single_select", "number", "date"]
    options: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Comment:
    id: int
    body: str
    user: User | None
    created: datetime
    updated: datetime


@dataclass(slots=True, eq=False)
class Pull:
    """What a pull request has beyond its issue."""

    id: int
    branch: str
    sha: str
    draft: bool = False
    merged: datetime | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Issue:
    """An issue, or the issue half of a pull request."""

    id: int
    number: int
    repository: "Repository"
    title: str
    body: str | None
    user: User | None
    created: datetime
    updated: datetime
    closed: datetime | None = None
    closed_by: User | None = None
    state_reason: str | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    milestone: Milestone | None = None
    type: IssueType | None = None
    fields: dict[IssueField, str | float] = field(default_factory=dict)
    pull: Pull | None = None
    parent: "Issue | None" = None
    children: list["Issue"] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    @property
    def state(self) -> str:
        return "closed" if self.closed else "open"

    @property
    def key(self) -> str:
        return f"{self.repository.full_name}#{self.number}"

    @property
    def node_id(self) -> str:
        return f"{'PR' if self.pull else 'I'}_kwDOsandbox{self.id:x}"


class Order:
    """Issues sorted by one key, kept sorted as they come, change and go."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.rows: list[Issue] = []

    def add(self, issue: Issue) -> None:
        bisect.insort(self.rows, issue, key=self.key)

    def extend(self, issues: Iterable[Issue]) -> None:
        self.rows.extend(issues)
        self.rows.sort(key=self.key)

    def remove(self, issue: Issue) -> None:
        del self.rows[bisect.bisect_left(self.rows, self.key(issue), key=self.key)]

    def since(self, moment: datetime) -> int:
        """Position of the first issue at or after the moment; the key must be a time."""
        return bisect.bisect_left(self.rows, (moment, 0), key=self.key)


@dataclass(slots=True, eq=False, kw_only=True)
class Repository:
    """A repository with its issues in the three orders that the API sorts by.

    ``gone`` remembers the numbers that left: None for a deleted issue, else the issue it became
    when it was transferred.
    """

    id: int
    owner: User
    name: str
    created: datetime
    archived: bool = False
    forbidden: bool = False
    private: bool = True
    issues: dict[int, Issue] = field(default_factory=dict)
    gone: dict[int, Issue | None] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)
    comments: dict[int, tuple[Issue, Comment]] = field(default_factory=dict)
    orders: dict[str, Order] = field(
        default_factory=lambda: {
            "created": Order(lambda issue: (issue.created, issue.id)),
            "updated": Order(lambda issue: (issue.updated, issue.id)),
            "comments": Order(lambda issue: (len(issue.comments), issue.id)),
        }
    )
    version: int = 0
    """Changes with every change of an issue: what a filtered selection may be kept for."""
    last_number: int = 0
    open_issues: int = 0

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    def next_number(self) -> int:
        self.last_number += 1
        return self.last_number

    def extend(self, issues: Iterable[Issue]) -> None:
        """Take in many issues at once."""
        new = list(issues)
        self.issues.update((issue.number, issue) for issue in new)
        for order in self.orders.values():
            order.extend(new)
        for issue in new:
            self._count(issue, 1)

    def drop(self, issue: Issue, became: Issue | None) -> None:
        """The issue was deleted, or transferred to become another."""
        self._out(issue)
        del self.issues[issue.number]
        self.gone[issue.number] = became

    @contextmanager
    def changing(self, issue: Issue, now: datetime) -> Iterator[None]:
        """Change the issue inside; it is stamped and sorted anew."""
        self._out(issue)
        try:
            yield
        finally:
            issue.updated = max(issue.updated, second(now))
            for order in self.orders.values():
                order.add(issue)
            self._count(issue, 1)

    def _out(self, issue: Issue) -> None:
        for order in self.orders.values():
            order.remove(issue)
        self._count(issue, -1)

    def _count(self, issue: Issue, by: int) -> None:
        self.version += 1
        self.open_issues += by * (issue.closed is None)
        if issue.milestone:
            issue.milestone.open_issues += by * (issue.closed is None)
            issue.milestone.closed_issues += by * (issue.closed is not None)
