"""What people and owners do to this GitHub outside the API, for tests and for a lively demo."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from syncd.sandbox.github.edits import Edits
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.limits import Limits
from syncd.sandbox.github.model import Issue, Repository, User, second
from syncd.sandbox.github.planting import FIELDS, TYPES, WORKING, Planting

ACTS = {
    "edit": "id, by (a person), and any of title, body, labels, people, status, milestone, parent, kind, goal, priority, points, due, "
    "draft, merged, branch",
    "create": "place, title, and the values of edit; kind pull_request makes a pull request",
    "delete": "id",
    "move": "id, to: transfer the issue to another repository, where it becomes a new issue",
    "rename": "place, to: another name, or owner/name, for a repository",
    "archive": "place",
    "forbid": "place: the repository can no longer be read",
    "allow": "place",
    "ghost": "person: the account is deleted",
    "comment": "id, body, by (a person)",
    "publish": "place: everybody can read it",
    "limit": "remaining (requests left in the hour), or seconds of secondary limit",
}


class Acts:
    """Every act returns something to go on with: an id, a key, or nothing."""

    def __init__(
        self, hub: Hub, edits: Edits, planting: Planting, limits: Limits, clock: Callable[[], datetime]
    ) -> None:
        self._hub, self._edits, self._planting, self._limits, self._clock = hub, edits, planting, limits, clock

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """:raises KeyError: no such act, id or place"""
        if name not in ACTS:
            raise KeyError(f"{name}: GitHub knows {', '.join(ACTS)}")
        return getattr(self, f"_{name}")(dict(arguments))

    def _edit(self, values: dict[str, Any]) -> str:
        issue = self._issue(values.pop("id"))
        by = self._hub.user(values.pop("by")) if "by" in values else self._by(issue)
        if "parent" in values:
            self._set_parent(issue, values.pop("parent"))
        if values:
            with self._edits.changing(issue, by):
                self._set(issue, values)
        return str(issue.id)

    def _create(self, values: dict[str, Any]) -> str:
        repository = self._hub.repository(values.pop("place"))
        issue = self._edits.create(repository, values.pop("title"), self._hub.user(values.pop("by", "Ana Lima")))
        if values.get("kind") == "pull_request":
            issue.pull = self._planting.pull(issue, values.pop("branch", ""))
        parent = values.pop("parent", None)
        self._set(issue, {"kind": "task"} | values)
        self._edits.opened(issue, self._by(issue))
        if parent:
            self._set_parent(issue, parent)
        return str(issue.id)

    def _set(self, issue: Issue, values: dict[str, Any]) -> None:
        """Set each value by its name in the seeds' vocabulary. Raises KeyError for a name that is none."""
        for name, value in values.items():
            if name in ("title", "body"):
                setattr(issue, name, value)
            elif name == "labels":
                issue.labels = [self._hub.label(issue.repository, label) for label in value]
            elif name == "people":
                issue.assignees = [self._hub.user(person) for person in value]
            elif name == "milestone":
                issue.milestone = self._hub.milestone(issue.repository, value) if value else None
            elif name == "kind":
                issue.type = None if issue.pull else self._hub.types[TYPES.get(value, "Task")]
            elif name in FIELDS:
                self._planting.fill_fields(issue, {name: value})
            elif name == "status":
                self._set_status(issue, value)
            elif issue.pull and name in ("draft", "branch"):
                setattr(issue.pull, name, value)
            elif issue.pull and name == "merged":
                self._merge(issue, value)
            else:
                raise KeyError(f"{name}: edit knows {ACTS['edit']}")

    def _set_parent(self, issue: Issue, parent: Any) -> None:
        self._edits.adopt(issue, self._issue(parent) if parent else None)

    def _set_status(self, issue: Issue, status: str) -> None:
        working = self._hub.label(issue.repository, WORKING)
        issue.labels = [label for label in issue.labels if label is not working]
        if status == "in_progress" and not issue.pull:
            issue.labels.append(working)
        if status in ("done", "cancelled"):
            self._edits.close(issue, self._by(issue), "completed" if status == "done" else "not_planned")
        else:
            self._edits.reopen(issue)

    def _merge(self, issue: Issue, merged: bool) -> None:
        if issue.pull and merged:
            self._edits.close(issue, self._by(issue), None)
            issue.pull.merged = second(self._clock())

    def _delete(self, values: dict[str, Any]) -> None:
        issue = self._issue(values["id"])
        self._edits.delete(issue, self._by(issue))

    def _move(self, values: dict[str, Any]) -> str:
        issue = self._issue(values["id"])
        if issue.pull:
            raise KeyError(f"{issue.key} is a pull request: only issues can be transferred")
        return str(self._edits.transfer(issue, self._hub.repository(values["to"]), self._by(issue)).id)

    def _rename(self, values: dict[str, Any]) -> str:
        repository = self._place(values["place"])
        owner, _, name = str(values["to"]).rpartition("/")
        former = repository.name
        repository.name = name
        if owner:
            repository.owner = self._hub.user(owner, "Organization")
        self._hub.names[repository.full_name.lower()] = repository
        repository.version += 1
        self._edits.renamed(repository, former, repository.owner)
        return repository.full_name

    def _archive(self, values: dict[str, Any]) -> None:
        self._place(values["place"]).archived = True

    def _forbid(self, values: dict[str, Any]) -> None:
        self._place(values["place"]).forbidden = True

    def _allow(self, values: dict[str, Any]) -> None:
        self._place(values["place"]).forbidden = False

    def _ghost(self, values: dict[str, Any]) -> None:
        """The account goes; what it wrote stays, by nobody. No issue is stamped by that."""
        login = self._hub.user(values["person"]).login
        gone = self._hub.users.pop(login)
        for issue in self._hub.issues.values():
            issue.user = None if issue.user is gone else issue.user
            issue.closed_by = None if issue.closed_by is gone else issue.closed_by
            issue.assignees = [user for user in issue.assignees if user is not gone]

    def _comment(self, values: dict[str, Any]) -> str:
        issue = self._issue(values["id"])
        by = self._hub.user(values["by"]) if "by" in values else self._by(issue)
        return str(self._edits.comment(issue, values.get("body", "Noted."), by).id)

    def _publish(self, values: dict[str, Any]) -> None:
        self._place(values["place"]).private = False

    def _limit(self, values: dict[str, Any]) -> None:
        if "seconds" in values:
            self._limits.block(self._clock() + timedelta(seconds=float(values["seconds"])))
        else:
            self._limits.spend(int(values["remaining"]))

    def _issue(self, issue_id: Any) -> Issue:
        """By id, or by its key ``acme/web#12``."""
        text = str(issue_id)
        if text.isdecimal() and int(text) in self._hub.issues:
            return self._hub.issues[int(text)]
        place, _, number = text.rpartition("#")
        if number.isdecimal() and place and int(number) in self._place(place).issues:
            return self._place(place).issues[int(number)]
        raise KeyError(f"no issue {text}")

    def _place(self, full_name: str) -> Repository:
        if full_name.lower() not in self._hub.names:
            raise KeyError(f"no repository {full_name}")
        return self._hub.names[full_name.lower()]

    def _by(self, issue: Issue) -> User:
        """Who acts: the author, or the organisation where there is none."""
        return issue.user or issue.repository.owner
