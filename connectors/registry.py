"""The kinds of tracker syncd can speak to. Adding one is a line here and a folder beside it."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from connectors.base import Connector
    from connectors.calls import Lane
    from connectors.mirror import Target
    from connectors.settings import TrackerSettings

KINDS: dict[str, str] = {
    "jira": "connectors.jira.connector:Jira",
    "github": "connectors.github.connector:GitHub",
    "notion": "connectors.notion.connector:Notion",
}
"""Names as strings, so that the registry imports no kind and no library until it is used."""


def settings_class(kind: str, *, mirror_only: bool = False) -> "type[TrackerSettings]":
    """The model that validates what an operator writes about a tracker of this kind."""
    package = KINDS[kind].rpartition(".")[0]
    module = import_module(f"{package}.settings")
    return cast("type[TrackerSettings]", module.Mirrors if mirror_only else module.Settings)


def build(settings: "TrackerSettings", lane: "Lane") -> "Connector":
    """A connector for one configured tracker; its secrets are read now."""
    module, _, name = KINDS[settings.kind].partition(":")
    return cast("Connector", getattr(import_module(module), name)(settings, lane))


def target(settings: "TrackerSettings", lane: "Lane", place: str) -> "Target":
    """A place for a mirror: the data source, repository or project of this name. Its secrets are read now."""
    module = import_module(f"{KINDS[settings.kind].rpartition('.')[0]}.mirror")
    return cast("Target", module.Mirror(settings, lane, place))
