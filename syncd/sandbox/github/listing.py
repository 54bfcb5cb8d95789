"""``GET …/issues`` and ``…/pulls``: which issues a query means, and in which order.

Source: "List repository issues", "List pull requests".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from syncd.sandbox.base import Refused
from syncd.sandbox.github.access import denied
from syncd.sandbox.github.model import Issue, Repository
from syncd.sandbox.github.rows import stamp

Test = Callable[[Issue], bool]


@dataclass(frozen=True, slots=True)
class Selection:
    """The issues of a query in its order, and the key they are sorted by."""

    rows: list[Issue]
    key: Callable[[Issue], tuple[Any, int]]


_KEYS: dict[str, Callable[[Issue], tuple[Any, int]]] = {
    "created": lambda issue: (stamp(issue.created), issue.id),
    "updated": lambda issue: (stamp(issue.updated), issue.id),
    "comments": lambda issue: (len(issue.comments), issue.id),
}


def issues(repository: Repository, query: dict[str, str]) -> Selection:
    """Issues and pull requests.

    :raises Refused: 422, a parameter has a value it cannot have
    """
    sort = _one_of(query, "sort", ("created", "updated", "comments"))
    rising = _one_of(query, "direction", ("desc", "asc")) == "asc"
    tests = _tests(query)
    since = _time(query["since"]) if query.get("since") else None
    rows = repository.orders[sort].rows
    if since and sort == "updated":
        rows = rows[repository.orders[sort].since(since) :]
    elif since:
        tests.append(lambda issue: issue.updated >= since)
    return Selection(_filtered(rows, tests, rising), _KEYS[sort])


def pulls(repository: Repository, query: dict[str, str]) -> Selection:
    """Pull requests alone; sorting by popularity or age is as by comments or creation."""
    names = {"created": "created", "updated": "updated", "popularity": "comments", "long-running": "created"}
    sort = names[_one_of(query, "sort", tuple(names))]
    usual = ("desc", "asc") if sort == "created" else ("asc", "desc")
    rising = _one_of(query, "direction", usual) == "asc"
    tests: list[Test] = [lambda issue: issue.pull is not None, *_tests({"state": query.get("state", "")})]
    if head := query.get("head", "").rpartition(":")[2]:
        tests.append(lambda issue: issue.pull is not None and issue.pull.branch == head)
    return Selection(_filtered(repository.orders[sort].rows, tests, rising), _KEYS[sort])


def _filtered(rows: list[Issue], tests: list[Test], rising: bool) -> list[Issue]:
    if tests:
        rows = [issue for issue in rows if all(test(issue) for test in tests)]
    return rows[:] if rising else rows[::-1]


def _tests(query: dict[str, str]) -> list[Test]:
    tests: list[Test] = []
    state = _one_of(query, "state", ("open", "closed", "all"))
    if state != "all":
        tests.append(lambda issue: issue.state == state)
    if wanted := {name.strip().lower() for name in query.get("labels", "").split(",") if name.strip()}:
        tests.append(lambda issue: wanted <= {label.name.lower() for label in issue.labels})
    for name, value in query.items():
        if name in _BY_NAME and value:
            tests.append(_named(value, _BY_NAME[name]))
    return tests


def _named(wanted: str, names: Callable[[Issue], set[str]]) -> Test:
    """``*`` any, ``none`` none, else this name."""
    if wanted == "*":
        return lambda issue: bool(names(issue))
    if wanted == "none":
        return lambda issue: not names(issue)
    return lambda issue: wanted.lower() in names(issue)


_BY_NAME: dict[str, Callable[[Issue], set[str]]] = {
    "creator": lambda issue: {issue.user.login.lower()} if issue.user else set(),
    "assignee": lambda issue: {user.login.lower() for user in issue.assignees},
    "milestone": lambda issue: {str(issue.milestone.number)} if issue.milestone else set(),
    "type": lambda issue: {issue.type.name.lower()} if issue.type else set(),
}


def _one_of(query: dict[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The parameter's value; the first choice is the default."""
    value = query.get(name) or choices[0]
    if value not in choices:
        raise invalid("Issue", name, f"{value} is not one of {', '.join(choices)}")
    return value


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("Issue", "since", "since must be a time in ISO 8601 form") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def invalid(resource: str, field: str, message: str = "", code: str = "invalid") -> Refused:
    """GitHub's answer to a request that it understands and cannot accept."""
    refused = denied(422, "Validation Failed")
    error = {"resource": resource, "field": field, "code": code} | ({"message": message} if message else {})
    refused.response.body["errors"] = [error]
    return refused
