import pytest

from rules.model import Policy
from syncd.trackers.models import Stream, Tracker
from tests.review.desk import START, Desk, Write, policy


@pytest.fixture
def stream(db: None) -> Stream:
    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
    return Stream.objects.create(tracker=tracker, native_id="site", name="WEB", last_success_at=START)


@pytest.fixture
def write(stream: Stream) -> Write:
    """A desk by some policy."""

    def by(in_force: Policy | None = None) -> Desk:
        return Desk(stream, in_force or policy())

    return by


@pytest.fixture
def desk(write: Write) -> Desk:
    return write()
