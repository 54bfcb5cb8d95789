"""A partner's Jira project in which its copy is kept: an issue a row.

Jira's search lags ("seconds to minutes"), so it only lists. A row that may or may not have been made is found past
the index: issues of a project are numbered one after the other, so all that were made since are read by their keys.
Sources: developer.atlassian.com/cloud/jira/platform/rest/v3, "Issues", "Issue search"; for Data Center its REST
reference.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import AuthFailed, BadResponse
from connectors.calls import Lane
from connectors.jira import marked
from connectors.jira.client import Client, Json, PageSize
from connectors.jira.scope import millis
from connectors.jira.settings import Account
from connectors.mirror import WITHDRAWN, Held, Pin, Place, Refused, Remark, Slots, Write

OVERLAP = timedelta(minutes=10)
RIGHTS = ("CREATE_ISSUES", "EDIT_ISSUES", "DELETE_ISSUES")
HOURLY = 3600.0
"""Seconds between two looks at rights, and at whether everybody can see the project."""
_OPEN = "can be seen without signing in: everybody could read what is shared with one partner; close it"
AT_ONCE = {True: 100, False: 10}
"""Issues that are read by id or key together, on Cloud; in a row, on Data Center."""


class Mirror:
    """Fulfils :class:`connectors.mirror.Target`. A row's id is the issue's, which outlives moves."""

    kind = "jira"
    settles = timedelta(seconds=10)
    quiet_remarks = False
    keeps = (
        "A row on which nobody put anything is deleted. Others stay, blanked and closed, and the issue's history "
        "shows what they said."
    )

    def __init__(self, settings: Account, lane: Lane, place: str) -> None:
        self._settings, self._client, self._key = settings, Client(settings, lane), place
        self._cloud: bool | None = settings.deployment and settings.deployment == "cloud"
        self._rights: dict[str, bool] = {}
        self._looked = -HOURLY
        self._open = False
        self._dated = True
        """Learned on the way: False where the project has no due date to set."""
        self._me = ""

    def verify(self, known: Pin | None) -> Place:
        answer = self._client.project_answer(known.native_id if known else self._key)
        project = answer.json()
        key = str(project["key"])
        if project.get("archived") or project.get("deleted"):
            raise Refused(f"the project {key} is archived or in the bin: ask the partner to restore it")
        self._look(key)
        if lacks := [right for right in RIGHTS[:2] if not self._rights.get(right)]:
            raise Refused(f"the account may not write in {key}: it needs {' and '.join(lacks)}")
        site = str(project.get("self") or "").partition("/rest/")[0] or self._settings.root
        return Place(
            pin=Pin(str(project["id"]), site, "private"),
            name=f"{project.get('name') or key} ({key})",
            url=f"{site}/browse/{key}",
            now=answer.date or datetime.now(UTC),
            known_as=(key.lower(),),
            unfit=f"the project {key} {_OPEN}" if self._open else "",
            meta={
                "key": key,
                "type": _type(project),
                "site": site,
                "deletes": self._rights.get("DELETE_ISSUES", False),
            },
        )

    def _look(self, key: str) -> None:
        if time.monotonic() - self._looked < HOURLY:
            return
        self._rights = self._client.permissions(key, RIGHTS)
        self._open = self._client.open_to_all(key)
        self._looked = time.monotonic()

    def slots(self, place: Place, values: Mapping[str, str]) -> Slots:  # noqa: ARG002 - every project has the same
        return marked.fit(values, cloud=self._is_cloud(), dated=self._dated)

    def mark(self, place: Place) -> str:
        """The highest number that the index knows: later ones are read one by one."""
        jql = f"project = {place.pin.native_id} ORDER BY key DESC"
        hits = self._client.search({"jql": jql, "fields": ["key"]}, PageSize(1, 1), cloud=self._is_cloud())
        return str(hits.issues[0]["key"]).rpartition("-")[2] if hits.issues else "0"

    def create(self, place: Place, marker: str, slots: Slots) -> Write:
        status = [marked.STATUS + slots["status"]] if slots["status"] else []
        fields = marked.fields(None, marker, slots, cloud=self._is_cloud()) | {
            "project": {"id": place.pin.native_id},
            "issuetype": {"id": place.meta["type"]},
            "labels": [marked.LABEL, *status],
        }
        properties = [{"key": marked.PROPERTY, "value": {"marker": marker}}]
        body = {"fields": fields, "properties": properties}
        return Write("jira.mirror_create", "POST", f"{self._version}/issue", body, repeatable=False)

    def update(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:  # noqa: ARG002
        body: dict[str, Any] = {}
        if fields := marked.fields(held, held.marker, slots, cloud=self._is_cloud()):
            body["fields"] = fields
        if "status" in slots and (labels := marked.labels(held, slots["status"])):
            body["update"] = {"labels": labels}
        return [Write("jira.mirror_update", "PUT", f"{self._version}/issue/{held.remote}", body)] if body else []

    def withdraw(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:
        theirs = held.raw.get("hangs") or any(value and name not in slots for name, value in held.slots.items())
        path = f"{self._version}/issue/{held.remote}"
        if place.meta["deletes"] and not theirs:
            return [Write("jira.mirror_delete", "DELETE", path, accept=(404,))]
        blank = {name: "" for name in slots if name in (*marked.BLOCK, marked.DAY)}
        blank |= {"title": WITHDRAWN} if "title" in slots else {}
        fields = marked.fields(held, held.marker, blank, cloud=self._is_cloud(), gone=True)
        body: dict[str, Any] = {"fields": fields}
        if "status" in slots and (labels := marked.labels(held, "")):
            body["update"] = {"labels": labels}
        body["properties"] = [{"key": marked.PROPERTY, "value": {"marker": held.marker, "gone": True}}]
        return [Write("jira.mirror_blank", "PUT", path, body), *self._closing(held.remote, path)]

    def _closing(self, issue_id: str, path: str) -> Iterator[Write]:
        """The workflow's own way to a status that counts as done; none where it has none from here."""
        for transition in self._client.transitions(issue_id):
            to = transition.get("to") or {}
            if (to.get("statusCategory") or {}).get("key") == "done":
                body = {"transition": {"id": transition["id"]}}
                yield Write("jira.mirror_close", "POST", f"{path}/transitions", body, accept=(400, 409))
                return

    def send(self, place: Place, write: Write) -> str:  # noqa: ARG002 - as the protocol names it
        try:
            answer = self._client.write(write)
        except BadResponse as error:
            if error.status == 400 and "duedate" in error.what:
                self._dated = False  # not on the project's screens: it is told in the text alone
            raise
        return "" if write.repeatable else str(answer.json()["id"])

    def find(self, place: Place, marker: str, mark: str) -> list[Held]:
        number, found = int(mark), []
        size = AT_ONCE[self._is_cloud()]
        while batch := self._fetched(
            [f"{place.meta['key']}-{number + step}" for step in range(1, size + 1)], marked.FIELDS
        ):
            rows = [marked.held(issue, place.meta["site"]) for issue in batch]
            found += [held for held in rows if held.marker == marker and held.live]
            number += size
        return sorted(found, key=lambda held: (held.made, int(held.remote)))

    def read(self, place: Place, ids: Sequence[str]) -> Mapping[str, Held]:
        wanted = (*marked.FIELDS, *marked.HANGING)
        found = {}
        size = AT_ONCE[self._is_cloud()]
        for start in range(0, len(ids), size):
            for issue in self._fetched(ids[start : start + size], wanted):
                project = (issue.get("fields") or {}).get("project") or {}
                if str(project.get("id")) == place.pin.native_id:  # else it was moved elsewhere
                    found[str(issue["id"])] = marked.held(issue, place.meta["site"])
        return found

    def rows(self, place: Place) -> Iterator[Sequence[Held]]:
        for page in self._searched(place, ""):
            yield [held for held in page if held.live]

    def changed(self, place: Place, since: datetime) -> list[Held]:
        condition = f" AND updated >= {millis(since - OVERLAP)}"
        return [held for page in self._searched(place, condition, "comment") for held in page]

    def remarks(self, place: Place, ids: Sequence[str], since: datetime) -> list[Remark]:  # noqa: ARG002
        me, found = self._account(), []
        for issue_id in ids:
            for comment in self._client.comments(issue_id, cloud=self._is_cloud()):
                author, at = comment.get("author") or {}, datetime.fromisoformat(comment["created"])
                if at >= since - OVERLAP and _who(author) != me:
                    found.append(Remark(str(comment["id"]), issue_id, marked.said(comment), at))
        return found

    def close(self) -> None:
        self._client.close()

    @property
    def _version(self) -> int:
        return 3 if self._is_cloud() else 2

    def _is_cloud(self) -> bool:
        if self._cloud is None:
            self._cloud = str(self._client.server_info()[0].get("deploymentType")).lower() == "cloud"
        return self._cloud

    def _account(self) -> str:
        self._me = self._me or _who(self._client.myself().json())
        return self._me

    def _fetched(self, names: Sequence[str], fields: Sequence[str]) -> list[Json]:
        """Those of some issues, by id or key, that are there."""
        if self._is_cloud():
            found: list[Json] = self._client.bulk_fetch(names, fields, [marked.PROPERTY]).get("issues") or []
            return found
        issues = []
        for name in names:
            try:
                issues.append(self._client.issue(name, fields, cloud=False))
            except AuthFailed as error:
                if error.status not in (404, 410):
                    raise
        return issues

    def _searched(self, place: Place, condition: str, *further: str) -> Iterator[list[Held]]:
        """:param further: fields to give besides"""
        jql = f"project = {place.pin.native_id} AND labels = {marked.LABEL}{condition} ORDER BY created ASC, key ASC"
        body: Json = {"jql": jql, "fields": [*marked.FIELDS, *further]}
        if self._is_cloud():
            body["properties"] = [marked.PROPERTY]
        size, seen = PageSize(100), 0
        while True:
            hits = self._client.search(body, size, cloud=self._is_cloud())
            held = [marked.held(issue, place.meta["site"]) for issue in hits.issues]
            yield [one for one in held if one.marker]
            seen += len(hits.issues)
            if self._is_cloud():
                if not hits.token or hits.token == body.get("nextPageToken"):
                    return
                body["nextPageToken"] = hits.token
            elif not hits.issues or seen >= (hits.total or 0):
                return
            else:
                body["startAt"] = seen


def _type(project: Json) -> str:
    """The type of issue that a row is: a task, or what comes nearest."""
    usable = [
        one for one in project.get("issueTypes") or () if not one.get("subtask") and not one.get("hierarchyLevel")
    ]
    if not usable:
        raise Refused(f"the project {project['key']} has no type of issue that stands by itself")
    return str(next((one for one in usable if str(one.get("name")).lower() == "task"), usable[0])["id"])


def _who(user: Json) -> str:
    return str(user.get("accountId") or user.get("key") or user.get("name") or "")
