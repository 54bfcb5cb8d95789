"""Puts works into Notion as its people would have entered them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.item import Kind
from syncd.sandbox.base import Work
from syncd.sandbox.notion import text
from syncd.sandbox.notion.bodies import page_url, title_of
from syncd.sandbox.notion.layout import STATUSES
from syncd.sandbox.notion.model import DataSource, Page, Property
from syncd.sandbox.notion.workspace import Workspace

KINDS: dict[Kind, str] = {"epic": "Epic", "story": "Story", "task": "Task", "bug": "Bug", "subtask": "Subtask"}
COLUMNS = {
    "title": "Name",
    "body": "Notes",
    "status": "Status",
    "kind": "Kind",
    "labels": "Tags",
    "goal": "Goal",
    "priority": "Priority",
    "people": "Owner",
    "due": "Due",
    "points": "Points",
    "link": "Link",
    "blocked": "Blocked",
    "parent": "Epic",
    "related": "Related",
}
"""Value of a work -> the column that holds it."""
JIRA_SITE = "https://acme.atlassian.net"
_JIRA_KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+")


def url_of(address: str) -> str:
    """Where people would click to: of a Jira key, of ``acme/web#12``, of a URL."""
    if _JIRA_KEY.fullmatch(address):
        return f"{JIRA_SITE}/browse/{address}"
    repository, hash_, number = address.partition("#")
    return f"https://github.com/{repository}/issues/{number}" if hash_ and "://" not in address else address


class Planting:
    """Plants into a workspace and remembers what became of each name."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._pages: dict[str, str] = {}

    def plant(self, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
        """See :meth:`syncd.sandbox.base.Service.plant`."""
        made = [self._page(work) for work in works]
        self._pages |= {work.name: page.id for work, page in zip(works, made, strict=True)}
        columns = {page.source: self.columns(page.source) for page in made}
        titles = {page.id: page for page in made}
        for work, page in zip(works, made, strict=True):
            self._write_references(work, page, columns[page.source], addresses, titles)
        self._workspace.extend(made)
        return {work.name: page_url(page) for work, page in zip(works, made, strict=True)}

    def columns(self, source: DataSource) -> dict[str, Property]:
        """Value of a work -> its property, wherever that has been renamed to since."""
        return {name: source.columns[column] for name, column in COLUMNS.items() if column in source.columns}

    def _page(self, work: Work) -> Page:
        space, source = self._workspace, self._workspace.source(work.place)
        author = space.user(work.reporter) if work.reporter else space.bot
        page = space.new_page(source, author, work.created, max(work.updated, work.closed or work.updated))
        given = {
            "title": work.title,
            "body": work.body,
            "status": work.status,
            "kind": work.kind,
            "labels": work.labels,
            "goal": work.goal,
            "priority": work.priority,
            "people": work.people,
            "due": work.due,
            "points": work.points,
        }
        page.values.update(self.values(source, given))
        return page

    def values(self, source: DataSource, given: Mapping[str, Any]) -> dict[str, Any]:
        """Property id -> value, from the seeds' vocabulary. Raises KeyError for a name that is none."""
        columns = self.columns(source)
        return {columns[name].id: self._value(columns[name], name, value) for name, value in given.items()}

    def _value(self, spec: Property, name: str, value: Any) -> Any:
        space = self._workspace
        if name in ("title", "body"):
            return [text.words(value)] if value else []
        if name == "status":
            return space.option(spec, STATUSES.get(value, value))
        if name == "kind":
            return space.option(spec, KINDS[value]) if value in KINDS else None
        if name == "labels":
            return [space.option(spec, label.replace(",", " ")) for label in value]
        if name in ("goal", "priority"):
            return space.option(spec, str(value).replace(",", " ")) if value else None
        if name == "people":
            return [space.user(person) for person in value]
        if name == "due":
            return {"start": str(value), "end": None, "time_zone": None} if value else None
        if name == "parent":
            return [value] if value else []
        return value

    def _write_references(
        self,
        work: Work,
        page: Page,
        columns: Mapping[str, Property],
        addresses: Mapping[str, str],
        own: Mapping[str, Page],
    ) -> None:
        """The parent as a relation; the first target elsewhere as the link, further ones in the notes."""
        notes = page.values[columns["body"].id]
        parent = self._pages.get(work.parent, "")
        outside = [name for name in (work.parent,) if name and not parent]
        if parent:
            page.values[columns["parent"].id] = [parent]
        for name in (*work.closes, *work.mentions):
            target = self._pages.get(name)
            if target is None:
                outside.append(name)
            elif target in own and own[target].source is page.source:
                page.values.setdefault(columns["related"].id, []).append(target)
            else:
                title = title_of(own.get(target) or self._workspace.pages[target])
                notes += [text.words(" See "), text.page_mention(target, title)]
        for position, name in enumerate(outside):
            address = _known(work, name, addresses)
            if position == 0:
                page.values[columns["link"].id] = url_of(address)
            else:
                notes += [text.words(" See "), text.words(address, url_of(address))]


def _known(work: Work, name: str, addresses: Mapping[str, str]) -> str:
    if name not in addresses:
        raise KeyError(f"{work.name} refers to {name}, which is not planted yet: plant its tracker first")
    return addresses[name]
