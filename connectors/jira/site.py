"""What a connector has to know of a Jira site to read it: learned at discovery, kept with the stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal, Self

SYSTEM_FIELDS = (
    *("summary", "status", "issuetype", "project", "parent", "labels", "assignee", "reporter", "priority"),
    *("components", "fixVersions", "created", "updated", "duedate", "resolution", "resolutiondate"),
    *("statuscategorychangedate", "description", "issuelinks"),
)
"""The fields of an issue that an item is made from, by the name Jira gives them; never ``*all``."""
CUSTOM_FIELDS = ("goal", "epic", "sprint", "points")


@dataclass(frozen=True, slots=True)
class Site:
    """``goal``, ``epic``, ``sprint`` and ``points`` are ids of custom fields: several where projects
    have fields of their own; the first with a value counts. ``base_url`` is what people browse. ``more``
    are the ids of further fields whose values are kept, by the name that people see."""

    deployment: Literal["cloud", "datacenter"]
    base_url: str
    goal: tuple[str, ...] = ()
    epic: tuple[str, ...] = ()
    sprint: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def cloud(self) -> bool:
        return self.deployment == "cloud"

    @property
    def fields(self) -> list[str]:
        """What to ask for with each issue."""
        known = [*SYSTEM_FIELDS, *self.goal, *self.epic, *self.sprint, *self.points]
        return list(dict.fromkeys([*known, *chain.from_iterable(self.more.values())]))

    def to_meta(self) -> dict[str, Any]:
        """JSON for ``Stream.meta``."""
        ids = {part: list(getattr(self, part)) for part in CUSTOM_FIELDS}
        more = {name: list(ids) for name, ids in self.more.items()}
        return {"deployment": self.deployment, "base_url": self.base_url, "fields": ids, "more": more}

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> Self:
        ids = {part: tuple(meta["fields"].get(part, ())) for part in CUSTOM_FIELDS}
        more = {name: tuple(found) for name, found in meta.get("more", {}).items()}
        return cls(meta["deployment"], meta["base_url"], **ids, more=more)
