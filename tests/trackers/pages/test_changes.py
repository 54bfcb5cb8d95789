"""What changed since somebody last looked, in groups; the mark moves only when they say so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncd.review.models import Event, Verdict
from syncd.strategy.models import PastDecision, StrategyVersion
from syncd.trackers import changes, presence
from syncd.trackers.changes import groups
from syncd.trackers.models import Look
from tests.trackers.pages.conftest import text


def told(group, since, below=0):
    return [(row.word, row.key, row.says) for row in changes.batch(group, since, below).rows]


@pytest.fixture
def since(company):
    """Three items were there; from then on things change."""
    for number in (1, 2, 3):
        company.decide(company.put(number), "claims")
    company.now += timedelta(hours=1)
    return company.now


def test_new_done_moved_and_reopened_items(company, since):
    company.put(1, status="Done", status_category="done")
    company.put(1, status="To Do", status_category="todo")
    company.put(2, status="In Progress", status_category="in_progress")
    company.put(3, container="PAY", key="PAY-3", address="jira:PAY-3")
    company.put(4)
    assert told("moves", since) == [
        ("Moved", "PAY-3", "WEB → PAY"),
        ("Moved on", "WEB-2", "To Do → In Progress"),
        ("Reopened", "WEB-1", "Done → To Do"),
        ("Done", "WEB-1", "To Do → Done"),
    ]
    assert [word[:2] for word in told("new", since)] == [("New", "WEB-4")]


def test_a_change_of_words_is_no_move(company, since):
    company.put(1, title="Another title")
    assert told("moves", since) == []


def test_items_that_went(company, since):
    item = company.put(1, title="Another title")
    presence.bury([item.id], "gone", company.now)
    assert told("gone", since) == [("Gone", "WEB-1", "Deleted in its tracker")]


def test_links_that_were_gained_and_lost(company, since):
    item = company.put(1)
    for goal, exempt in (("claims", ""), ("", ""), ("activation", "")):
        PastDecision.objects.create(
            item=item, primary_goal=goal, exempt=exempt, explanation="{}", version=company.version,
            decided_at=company.now, ended_at=company.now + timedelta(minutes=1),
        )  # fmt: skip
    company.decide(item, exempt="maintenance")
    assert [(word, says) for word, _, says in told("ties", since)] == [
        ("Link lost", "Live in a day → exempt (maintenance)"),
        ("Linked", "no goal → Live in a day"),
        ("Link lost", "Claims accepted → no goal"),
    ]


def test_flags_that_opened_came_back_and_were_resolved(company, since):
    flag = company.flag(company.put(1), opened_at=company.now)
    for minutes, state, because in ((0, "open", ""), (1, "resolved", "linked"), (2, "open", "the link is gone")):
        Event.objects.create(flag=flag, at=company.now + timedelta(minutes=minutes), state=state, because=because)
    assert [(word, says) for word, _, says in told("flags", since)] == [
        ("Came back", "the link is gone"),
        ("Resolved", "linked"),
        ("Opened", ""),
    ]


def test_decisions_and_versions(company, since):
    flag = company.flag(None)
    Verdict.objects.create(flag=flag, kind="exempt", target="small", author="ana@acme.example", made_at=company.now)
    StrategyVersion.objects.create(
        hash="i", strategy={}, rules={}, author="ana", message="Q1", applied_at=company.now + timedelta(minutes=1)
    )
    assert told("decisions", since - timedelta(minutes=1)) == [("Decided", "", "exempt (small) by ana@acme.example")]
    assert told("direction", since) == [("In force", "", "by ana: Q1")]


@pytest.mark.parametrize("group", ["moves", "new", "ties", "gone"])
def test_the_pages_of_a_group_hold_every_change_once(group, company, since, monkeypatch):
    for number in range(1, 8):
        item = company.put(number, status="Open", status_category="in_progress")
        item = company.put(number, status="Done", status_category="done")
        for goal in ("claims", "activation"):
            PastDecision.objects.create(
                item=item, primary_goal=goal, explanation="{}", version=company.version,
                decided_at=company.now, ended_at=company.now,
            )  # fmt: skip
        company.decide(item)
        presence.bury([item.id], "gone", company.now)
    whole = told(group, since)
    monkeypatch.setattr(groups, "MOST", 3)
    pages, below = [], 0
    while True:
        found = changes.batch(group, since, below)
        pages += [(row.word, row.key, row.says) for row in found.rows]
        below = found.below
        if not below:
            break
    assert pages == whole
    assert len(whole) >= 4


def test_the_mark_moves_only_when_somebody_says_so(company, since, vera, ana, client):
    company.put(4, title="Brand new")
    for _ in range(2):
        assert "Brand new" in text(client.get("/changes/"))
    now = datetime.now(UTC)
    answer = client.post("/changes/seen/", {"at": now.isoformat()}, follow=True)
    assert "Nothing changed" in text(answer)
    assert Look.objects.get().person == vera
    assert changes.look(ana) is None
    assert "Brand new" in text(client.get("/changes/?since=7d"))
    assert Look.objects.get().at == now


def test_nobody_marks_as_seen_what_is_yet_to_come(company, client):
    client.post("/changes/seen/", {"at": "2199-01-01T00:00:00+00:00"})
    assert Look.objects.get().at <= datetime.now(UTC)


@pytest.mark.parametrize(
    "query", ["since=tomorrow", "since=99999999d", "group=all", "group=new&below=x", "since=0001-01-01"]
)
def test_hostile_addresses_are_refused_or_harmless(query, company, client):
    assert client.get(f"/changes/?{query}").status_code in (200, 400)


def test_before_the_first_look_a_week_is_told(company, client):
    assert "you have not yet said" in text(client.get("/changes/"))


def test_twice_the_changes_cost_the_same_queries(company, since, client):
    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    def change(numbers):
        for number in numbers:
            item = company.put(number, status="Done", status_category="done")
            Event.objects.create(flag=company.flag(item), at=company.now, state="open")

    change((1, 2))
    queries("/changes/")  # what a process learns once
    before = queries("/changes/")
    change((3, 4, 5, 6))
    assert queries("/changes/") == before
    assert before < 30
