"""Tries rules on the examples written beside them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any

from connectors.item import KINDS, STATUS_CATEGORIES, Item, Person
from rules.match import Matcher, compile_condition
from rules.match.errors import unknown, written
from rules.model import Case, Example, Policy, Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a rule judged one of its examples. ``because``: what matched, or the first clause that did not."""

    example: Example
    matched: bool | None
    because: str
    tried: bool = True
    """False where no item could be made of the example."""

    @property
    def right(self) -> bool:
        return self.tried and bool(self.matched) is self.example.matches

    def __str__(self) -> str:
        """What is wrong, in words."""
        expected = "should match" if self.example.matches else "should not match"
        return f"{shown(self.example.values)} {expected if self.tried else 'cannot be tried'}: {self.because}"


def wrong_examples(policy: Policy, now: datetime) -> Iterator[tuple[str, str]]:
    """Each example that a rule judges otherwise than it says: the rule's id, and what is wrong in words.

    :param now: the time by which ages are counted where an example gives none of its own; aware
    """
    for rule in policy.rules:
        for outcome in outcomes(rule, now):
            if not outcome.right:
                yield rule.id, str(outcome)


def outcomes(rule: Rule, now: datetime) -> Iterator[Outcome]:
    """Each example of a rule, tried; see :func:`wrong_examples`."""
    matcher = compile_condition(rule.when)
    for example in rule.examples:
        yield _outcome(matcher, example, now)


def _outcome(matcher: Matcher, example: Example, now: datetime) -> Outcome:
    values = dict(example.values)
    try:
        moment = _moment(values.pop("now")) if "now" in values else now
        matched, because = matcher.explain(Case(example_item(values, moment)), moment)
    except ValueError as error:
        return Outcome(example, None, str(error), tried=False)
    return Outcome(example, matched, because)


def example_item(values: Mapping[str, Any], now: datetime) -> Item:
    """An item with the values that an example names, and none besides; made and touched just now.

    :raises ValueError: a value that no item has, or of another shape; says which
    """
    blank = dict.fromkeys(("tracker", "native_id", "container", "key", "address", "type", "title", "url", "status"), "")
    given = {name: _value(name, value) for name, value in values.items()}
    facts: dict[str, Any] = {**blank, "kind": "other", "status_category": "todo", "created_at": now, "updated_at": now}
    return Item(**facts | given)


def _value(name: str, value: Any) -> Any:
    if name not in _NAMES:
        raise ValueError(unknown("value of an item", name, _NAMES))
    read: Callable[[Any], Any] = _READERS.get(name, _text)
    return read(value)


def _text(value: Any) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ValueError(f"expected a word, got {written(value)}")
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value if isinstance(value, list | tuple) else [value]))


def _person(value: Any) -> Person:
    return Person("", _text(value))


def _people(value: Any) -> tuple[Person, ...]:
    return tuple(Person("", name) for name in _texts(value))


def _date(value: Any) -> date:
    return _moment(value).date()


def _moment(value: Any) -> datetime:
    """A date or a time, in YAML's own type or as ISO text; in UTC where it names no zone."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _one_of(allowed: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(unknown("value", value, allowed))
        return str(value)

    return read


def _as_it_is(kind: type | tuple[type, ...], expected: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, kind):
            raise ValueError(f"expected {expected}, got {written(value)}")
        return value

    return read


_NAMES = tuple(each.name for each in fields(Item) if each.name != "refs")
_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("created_at", "updated_at", "closed_at", "merged_at"), _moment),
    **dict.fromkeys(("labels", "components", "versions", "goals"), _texts),
    "kind": _one_of(KINDS),
    "status_category": _one_of(STATUS_CATEGORIES),
    "assignees": _people,
    "reporter": _person,
    "due": _date,
    "points": _as_it_is((int, float), "a number"),
    "draft": _as_it_is(bool, "true or false"),
    "fields": _as_it_is(Mapping, "names and values"),
}


def shown(values: Mapping[str, Any]) -> str:
    """An example in a line."""
    return ", ".join(f"{name} {written(value)}" for name, value in values.items()) or "an item without any values"
