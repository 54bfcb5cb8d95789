"""Rows of a query to items: skips what is no page, asks for what a page holds only in part."""

from collections.abc import Iterable

from connectors import reading
from connectors.base import AuthFailed, BadResponse, Problem, Stream
from connectors.item import Item
from connectors.notion import properties
from connectors.notion.client import Client
from connectors.notion.parse import Layout, to_item
from connectors.notion.properties import Property
from connectors.notion.walk import Row


class Reader:
    """Reads the pages of one stream. Thread-safe."""

    def __init__(self, client: Client, tracker: str, stream: Stream) -> None:
        self._client = client
        self._layout = Layout.of(tracker, stream)
        self._where = stream.name

    def items(self, rows: Iterable[Row]) -> tuple[list[Item], list[Problem]]:
        """The items of the live pages among the rows, and what of them could not be read."""
        parts: list[Problem] = []
        live = [row for row in rows if is_live_page(row)]
        items, problems = reading.each(live, lambda row: self._item(row, parts), self._where)
        return items, parts + problems

    def _item(self, page: Row, problems: list[Problem]) -> Item:
        """A property that is not of the documented shape is left out and told, if it plays no part: nothing that an
        item is judged by is overwritten with nothing.

        :raises KeyError, TypeError, ValueError, AttributeError: the page, or what plays a part, is of another shape
        """
        try:
            return to_item(self._whole(page, problems), self._layout)
        except reading.UNREADABLE:
            values = page["properties"]
            odd = [name for name, value in values.items() if not self._reads(page, name, value)]
            if any(isinstance(values[name], dict) and values[name].get("id") in self._layout.roles for name in odd):
                raise
            page = {**page, "properties": {name: value for name, value in values.items() if name not in odd}}
            item = to_item(self._whole(page, problems), self._layout)
        for name in odd:
            self._note(problems, f'page {page["id"]}: cannot read "{name}", which is left empty')
        return item

    def _reads(self, page: Row, name: str, value: Property) -> bool:
        alone = {name: value}
        try:
            properties.cut(alone, self._layout.rollups)
            to_item({**page, "properties": alone}, self._layout)
        except reading.UNREADABLE:
            return False
        return True

    def _whole(self, page: Row, problems: list[Problem]) -> Row:
        """The page with every reference of its properties."""
        values = page["properties"]
        parts = {
            name: self._all_of(name, page["id"], value, problems)
            for name, value in properties.cut(values, self._layout.rollups)
        }
        return {**page, "properties": {**values, **parts}} if parts else page

    def _all_of(self, name: str, page_id: str, value: Property, problems: list[Problem]) -> Property:
        """The whole property; the part we have where Notion refuses the rest, as it does for databases not shared."""
        try:
            return properties.whole(value, *self._client.property_items(page_id, value["id"]))
        except (AuthFailed, BadResponse) as error:
            if error.status == 401:
                raise
            self._note(problems, f'page {page_id}: "{name}" is known only in part: {error.what}')
            return value

    def _note(self, problems: list[Problem], what: str) -> None:
        problems.append(Problem(self._where, BadResponse(what), partial=True))


def is_live_page(row: Row) -> bool:
    """A wiki lists data sources beside its pages, and a row may be trashed while it is listed."""
    return row.get("object") != "data_source" and not row.get("in_trash", row.get("archived"))
