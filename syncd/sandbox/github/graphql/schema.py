"""The part of GitHub's GraphQL schema that tracker clients ask for: nodes, repositories, issues, pull requests.

Source: GitHub's public schema (Query, Repository, Issue, PullRequest, RateLimit).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syncd.sandbox.github.graphql.execute import Missing, Node, Type
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.limits import Window
from syncd.sandbox.github.model import Issue, Repository, User
from syncd.sandbox.github.rows import WEB, html_url, maybe, stamp

Arguments = Mapping[str, Any]
_CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:https://github\.com/)?([\w.-]+/[\w.-]+)?(?:#|/issues/)(\d+)",
    re.IGNORECASE,
)
_NODE = frozenset({"Node"})


class Schema:
    """Resolves against a hub; ``may_read`` tells which repositories the credential sees."""

    def __init__(self, hub: Hub, may_read: Callable[[Repository], bool], viewer: User, window: Window) -> None:
        self._hub, self._may_read, self._viewer, self._window = hub, may_read, viewer, window
        self._actor = Type("User", _ACTOR, frozenset({"Actor", "Node"}))
        self._label = Type("Label", _LABEL, _NODE)
        self._milestone = Type("Milestone", _MILESTONE, _NODE)
        self._repository = Type("Repository", self._repository_fields(), _NODE)
        self._issue = Type("Issue", self._item_fields() | self._issue_fields(), _NODE)
        self._pull = Type("PullRequest", self._item_fields() | self._pull_fields(), _NODE)

    def query(self) -> Node:
        """The root of every query."""
        fields = {
            "node": lambda _, a: self._node(a.get("id")),
            "nodes": lambda _, a: self._nodes(a.get("ids")),
            "repository": lambda _, a: self._repository_named(a),
            "rateLimit": lambda *_: Node(_RATE_LIMIT, self._window),
            "viewer": lambda *_: Node(self._actor, self._viewer),
        }
        return Node(Type("Query", fields), None)

    def _nodes(self, ids: Any) -> list[Any]:
        wanted = ids if isinstance(ids, list) else [ids]
        if len(wanted) > 100:
            raise Missing(f"You may not provide more than 100 node ids; you provided {len(wanted)}.", "ARGUMENT_LIMIT")
        return [self._found(node_id) for node_id in wanted]

    def _node(self, node_id: Any) -> Node:
        found = self._found(node_id)
        if isinstance(found, Missing):
            raise found
        return found

    def _found(self, node_id: Any) -> Node | Missing:
        issue = self._hub.by_node_id(str(node_id))
        if issue is None or not self._may_read(issue.repository):
            return Missing(f"Could not resolve to a node with the global id of '{node_id}'")
        return self._item(issue)

    def _item(self, issue: Issue) -> Node:
        return Node(self._pull if issue.pull else self._issue, issue)

    def _repository_named(self, arguments: Arguments) -> Node:
        name = f"{arguments.get('owner')}/{arguments.get('name')}"
        found = self._hub.names.get(name.lower())
        if found is None or not self._may_read(found):
            raise Missing(f"Could not resolve to a Repository with the name '{name}'.")
        return Node(self._repository, found)

    def _repository_fields(self) -> dict[str, Any]:
        return {
            "id": lambda repo, _: f"R_kgDOsandbox{repo.id:x}",
            "databaseId": lambda repo, _: repo.id,
            "name": lambda repo, _: repo.name,
            "nameWithOwner": lambda repo, _: repo.full_name,
            "owner": lambda repo, _: Node(self._actor, repo.owner),
            "url": lambda repo, _: f"{WEB}/{repo.full_name}",
            "isArchived": lambda repo, _: repo.archived,
            "issue": lambda repo, a: self._numbered(repo, a, pulls=False),
            "pullRequest": lambda repo, a: self._numbered(repo, a, pulls=True),
            "issueOrPullRequest": lambda repo, a: self._numbered(repo, a, pulls=None),
            "issues": lambda repo, a: self._items(repo, a, pulls=False),
            "pullRequests": lambda repo, a: self._items(repo, a, pulls=True),
        }

    def _numbered(self, repo: Repository, arguments: Arguments, *, pulls: bool | None) -> Node:
        number = arguments.get("number")
        issue = repo.issues.get(number or 0)
        if issue is None or (pulls is not None and pulls != bool(issue.pull)):
            kind = {True: "a PullRequest", False: "an Issue", None: "an issue or pull request"}[pulls]
            raise Missing(f"Could not resolve to {kind} with the number of {number}.")
        return self._item(issue)

    def _items(self, repo: Repository, arguments: Arguments, *, pulls: bool) -> Node:
        order = arguments.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
        name = {"CREATED_AT": "created", "UPDATED_AT": "updated", "COMMENTS": "comments"}[order["field"]]
        rows = [issue for issue in repo.orders[name].rows if bool(issue.pull) == pulls]
        states = arguments.get("states")
        if states is not None:
            rows = [issue for issue in rows if _state(issue) in (states if isinstance(states, list) else [states])]
        if order["direction"] == "DESC":
            rows.reverse()
        return self._connection("PullRequest" if pulls else "Issue", [self._item(issue) for issue in rows], arguments)

    def _connection(self, of: str, nodes: Sequence[Node], arguments: Arguments) -> Node:
        first = arguments.get("first")
        if first is None:
            raise Missing(
                "You must provide a `first` or `last` value to properly paginate.", "MISSING_PAGINATION_BOUNDARIES"
            )
        if not 0 <= first <= 100:
            raise Missing(
                f"Requesting {first} records exceeds the `first` limit of 100 records.", "EXCESSIVE_PAGINATION"
            )
        start = int(arguments.get("after") or 0)
        return Node(Type(f"{of}Connection", _CONNECTION), (nodes, start, start + first))

    def _item_fields(self) -> dict[str, Any]:
        """What issues and pull requests have in common."""
        return {
            "id": lambda issue, _: issue.node_id,
            "fullDatabaseId": lambda issue, _: str(issue.pull.id if issue.pull else issue.id),
            "databaseId": lambda issue, _: issue.pull.id if issue.pull else issue.id,
            "number": lambda issue, _: issue.number,
            "title": lambda issue, _: issue.title,
            "body": lambda issue, _: issue.body or "",
            "state": lambda issue, _: _state(issue),
            "closed": lambda issue, _: issue.closed is not None,
            "url": lambda issue, _: html_url(issue),
            "createdAt": lambda issue, _: stamp(issue.created),
            "updatedAt": lambda issue, _: stamp(issue.updated),
            "closedAt": lambda issue, _: maybe(issue.closed),
            "author": lambda issue, _: issue.user and Node(self._actor, issue.user),
            "repository": lambda issue, _: Node(self._repository, issue.repository),
            "milestone": lambda issue, _: issue.milestone and Node(self._milestone, issue.milestone),
            "labels": lambda issue, a: self._connection("Label", [Node(self._label, each) for each in issue.labels], a),
            "assignees": lambda issue, a: self._connection("User", [Node(self._actor, u) for u in issue.assignees], a),
        }

    def _issue_fields(self) -> dict[str, Any]:
        return {
            "stateReason": lambda issue, _: issue.state_reason.upper() if issue.state_reason else None,
            "issueType": lambda issue, _: issue.type and Node(_ISSUE_TYPE, issue.type),
            "parent": lambda issue, _: issue.parent and self._item(issue.parent),
            "subIssues": lambda issue, a: self._connection("Issue", [self._item(child) for child in issue.children], a),
        }

    def _pull_fields(self) -> dict[str, Any]:
        return {
            "headRefName": lambda issue, _: issue.pull.branch,
            "baseRefName": lambda *_: "main",
            "isDraft": lambda issue, _: issue.pull.draft,
            "merged": lambda issue, _: issue.pull.merged is not None,
            "mergedAt": lambda issue, _: maybe(issue.pull.merged),
            "closingIssuesReferences": lambda issue, a: self._connection("Issue", self._closing(issue), a),
        }

    def _closing(self, pull: Issue) -> list[Node]:
        """The issues that the pull request's text closes by keyword."""
        found = []
        for name, number in _CLOSES.findall(pull.body or ""):
            repo = self._hub.names.get(name.lower()) if name else pull.repository
            target = repo.issues.get(int(number)) if repo and self._may_read(repo) else None
            if target and target.pull is None:
                found.append(self._item(target))
        return found


def _state(issue: Issue) -> str:
    return "MERGED" if issue.pull and issue.pull.merged else issue.state.upper()


def _page(value: tuple[Sequence[Node], int, int]) -> Node:
    nodes, start, end = value
    return Node(_PAGE_INFO, {"start": start, "end": min(end, len(nodes)), "total": len(nodes)})


_ACTOR: dict[str, Any] = {
    "id": lambda user, _: f"U_kgDOsandbox{user.id:x}",
    "databaseId": lambda user, _: user.id,
    "login": lambda user, _: user.login,
    "name": lambda user, _: user.name,
    "url": lambda user, _: f"{WEB}/{user.login}",
}
_LABEL: dict[str, Any] = {"name": lambda label, _: label.name, "color": lambda label, _: label.color}
_MILESTONE: dict[str, Any] = {
    "number": lambda milestone, _: milestone.number,
    "title": lambda milestone, _: milestone.title,
    "dueOn": lambda milestone, _: f"{milestone.due}T00:00:00Z" if milestone.due else None,
}
_ISSUE_TYPE = Type("IssueType", {"name": lambda kind, _: kind.name})
_RATE_LIMIT = Type(
    "RateLimit",
    {
        "cost": lambda *_: 1,
        "limit": lambda window, _: window.limit,
        "remaining": lambda window, _: window.remaining,
        "used": lambda window, _: window.used,
        "resetAt": lambda window, _: stamp(window.resets),
    },
)
_PAGE_INFO = Type(
    "PageInfo",
    {
        "hasNextPage": lambda page, _: page["end"] < page["total"],
        "hasPreviousPage": lambda page, _: page["start"] > 0,
        "startCursor": lambda page, _: str(page["start"]),
        "endCursor": lambda page, _: str(page["end"]) if page["end"] > page["start"] else None,
    },
)
_CONNECTION: dict[str, Any] = {
    "nodes": lambda value, _: list(value[0][value[1] : value[2]]),
    "totalCount": lambda value, _: len(value[0]),
    "pageInfo": lambda value, _: _page(value),
}
