"""Tries rules on the examples written beside them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from connectors.item import Item, Person
from rules.book import Book
from rules.model import Case, Policy

_TIMES = ("created_at", "updated_at", "closed_at", "merged_at")
_LISTS = ("labels", "components", "versions", "goals")


def wrong_examples(policy: Policy, now: datetime) -> Iterator[tuple[str, str]]:
    """Each example that a rule judges otherwise than it says: the rule's id, and what is wrong in words.

    :param now: the time by which ages are counted; aware
    """
    book = Book(policy)
    for compiled in book.rules:
        for example in compiled.rule.examples:
            matched, because = compiled.matcher.explain(Case(example_item(example.values, now)), now)
            if bool(matched) != example.matches:
                expected = "should match" if example.matches else "should not match"
                yield compiled.rule.id, f"{_shown(example.values)} {expected}: {because}"


def example_item(values: Mapping[str, Any], now: datetime) -> Item:
    """An item with the values that an example names, and none besides."""
    values = dict(values)
    given = {
        "assignees": tuple(map(_person, values.pop("assignees", ()))),
        **({"reporter": _person(values.pop("reporter"))} if "reporter" in values else {}),
        **{name: _moment(values.pop(name)) for name in _TIMES if name in values},
        **{name: tuple(values.pop(name)) for name in _LISTS if name in values},
        **({"due": date.fromisoformat(values.pop("due"))} if "due" in values else {}),
    }
    return Item(**(_blank(now) | values | given))


def _blank(now: datetime) -> dict[str, Any]:
    names = ("tracker", "native_id", "container", "key", "address", "type", "title", "url", "status")
    return dict.fromkeys(names, "") | {
        "kind": "other",
        "status_category": "todo",
        "created_at": now,
        "updated_at": now,
    }


def _person(name: str) -> Person:
    return Person("", name)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in values.items()) or "an item without any values"
