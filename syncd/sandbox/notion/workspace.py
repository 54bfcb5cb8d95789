"""Everything in this Notion, and the one way its pages change."""

import random
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from syncd.sandbox.base import Event
from syncd.sandbox.notion.layout import build_columns
from syncd.sandbox.notion.model import (
    Comment,
    Database,
    DataSource,
    Option,
    Page,
    Property,
    PropertyType,
    User,
    minute,
)

_COLORS = ("default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")


class Workspace:
    """``lag`` is how long an edit stays invisible to queries and search; the page itself is never late."""

    def __init__(
        self, clock: Callable[[], datetime], seed: str, tell: Callable[[Event], None], company: str = "Acme"
    ) -> None:
        self.company = company
        self._random = random.Random(seed)  # noqa: S311 - ids, no secrets
        self._clock, self._tell = clock, tell
        self._waiting: deque[tuple[datetime, Page | None, Page | None]] = deque()
        self._sequence = 0
        self.lag = timedelta()
        self.id = self.new_id()
        self.integration_id = self.new_id()
        self.users: dict[str, User] = {}
        self.bot = User(self.new_id(), "syncd", bot=True)
        self.databases: dict[str, Database] = {}
        self.sources: dict[str, DataSource] = {}
        self.pages: dict[str, Page] = {}
        self.comments: dict[str, Comment] = {}

    def now(self) -> datetime:
        return minute(self._clock())

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def user(self, name: str) -> User:
        """The person of this name; made at first mention."""
        if name not in self.users:
            self.users[name] = User(self.new_id(), name, f"{'.'.join(name.lower().split())}@acme.example")
        return self.users[name]

    def user_by_id(self, user_id: str) -> User | None:
        return next((user for user in (*self.users.values(), self.bot) if user.id == user_id), None)

    def source(self, title: str) -> DataSource:
        """The data source of this title; made, with its database, at first mention."""
        for source in self.sources.values():
            if source.title == title:
                return source
        return self._table(title, lambda source: build_columns(source, self._property_id, self.option))

    def table(self, title: str, columns: Iterable[tuple[str, PropertyType]]) -> DataSource:
        """A data source with columns of one's own."""

        def build(_: DataSource) -> dict[str, Property]:
            return {
                name: Property("title" if kind == "title" else self._property_id(), name, kind)
                for name, kind in columns
            }

        return self._table(title, build)

    def _table(self, title: str, build: Callable[[DataSource], dict[str, Property]]) -> DataSource:
        now = self.now()
        database = Database(self.new_id(), title, now)
        source = DataSource(id=self.new_id(), title=title, database=database, created=now, edited=now)
        source.columns = build(source)
        source.properties = {spec.id: spec for spec in source.columns.values()}
        database.sources.append(source)
        self.databases[database.id] = database
        self.sources[source.id] = source
        return source

    def _property_id(self) -> str:
        """Four characters, some of which need encoding in a URL, as real ones do."""
        letters = "".join(self._random.choices("ABCDEFGHJKabcdefghjk0123456789", k=3))
        return letters + self._random.choice(("%3E", "%3A", "%5C", "%40", "x", "y"))

    def option(self, spec: Property, name: str) -> Option:
        """A select option; made at first mention, as when people type it."""
        if name not in spec.options:
            spec.options[name] = Option(self.new_id(), name, _COLORS[len(spec.options) % len(_COLORS)])
        return spec.options[name]

    def new_page(self, source: DataSource, by: User, created: datetime, edited: datetime) -> Page:
        """A page without values, not yet in the workspace."""
        self._sequence += 1
        source.last_number += 1
        return Page(
            id=self.new_id(),
            sequence=self._sequence,
            number=source.last_number,
            source=source,
            created=minute(created),
            edited=minute(edited),
            created_by=by,
            edited_by=by,
        )

    def extend(self, pages: Iterable[Page]) -> None:
        """Take in many new pages at once, visible immediately."""
        by_source: dict[DataSource, list[Page]] = {}
        for page in pages:
            self.pages[page.id] = page
            by_source.setdefault(page.source, []).append(page)
        for source, new in by_source.items():
            source.live.extend(new)
            source.version += 1

    def add(self, page: Page) -> Page:
        self.pages[page.id] = page
        self._index(None, page)
        self._announce("page.created", page, {})
        return page

    def edit(self, page: Page, values: dict[str, Any], by: User) -> Page:
        """Give the page other values, stamped now."""
        new = page.with_values(values, edited=max(page.edited, self.now()), edited_by=by)
        self._replace(page, new)
        self._announce("page.properties_updated", new, {"updated_properties": list(values)})
        return new

    def trash(self, page: Page, by: User, *, out: bool) -> Page:
        """Move the page into the trash, or out of it; both are edits."""
        new = page.with_values({}, in_trash=not out, edited=max(page.edited, self.now()), edited_by=by)
        self._replace(page, new)
        self._announce("page.undeleted" if out else "page.deleted", new, {})
        return new

    def move(self, page: Page, to: DataSource, by: User) -> Page:
        """The page keeps its id, and the values of properties that the other data source has too."""
        values = {}
        for spec in page.source.properties.values():
            target = to.property(spec.name)
            if target and target.type == spec.type and spec.id in page.values:
                values[target.id] = self._translated(page.values[spec.id], target)
        to.last_number += 1
        edited = max(page.edited, self.now())
        new = replace(page, source=to, number=to.last_number, values=values, edited=edited, edited_by=by)
        self._replace(page, new)
        self._announce("page.moved", new, {})
        return new

    def _translated(self, value: Any, target: Property) -> Any:
        """Options belong to their property: elsewhere another of the same name takes their place."""
        if isinstance(value, Option):
            return self.option(target, value.name)
        if isinstance(value, list):
            return [self._translated(each, target) for each in value]
        return value

    def delete(self, page: Page) -> None:
        """For ever: nobody can read it again."""
        del self.pages[page.id]
        self._index(page, None)
        self.comments = {key: each for key, each in self.comments.items() if each.page_id != page.id}
        self._announce("page.deleted", page, {})

    def rename_property(self, source: DataSource, name: str, to: str) -> None:
        """:raises KeyError: no such property"""
        spec = source.property(name)
        if spec is None:
            raise KeyError(f"no property {name} in {source.title}")
        spec.name = to
        source.edited = self.now()
        source.version += 1
        changed = [{"id": spec.id, "name": to, "action": "updated"}]
        self._say("data_source.schema_updated", source.id, "data_source", {"updated_properties": changed})

    def comment(self, page: Page, text: list[dict[str, Any]], by: User, discussion: str = "") -> Comment:
        now = self.now()
        comment = Comment(self.new_id(), discussion or self.new_id(), page.id, text, by, now, now)
        self.comments[comment.id] = comment
        parent = {"id": page.id, "type": "page"}
        self._say("comment.created", comment.id, "comment", {"parent": parent, "page_id": page.id})
        return comment

    def catch_up(self, now: datetime) -> None:
        """Let queries see what is old enough."""
        while self._waiting and self._waiting[0][0] <= now:
            _, old, new = self._waiting.popleft()
            self._show(old, new)

    def _replace(self, old: Page, new: Page) -> None:
        self.pages[new.id] = new
        self._index(old, new)

    def _index(self, old: Page | None, new: Page | None) -> None:
        if self.lag or self._waiting:
            self._waiting.append((self._clock() + self.lag, old, new))
        else:
            self._show(old, new)

    def _show(self, old: Page | None, new: Page | None) -> None:
        if old:
            old.source.index_of(old).remove(old)
            old.source.version += 1
        if new:
            new.source.index_of(new).add(new)
            new.source.version += 1

    def _announce(self, kind: str, page: Page, data: dict[str, Any]) -> None:
        database, source = page.source.database, page.source
        parent = {"id": database.id, "type": "database", "data_source_id": source.id}
        self._say(kind, page.id, "page", {"parent": parent, **data})

    def _say(self, kind: str, entity_id: str, entity: str, data: dict[str, Any]) -> None:
        """Source: "Webhooks: events and delivery"; ids only, never content."""
        payload = {
            "id": self.new_id(),
            "timestamp": f"{self._clock():%Y-%m-%dT%H:%M:%S.000Z}",
            "workspace_id": self.id,
            "workspace_name": self.company,
            "subscription_id": self.integration_id,
            "integration_id": self.integration_id,
            "type": kind,
            "authors": [{"id": self.bot.id, "type": "person"}],
            "accessible_by": [{"id": self.bot.id, "type": "bot"}],
            "attempt_number": 1,
            "api_version": "2026-03-11",
            "entity": {"id": entity_id, "type": entity},
            "data": data,
        }
        self._tell(Event(kind, payload))
