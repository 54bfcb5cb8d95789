"""A real tracker in the sandbox: an exported GitHub repository, as it was on some day.

The format is that of `gh-pages archives of working groups
<https://github.com/martinthomson/i-d-template/blob/main/doc/ARCHIVE.md>`_: one JSON object with ``repo``,
``issues`` and ``pulls``, in GraphQL's words (``state`` OPEN, CLOSED or MERGED, ``createdAt``, ``closedAt``).
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.model import Comment, Issue, Pull, Repository, second

Row = Mapping[str, Any]


def read(path: Path) -> Row:
    """The archive.

    :raises ValueError: it is not one, with what is missing
    """
    try:
        archive: Any = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON: {error}") from None
    found: Row = archive if isinstance(archive, dict) else {}
    if missing := [key for key in ("repo", "issues", "pulls") if key not in found]:
        raise ValueError(f"{path}: not an archive of a repository: it has no {' and no '.join(missing)}")
    return found


def plant(hub: Hub, archive: Row, as_of: datetime | None = None) -> None:
    """Put the archive's issues and pull requests into the hub under their own numbers.

    :param as_of: leave out what came later, and open what was closed later; texts and labels are those of
        the archive, which does not tell older ones
    """
    repository = hub.repository(archive["repo"])
    rows = sorted((*archive["issues"], *archive["pulls"]), key=lambda row: row["number"])
    issues = [_issue(hub, repository, row, as_of) for row in rows if _was_there(row["createdAt"], as_of)]
    repository.last_number = max((issue.number for issue in issues), default=0)
    hub.issues.update((issue.id, issue) for issue in issues)
    repository.extend(issues)


def _issue(hub: Hub, repository: Repository, row: Row, as_of: datetime | None) -> Issue:
    ended = row.get("closedAt")
    closed = _moment(ended) if ended and _was_there(ended, as_of) else None
    issue = Issue(
        id=hub.next_id(),
        number=row["number"],
        repository=repository,
        title=row["title"],
        body=row["body"] or None,
        user=hub.user(row["author"]) if row.get("author") else None,
        created=_moment(row["createdAt"]),
        updated=min(_moment(row["updatedAt"]), second(as_of)) if as_of else _moment(row["updatedAt"]),
        closed=closed,
        state_reason="completed" if closed and "headRefName" not in row else None,
        labels=[hub.label(repository, name) for name in row["labels"]],
        assignees=[hub.user(login) for login in row["assignees"]],
    )
    issue.comments = [_comment(hub, comment) for comment in row["comments"] if _was_there(comment["createdAt"], as_of)]
    repository.comments |= {comment.id: (issue, comment) for comment in issue.comments}
    if "headRefName" in row:
        merged = closed if row["state"] == "MERGED" else None
        issue.pull = Pull(hub.next_id(), row["headRefName"], row["headRefOid"], merged=merged)
    return issue


def _comment(hub: Hub, row: Row) -> Comment:
    author = hub.user(row["author"]) if row.get("author") else None
    return Comment(hub.next_id(), row["body"], author, _moment(row["createdAt"]), _moment(row["updatedAt"]))


def _moment(text: str) -> datetime:
    return second(datetime.fromisoformat(text))


def _was_there(text: str, as_of: datetime | None) -> bool:
    return as_of is None or _moment(text) <= as_of
