"""Writes a config folder for a sandbox: ready to use, with the tokens in files beside it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from syncd.sandbox.jira import JiraService
from syncd.sandbox.server import Sandbox

HERE = Path(__file__).parent


def write(sandbox: Sandbox, folder: Path, texts: Path, dates: Mapping[str, str] | None = None) -> None:
    """``syncd.yaml`` for the sandbox's trackers, and ``strategy.yaml`` and ``rules.yaml`` from ``texts``.

    The store is ``syncd.db`` in the same folder. Tokens are written to files that only the owner reads.

    :param dates: what the templates in ``texts`` leave open
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    values = {"DATABASE": f"sqlite:///{quote(str(folder / 'syncd.db'))}"} | _trackers(sandbox, folder)
    _fill(HERE / "demo" / "syncd.yaml", folder, values)
    for name in ("strategy.yaml", "rules.yaml"):
        _fill(texts / name, folder, dates or {})


def _fill(template: Path, folder: Path, values: Mapping[str, str]) -> None:
    text = Template(template.read_text(encoding="utf-8")).substitute(values)
    (folder / template.name).write_text(text, encoding="utf-8")


def _trackers(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """The placeholders of ``demo/syncd.yaml``, written as JSON, which YAML understands."""
    jira = next(service for service in sandbox.services.values() if isinstance(service, JiraService))
    auth = {} if jira.prefix == "jira-dc" else {"email": jira.email}
    values: dict[str, Any] = {
        "JIRA_URL": jira.root,
        "JIRA_DEPLOYMENT": jira.deployment,
        "JIRA_AUTH": auth | {"token": _token(sandbox, jira.prefix, folder)},
        "JIRA_PROJECTS": _places(sandbox, jira.prefix),
    }
    for service, places in (("github", "GITHUB_REPOSITORIES"), ("notion", "NOTION_DATA_SOURCES")):
        values[f"{service.upper()}_URL"] = sandbox.root(service)
        values[f"{service.upper()}_AUTH"] = {"token": _token(sandbox, service, folder)}
        values[places] = _places(sandbox, service)
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


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
