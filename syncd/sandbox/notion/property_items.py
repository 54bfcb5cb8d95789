"""``GET /v1/pages/{id}/properties/{property_id}``: one property in full, in pages where it is a list.

Source: "Retrieve a page property item".
"""

from typing import Any

from syncd.sandbox.notion import values
from syncd.sandbox.notion.listing import listed
from syncd.sandbox.notion.model import Page, Property
from syncd.sandbox.notion.workspace import Workspace

_LISTS = ("title", "rich_text", "people", "relation", "rollup")


def property_item(page: Page, spec: Property, workspace: Workspace, query: dict[str, str], url: str) -> dict[str, Any]:
    """A property item, or a list of them.

    :param url: of this endpoint for this property, for ``next_url``
    :raises Refused: 400, page size or cursor are not valid
    """
    given = values.give(page, spec, workspace, whole=True)
    value = given[spec.type]
    if spec.type not in _LISTS:
        return {"object": "property_item", "id": spec.id, "type": spec.type, spec.type: value}
    entries = value["array"] if spec.type == "rollup" else value
    items = [(str(position), _item(spec, entry)) for position, entry in enumerate(entries)]
    answer = listed(
        "property_item",
        items,
        lambda item: item[1],
        lambda item: _cursor(page, item[0]),
        query.get("page_size"),
        query.get("start_cursor"),
    )
    following = answer["next_cursor"]
    answer["property_item"] = {
        "id": spec.id,
        "next_url": f"{url}?start_cursor={following}" if following else None,
        "type": spec.type,
        spec.type: {"type": "array", "array": [], "function": value["function"]} if spec.type == "rollup" else {},
    }
    return answer


def _item(spec: Property, entry: dict[str, Any]) -> dict[str, Any]:
    if spec.type == "rollup":
        return {"object": "property_item", "id": spec.details["target"], **entry}
    return {"object": "property_item", "id": spec.id, "type": spec.type, spec.type: entry}


def _cursor(page: Page, position: str) -> str:
    """An opaque cursor in the form of a UUID, like all cursors of the API."""
    return f"{page.id[:24]}{int(position):012x}"
