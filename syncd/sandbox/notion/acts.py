"""What people and owners do to this Notion outside the API, for tests and for a lively demo."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from syncd.sandbox.notion import text
from syncd.sandbox.notion.limits import Limits
from syncd.sandbox.notion.model import DataSource, Page
from syncd.sandbox.notion.planting import Planting
from syncd.sandbox.notion.workspace import Workspace

ACTS = {
    "edit": "id, by (a person), and any of title, body, labels, people, status, kind, parent (page id), goal, priority, points, due, "
    "link, blocked, related (page ids)",
    "create": "place (title or id of a data source), title, and the values of edit",
    "delete": "id: for ever",
    "trash": "id",
    "restore": "id",
    "move": "id, to: another data source, with the same page id",
    "rename": "place, property, to: another name for a property",
    "forbid": "place: the data source is no longer shared",
    "allow": "place",
    "ghost": "person: the account is gone, its name with it",
    "comment": "id, body, by (a person)",
    "publish": "place: everybody on the web can read it",
    "lag": "seconds until an edit is visible to queries and search",
    "limit": "per_minute (requests, null for no limit), or seconds of the workspace's own limit",
}


class Acts:
    """Every act returns something to go on with: an id, or nothing."""

    def __init__(self, workspace: Workspace, planting: Planting, limits: Limits, clock: Callable[[], datetime]) -> None:
        self._workspace, self._planting, self._limits, self._clock = workspace, planting, limits, clock

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """:raises KeyError: no such act, id or place"""
        if name not in ACTS:
            raise KeyError(f"{name}: Notion knows {', '.join(ACTS)}")
        return getattr(self, f"_{name}")(dict(arguments))

    def _edit(self, given: dict[str, Any]) -> str:
        page = self._page(given.pop("id"))
        by = self._workspace.user(given.pop("by")) if "by" in given else page.created_by
        return self._workspace.edit(page, self._planting.values(page.source, given), by).id

    def _create(self, given: dict[str, Any]) -> str:
        space = self._workspace
        place = given.pop("place")
        source = space.sources.get(place) or space.source(place)
        author = space.user(given.pop("by", "Ana Lima"))
        page = space.new_page(source, author, self._clock(), self._clock())
        page.values.update(self._planting.values(source, {"status": "todo"} | given))
        return space.add(page).id

    def _delete(self, given: dict[str, Any]) -> None:
        self._workspace.delete(self._page(given["id"]))

    def _trash(self, given: dict[str, Any]) -> None:
        page = self._page(given["id"])
        if not page.in_trash:
            self._workspace.trash(page, page.created_by, out=False)

    def _restore(self, given: dict[str, Any]) -> None:
        page = self._page(given["id"])
        if page.in_trash:
            self._workspace.trash(page, page.created_by, out=True)

    def _move(self, given: dict[str, Any]) -> str:
        page = self._page(given["id"])
        to = self._workspace.sources.get(given["to"]) or self._workspace.source(given["to"])
        return self._workspace.move(page, to, page.created_by).id

    def _rename(self, given: dict[str, Any]) -> None:
        self._workspace.rename_property(self._place(given["place"]), given["property"], given["to"])

    def _forbid(self, given: dict[str, Any]) -> None:
        self._place(given["place"]).forbidden = True

    def _allow(self, given: dict[str, Any]) -> None:
        self._place(given["place"]).forbidden = False

    def _ghost(self, given: dict[str, Any]) -> None:
        if given["person"] not in self._workspace.users:
            raise KeyError(f"no person {given['person']}")
        self._workspace.users[given["person"]].gone = True

    def _comment(self, given: dict[str, Any]) -> str:
        page = self._page(given["id"])
        by = self._workspace.user(given["by"]) if "by" in given else page.created_by
        return self._workspace.comment(page, [text.words(given.get("body", "Noted."))], by).id

    def _publish(self, given: dict[str, Any]) -> None:
        source = self._place(given["place"])
        source.public_url = f"https://{self._workspace.company.lower()}.notion.site/{source.id.replace('-', '')}"

    def _lag(self, given: dict[str, Any]) -> None:
        self._workspace.lag = timedelta(seconds=float(given["seconds"]))

    def _limit(self, given: dict[str, Any]) -> None:
        if "seconds" in given:
            self._limits.block(self._clock() + timedelta(seconds=float(given["seconds"])))
        else:
            self._limits.per_minute = given["per_minute"]

    def _page(self, page_id: str) -> Page:
        if page_id not in self._workspace.pages:
            raise KeyError(f"no page {page_id}")
        return self._workspace.pages[page_id]

    def _place(self, title: str) -> DataSource:
        for source in self._workspace.sources.values():
            if title in (source.title, source.id):
                return source
        raise KeyError(f"no data source {title}")
