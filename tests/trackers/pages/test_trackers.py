"""What is wrong with a tracker is said with its remedy, and "sync now" asks the worker."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.base import AuthFailed, BadResponse, RateLimited, Unavailable
from syncd.accounts.models import AuditEvent
from syncd.trackers import health
from syncd.trackers.models import Limit, Stream, Tracker, Trouble
from syncd.trackers.watch import REMEDIES
from tests.trackers.pages.conftest import text


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (AuthFailed("refused"), Trouble.AUTH),
        (RateLimited("wait", retry_after=9), Trouble.LIMIT),
        (Unavailable("silence"), Trouble.AWAY),
        (BadResponse("HTML"), Trouble.ANSWER),
    ],
)
def test_each_of_the_four_errors_has_its_remedy(error, trouble, company, client):
    health.tracker_broke(company.tracker.id, error, datetime.now(UTC))
    company.tracker.refresh_from_db()
    assert company.tracker.trouble == trouble
    page = text(client.get("/trackers/"))
    assert f"{error} Since" in page
    assert REMEDIES[trouble].format(tracker="acme-jira") in page
    health.tracker_recovered(company.tracker.id)
    company.tracker.refresh_from_db()
    assert company.tracker.trouble == ""


def test_every_kind_of_trouble_has_a_remedy():
    assert set(REMEDIES) == set(Trouble)


def test_all_is_well_when_all_is_well(company, client):
    page = text(client.get("/trackers/"))
    assert "All is well" in page
    assert "acme-jira Up to date" in page


def test_a_stream_in_trouble_comes_with_its_error_and_what_the_brake_holds(company, client):
    company.stream_of(
        company.tracker, "PAY", broken_since=datetime.now(UTC), error="PAY: no permission", trouble=Trouble.AUTH,
        held={"missing": 40, "of": 50},
    )  # fmt: skip
    page = text(client.get("/trackers/"))
    assert "1 tracker needs attention" in page
    assert "1 of 2 streams in trouble" in page
    assert "PAY: no permission" in page
    assert "40 of 50 items were not seen any more" in page
    assert "syncd sync acme-jira --accept-deletions" in page


def test_what_is_left_of_the_rate_limit_is_told(company, client):
    Tracker.objects.update(credential="abc")
    now = time.time()
    Limit.objects.create(credential="abc", tokens=10.0, refilled_at=now + 60, burst=40.0, per_second=2.0)
    assert "10 of 40, and 2 more a second" in text(client.get("/trackers/"))
    Limit.objects.update(blocked_until=now + 600)
    assert "None for 10 min: the tracker asked to wait" in text(client.get("/trackers/"))


def test_a_first_sync_tells_how_far_it_is(company, client):
    windows = [[None, None, True, 0], [None, None, False, 3]]
    company.stream_of(
        company.tracker, "NEW", cursor={"windows": windows}, filled_at=None, last_success_at=None, requests=7
    )
    page = text(client.get("/trackers/"))
    assert "First sync under way" in page
    assert "1 of 2 stretches of time read" in page
    assert "A stream was never read" in page


def test_sync_now_makes_streams_due_and_is_on_record(company, omar, browser):
    stream = company.stream
    Stream.objects.update(hinted_at=datetime.now(UTC))
    answer = browser(omar).post(f"/trackers/{company.tracker.id}/sync/", follow=True)
    assert "acme-jira: 1 stream next in line" in answer.content.decode()
    stream.refresh_from_db()
    assert stream.next_due_at <= datetime.now(UTC)
    assert stream.hinted_at is None
    assert AuditEvent.objects.filter(verb="sync_asked", target="acme-jira", actor="omar@acme.example").exists()


def test_sync_now_has_a_broken_tracker_asked_again(company, omar, browser):
    asked = datetime.now(UTC) - timedelta(minutes=1)
    Tracker.objects.update(broken_since=asked, asked_at=asked, error="silence")
    browser(omar).post(f"/trackers/{company.tracker.id}/sync/")
    assert Tracker.objects.get().asked_at is None


def test_only_operators_have_the_button(company, omar, vera, ana, browser):
    assert "Sync now" in text(browser(omar).get("/trackers/"))
    for person in (vera, ana):
        assert "Sync now" not in text(browser(person).get("/trackers/"))
        assert browser(person).post(f"/trackers/{company.tracker.id}/sync/").status_code == 403


def test_twice_the_streams_cost_the_same_queries(company, client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/trackers/").status_code == 200
        return len(captured)

    queries()  # what a process learns once
    before = queries()
    other = Tracker.objects.create(name="acme-github", kind="github", url="https://api.github.com")
    for name in ("acme/web", "acme/api"):
        company.stream_of(other, name)
    assert queries() == before


def test_without_a_tracker_it_says_how_to_begin(db, client):
    assert "No tracker yet" in text(client.get("/trackers/"))


def test_a_removal_that_is_held_is_told_with_both_ways_out(company, client):
    Tracker.objects.filter(id=company.tracker.id).update(leaving={"because": "it would withdraw 60 of 100 items"})
    page = text(client.get("/trackers/"))
    assert "Removal held" in page
    assert "acme-jira is no longer in syncd.yaml, and its removal is held: it would withdraw 60 of 100 items." in page
    assert "syncd apply lets it go. To take it back, write it into syncd.yaml again." in page
    status = text(client.get("/status/"))
    assert "its removal is held: it would withdraw 60 of 100 items." in status
