"""Property values as plain values. Pure.

Shapes: https://developers.notion.com/reference/page-property-values
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

Plain = str | int | float | bool | list[str] | None
Property = dict[str, Any]
"""One value of a page's ``properties``: ``id``, ``type`` and, under the type's name, the value."""

REFERENCES = 25
"""How many references of one property Notion gives with a page."""


def plain(value: Property) -> Plain:
    """The value as a string, number, boolean, list of strings or None; None for a type nobody here knows."""
    kind = value["type"]
    reader = _READERS.get(kind)
    return reader(value.get(kind)) if reader else None


def words(value: Plain) -> tuple[str, ...]:
    """A plain value as the words people see: nothing, one, or several."""
    if value is None or value == "":
        return ()
    return tuple(value) if isinstance(value, list) else (_word(value),)


def text(parts: Sequence[Property] | None) -> str:
    """Rich text without its markup."""
    return "".join([part["plain_text"] for part in parts or ()])


def address(page_id: str) -> str:
    """How other items point at a page."""
    return f"notion:{uuid(page_id)}"


def uuid(value: str) -> str:
    """An id in lower case with dashes, as Notion's answers spell it."""
    return value if len(value) == 36 and value.islower() else str(UUID(value))


def known(kind: str) -> bool:
    """Whether properties of this type have a value here."""
    return kind in _READERS


def cut(values: Mapping[str, Property], rollups: Mapping[str, str]) -> list[tuple[str, Property]]:
    """Name and value of the properties that the page gives only in part.

    :param rollups: id of a rollup -> id of the relation it runs along; over a cut relation it is wrong
    """
    ids = {value["id"] for value in values.values() if value["type"] in _LISTS and _is_cut(value)}
    if not ids:
        return []
    return [(name, value) for name, value in values.items() if value["id"] in ids or rollups.get(value["id"]) in ids]


def whole(value: Property, items: Sequence[Property], summary: Property) -> Property:
    """The property with all its items.

    :param items: what the property endpoint lists, each with one reference or piece of text
    :param summary: the ``property_item`` of its last answer
    """
    kind = value["type"]
    if kind != "rollup":
        return {**value, kind: [item[kind] for item in items], "has_more": False}
    result = summary["rollup"]
    if result["type"] == "array":  # the items are the result, the array stays empty
        result = {**result, "array": result["array"] or items}
    return {**value, "rollup": result}


_LISTS = frozenset({"relation", "people", "title", "rich_text", "rollup"})


def _is_cut(value: Property) -> bool:
    kind = value["type"]
    items = value[kind]
    if kind == "relation":
        return bool(value.get("has_more", len(items) >= REFERENCES))
    if kind == "rollup":
        return items["type"] == "incomplete" or len(items.get("array") or ()) >= REFERENCES
    if len(items) < REFERENCES:
        return False
    return kind == "people" or [part["type"] for part in items].count("mention") >= REFERENCES


def _word(value: str | float) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _itself(value: Any) -> Plain:
    return value if isinstance(value, (str, int, float)) else None


def _name(option: Property | None) -> str | None:
    return option["name"] if option else None


def _names(options: Sequence[Property]) -> list[str]:
    """Of options and files. A file's URL is signed anew with every answer, its name stays."""
    return [option["name"] for option in options]


def _span(date: Property | None) -> str | None:
    """A date or an ISO 8601 interval."""
    if not date:
        return None
    return f"{date['start']}/{date['end']}" if date.get("end") else date["start"]


def _user(user: Property | None) -> str | None:
    return (user.get("name") or user["id"]) if user else None


def _pages(relation: list[Property] | Property) -> list[str]:
    return [address(target["id"]) for target in _several(relation)]


def _rich(value: list[Property] | Property) -> str:
    return text(_several(value))


def _people(value: list[Property] | Property) -> list[str]:
    return [user.get("name") or user["id"] for user in _several(value)]


def _several(value: list[Property] | Property) -> list[Property]:
    """A page holds a list; what a rollup shows may be one item of such a list."""
    return [value] if isinstance(value, dict) else value


def _formula(formula: Property) -> Plain:
    kind = formula["type"]
    return _span(formula.get("date")) if kind == "date" else _itself(formula.get(kind))


def _rollup(rollup: Property) -> Plain:
    """A number, a date, or the words of all values; None while Notion has not worked it out."""
    kind = rollup["type"]
    if kind == "array":
        return [word for value in rollup["array"] for word in words(plain(value))]
    return _formula(rollup)


def _unique_id(value: Property | None) -> str | None:
    if not value or value.get("number") is None:
        return None
    return f"{value['prefix']}-{value['number']}" if value.get("prefix") else str(value["number"])


def _place(value: Property | None) -> str | None:
    if not value:
        return None
    return value.get("name") or value.get("address") or f"{value.get('lat')},{value.get('lon')}"


def _nothing(_: Any) -> None:
    """Of types that hold no value of the work: buttons, and when the reader last looked."""


_READERS: dict[str, Callable[[Any], Plain]] = {
    "title": _rich,
    "rich_text": _rich,
    "number": _itself,
    "checkbox": _itself,
    "url": _itself,
    "email": _itself,
    "phone_number": _itself,
    "created_time": _itself,
    "last_edited_time": _itself,
    "select": _name,
    "status": _name,
    "multi_select": _names,
    "files": _names,
    "date": _span,
    "people": _people,
    "created_by": _user,
    "last_edited_by": _user,
    "relation": _pages,
    "formula": _formula,
    "rollup": _rollup,
    "unique_id": _unique_id,
    "verification": lambda value: value["state"] if value else None,
    "place": _place,
    "button": _nothing,
    "last_visited_time": _nothing,
}
