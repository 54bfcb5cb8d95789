from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.item import Item
from syncd.trackers.models import Stream, Tracker

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def made(number: int, **changes: Any) -> Item:
    """An item of the tracker ``acme-jira``; its update stamp is ``number`` hours after the first."""
    values = {
        "tracker": "acme-jira",
        "native_id": str(10000 + number),
        "container": "WEB",
        "key": f"WEB-{number}",
        "address": f"jira:WEB-{number}",
        "kind": "story",
        "type": "Story",
        "title": f"Story {number}",
        "url": f"https://acme.example/browse/WEB-{number}",
        "status": "To Do",
        "status_category": "todo",
        "created_at": NOW - timedelta(days=30),
        "updated_at": NOW - timedelta(days=10),
    }
    return Item(**(values | changes))


@pytest.fixture
def make() -> Callable[..., Item]:
    return made


@pytest.fixture
def stream(db: None) -> Stream:
    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
    return Stream.objects.create(tracker=tracker, native_id="site", name="WEB")
