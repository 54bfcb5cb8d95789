"""A partner's GitHub repository in which its copy is kept: an issue a row.

The title is ours, a label ``status: …``, and a block of the text between two invisible comments that carry the
row's marker. Issues are listed from GitHub's database, so a look for a marker right after a request of unknown fate
can be believed; the search, which lags, is never asked. An App or collaborator cannot delete issues: a withdrawn
row is blanked and closed. Sources: docs.github.com/rest, "Issues", "Labels", "Issue comments".
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.base import AuthFailed, Unavailable
from connectors.calls import Answer, Lane
from connectors.github import marked
from connectors.github.client import Client
from connectors.github.discovery import named
from connectors.github.lists import Row, sheet_of
from connectors.github.repository import since as since_
from connectors.github.settings import Account
from connectors.mirror import NO_TITLE, WITHDRAWN, Held, Pin, Place, Refused, Remark, Slots, Write

_PUBLIC = "everybody could read what is shared with one partner; make it private"
_WRITING = ("triage", "push", "maintain", "admin")
_ALL = {"state": "all", "per_page": "100"}
OVERLAP = timedelta(minutes=2)


class Mirror:
    """Fulfils :class:`connectors.mirror.Target`. A row's id is the issue's number, by which it is addressed."""

    kind = "github"
    settles = timedelta(seconds=10)
    quiet_remarks = False
    keeps = (
        "The issue stays, closed and blank; GitHub shows the edits of its text and title to everybody who can read it."
    )

    def __init__(self, settings: Account, lane: Lane, place: str) -> None:
        self._client = Client(settings, lane)
        self._name = place
        self._is_person = settings.auth.token is not None
        """An App's rights on issues are not among those of the repository."""
        self._me = ""

    def verify(self, known: Pin | None) -> Place:
        answer, path = self._repository(known)
        repository = answer.json()
        name = repository["full_name"]
        public = not repository.get("private") or repository.get("visibility") == "public"
        if repository.get("archived") or not repository.get("has_issues", True):
            raise Refused(f"{name} takes no issues: it is archived, or they are switched off in its settings")
        rights = repository.get("permissions") or {}
        if self._is_person and rights and not any(rights.get(right) for right in _WRITING):
            raise Refused(f"the credential may not write in {name}: it needs Issues: write")
        owner = repository.get("owner") or {}
        return Place(
            pin=Pin(str(repository["id"]), str(owner.get("id") or ""), str(repository.get("visibility") or "private")),
            name=name,
            url=repository.get("html_url") or "",
            now=answer.date or datetime.now(UTC),
            known_as=(name.lower(), name.lower().partition("/")[0]),
            unfit=f"{name} is public: {_PUBLIC}" if public else "",
            meta={"issues": f"{path or f'/repos/{name}'}/issues"},
        )

    def _repository(self, known: Pin | None) -> tuple[Answer, str]:
        """By number, which outlives renames; by name the first time, and where a server knows no numbers."""
        if known:
            path = f"/repositories/{known.native_id}"
            answer = self._client.get(path, op="repository", accept=(404,))
            if answer.status == 200:
                return answer, path
        return named(self._client, self._name), ""

    def slots(self, place: Place, values: Mapping[str, str]) -> Slots:  # noqa: ARG002 - every repository has the same
        return marked.fit(values)

    def mark(self, place: Place) -> str:
        """When it was: an issue that is looked for was made after it."""
        return (place.now - OVERLAP).isoformat()

    def create(self, place: Place, marker: str, slots: Slots) -> Write:
        body: dict[str, Any] = {
            "title": slots["title"] or NO_TITLE,
            "body": marked.body("", marker, slots),
            "labels": [marked.LABEL + slots["status"]] if slots["status"] else [],
        }
        return Write("github.mirror_create", "POST", place.meta["issues"], body, repeatable=False)

    def update(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:
        """The label at last: what is cut short here is found as it was left, and gone on with."""
        path = f"{place.meta['issues']}/{held.remote}"
        body: dict[str, Any] = {"title": slots["title"] or NO_TITLE} if "title" in slots else {}
        if any(name in slots for name in marked.BLOCK):
            body["body"] = marked.body(held.raw["body"], held.marker, {**held.slots, **slots})
        patch = [Write("github.mirror_update", "PATCH", path, body)] if body else []
        return [*patch, *(self._label(path, held, slots["status"]) if "status" in slots else ())]

    def withdraw(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:
        path = f"{place.meta['issues']}/{held.remote}"
        blank = {name: "" for name in slots if name in marked.BLOCK}
        text = marked.body(held.raw["body"], held.marker, {**held.slots, **blank}, gone=True)
        body = {"body": text, "state": "closed"}
        title = {"title": WITHDRAWN} if "title" in slots else {}
        patch = Write("github.mirror_withdraw", "PATCH", path, title | body | {"state_reason": "not_planned"})
        return [patch, *(self._label(path, held, "") if "status" in slots else ())]

    def _label(self, path: str, held: Held, status: str) -> Iterator[Write]:
        """Only ours goes and comes; the others are not looked at."""
        if was := held.slots.get("status"):
            old = f"{path}/labels/{quote(marked.LABEL + was, safe='')}"
            yield Write("github.mirror_unlabel", "DELETE", old, accept=(404,))
        if status:
            yield Write("github.mirror_label", "POST", f"{path}/labels", {"labels": [marked.LABEL + status]})

    def send(self, place: Place, write: Write) -> str:  # noqa: ARG002 - as the protocol names it
        answer = self._client.write(write)
        if write.repeatable:
            return ""
        number = answer.json().get("number")
        if not number:  # a proxy's idea of a success: whether it was made is not known
            raise Unavailable("answered the creation of an issue with something else", status=answer.status)
        return str(number)

    def find(self, place: Place, marker: str, mark: str) -> list[Held]:
        """Among the issues made since; the newest come first, so this ends soon."""
        made_since = datetime.fromisoformat(mark)
        parameters = _ALL | {"sort": "created", "direction": "desc"}
        found = []
        for rows in self._sheets(place, parameters):
            held = [marked.held(row) for row in rows]
            found += [one for one in held if one.marker == marker and one.live]
            if any(one.made < made_since for one in held):
                break
        return sorted(found, key=lambda one: (one.made, int(one.remote)))

    def read(self, place: Place, ids: Sequence[str]) -> Mapping[str, Held]:
        found = {}
        for number in ids:
            try:
                answer = self._client.get(f"{place.meta['issues']}/{number}", op="mirror_issue", accept=(301,))
            except AuthFailed as error:
                if error.status not in (404, 410):
                    raise
                continue
            if answer.status == 200:  # else it was moved to another repository
                found[number] = marked.held(answer.json())
        return found

    def rows(self, place: Place) -> Iterator[Sequence[Held]]:
        for rows in self._sheets(place, _ALL | {"sort": "created", "direction": "asc"}):
            yield [held for held in map(marked.held, rows) if held.marker and held.live]

    def changed(self, place: Place, since: datetime) -> list[Held]:
        parameters = _ALL | {"sort": "updated", "direction": "asc"} | since_(since - OVERLAP)
        held = [marked.held(row) for rows in self._sheets(place, parameters) for row in rows]
        return [one for one in held if one.marker]

    def remarks(self, place: Place, ids: Sequence[str], since: datetime) -> list[Remark]:
        parameters = {"per_page": "100", "sort": "updated", "direction": "asc"} | since_(since - OVERLAP)
        wanted, me = frozenset(ids), self._account()
        found = []
        for comments in self._sheets(place, parameters, "/comments"):
            for comment in comments:
                number = str(comment.get("issue_url", "")).rpartition("/")[2]
                author = (comment.get("user") or {}).get("login") or "ghost"
                if number in wanted and author != me and comment.get("body"):
                    at = datetime.fromisoformat(comment["created_at"])
                    found.append(Remark(str(comment["id"]), number, comment["body"], at))
        return found

    def close(self) -> None:
        self._client.close()

    def _sheets(self, place: Place, parameters: dict[str, str], below: str = "") -> Iterator[list[Row]]:
        sheet = sheet_of(self._client.get(f"{place.meta['issues']}{below}", parameters, op="mirror_list"))
        yield sheet.rows
        while sheet.next:
            sheet = sheet_of(self._client.get(sheet.next, op="mirror_list"), sheet.number + 1)
            yield sheet.rows

    def _account(self) -> str:
        """The login that our own comments would have; empty for an App, which is not told its own here."""
        if not self._me:
            answer = self._client.get("/user", op="user", accept=(403,))
            self._me = str(answer.json().get("login") or "")
        return self._me
