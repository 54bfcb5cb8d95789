"""The kinds of tracker syncd can speak to. Adding one is a line here and a folder beside it."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from connectors.base import Connector
    from connectors.calls import Lane
    from connectors.settings import TrackerSettings

KINDS: dict[str, str] = {
    "jira": "connectors.jira.connector:Jira",
    "github": "connectors.github.connector:GitHub",
    "notion": "connectors.notion.connector:Notion",
}
"""Names as strings, so that the registry imports no kind and no library until it is used."""


def settings_class(kind: str) -> "type[TrackerSettings]":
    """The model that validates what an operator writes about a tracker of this kind."""
    package = KINDS[kind].rpartition(".")[0]
    return cast("type[TrackerSettings]", import_module(f"{package}.settings").Settings)


def build(settings: "TrackerSettings", lane: "Lane") -> "Connector":
    """A connector for one configured tracker; its secrets are read now."""
    module, _, name = KINDS[settings.kind].partition(":")
    return cast("Connector", getattr(import_module(module), name)(settings, lane))
