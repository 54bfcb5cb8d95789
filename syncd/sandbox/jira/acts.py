"""What people of a Jira site do behind the API's back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from connectors.item import Kind
from syncd.sandbox.jira.limits import Burst
from syncd.sandbox.jira.model import Comment, Issue, Project
from syncd.sandbox.jira.planting import STATUSES, TYPES, in_status
from syncd.sandbox.jira.state import State


class Acts:
    """Changes by name. Issues are named by id or key. All raise KeyError for what is
    not there."""

    def __init__(self, state: State, burst: Burst) -> None:
        self.state = state
        self.burst = burst
        self.by_name: Mapping[str, Callable[..., Any]] = {
            "edit": self.edit,
            "create": self.create,
            "comment": self.comment,
            "delete": self.delete,
            "move": self.move,
            "rename": self.rename,
            "forbid": lambda place: self._readable(place, readable=False),
            "allow": lambda place: self._readable(place, readable=True),
            "deny": self.deny,
            "lag": self.lag,
            "limit": self.limit,
        }

    def edit(self, id: str, by: str = "Ana Lima", **values: Any) -> str:  # noqa: A002 - named by the protocol
        """Set any of title, body, status (a category or Jira's own name), kind, labels, people, parent,
        goal, components, points, priority, due, sprint. Tells the id."""
        return str(self.state.edit(self._issue(id), by, **self._written(values)).id)

    def create(self, place: str, title: str, kind: Kind = "task", by: str = "Ana Lima", **values: Any) -> str:
        """A new issue; tells its id."""
        now = self.state.now_ms
        written = {"reporter": by} | self._written(values)
        issue = self.state.add(
            self.state.new_id(),
            self._project(place),
            type=TYPES[kind],
            summary=title,
            created=now,
            updated=now,
            **written,
        )
        return str(issue.id)

    def comment(self, id: str, body: str = "Noted.", by: str = "Ana Lima") -> str:  # noqa: A002 - named by the protocol
        """Somebody says something; tells the comment's id."""
        issue, now = self._issue(id), self.state.now_ms
        comment = Comment(self.state.new_id(), by, body, now, now)
        self.state.person(by)
        self.state.attached[issue.id].comments.append(comment)
        self.state.touch(issue)
        return str(comment.id)

    def delete(self, id: str) -> None:  # noqa: A002 - named by the protocol
        """For ever."""
        self.state.remove(self._issue(id))

    def move(self, id: str, to: str, by: str = "Omar Haddad") -> str:  # noqa: A002 - named by the protocol
        """To another project, where it gets another key and keeps its id."""
        return str(self.state.move(self._issue(id), self._project(to), by).id)

    def rename(self, place: str, to: str) -> None:
        """Give a project another key."""
        self.state.rename_project(self._project(place), to)

    def deny(self, *, permissions: Sequence[str]) -> None:
        """The permissions (``EDIT_ISSUES``) that the account does not have from now on."""
        self.state.denied = set(permissions)

    def lag(self, seconds: float) -> None:
        """How long edits stay hidden from searches."""
        self.state.lag = seconds

    def limit(self, per_second: float | None = None) -> None:
        """Requests a second for each endpoint; None for no limit."""
        self.burst.per_second = per_second

    def _readable(self, place: str, *, readable: bool) -> None:
        self.state.forbid(self._project(place), readable=readable)

    def _issue(self, name: str) -> Issue:
        if (issue := self.state.find(str(name))) is None:
            raise KeyError(name)
        return issue

    def _project(self, place: str) -> Project:
        if (project := self.state.project(place)) is None:
            raise KeyError(place)
        return project

    def _written(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by the truth's names -> fields of an issue."""
        out: dict[str, Any] = {}
        for name, value in values.items():
            if name == "status":
                out |= in_status(STATUSES.get(value, value), self.state.now_ms)
            elif name == "kind":
                out["type"] = TYPES[value]
            elif name == "people":
                out["assignee"] = value[0] if value else ""
            elif name == "parent":
                out["parent"] = self._issue(value).id if value else None
            elif name in ("labels", "components"):
                out[name] = tuple(value)
            elif name == "due":
                out["due"] = value.isoformat() if isinstance(value, date) else value
            else:
                out[_FIELDS[name]] = value
        return out


_FIELDS = {"title": "summary", "body": "description"} | {
    name: name for name in ("goal", "points", "priority", "sprint")
}
