"""The endpoints of pages, their properties and comments."""

from typing import Any

from syncd.sandbox.base import Request
from syncd.sandbox.notion import text, values
from syncd.sandbox.notion.bodies import Bodies
from syncd.sandbox.notion.errors import error, invalid, not_found
from syncd.sandbox.notion.listing import listed
from syncd.sandbox.notion.model import Comment, DataSource, Page
from syncd.sandbox.notion.property_items import property_item
from syncd.sandbox.notion.query import property_ids
from syncd.sandbox.notion.workspace import Workspace


def dashed(wanted: str) -> str:
    """An id with dashes, however it was written."""
    plain = wanted.replace("-", "").lower()
    if len(plain) != 32 or any(letter not in "0123456789abcdef" for letter in plain):
        raise invalid(f"path failed validation: path.id should be a valid uuid, instead was `{wanted!r}`.")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


class Pages:
    """Finds, makes and changes pages on behalf of the connection."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def find(self, wanted: Any) -> Page:
        """:raises Refused: 404, also where the data source is not shared"""
        page = self._workspace.pages.get(dashed(str(wanted)))
        if page is None or page.source.forbidden:
            raise not_found("page", dashed(str(wanted)), self._workspace.integration_id)
        return page

    def source(self, wanted: Any) -> DataSource:
        """:raises Refused: 404"""
        source = self._workspace.sources.get(dashed(str(wanted)))
        if source is None or source.forbidden:
            raise not_found("data_source", dashed(str(wanted)), self._workspace.integration_id)
        return source

    def _parent(self, parent: Any) -> DataSource:
        """The data source of a ``parent``; that of a database is its only one."""
        if not isinstance(parent, dict):
            raise invalid("body failed validation: body.parent should be defined, instead was `undefined`.")
        if "data_source_id" in parent:
            return self.source(parent["data_source_id"])
        if "database_id" in parent:
            database = self._workspace.databases.get(dashed(str(parent["database_id"])))
            if database and not database.sources[0].forbidden:
                return database.sources[0]
            raise not_found("database", str(parent["database_id"]), self._workspace.integration_id)
        raise invalid("The sandbox makes pages in data sources only: give parent.data_source_id.")

    def create(self, body: dict[str, Any], bodies: Bodies) -> dict[str, Any]:
        space, source = self._workspace, self._parent(body.get("parent"))
        taken = values.take(source, body.get("properties"), space)
        now = space.now()
        page = space.new_page(source, space.bot, now, now)
        page.values.update(taken)
        return bodies.page(space.add(page))

    def update(self, wanted: str, body: dict[str, Any], bodies: Bodies) -> dict[str, Any]:
        space, page = self._workspace, self.find(wanted)
        trash = body.get("in_trash", body.get("archived"))
        taken = values.take(page.source, body.get("properties") or {}, space)
        if page.in_trash and taken and trash is not False:
            raise invalid("Can't edit block that is archived. You must unarchive the block before editing.")
        if trash is not None and trash != page.in_trash:
            page = space.trash(page, space.bot, out=not trash)
        if taken:
            page = space.edit(page, taken, space.bot)
        return bodies.page(page)

    def move(self, wanted: str, body: dict[str, Any], bodies: Bodies) -> dict[str, Any]:
        space = self._workspace
        return bodies.page(space.move(self.find(wanted), self._parent(body.get("parent")), space.bot))

    def read(self, wanted: str, only: list[str], bodies: Bodies) -> dict[str, Any]:
        page = self.find(wanted)
        return bodies.page(page, property_ids(page.source, only))

    def property(self, wanted: str, property_id: str, request: Request) -> dict[str, Any]:
        page = self.find(wanted)
        spec = page.source.property_by_id(property_id)
        if spec is None:
            raise not_found("property", property_id, self._workspace.integration_id)
        return property_item(page, spec, self._workspace, request.query, f"{request.root}{request.path}")


class Comments:
    """Comments on pages."""

    def __init__(self, workspace: Workspace, pages: Pages) -> None:
        self._workspace, self._pages = workspace, pages

    def list(self, query: dict[str, str], bodies: Bodies) -> dict[str, Any]:
        page = self._pages.find(query.get("block_id", ""))
        found = [comment for comment in self._workspace.comments.values() if comment.page_id == page.id]
        size, cursor = query.get("page_size"), query.get("start_cursor")
        return listed("comment", found, bodies.comment, lambda comment: comment.id, size, cursor)

    def create(self, body: dict[str, Any], bodies: Bodies) -> dict[str, Any]:
        pieces = text.read(body.get("rich_text"), "body.rich_text")
        discussion = body.get("discussion_id", "")
        if discussion:
            answered = [each for each in self._workspace.comments.values() if each.discussion == discussion]
            if not answered:
                raise not_found("discussion", discussion, self._workspace.integration_id)
            page = self._pages.find(answered[0].page_id)
        else:
            parent = body.get("parent") or {}
            page = self._pages.find(parent.get("page_id") or parent.get("block_id") or "")
        return bodies.comment(self._workspace.comment(page, pieces, self._workspace.bot, discussion))

    def find(self, wanted: str) -> Comment:
        comment = self._workspace.comments.get(dashed(wanted))
        if comment is None:
            raise not_found("comment", wanted, self._workspace.integration_id)
        self._pages.find(comment.page_id)
        return comment

    def update(self, wanted: str, body: dict[str, Any], bodies: Bodies) -> dict[str, Any]:
        """A connection may change its own comments alone."""
        comment = self._own(wanted)
        comment.text = text.read(body.get("rich_text"), "body.rich_text")
        comment.edited = self._workspace.now()
        return bodies.comment(comment)

    def delete(self, wanted: str, bodies: Bodies) -> dict[str, Any]:
        return bodies.comment(self._workspace.comments.pop(self._own(wanted).id))

    def _own(self, wanted: str) -> Comment:
        comment = self.find(wanted)
        if comment.by is not self._workspace.bot:
            raise error(403, "restricted_resource", "Connections can only change comments that they created.")
        return comment
