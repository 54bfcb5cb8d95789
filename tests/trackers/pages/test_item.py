"""An item tells what it serves and everything that happened to it, with both times."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.item import Person
from syncd.review.models import Event, Verdict
from syncd.strategy.models import Decision, PastDecision
from syncd.trackers import presence, story
from syncd.trackers.pages import timeline
from tests.trackers.conftest import made
from tests.trackers.pages.conftest import LUCIA, text

ANA = Person("1", "Ana")


def said(before, after):
    return [(change.name, change.old, change.new) for change in story.changed(made(1, **before), made(1, **after))]


class TestWording:
    def test_a_value_that_became_another(self):
        assert said({}, {"status": "Done", "status_category": "done"}) == [("Status", "To Do", "Done")]

    def test_of_lists_what_went_and_what_came(self):
        before, after = {"labels": ("a", "b"), "assignees": (ANA,)}, {"labels": ("b", "c"), "assignees": (ANA, LUCIA)}
        assert said(before, after) == [("Assignees", "", "Lucía Ortega"), ("Labels", "a", "c")]

    def test_points_are_figures_and_drafts_are_yes_or_no(self):
        assert said({"points": 3.0, "draft": True}, {"points": 5.5, "draft": False}) == [
            ("Points", "3", "5.5"),
            ("Draft", "yes", "no"),
        ]

    def test_a_description_is_told_by_its_length(self):
        assert said({"body": "x" * 1200}, {"body": ""}) == [("Description", "1,200 characters", "")]

    def test_fields_go_by_the_name_they_have_in_the_tracker(self):
        assert said({"fields": {"Team": "A"}}, {"fields": {"Team": "B", "Risk": ["x", "y"]}}) == [
            ("Risk", "", "x, y"),
            ("Team", "A", "B"),
        ]

    def test_a_long_value_is_cut(self):
        [(_, _, new)] = said({}, {"title": "t" * 1000})
        assert len(new) == story.LONGEST + 1

    def test_nothing_that_is_the_same_is_told(self):
        assert said({"labels": ("a",)}, {"labels": ("a",)}) == []


def test_versions_are_told_with_the_time_of_the_tracker_where_it_is_another(company, client):
    company.put(1)
    company.now += timedelta(hours=5)
    item = company.put(
        1, status="In Progress", status_category="in_progress", updated_at=company.now - timedelta(hours=4)
    )
    page = text(client.get(f"/items/{item.id}/"))
    assert "Changed in acme-jira Status To Do → In Progress" in page
    assert "it happened" in page


def test_a_flag_a_verdict_and_another_goal_are_in_the_history(company, client):
    item = company.decide(company.put(1), "claims")
    flag = company.flag(item)
    Event.objects.create(flag=flag, at=company.now, state="open", because="")
    Event.objects.create(flag=flag, at=company.now, state="resolved", because="it is linked now")
    Verdict.objects.create(
        flag=flag,
        item=item,
        kind="link",
        target="claims",
        author="ana@acme.example",
        reason="agreed",
        made_at=company.now,
    )
    PastDecision.objects.create(
        item=item, primary_goal="", explanation="{}", version=company.version,
        decided_at=company.now - timedelta(hours=1), ended_at=company.now,
    )  # fmt: skip
    page = text(client.get(f"/items/{item.id}/"))
    for words in (
        "Flag opened",
        "Flag resolved: it is linked now",
        "Linked to claims by ana@acme.example: agreed",
        "Judged anew: it serves claims; before, it serves no goal",
        "Claims accepted It says so itself, or the strategy names it Primary",
    ):
        assert words in page


def test_a_decision_that_only_says_it_in_other_words_is_no_news(company):
    item = company.decide(company.put(1), "claims")
    PastDecision.objects.create(
        item=item, primary_goal="claims", explanation="{}", version=company.version,
        decided_at=company.now - timedelta(hours=1), ended_at=company.now,
    )  # fmt: skip
    assert [each.says for each in timeline.timeline(item).told if "udged" in each.says] == ["Judged: it serves claims"]
    assert Decision.objects.count() == 1


def test_a_long_history_has_pages_that_hold_every_change_once(company, client, monkeypatch):
    monkeypatch.setattr(story, "MOST", 3)
    for number in range(9):
        item = company.put(1, title=f"Title {number}")
    before, changes = 0, []
    while True:
        found = story.story(item, before)
        changes += [change.new for step in found.steps for change in step.changes]
        before = found.earlier
        if not before:
            break
        assert client.get(f"/items/{item.id}/?before={before}").status_code == 200
    assert changes == [f"Title {number}" for number in range(8, 0, -1)]


def test_a_place_in_the_history_that_is_none_is_refused(company, client):
    item = company.put(1)
    for before in ("x", "-1", "9" * 30, "१"):
        assert client.get(f"/items/{item.id}/?before={before}").status_code == 400


def test_an_item_that_is_gone_says_so_and_stays(company, client):
    item = company.put(1)
    presence.bury([item.id], "trashed", company.now)
    page = text(client.get(f"/items/{item.id}/"))
    assert "Not in its tracker any more" in page
    assert "trashed" in page


def test_children_and_parent_lead_to_each_other(company, client):
    parent = company.put(1, kind="epic", title="Clinics")
    child = company.put(2, parent="jira:WEB-1")
    assert f'href="/items/{child.id}/"' in client.get(f"/items/{parent.id}/").content.decode()
    assert f'href="/items/{parent.id}/"' in client.get(f"/items/{child.id}/").content.decode()


def test_a_hostile_address_is_no_link(company, client):
    item = company.put(1, url="javascript:alert(1)", title="<script>alert(1)</script>")
    page = client.get(f"/items/{item.id}/").content.decode()
    assert "javascript:" not in page
    assert "<script>alert" not in page


def test_twice_the_versions_and_children_cost_the_same_queries(company, client):
    def queries(item):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/items/{item.id}/").status_code == 200
        return len(captured)

    for number in range(3):
        item = company.put(1, title=f"Title {number}")
        company.put(number + 2, parent="jira:WEB-1")
        company.flag(item)
    queries(item)  # what a process learns once
    before = queries(item)
    for number in range(3, 6):
        item = company.put(1, title=f"Title {number}")
        company.put(number + 2, parent="jira:WEB-1")
        company.flag(item)
    assert queries(item) == before
