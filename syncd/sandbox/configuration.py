"""Writes a config folder for a sandbox: ready to use, with the tokens in files beside it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from syncd.sandbox import globex
from syncd.sandbox.jira import JiraService
from syncd.sandbox.notion import NotionService
from syncd.sandbox.server import Sandbox

HERE = Path(__file__).parent
PLACES = {"github": "GITHUB_REPOSITORIES", "notion": "NOTION_DATA_SOURCES"}
"""Placeholders for what the reader is pointed at."""


def write(
    sandbox: Sandbox,
    folder: Path,
    texts: Path,
    dates: Mapping[str, str] | None = None,
    *,
    service: Path = HERE / "demo",
) -> None:
    """``syncd.yaml`` from ``service`` for the sandbox's trackers, the files of strategy, rules and, where there is one, partners from ``texts``.

    The store is ``syncd.db`` in the same folder. Tokens are written to files that only the owner reads.

    :param dates: what the templates in ``texts`` leave open
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    values = {"DATABASE": f"sqlite:///{quote(str(folder / 'syncd.db'))}"} | _trackers(sandbox, folder)
    values |= _of_the_partner(sandbox, folder)
    _fill(service / "syncd.yaml", folder, values)
    for name in ("strategy.yaml", "rules.yaml", "partners.yaml"):
        if (texts / name).is_file():
            _fill(texts / name, folder, {**values, **(dates or {})})


def _fill(template: Path, folder: Path, values: Mapping[str, str]) -> None:
    text = Template(template.read_text(encoding="utf-8")).substitute(values)
    (folder / template.name).write_text(text, encoding="utf-8")


def _trackers(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """The placeholders of a ``syncd.yaml``, written as JSON, which YAML understands."""
    values: dict[str, Any] = {}
    for service in sandbox.services.values():
        if service.prefix in (globex.NOTION, globex.GITHUB):
            continue
        if isinstance(service, JiraService):
            auth = {} if service.prefix == "jira-dc" else {"email": service.email}
            values |= {
                "JIRA_URL": service.root,
                "JIRA_DEPLOYMENT": service.deployment,
                "JIRA_AUTH": auth | {"token": _token(sandbox, service.prefix, folder)},
                "JIRA_PROJECTS": _places(sandbox, service.prefix),
            }
        else:
            name, places = service.prefix.upper(), PLACES[service.prefix]
            values |= {
                f"{name}_URL": service.root,
                f"{name}_AUTH": {"token": _token(sandbox, service.prefix, folder)},
                places: _places(sandbox, service.prefix),
            }
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _of_the_partner(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """The trackers in which the demo's partner has its mirrors, where they are in this sandbox."""
    notion = sandbox.services.get(globex.NOTION)
    if not isinstance(notion, NotionService):
        return {"GLOBEX_TRACKERS": ""}
    values = {"GLOBEX_NOTION_DATA_SOURCE": globex.data_source(notion)}
    for prefix in (globex.NOTION, globex.GITHUB):
        name = prefix.upper().replace("-", "_")
        values[f"{name}_URL"] = sandbox.root(prefix)
        values[f"{name}_AUTH"] = json.dumps({"token": _token(sandbox, prefix, folder)})
    template = Template((HERE / "demo" / "globex.yaml").read_text(encoding="utf-8"))
    return values | {"GLOBEX_TRACKERS": template.substitute(values)}


def _token(sandbox: Sandbox, service: str, folder: Path) -> dict[str, str]:
    """Write a service's token and refer to it."""
    path = folder / f"{service}.token"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{sandbox.services[service].token}\n")
    return {"file": str(path)}


def _places(sandbox: Sandbox, service: str) -> list[str]:
    """Project keys, repositories or data sources, whichever hold work."""
    return sorted({row["container"] for row in sandbox.truth(service)})
