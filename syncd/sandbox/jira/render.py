"""Issues as Jira's REST API gives them, in version 2 and 3, on Cloud and on Data Center.

Shapes: the OpenAPI description of Jira Cloud's platform API v3, and recorded answers of both deployments.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from syncd.sandbox.jira import fields as names
from syncd.sandbox.jira.fields import Site
from syncd.sandbox.jira.model import Change, Comment, Issue, RemoteLink
from syncd.sandbox.jira.text import in_version
from syncd.sandbox.jira.values import Values

EXPANDABLE = "operations,versionedRepresentations,editmeta,changelog,renderedFields"
HEAVY = ("attachment", "comment", "issuelinks", "worklog")
"""Fields that ``*navigable`` leaves out."""
HISTORIES = 40
"""How many histories ``expand=changelog`` gives."""

_HISTORY = {"type": "issuetype", "versions": "Fix Version", "due": "duedate", "parent": "Parent", "sprint": "Sprint"}
"""Names in the changelog, where they are not our own."""

Field = Callable[[Issue], Any]


class Renderer:
    """JSON of one site as one account sees it through one version of the API.

    :param root: public root of the service
    :param version: ``2`` or ``3``
    """

    def __init__(self, site: Site, root: str, version: str) -> None:
        self.api = f"{root}/rest/api/{version}"
        self.version = version
        self.values = Values(site, root, self.api)
        self._site = site
        self._state = site.state

    def issue(self, issue: Issue, wanted: Sequence[str], expand: str = "", properties: Sequence[str] = ()) -> Any:
        """One issue with the fields asked for; see :meth:`select`."""
        if set(wanted) <= {"id", "key"}:
            return self.identity(issue) if "key" in wanted else {"id": str(issue.id)}
        out = {"expand": EXPANDABLE} | self.identity(issue)
        out["fields"] = {name: self._fields[name](issue) for name in wanted if name in self._fields}
        if out["fields"].get("parent", issue) is None:  # the one field that is left out where it is empty
            del out["fields"]["parent"]
        if "changelog" in expand:
            out["changelog"] = self.changelog(issue)
        if properties:
            have = self._state.attached[issue.id].properties
            out["properties"] = {key: have[key] for key in properties if key in have}
        return out

    def identity(self, issue: Issue) -> dict[str, Any]:
        return {"id": str(issue.id), "self": f"{self.api}/issue/{issue.id}", "key": self._state.key(issue)}

    def select(self, asked: Iterable[str], default: str) -> list[str]:
        """The names behind ``*all``, ``*navigable``, ``-comment`` and plain names."""
        asked = [name.strip() for part in asked for name in part.split(",") if name.strip()] or [default]
        chosen = [name for name in asked if not name.startswith(("*", "-"))]
        if "*all" in asked:
            chosen += self._fields
        if "*navigable" in asked or all(name.startswith("-") for name in asked):
            chosen += [name for name in self._fields if name not in HEAVY]
        dropped = {name[1:] for name in asked if name.startswith("-")}
        return [name for name in dict.fromkeys(chosen) if name not in dropped]

    def comment(self, comment: Comment, issue: Issue, expand: str = "") -> dict[str, Any]:
        out = {
            "self": f"{self.api}/issue/{issue.id}/comment/{comment.id}",
            "id": str(comment.id),
            "author": self.values.person(comment.author),
            "body": in_version(comment.body, self.version) or "",
            "updateAuthor": self.values.person(comment.author),
            "created": self.time(comment.created),
            "updated": self.time(comment.updated),
        }
        if self._site.deployment == "cloud":
            out["jsdPublic"] = True
        if "properties" in expand:
            out["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
        return out

    def remote_link(self, link: RemoteLink, issue: Issue) -> dict[str, Any]:
        where = {"id": link.id, "self": f"{self.api}/issue/{self._state.key(issue)}/remotelink/{link.id}"}
        return where | ({"globalId": link.global_id} if link.global_id else {}) | link.content

    def change(self, change: Change) -> dict[str, Any]:
        """One entry of the changelog."""
        items = [
            {"field": _HISTORY.get(name, name), "fieldtype": "jira", "fromString": old, "toString": new}
            for name, old, new in change.items
            if name != "resolved"
        ]
        author = self.values.person(change.author)
        return {"id": str(change.id), "author": author, "created": self.time(change.created), "items": items}

    def changelog(self, issue: Issue) -> dict[str, Any]:
        """As ``expand=changelog`` gives it: the newest first, and cut where there are many."""
        history = self._state.attached[issue.id].history
        newest = [self.change(change) for change in reversed(history[-HISTORIES:])]
        return {"startAt": 0, "maxResults": len(newest), "total": len(history), "histories": newest}

    def time(self, ms: int | None) -> str | None:
        """In the account's zone, to the millisecond, as Jira writes it: ``2026-11-02T09:30:00.000+0100``."""
        if ms is None:
            return None
        iso = datetime.fromtimestamp(ms / 1000, self._site.zone).isoformat(timespec="milliseconds")
        return iso[:-3] + iso[-2:]

    @cached_property
    def _fields(self) -> dict[str, Field]:
        """How each field of an issue is read; the order is that of ``*all``."""
        values = self.values
        return {
            "summary": lambda issue: issue.summary,
            "issuetype": lambda issue: values.issue_type(issue.type),
            "status": lambda issue: values.status(issue.status),
            "parent": self._parent,
            "resolution": lambda issue: values.resolution(issue.resolution),
            "resolutiondate": lambda issue: self.time(issue.resolved),
            "created": lambda issue: self.time(issue.created),
            "updated": lambda issue: self.time(issue.updated),
            "description": lambda issue: in_version(issue.description, self.version),
            "labels": lambda issue: issue.labels,
            "assignee": lambda issue: values.person(issue.assignee),
            "reporter": lambda issue: values.person(issue.reporter),
            "creator": lambda issue: values.person(issue.reporter),
            "project": lambda issue: values.project(self._state.projects[issue.project]),
            "components": lambda issue: [values.component(name) for name in issue.components],
            "fixVersions": lambda issue: [values.version(name) for name in issue.versions],
            "versions": lambda _: [],
            "priority": lambda issue: values.priority(issue.priority),
            "duedate": lambda issue: issue.due,
            "subtasks": self._subtasks,
            "issuelinks": lambda _: [],
            "comment": self._comments,
            "attachment": lambda _: [],
            "worklog": lambda _: {"startAt": 0, "maxResults": 20, "total": 0, "worklogs": []},
            "votes": lambda issue: {"self": f"{self.api}/issue/{issue.id}/votes", "votes": 0, "hasVoted": False},
            "watches": self._watches,
            "environment": lambda _: None,
            "workratio": lambda _: -1,
        } | self._custom_fields()

    def _custom_fields(self) -> dict[str, Field]:
        reads: dict[str, Field] = {
            names.SPRINT: lambda issue: self.values.sprint(issue.sprint),
            names.POINTS: lambda issue: issue.points,
            names.GOAL: lambda issue: self.values.option(issue.goal),
            names.EPIC_LINK: self._epic_link,
            names.EPIC_NAME: lambda issue: issue.summary if issue.type == "Epic" else None,
        }
        return {id_: reads[name] for name, id_ in names.CUSTOM[self._site.deployment].items()}

    def _parent(self, issue: Issue) -> Any:
        """Cloud has one parent for every level; Data Center only for subtasks."""
        parent = self._state.issues.get(issue.parent or 0)
        if parent is None or (self._site.deployment == "datacenter" and issue.type != "Sub-task"):
            return None
        return self._brief(parent)

    def _epic_link(self, issue: Issue) -> str | None:
        parent = self._state.issues.get(issue.parent or 0)
        return self._state.key(parent) if parent and issue.type != "Sub-task" else None

    def _brief(self, issue: Issue) -> dict[str, Any]:
        """Another issue as it is shown inside of one."""
        inside = ("summary", "status", "priority", "issuetype")
        return self.identity(issue) | {"fields": {name: self._fields[name](issue) for name in inside}}

    def _subtasks(self, issue: Issue) -> list[Any]:
        return [self._brief(child) for child in self._state.children_of(issue) if child.type == "Sub-task"]

    def _comments(self, issue: Issue) -> dict[str, Any]:
        comments = [self.comment(comment, issue) for comment in self._state.attached[issue.id].comments]
        where = {"self": f"{self.api}/issue/{issue.id}/comment"}
        return {"comments": comments} | where | {"maxResults": len(comments), "total": len(comments), "startAt": 0}

    def _watches(self, issue: Issue) -> dict[str, Any]:
        where = {"self": f"{self.api}/issue/{self._state.key(issue)}/watchers"}
        return where | {"watchCount": 1, "isWatching": False}
