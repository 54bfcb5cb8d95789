"""How the bare floor reaches the trackers of a configuration."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import urllib3

from bench.floor import Connection
from config import files
from connectors.github.settings import Settings as GitHub
from connectors.jira.settings import Settings as Jira
from connectors.jira.site import SYSTEM_FIELDS
from connectors.notion.settings import Settings as Notion
from connectors.settings import Secret, TrackerSettings


def connections(folder: Path) -> Mapping[str, Connection]:
    """Tracker's kind -> connection, for a sandbox's configuration folder."""
    return {tracker.kind: _connection(tracker) for tracker in files.load(folder).service.trackers}


def _connection(tracker: TrackerSettings) -> Connection:
    match tracker:
        case Jira():
            signed = urllib3.make_headers(basic_auth=f"{tracker.auth.email}:{tracker.auth.token.reveal()}")
            return Connection(
                root=tracker.root,
                headers=dict(signed),
                scope=list(tracker.scope.projects or ()),
                fields=[*SYSTEM_FIELDS, *filter(None, [tracker.fields.goal])],
            )
        case GitHub() if tracker.auth.token:
            return _by_token(tracker.root, tracker.auth.token, tracker.scope.repositories)
        case Notion():
            return _by_token(tracker.root, tracker.auth.token, tracker.scope.data_sources)
    raise SystemExit(f"no floor for {tracker.name}")


def _by_token(root: str, token: Secret, scope: Iterable[str]) -> Connection:
    headers = {"authorization": f"Bearer {token.reveal()}", "notion-version": "2026-03-11"}
    return Connection(root=root, headers=headers, scope=list(scope), fields=[])
