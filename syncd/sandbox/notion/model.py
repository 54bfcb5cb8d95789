"""What the sandbox's Notion holds, in Notion's own terms: databases, data sources, pages, people.

A page is a value that is replaced by every edit, so that the query index may lag behind the page.
"""

import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote

PropertyType = Literal[
    "title",
    "rich_text",
    "status",
    "select",
    "multi_select",
    "people",
    "date",
    "number",
    "url",
    "checkbox",
    "relation",
    "unique_id",
    "formula",
    "rollup",
    "created_by",
    "created_time",
    "last_edited_by",
    "last_edited_time",
]


def minute(moment: datetime) -> datetime:
    """Notion's stamps are whole minutes, in UTC."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def stamp(moment: datetime) -> str:
    return f"{moment.isoformat()[:19]}.000Z"


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot of a connection; of an account that is gone only the id is told."""

    id: str
    name: str
    email: str = ""
    bot: bool = False
    gone: bool = False


@dataclass(slots=True, eq=False)
class Option:
    id: str
    name: str
    color: str


@dataclass(slots=True, eq=False)
class Property:
    """One column. ``id`` is spelled as the API gives it, URL-encoded; it survives renames.

    ``groups`` (status): name -> ids of its options. ``details``: what further types need, such as the
    relation and target of a rollup.
    """

    id: str
    name: str
    type: PropertyType
    options: dict[str, Option] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Page:
    """``values`` holds, by property id, what people entered: rich text items, an Option or a list of them,
    Users, page ids, a date object, a number, a string, a boolean. ``sequence`` is the order of creation."""

    id: str
    sequence: int
    number: int
    source: "DataSource"
    created: datetime
    edited: datetime
    created_by: User
    edited_by: User
    in_trash: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    def with_values(self, values: dict[str, Any], **changes: Any) -> "Page":
        return replace(self, values=self.values | values, **changes)


Key = Callable[[Page], tuple[datetime, int]]


class Order:
    """Pages sorted by one stamp, kept sorted as they come and go."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.rows: list[Page] = []

    def add(self, page: Page) -> None:
        bisect.insort(self.rows, page, key=self.key)

    def extend(self, pages: Iterable[Page]) -> None:
        self.rows.extend(pages)
        self.rows.sort(key=self.key)

    def remove(self, page: Page) -> None:
        del self.rows[bisect.bisect_left(self.rows, self.key(page), key=self.key)]


class Index:
    """What queries see of a data source: its pages by both stamps."""

    def __init__(self) -> None:
        self.orders = {
            "created_time": Order(lambda page: (page.created, page.sequence)),
            "last_edited_time": Order(lambda page: (page.edited, page.sequence)),
        }

    def add(self, page: Page) -> None:
        for order in self.orders.values():
            order.add(page)

    def extend(self, pages: Iterable[Page]) -> None:
        new = list(pages)
        for order in self.orders.values():
            order.extend(new)

    def remove(self, page: Page) -> None:
        for order in self.orders.values():
            order.remove(page)


@dataclass(slots=True, eq=False, kw_only=True)
class DataSource:
    """A table. ``columns`` are its properties by the names they had in the beginning, ``properties`` by id.
    ``version`` changes with its index and its schema."""

    id: str
    title: str
    database: "Database"
    created: datetime
    edited: datetime
    columns: dict[str, Property] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    forbidden: bool = False
    public_url: str | None = None
    """Where it is published to the web."""
    last_number: int = 0
    version: int = 0
    live: Index = field(default_factory=Index)
    trash: Index = field(default_factory=Index)

    def index_of(self, page: Page) -> Index:
        return self.trash if page.in_trash else self.live

    def property(self, name_or_id: str) -> Property | None:
        """By its name now, or by its id."""
        named = (spec for spec in self.properties.values() if spec.name == name_or_id)
        return next(named, None) or self.property_by_id(name_or_id)

    def property_by_id(self, property_id: str) -> Property | None:
        """However the id is spelled: as given, or decoded."""
        wanted = decoded(property_id)
        return next((spec for spec in self.properties.values() if decoded(spec.id) == wanted), None)


@dataclass(slots=True, eq=False)
class Database:
    """The container of data sources; each planted one holds one."""

    id: str
    title: str
    created: datetime
    sources: list[DataSource] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Comment:
    id: str
    discussion: str
    page_id: str
    text: list[dict[str, Any]]
    by: User
    created: datetime
    edited: datetime


def decoded(property_id: str) -> str:
    """The id as it stands in no URL."""
    return unquote(property_id)
