"""Everything in this GitHub, by id and by name."""

import itertools
from datetime import datetime
from typing import Literal

from syncd.sandbox.github.model import Actor, Issue, IssueField, IssueType, Label, Milestone, Repository, User, second


class Hub:
    """Everything in this GitHub, by id and by name; ids are never used twice."""

    def __init__(self, seed: int, began: datetime) -> None:
        self._ids = itertools.count(1_000_000 + seed % 1000 * 100_000_000)
        self.began = second(began)
        self.users: dict[str, User] = {}
        self.repositories: dict[int, Repository] = {}
        self.names: dict[str, Repository] = {}
        """By lower-case full name; former names stay and redirect until they are taken again."""
        self.issues: dict[int, Issue] = {}
        self.types = {name: IssueType(self.next_id(), name, text, color) for name, text, color in _TYPES}
        self.fields = {name: IssueField(self.next_id(), name, kind) for name, kind in _FIELDS}

    def next_id(self) -> int:
        return next(self._ids)

    def user(self, name: str, kind: Actor = "User") -> User:
        """The account of a person known by this display name or login; made at first mention."""
        login = name if kind == "Organization" else "-".join(name.lower().replace(".", " ").split())
        if login not in self.users:
            self.users[login] = User(self.next_id(), login, name, kind)
        return self.users[login]

    def repository(self, full_name: str) -> Repository:
        """The repository now of this name; made at first mention. Raises KeyError for a bad name."""
        if known := self.names.get(full_name.lower()):
            return known
        owner, slash, name = full_name.partition("/")
        if not (owner and slash and name):
            raise KeyError(f"{full_name!r} is not a repository: write owner/name")
        account = self.users.get(owner) or self.user(owner, "Organization")
        made = Repository(id=self.next_id(), owner=account, name=name, created=self.began)
        self.repositories[made.id] = self.names[full_name.lower()] = made
        return made

    def label(self, repository: Repository, name: str) -> Label:
        """The repository's label, found whatever its case; made at first mention."""
        if name.lower() not in repository.labels:
            color = f"{sum(map(ord, name)) * 2654435761 % 0xFFFFFF:06x}"
            repository.labels[name.lower()] = Label(self.next_id(), name, color)
        return repository.labels[name.lower()]

    def milestone(self, repository: Repository, title: str) -> Milestone:
        if title not in repository.milestones:
            number = len(repository.milestones) + 1
            repository.milestones[title] = Milestone(self.next_id(), number, title, repository.created)
        return repository.milestones[title]

    def option(self, name: str, choice: str) -> str:
        """A choice of a single select field; made at first mention."""
        self.fields[name].options.setdefault(choice, self.next_id())
        return choice

    def by_node_id(self, node_id: str) -> Issue | None:
        """The issue or pull request of a global id, if it is there."""
        _, _, number = node_id.partition("_kwDOsandbox")
        try:
            issue = self.issues.get(int(number, 16))
        except ValueError:
            return None
        return issue if issue and issue.node_id == node_id and not issue.repository.forbidden else None


_TYPES = (
    ("Epic", "A body of work that is broken into smaller pieces", "purple"),
    ("Feature", "A request, idea, or new functionality", "blue"),
    ("Task", "A specific piece of work", "yellow"),
    ("Bug", "An unexpected problem or behavior", "red"),
)
_FIELDS: tuple[tuple[str, Literal["text", "single_select", "number", "date"]], ...] = (
    ("Goal", "single_select"),
    ("Priority", "single_select"),
    ("Points", "number"),
    ("Target date", "date"),
)
