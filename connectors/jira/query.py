"""One run's search: the same condition, fields and reconciled issues for all its pages and windows."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.base import ConnectorError, Window
from connectors.jira.client import Client, Hits, PageSize
from connectors.jira.scope import Scope, created

ORDER = " ORDER BY created ASC, key ASC"


class Query:
    """Shared by the threads of a run. ``covered`` are the parts that take part, with their marks.

    :param covered: the parts of the scope that take part, with their marks (:class:`Cursor`)
    :param reconcile: ids of issues to be read past the index; the same for every page
    """

    def __init__(
        self,
        client: Client,
        scope: Scope,
        covered: Mapping[str, datetime],
        *,
        cloud: bool,
        fields: Sequence[str],
        size: PageSize,
        reconcile: Sequence[int] = (),
    ) -> None:
        self.cloud = cloud
        self.covered = dict(covered)
        self.version = 0
        self._client, self._scope, self._size, self._lock = client, scope, size, threading.Lock()
        self._always: dict[str, Any] = {"fields": list(fields)}
        if reconcile and cloud:
            self._always["reconcileIssues"] = list(reconcile)

    def jql(self, window: Window) -> str:
        return self._scope.condition(self.covered) + created(window) + ORDER

    def by_token(self, jql: str, token: str | None) -> Hits:
        """A page on Cloud; a token belongs to the query that it came with."""
        paged = {"nextPageToken": token} if token else {}
        return self._client.search({"jql": jql, **self._always, **paged}, self._size, cloud=True)

    def by_offset(self, jql: str, start: int) -> Hits:
        """A page on Data Center."""
        return self._client.search({"jql": jql, **self._always, "startAt": start}, self._size, cloud=False)

    def shrunk(self, error: ConnectorError, version: int) -> bool:
        """Whether a search failed because of projects that cannot be read any more: they leave the run,
        ``version`` grows, and it is worth asking again.

        :param version: of this query when it was asked
        :raises AuthFailed: no project is left
        """
        if error.status not in (400, 403, 404):
            return False
        with self._lock:
            if version != self.version:
                return True  # another thread found out meanwhile
            if not self._scope.ask_again(self.covered):
                return False
            readable = self._scope.readable()
            self.covered = {part: mark for part, mark in self.covered.items() if part in readable}
            self.version += 1
            return True
