"""Filters and sorts of a query, compiled to functions of a page.

Source: "Filter data source entries", "Sort data source entries".
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from syncd.sandbox.notion import text
from syncd.sandbox.notion.errors import invalid
from syncd.sandbox.notion.model import DataSource, Page, Property, User

Test = Callable[[Page], bool]
Read = Callable[[Page], Any]
STAMPS: dict[str, Callable[[Page], datetime]] = {
    "created_time": lambda page: page.created,
    "last_edited_time": lambda page: page.edited,
}


def compile_filter(condition: Any, source: DataSource, now: datetime, depth: int = 0) -> Test:
    """:raises Refused: 400 validation_error"""
    if not isinstance(condition, dict) or not condition:
        raise invalid("body failed validation: body.filter should be an object with a condition.")
    if depth > 2:
        raise invalid("body failed validation: body.filter is nested deeper than two levels.")
    for word, combine in (("and", all), ("or", any)):
        if word in condition:
            return _group(condition[word], combine, source, now, depth)
    if "timestamp" in condition:
        return _timestamp(condition, now)
    return _property(condition, source, now)


def _group(parts: Any, combine: Callable[[Any], bool], source: DataSource, now: datetime, depth: int) -> Test:
    if not isinstance(parts, list):
        raise invalid("body failed validation: a compound filter should be an array.")
    tests = [compile_filter(part, source, now, depth + 1) for part in parts]
    return lambda page: combine(test(page) for test in tests)


def _timestamp(condition: Mapping[str, Any], now: datetime) -> Test:
    stamp = condition["timestamp"]
    if stamp not in STAMPS or not isinstance(condition.get(stamp), dict):
        raise invalid(f"body failed validation: body.filter.{stamp} should be defined.")
    return _date_test(condition[stamp], STAMPS[stamp], now)


def _property(condition: Mapping[str, Any], source: DataSource, now: datetime) -> Test:
    name = condition.get("property")
    spec = source.property(str(name))
    if spec is None:
        raise invalid(f"Could not find property with name or id: {name}")
    if not isinstance(condition.get(spec.type), dict):
        given = next((key for key in condition if key not in ("property", "type")), "nothing")
        raise invalid(f"database property {spec.type} does not match filter {given}")
    wanted = condition[spec.type]
    if spec.type == "date":
        return _date_test(wanted, lambda page: (page.values.get(spec.id) or {}).get("start"), now)
    if spec.type in ("created_time", "last_edited_time"):
        return _date_test(wanted, STAMPS[spec.type], now)
    operator, operand = _single(wanted)
    known = _OPERATORS.get(spec.type, {})
    if operator not in known:
        raise invalid(f"body failed validation: body.filter.{spec.type}.{operator} should be not present.")
    read, test = reader(spec), known[operator]
    return lambda page: test(read(page), operand)


def reader(spec: Property) -> Read:
    """The value of a property as filters and sorts compare it."""
    property_id = spec.id
    match spec.type:
        case "title" | "rich_text":
            return lambda page: text.plain(page.values.get(property_id) or [])
        case "select" | "status":
            return lambda page: getattr(page.values.get(property_id), "name", None)
        case "multi_select":
            return lambda page: [each.name for each in page.values.get(property_id) or ()]
        case "people":
            return lambda page: [each.id for each in page.values.get(property_id) or ()]
        case "checkbox":
            return lambda page: bool(page.values.get(property_id))
        case "date":
            return lambda page: (page.values.get(property_id) or {}).get("start")
        case "unique_id":
            return lambda page: page.number
        case "created_by" | "last_edited_by":
            return lambda page: [_author(page, spec).id]
        case "created_time" | "last_edited_time":
            return STAMPS[spec.type]
    return lambda page: page.values.get(property_id)


def _author(page: Page, spec: Property) -> User:
    return page.created_by if spec.type == "created_by" else page.edited_by


def _single(wanted: Mapping[str, Any]) -> tuple[str, Any]:
    if len(wanted) != 1:
        raise invalid("body failed validation: a property filter should have exactly one condition.")
    return next(iter(wanted.items()))


def _same(value: Any, wanted: Any) -> bool:
    return bool(value == wanted)


def _lower(value: Any) -> str:
    return str(value or "").lower()


_EMPTY: dict[str, Callable[[Any, Any], bool]] = {
    "is_empty": lambda value, _: value in (None, "", []),
    "is_not_empty": lambda value, _: value not in (None, "", []),
}
_EQUALITY: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _same,
    "does_not_equal": lambda value, wanted: value != wanted,
}
_TEXT = _EMPTY | {
    "equals": lambda value, wanted: _lower(value) == _lower(wanted),
    "does_not_equal": lambda value, wanted: _lower(value) != _lower(wanted),
    "contains": lambda value, wanted: _lower(wanted) in _lower(value),
    "does_not_contain": lambda value, wanted: _lower(wanted) not in _lower(value),
    "starts_with": lambda value, wanted: _lower(value).startswith(_lower(wanted)),
    "ends_with": lambda value, wanted: _lower(value).endswith(_lower(wanted)),
}
_NUMBER = (
    _EMPTY
    | _EQUALITY
    | {
        "greater_than": lambda value, wanted: value is not None and value > wanted,
        "less_than": lambda value, wanted: value is not None and value < wanted,
        "greater_than_or_equal_to": lambda value, wanted: value is not None and value >= wanted,
        "less_than_or_equal_to": lambda value, wanted: value is not None and value <= wanted,
    }
)
_MEMBERS = _EMPTY | {
    "contains": lambda value, wanted: wanted in (value or ()),
    "does_not_contain": lambda value, wanted: wanted not in (value or ()),
}
_OPERATORS: dict[str, dict[str, Callable[[Any, Any], bool]]] = {
    "title": _TEXT,
    "rich_text": _TEXT,
    "url": _TEXT,
    "select": _EMPTY | _EQUALITY,
    "status": _EMPTY | _EQUALITY,
    "checkbox": _EQUALITY,
    "number": _NUMBER,
    "unique_id": _NUMBER,
    "multi_select": _MEMBERS,
    "people": _MEMBERS,
    "relation": _MEMBERS,
    "created_by": _MEMBERS,
    "last_edited_by": _MEMBERS,
}


def _date_test(wanted: Mapping[str, Any], read: Read, now: datetime) -> Test:
    operator, operand = _single(wanted)
    if operator in _EMPTY:
        return lambda page: _EMPTY[operator](read(page), None)
    if operator not in _DATES:
        raise invalid(f"body failed validation: body.filter date condition {operator} is not known.")
    first, after = _span(operator, operand, now)
    test = _DATES[operator]

    def matches(page: Page) -> bool:
        value = read(page)
        at = _moment(value)[0] if isinstance(value, str) else value
        return at is not None and test(at, first, after)

    return matches


_DATES: dict[str, Callable[[datetime, datetime, datetime], bool]] = {
    "equals": lambda at, first, after: first <= at < after,
    "before": lambda at, first, _: at < first,
    "after": lambda at, _, after: at >= after,
    "on_or_before": lambda at, _, after: at < after,
    "on_or_after": lambda at, first, _: at >= first,
} | dict.fromkeys(
    ("this_week", "past_week", "past_month", "past_year", "next_week", "next_month", "next_year"),
    lambda at, first, after: first <= at < after,
)
_RELATIVE = {"week": timedelta(days=7), "month": timedelta(days=30), "year": timedelta(days=365)}


def _span(operator: str, operand: Any, now: datetime) -> tuple[datetime, datetime]:
    """From the first moment that the operand means to the first one after it."""
    when, _, unit = operator.partition("_")
    if when == "past":
        return now - _RELATIVE[unit], now + timedelta(minutes=1)
    if when == "next":
        return now, now + _RELATIVE[unit]
    if when == "this":
        sunday = (now - timedelta(days=(now.weekday() + 1) % 7)).replace(hour=0, minute=0, second=0, microsecond=0)
        return sunday, sunday + timedelta(days=7)
    return _moment(operand)


def _moment(value: Any) -> tuple[datetime, datetime]:
    """A date means its whole day in UTC, a time only itself."""
    try:
        if isinstance(value, str) and len(value) == 10:
            day = datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)
            return day, day + timedelta(days=1)
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise invalid("body failed validation: body.filter date should be a valid ISO 8601 date string.") from None
    at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return at, at + timedelta(microseconds=1)
