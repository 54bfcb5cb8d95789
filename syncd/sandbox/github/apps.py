"""Bodies of GitHub's REST answers to a GitHub App about itself.

Source: "REST API endpoints for GitHub Apps".
"""

from typing import Any

from syncd.sandbox.github.access import PERMISSIONS, Grant
from syncd.sandbox.github.model import User
from syncd.sandbox.github.rows import WEB, Rows, maybe, stamp

_EVENTS = ["issues", "pull_request", "issue_comment"]


def app(rows: Rows, app_id: int, owner: User) -> dict[str, Any]:
    """``GET /app``."""
    return {
        "id": app_id,
        "slug": "syncd-sandbox",
        "node_id": f"A_kwDOsandbox{app_id:x}",
        "client_id": f"Iv23sandbox{app_id:x}",
        "owner": rows.user(owner),
        "name": "syncd sandbox",
        "description": "",
        "external_url": "https://example.com",
        "html_url": f"{WEB}/apps/syncd-sandbox",
        "created_at": stamp(owner.created),
        "updated_at": stamp(owner.created),
        "permissions": PERMISSIONS,
        "events": _EVENTS,
        "installations_count": 1,
    }


def installation(rows: Rows, app_id: int, installation_id: int, owner: User) -> dict[str, Any]:
    """``GET /app/installations/{id}``."""
    url = f"{rows.root}/app/installations/{installation_id}"
    return {
        "id": installation_id,
        "account": rows.user(owner),
        "repository_selection": "all",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{rows.root}/installation/repositories",
        "html_url": f"{WEB}/organizations/{owner.login}/settings/installations/{installation_id}",
        "app_id": app_id,
        "app_slug": "syncd-sandbox",
        "target_id": owner.id,
        "target_type": owner.kind,
        "permissions": PERMISSIONS,
        "events": _EVENTS,
        "created_at": stamp(owner.created),
        "updated_at": stamp(owner.created),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": None,
    }


def installation_token(grant: Grant) -> dict[str, Any]:
    """What ``POST /app/installations/{id}/access_tokens`` gives."""
    return {
        "token": grant.token,
        "expires_at": maybe(grant.expires),
        "permissions": dict(grant.permissions),
        "repository_selection": "all" if grant.repositories is None else "selected",
    }
