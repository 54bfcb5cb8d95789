"""Notion's JSON: pages, data sources, databases, users, comments.

``archived`` left the API with version 2026-03-11.
"""

import re
from collections.abc import Collection
from typing import Any

from syncd.sandbox.notion import text, values
from syncd.sandbox.notion.layout import config
from syncd.sandbox.notion.model import Comment, Database, DataSource, Page, User, stamp
from syncd.sandbox.notion.workspace import Workspace

LATEST = "2026-03-11"
WEB = "https://app.notion.com"


def partial(user: User) -> dict[str, str]:
    return {"object": "user", "id": user.id}


def page_url(page: Page) -> str:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", title_of(page))[:60].strip("-")
    return f"{WEB}/p/{slug}{'-' if slug else ''}{page.id.replace('-', '')}"


def title_of(page: Page) -> str:
    return text.plain(page.values.get("title") or [])


class Bodies:
    """Builds the answers of one API version."""

    def __init__(self, workspace: Workspace, version: str) -> None:
        self._workspace = workspace
        self._old = version != LATEST

    def _trash(self, in_trash: bool) -> dict[str, bool]:
        return {"in_trash": in_trash, "archived": in_trash} if self._old else {"in_trash": in_trash}

    def page(self, page: Page, only: Collection[str] | None = None) -> dict[str, Any]:
        """``only``: ids of the properties wanted; None for all."""
        source = page.source
        return {
            "object": "page",
            "id": page.id,
            "created_time": stamp(page.created),
            "last_edited_time": stamp(page.edited),
            "created_by": partial(page.created_by),
            "last_edited_by": partial(page.edited_by),
            "cover": None,
            "icon": None,
            "parent": {"type": "data_source_id", "data_source_id": source.id, "database_id": source.database.id},
            **self._trash(page.in_trash),
            "is_archived": False,
            "is_locked": False,
            "properties": {
                spec.name: values.give(page, spec, self._workspace)
                for spec in source.properties.values()
                if only is None or spec.id in only
            },
            "url": page_url(page),
            "public_url": None,
        }

    def data_source(self, source: DataSource) -> dict[str, Any]:
        return {
            "object": "data_source",
            "id": source.id,
            "cover": None,
            "icon": None,
            "created_time": stamp(source.created),
            "created_by": partial(self._workspace.bot),
            "last_edited_by": partial(self._workspace.bot),
            "last_edited_time": stamp(source.edited),
            "title": [text.words(source.title)],
            "description": [],
            "is_inline": False,
            "properties": {spec.name: config(spec, source) for spec in source.properties.values()},
            "parent": {"type": "database_id", "database_id": source.database.id},
            "database_parent": {"type": "workspace", "workspace": True},
            "url": f"{WEB}/p/{source.database.id.replace('-', '')}",
            "public_url": source.public_url,
            **self._trash(False),
        }

    def database(self, database: Database) -> dict[str, Any]:
        return {
            "object": "database",
            "id": database.id,
            "title": [text.words(database.title)],
            "description": [],
            "parent": {"type": "workspace", "workspace": True},
            "is_inline": False,
            "is_locked": False,
            "created_time": stamp(database.created),
            "last_edited_time": stamp(database.created),
            "data_sources": [{"id": source.id, "name": source.title} for source in database.sources],
            "icon": None,
            "cover": None,
            "url": f"{WEB}/p/{database.id.replace('-', '')}",
            "public_url": None,
            **self._trash(False),
        }

    def me(self) -> dict[str, Any]:
        """``GET /v1/users/me``: the connection's own bot."""
        bot = {
            "owner": {"type": "workspace", "workspace": True},
            "workspace_name": self._workspace.company,
            "workspace_id": self._workspace.id,
            "workspace_limits": {"max_file_upload_size_in_bytes": 5_242_880},
        }
        return values.user(self._workspace.bot) | {"bot": bot}

    def user(self, user: User) -> dict[str, Any]:
        return self.me() if user is self._workspace.bot else values.user(user)

    def comment(self, comment: Comment) -> dict[str, Any]:
        shown = {"type": "integration" if comment.by.bot else "user", "resolved_name": comment.by.name}
        return {
            "object": "comment",
            "id": comment.id,
            "parent": {"type": "page_id", "page_id": comment.page_id},
            "discussion_id": comment.discussion,
            "created_time": stamp(comment.created),
            "last_edited_time": stamp(comment.edited),
            "created_by": partial(comment.by),
            "rich_text": comment.text,
            "display_name": shown,
        }
