"""Items: what is asked for, what is known of them, and what their trackers changed."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from rules.explain import Suggested
from syncd.api.shapes.flags import Words
from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Day, Moment, Text
from syncd.trackers import listing

Category = Literal["todo", "in_progress", "done", "cancelled"]
Kind = Literal["epic", "story", "task", "bug", "subtask", "pull_request", "page", "other"]
Sought = Literal["item", "goal"]


class ItemFilters(Asked):
    """What of the items is asked for; the same words as in the address of their page. ``q``: has these words; ``text``: has this
    in title or key, letter by letter. ``since``: changed on that day
    (UTC) or later. ``goal``, ``unlinked`` and ``exempt`` exclude one another. ``deleted``: those that went, instead."""

    q: Annotated[Text, Field(max_length=200)] = ""
    text: Annotated[Text, Field(max_length=200)] = ""
    tracker: Words = []
    container: Words = []
    kind: Annotated[list[Kind], Field(max_length=8)] = []
    status: Annotated[list[Category], Field(max_length=4)] = []
    goal: Words = []
    unlinked: bool = False
    exempt: bool = False
    owner: Words = []
    label: Words = []
    since: Day | None = None
    deleted: bool = False

    def read(self) -> listing.Filters:
        """:raises listing.BadFilter: they do not fit together"""
        return listing.Filters.of({name: _texts(value) for name, value in self})


def _texts(value: str | bool | date | list[str] | None) -> list[str]:
    if isinstance(value, bool):
        return ["1"] if value else []
    return value if isinstance(value, list) else [str(value)] if value else []


class Ground(Schema):
    kind: str
    source: str
    detail: str


class Tie(Schema):
    """A goal that an item serves; ``strength``: verdict, explicit, inherited, reference, label rule or text rule."""

    goal: str
    strength: str
    primary: bool
    evidence: list[Ground]


class Item(Schema):
    """As ``syncd items --json`` prints it."""

    id: str
    key: str
    tracker: str
    kind: str
    type: str
    title: str
    url: str
    status: str
    status_category: Category
    labels: list[str]
    assignees: list[str]
    reporter: str | None
    parent: str | None
    components: list[str]
    versions: list[str]
    milestone: str | None
    sprint: str | None
    points: float | None
    priority: str | None
    due: date | None
    draft: bool | None
    merged_at: datetime | None
    branch: str | None
    container: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    deleted_at: datetime | None
    goals: list[Tie]


class Suggestion(Schema):
    """Goals that an item might serve, best first."""

    item: str
    key: str
    title: str
    suggestions: list[Suggested]


class Search(Asked):
    q: Annotated[Text, Field(min_length=1, max_length=300)]
    kind: Annotated[list[Sought], Field(max_length=2)] = ["item", "goal"]


class Then(Asked):
    at: Moment | None = None


class Before(Asked):
    before: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0


class Turn(Schema):
    """One value that became another; empty where there was or is none."""

    name: str
    old: str
    new: str


class Became(Schema):
    """From one version to the next. ``valid_at``: since when by the tracker; ``known_at``: since when syncd knows."""

    version: int
    valid_at: datetime
    known_at: datetime
    changes: list[Turn]


class Hit(Schema):
    """An item or a goal that was found. ``exact``: it is called so, by its key, its address or a key of before."""

    kind: Sought
    id: str
    key: str | None
    title: str
    url: str | None
    exact: bool
