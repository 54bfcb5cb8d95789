"""A company at work: two trackers, three streams, a few items and flags."""

from datetime import UTC, datetime, timedelta

import pytest

from syncd.review.models import Flag
from syncd.strategy.models import Decision, StrategyVersion
from syncd.trackers.models import Item, Stream, Tracker

NOW = datetime.now(UTC)


class Company:
    """Makes what a test needs; every name counts up."""

    def __init__(self) -> None:
        self.version = StrategyVersion.objects.create(hash="h", strategy={}, rules={}, applied_at=datetime.now(UTC))
        self.github = Tracker.objects.create(name="acme-github", kind="github", url="https://api.github.com")
        self.jira = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.atlassian.net")

    def stream(self, tracker: Tracker, name: str, **values) -> Stream:
        fine = {
            "cursor": {"backfilled": True},
            "last_attempt_at": datetime.now(UTC),
            "last_success_at": datetime.now(UTC) - timedelta(seconds=30),
            "next_due_at": datetime.now(UTC) + timedelta(seconds=600),
        }
        return Stream.objects.create(tracker=tracker, native_id=name, name=name, **fine | values)

    def item(self, stream: Stream, *, goal: str | None = None, exempt: str = "", **values) -> Item:
        """An item; judged if ``goal`` is a string, be it empty."""
        number = Item.objects.count() + 1
        usual = {
            "native_id": str(number),
            "key": f"WEB-{number}",
            "address": f"jira:WEB-{number}",
            "kind": "story",
            "title": f"Item {number}",
            "url": f"https://acme.example/{number}",
            "created_at": datetime.now(UTC),
            "updated_at": datetime.now(UTC),
            "known_at": datetime.now(UTC),
            "first_known_at": datetime.now(UTC),
            "doc": "{}",
        }
        item = Item.objects.create(tracker=stream.tracker, stream=stream, **usual | values)
        if goal is not None:
            Decision.objects.create(
                item=item,
                primary_goal=goal,
                exempt=exempt,
                explanation="{}",
                version=self.version,
                decided_at=datetime.now(UTC),
            )
        return item

    def flag(self, item: Item | None, **values) -> Flag:
        usual = {
            "fingerprint": f"unlinked|{Flag.objects.count()}",
            "rule": "unlinked",
            "severity": "high",
            "message": "Epic WEB-3 serves no goal",
            "fix": "Link it to a goal",
            "clears": 1,
            "opened_at": datetime.now(UTC) - timedelta(hours=3),
        }
        return Flag.objects.create(item=item, **usual | values)


@pytest.fixture
def company(db) -> Company:
    return Company()
