"""What the API and the assistants' tools tell of a thing, where it is more than the command line prints."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from syncd.review import as_json as reviewed
from syncd.review.pages.lines import seen
from syncd.review.queue import Row
from syncd.strategy import as_json as planned
from syncd.strategy.goals import Standing
from syncd.trackers import as_json as tracked
from syncd.trackers.search import Hit


def flags(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Each with how it stands, to be sent back with what is decided about it."""
    return (told | {"seen": seen(row.flag)} for row, told in zip(rows, reviewed.flags(rows), strict=True))


def goal(standing: Standing) -> dict[str, Any]:
    """With why it is wanted and what it is measured by."""
    outcome = asdict(standing.goal.outcome) if standing.goal.outcome else None
    return planned.goal(standing) | {"why": standing.goal.why or None, "outcome": outcome}


def hit(found: Hit) -> dict[str, Any]:
    """An item or a goal that was searched for."""
    if found.item:
        id_, key, title, url = tracked.id_of(found.item), found.item.key, found.item.title, found.item.url
        return {"kind": "item", "id": id_, "key": key, "title": title, "url": url, "exact": found.exact}
    id_, title = (found.goal.id, found.goal.title) if found.goal else ("", "")
    return {"kind": "goal", "id": id_, "key": None, "title": title, "url": None, "exact": found.exact}
