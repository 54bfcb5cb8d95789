"""Goals that are kept as pages of a Notion data source instead of in ``strategy.yaml``.

Each page is a goal; its properties are found by name, in any case: ``ID``, ``Kind``, ``Status``, ``Parent``
(a relation to the page above), ``Owner``, ``Why``, ``Period``, ``Share``, ``Metric``, ``Unit``, ``Baseline``,
``Target``, ``Current``, ``As of``, and ``Labels``, ``Items`` and ``Field`` for what the goal accepts.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args

from connectors.item import Item
from rules.model import Accepts, Goal, GoalKind, GoalStatus, Outcome


def goals_from(pages: Iterable[Item]) -> tuple[tuple[Goal, ...], tuple[str, ...]]:
    """The goals that the pages describe, and what is wrong with pages that do not, in words.

    Pages without an ID are no goals yet and are passed over in silence; of two with the same ID the
    one that was created first counts.
    """
    goals: dict[str, Goal] = {}
    complaints: list[str] = []
    pages = sorted(pages, key=lambda page: (page.created_at, page.id))
    ids = {page.address: str(values["id"]).strip() for page in pages if (values := _values(page)).get("id")}
    for page in pages:
        goal_id = ids.get(page.address)
        if not goal_id:
            continue
        if goal_id in goals:
            complaints.append(f"{page.title}: the ID {goal_id} is taken by {goals[goal_id].title}")
            continue
        try:
            goals[goal_id] = _goal(goal_id, page, ids)
        except ValueError as error:
            complaints.append(f"{page.title}: {error}")
    return tuple(goals.values()), tuple(complaints)


def _values(page: Item) -> dict[str, Any]:
    """The page's values by folded name, those that the tracker's settings gave a role among them."""
    roles = {
        "kind": page.type,
        "status": page.status,
        "parent": page.parent,
        "owner": [person.email or person.name for person in page.assignees],
        "labels": list(page.labels),
    }
    return {name: value for name, value in roles.items() if value} | {
        name.strip().lower(): value for name, value in page.fields.items() if value not in (None, "", [])
    }


def _goal(goal_id: str, page: Item, ids: Mapping[str, str]) -> Goal:
    """:raises ValueError: a value is not one that a goal can have"""
    values = _values(page)
    starts, ends = _period(values.get("period"))
    return Goal(
        id=goal_id,
        kind=_one_of("Kind", values.get("kind", "objective"), get_args(GoalKind)),
        title=page.title,
        parent=ids.get(_address(values.get("parent")), ""),
        owner=_text(values.get("owner")),
        status=_one_of("Status", values.get("status", "active"), get_args(GoalStatus)),
        starts=starts,
        ends=ends,
        why=_text(values.get("why")),
        outcome=_outcome(values),
        share=_share(values.get("share")),
        accepts=Accepts(_list(values.get("labels")), _list(values.get("items")), _list(values.get("field"))),
    )


def _one_of(name: str, value: Any, allowed: tuple[str, ...]) -> Any:
    folded = _text(value).lower().replace(" ", "_").replace("-", "_")
    if folded not in allowed:
        raise ValueError(f"{name} is {_text(value)}; expected one of {', '.join(allowed)}")
    return folded


def _text(value: Any) -> str:
    first = value[0] if isinstance(value, list | tuple) and value else value
    return str(first or "").strip()


def _list(value: Any) -> tuple[str, ...]:
    """Several values, or one text with commas."""
    if isinstance(value, str):
        value = value.split(",")
    return tuple(text for each in value or () if (text := str(each).strip()))


def _address(value: Any) -> str:
    page = _text(value)
    return page if not page or page.startswith("notion:") else f"notion:{page}"


def _period(value: Any) -> tuple[date | None, date | None]:
    """A Notion date: its beginning, and its end where it is a range."""
    starts, _, ends = _text(value).partition("/")
    return _day("Period", starts), _day("Period", ends)


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise ValueError(f"{name} is {text}; expected a date") from None


def _number(name: str, value: Any) -> float | None:
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value}; expected a number") from None


def _share(value: Any) -> float | None:
    """Notion keeps a percentage as a fraction; people write 40, or 40 % in a text."""
    if isinstance(value, str):
        value = value.rstrip(" %")
    share = _number("Share", value)
    if share is None:
        return None
    share = share / 100 if share > 1 else share
    if not 0 <= share <= 1:
        raise ValueError(f"Share is {value}; expected a part of the whole, such as 40 %")
    return share


def _outcome(values: Mapping[str, Any]) -> Outcome | None:
    if "metric" not in values:
        return None
    return Outcome(
        metric=_text(values["metric"]),
        unit=_text(values.get("unit")),
        baseline=_number("Baseline", values.get("baseline")),
        target=_number("Target", values.get("target")),
        current=_number("Current", values.get("current")),
        as_of=_day("As of", _text(values.get("as of"))),
    )
