import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from config import files
from connectors.base import AuthFailed, Unavailable
from connectors.calls import Lane
from connectors.settings import TrackerSettings
from syncd.strategy.models import Decision, StrategyVersion
from syncd.trackers.models import Item, Limit, Round, Stream, Tracker
from syncd.worker.roster import Roster
from syncd.worker.work import Work
from tests.trackers.conftest import made
from tests.worker.fake import FakeTracker

pytestmark = pytest.mark.django_db(  # budgets have a thread and a connection of their own
    transaction=True, databases=["default", "partners", "outside"]
)

SYNCD = """
trackers:
  - name: acme-jira
    kind: jira
    url: https://acme.example
    auth: {token: {env: SYNCD_TEST_TOKEN}}
    scope: {projects: [WEB]}
    every: 60s
    sweep_every: 1h
"""
STRATEGY = "goals: [{id: claims, kind: objective, title: Claims accepted, accepts: {labels: [claims]}}]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNCD_TEST_TOKEN", "secret")
    (tmp_path / "syncd.yaml").write_text(SYNCD)
    (tmp_path / "strategy.yaml").write_text(STRATEGY)
    return tmp_path


@pytest.fixture
def tracker() -> FakeTracker:
    return FakeTracker(pages=[[made(1, labels=("claims",)), made(2)]])


@pytest.fixture
def work(folder: Path, tracker: FakeTracker):
    def build(settings: TrackerSettings, lane: Lane) -> FakeTracker:
        return tracker

    config = files.load(folder)
    with Roster(config.service.trackers, build=build) as roster:
        roster.register(config.service.changes)
        yield Work(config, roster)


def goals() -> dict[str, str]:
    return dict(Decision.objects.values_list("item__key", "primary_goal"))


def test_a_new_tracker_is_discovered_pulled_and_judged(work: Work) -> None:
    now = timezone.now()
    assert work.discover_due(now) == ["acme-jira"]
    work.discover("acme-jira")
    assert work.discover_due(now) == []
    [stream] = work.due(now)
    assert not work.pull(stream, 5)
    assert not work.judge(5)
    assert goals() == {"WEB-1": "claims", "WEB-2": ""}


def test_a_stream_is_hinted_once_a_minute_until_it_is_pulled(work: Work) -> None:
    work.discover("acme-jira")
    now = timezone.now()
    [stream] = work.due(now)
    assert work.due(now + timedelta(seconds=30)) == []
    assert work.due(now + timedelta(seconds=90)) == [stream]
    work.pull(stream, 5)
    assert work.due(timezone.now()) == []
    assert work.due(timezone.now() + timedelta(seconds=61)) == [stream]


def test_streams_of_trackers_that_left_the_configuration_are_not_polled(work: Work) -> None:
    other = Tracker.objects.create(name="old", kind="jira", url="https://old.example")
    Stream.objects.create(tracker=other, native_id="site", name="OLD")
    assert work.due(timezone.now()) == []


def test_sweeps_come_one_interval_after_the_back_fill(work: Work) -> None:
    work.discover("acme-jira")
    now = timezone.now()
    assert work.sweep_due(now) == []
    [stream] = work.due(now)
    work.pull(stream, 5)
    assert work.sweep_due(now) == []
    assert work.sweep_due(now + timedelta(minutes=61)) == [stream]


def test_a_sweep_that_is_due_looks_for_deletions(work: Work, tracker: FakeTracker) -> None:
    work.discover("acme-jira")
    [stream] = work.due(timezone.now())
    work.pull(stream, 5)
    tracker.exists, tracker.fates = [made(2)], {"10001": "gone"}
    work.sweep(stream)
    assert Item.objects.get(key="WEB-1").fate == "gone"


def test_a_tracker_that_cannot_be_discovered_waits_and_is_logged_once(work: Work, tracker: FakeTracker) -> None:
    tracker.fails_after = (-1, Unavailable("no answer"))
    with capture_logs() as logs:
        work.discover("acme-jira")
        work.discover("acme-jira")
    assert [entry["event"] for entry in logs] == ["tracker_broken"]
    assert work.discover_due(timezone.now() + timedelta(seconds=50)) == []
    assert work.discover_due(timezone.now() + timedelta(seconds=70)) == ["acme-jira"]


def test_an_edited_strategy_is_in_force_at_the_next_judging(work: Work, folder: Path) -> None:
    work.discover("acme-jira")
    work.pull(work.due(timezone.now())[0], 5)
    work.judge(5)
    (folder / "strategy.yaml").write_text(STRATEGY.replace("labels: [claims]", "labels: [other]"))
    with capture_logs() as logs:
        work.judge(5)
    assert goals() == {"WEB-1": "", "WEB-2": ""}
    assert [entry["event"] for entry in logs] == ["config_changed", "version_in_force"]


def test_a_mistake_in_the_files_is_told_once_and_the_last_good_ones_stay_in_force(work: Work, folder: Path) -> None:
    work.discover("acme-jira")
    work.pull(work.due(timezone.now())[0], 5)
    work.judge(5)
    (folder / "strategy.yaml").write_text(STRATEGY.replace("objective", "objektive"))
    with capture_logs() as logs:
        work.judge(5)
        work.judge(5)
    assert [entry["event"] for entry in logs] == ["config_refused"]
    assert "strategy.yaml:1:" in logs[0]["problems"]
    assert goals() == {"WEB-1": "claims", "WEB-2": ""}
    assert StrategyVersion.objects.count() == 1


def test_a_credential_that_is_not_there_is_an_error_of_the_tracker(folder: Path, monkeypatch) -> None:
    monkeypatch.delenv("SYNCD_TEST_TOKEN")
    with Roster(files.load(folder).service.trackers) as roster, pytest.raises(AuthFailed, match="SYNCD_TEST_TOKEN"):
        roster.connector("acme-jira")


def test_the_budget_of_a_credential_is_shared_through_its_row_and_forgotten_when_unused(work: Work) -> None:
    work.discover("acme-jira")
    budget = next(iter(work._roster._budgets.values()))
    for _ in range(9):
        assert budget.take() == 0
    row = Limit.objects.get()
    assert row.tokens < 90  # two handfuls of a hundred
    budget.block(30)
    assert 29 < budget.take() <= 30
    Limit.objects.update(refilled_at=0)
    work.nightly()
    assert not Limit.objects.exists()


def test_threads_take_no_more_than_the_bucket_holds(work: Work) -> None:
    work.discover("acme-jira")
    budget = next(iter(work._roster._budgets.values()))
    taken = []
    threads = [threading.Thread(target=lambda: taken.extend(budget.take() == 0 for _ in range(40))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 100 <= sum(taken) <= 140  # a hundred at once, and ten a second meanwhile


def test_a_night_begins_an_audit_that_goes_on_in_slices(work: Work) -> None:
    work.discover("acme-jira")
    work.pull(work.due(timezone.now())[0], 5)
    work.judge(5)
    assert not work.audit(5)
    work.nightly()
    Decision.objects.filter(item__key="WEB-1").update(primary_goal="")
    while work.audit(0.0001):
        pass
    assert Round.disagreement().found == 1
    work.judge(5)
    assert goals() == {"WEB-1": "claims", "WEB-2": ""}


def test_how_often_a_tracker_is_polled_is_on_record_for_those_who_judge_what_is_stale(work: Work) -> None:
    assert Tracker.objects.get(name="acme-jira").every == 60
