import pytest

from syncd.trackers.models import Stream, Tracker


@pytest.fixture
def stream(db: None) -> Stream:
    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
    return Stream.objects.create(tracker=tracker, native_id="site", name="WEB")
