"""What a Jira site holds: projects, issues and their history, and the index that searches see.

Search reads an index that trails the issues by ``lag`` seconds, as Jira's does ("seconds to minutes");
reading an issue by id or key never does.
"""

import heapq
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from syncd.sandbox.jira.model import Attached, Change, Issue, Project


class State:
    """The site's memory. ``now`` must be set before anything is changed."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.lag = 0.0
        self.projects: dict[int, Project] = {}
        self.issues: dict[int, Issue] = {}
        self.index: dict[int, Issue] = {}
        self.happened: list[tuple[str, Issue, Change | None]] = []
        """``created``, ``updated`` or ``deleted``, since the service last looked."""
        self.revision = 0
        """Grows whenever a search might answer differently."""
        self.people: dict[str, str] = {}
        """Account id -> display name, of everybody who was ever named."""
        self.running_sprint = ""
        self.denied: set[str] = set()
        """Permissions that the account does not have, by key: ``EDIT_ISSUES``."""
        self.attached: defaultdict[int, Attached] = defaultdict(Attached)
        self.children: defaultdict[int, list[int]] = defaultdict(list)
        self._project_ids: dict[str, int] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        self._unindexed: list[tuple[float, int, Issue]] = []
        self._last_id = 10000

    @property
    def now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def tick(self, now: datetime) -> None:
        """Time goes on: what was edited long enough ago becomes visible to searches."""
        self.now = now
        while self._unindexed and self._unindexed[0][0] <= now.timestamp():
            self._index(heapq.heappop(self._unindexed)[2])

    def person(self, name: str) -> str:
        """The account id of somebody, the same at every site and in every run."""
        account = f"{zlib.crc32(name.encode()):08x}{zlib.crc32(name[::-1].encode()):08x}"
        self.people[account] = name
        return account

    def project(self, id_or_key: str) -> Project | None:
        """By id, key or a key it had before."""
        number = self._project_ids.get(id_or_key.upper())
        if number is None and id_or_key.isdigit():
            number = int(id_or_key)
        return self.projects.get(number) if number is not None else None

    def add_project(self, key: str, name: str = "") -> Project:
        project = Project(self.new_id(), key, name or key.title())
        self.projects[project.id] = project
        self._project_ids[key.upper()] = project.id
        return project

    def rename_project(self, project: Project, key: str) -> None:
        """The keys of its issues follow; the old key still finds it."""
        project.key = key
        self._project_ids[key.upper()] = project.id
        self.revision += 1

    def key(self, issue: Issue) -> str:
        return f"{self.projects[issue.project].key}-{issue.number}"

    def find(self, id_or_key: str) -> Issue | None:
        """By id, key, or a key it had before it was moved or its project renamed."""
        if id_or_key.isdigit():
            return self.issues.get(int(id_or_key))
        project_key, _, number = id_or_key.rpartition("-")
        project = self.project(project_key) if project_key else None
        if project is None or not number.isdigit():
            return None
        return self.issues.get(self._numbers.get((project.id, int(number)), 0))

    def readable(self, issue: Issue) -> bool:
        return self.projects[issue.project].readable

    def children_of(self, issue: Issue) -> Iterator[Issue]:
        return (self.issues[child] for child in self.children[issue.id] if child in self.issues)

    def add(self, issue_id: int, project: Project, **values: Any) -> Issue:
        """A new issue with the project's next number."""
        project.last_number += 1
        issue = Issue(id=issue_id, project=project.id, number=project.last_number, **values)
        self._numbers[project.id, issue.number] = issue.id
        self._adopt(issue)
        self._store(issue)
        self.happened.append(("created", issue, None))
        return issue

    def edit(self, issue: Issue, author: str, **values: Any) -> Issue:
        """Change fields, as one entry of the changelog; nothing happens where nothing differs."""
        items = tuple((name, old, new) for name, old, new in self._differences(issue, values) if old != new)
        if not items:
            return issue
        changed = replace(issue, **values, updated=self._stamp(issue))
        self._note(changed, author, items)
        if changed.parent != issue.parent:
            self._disown(issue)
            self._adopt(changed)
        self._store(changed)
        return changed

    def touch(self, issue: Issue) -> Issue:
        """Something that hangs on the issue changed."""
        changed = replace(issue, updated=self._stamp(issue))
        self._store(changed)
        self.happened.append(("updated", changed, None))
        return changed

    def move(self, issue: Issue, project: Project, author: str) -> Issue:
        """To another project, under its next number; the old key still finds it."""
        old_key = self.key(issue)
        project.last_number += 1
        moved = replace(issue, project=project.id, number=project.last_number, updated=self._stamp(issue))
        self._numbers[project.id, moved.number] = moved.id
        items = (
            ("project", self.projects[issue.project].name, project.name),
            ("Key", old_key, self.key(moved)),
        )
        self._note(moved, author, items)
        self._store(moved)
        return moved

    def remove(self, issue: Issue) -> None:
        """For ever, with its subtasks."""
        for child in [child for child in self.children_of(issue) if child.type == "Sub-task"]:
            self.remove(child)
        self._disown(issue)
        self.issues.pop(issue.id, None)
        self.index.pop(issue.id, None)
        self.revision += 1
        self.happened.append(("deleted", issue, None))

    def forbid(self, project: Project, *, readable: bool) -> None:
        """Take away, or give back, the account's right to browse a project."""
        project.readable = readable
        self.revision += 1

    def _stamp(self, issue: Issue) -> int:
        """Now; a clock that was set back does not make an issue younger."""
        return max(issue.updated, self.now_ms)

    def _note(self, issue: Issue, author: str, items: tuple[tuple[str, str, str], ...]) -> None:
        change = Change(self.new_id(), author, self.now_ms, items)
        self.attached[issue.id].history.append(change)
        self.happened.append(("updated", issue, change))

    def _differences(self, issue: Issue, values: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
        for name, value in values.items():
            yield name, _readable(getattr(issue, name)), _readable(value)

    def _store(self, issue: Issue) -> None:
        self.issues[issue.id] = issue
        if self.lag <= 0:
            self._index(issue)
        else:
            heapq.heappush(self._unindexed, (self.now.timestamp() + self.lag, self.new_id(), issue))

    def _index(self, issue: Issue) -> None:
        """Show a version to searches, unless it was removed or a later one is there already."""
        shown, current = self.index.get(issue.id), self.issues.get(issue.id)
        if current and (shown is None or (shown is not current and shown.updated <= issue.updated)):
            self.index[issue.id] = issue
            self.revision += 1

    def _adopt(self, issue: Issue) -> None:
        if issue.parent is not None:
            self.children[issue.parent].append(issue.id)

    def _disown(self, issue: Issue) -> None:
        if issue.parent is not None and issue.id in self.children[issue.parent]:
            self.children[issue.parent].remove(issue.id)


def _readable(value: Any) -> str:
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
