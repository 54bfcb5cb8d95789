"""Items, goals, trackers, people: what their pages tell, for programs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from syncd.accounts.models import AuditEvent, OneTimeLink, Role, Token, User
from syncd.review.as_json import explanation
from syncd.review.models import Flag
from syncd.review.why import why
from syncd.strategy.models import Draft, GoalUpdate
from syncd.trackers import as_json, search
from syncd.trackers.models import Item, Stream, Tracker
from tests.review.pages.conftest import written
from tests.trackers.conftest import made


@pytest.fixture
def served(busy) -> Item:
    """An item that serves a goal."""
    return Item.objects.select_related("tracker", "parent", "decision", "stream").get(key="WEB-40")


def test_items_are_what_the_command_line_prints(served, asks):
    (row,) = asks.get("items?goal=activation&limit=1").json()["rows"][:1]
    assert row["goals"][0]["goal"] == "activation"
    one = asks.get(f"items/{as_json.id_of(served)}").json()
    assert one["key"] == "WEB-40"
    assert one.keys() == as_json.item(served).keys()
    assert {row["key"] for row in asks.get("items?unlinked=true&kind=epic").json()["rows"]} == {"WEB-1", "WEB-10"}


def test_items_of_a_tracker_that_left_are_known_to_nobody(served, asks):
    Tracker.objects.update(active=False)
    assert asks.get(f"items/{as_json.id_of(served)}").status_code == 404
    assert asks.get("items").json()["rows"] == []


def test_an_item_is_explained_as_the_command_line_does(served, asks):
    told = asks.get(f"items/{as_json.id_of(served)}/explanation").json()
    assert told["explanation"]["verdict"] == explanation(why(served))["explanation"]["verdict"]
    assert told["explanation"]["links"][0]["evidence"][0]["strength"] == "explicit"
    before = asks.get(f"items/{as_json.id_of(served)}/explanation?at=2020-01-01T00:00:00Z")
    assert before.status_code == 404
    assert "was not known at that time" in before.json()["detail"]


def test_the_history_of_an_item_is_told(busy, served, asks):
    at = f"items/{as_json.id_of(served)}"
    assert [row["what"] for row in asks.get(f"{at}/history").json()["rows"]][:2] == ["created", "seen"]
    busy.put(made(40, title="Now called so", labels=("goal:activation",)))
    (turn,) = asks.get(f"{at}/versions").json()["rows"][0]["changes"]
    assert turn["new"] == "Now called so"
    assert asks.get(f"{at}/suggestions").json()["suggestions"] == []


def test_search_finds_items_and_goals(busy, asks):
    search.index(1_000)
    rows = asks.get("search?q=WEB-40").json()["rows"]
    assert (rows[0]["key"], rows[0]["exact"]) == ("WEB-40", True)
    assert [row["id"] for row in asks.get("search?q=claims&kind=goal").json()["rows"]] == ["claims"]
    assert asks.get("search").status_code == 422


def test_goals_stand_in_their_tree_with_what_is_said_of_them(busy, asks, ana):
    posted = asks.post("goals/claims/updates", {"health": "at_risk", "text": "Late"})
    assert (posted.status_code, posted.json()["author"]) == (201, ana.email)
    goals = {row["id"]: row for row in asks.get("goals").json()["rows"]}
    assert set(goals) == {"activation", "claims", "app"}
    assert goals["claims"]["health"]["health"] == "at_risk"
    assert asks.get("goals/claims").json() == goals["claims"]
    assert [row["text"] for row in asks.get("goals/claims/updates").json()["rows"]] == ["Late"]
    assert asks.get("goals/claims/changes").json()["rows"][0]["what"] == ["it was in the first version"]
    assert asks.post("goals/moon/updates", {"health": "at_risk"}).status_code == 404
    assert GoalUpdate.objects.count() == 1


def test_alignment_is_told_by_side_with_its_bounds(busy, asks):
    busy.put(made(60, status_category="in_progress", labels=("goal:claims",))).judge()
    told = asks.get("alignment?unit=items").json()
    assert told["day"] == str(busy.now.date())
    assert told["coverage"]["goal"]["likely"] == pytest.approx(3 / 13)
    assert [(part["side"], part["name"], part["amount"]) for part in told["parts"]] == [("goal", "claims", 1)]
    assert told["teams"][0]["effort"] == told["trackers"][0]["effort"] == {"goal": 1}
    assert asks.get("alignment?day=2001-01-01").status_code == 404


def test_changes_are_told_since_one_looked(busy, asks):
    told = asks.get("changes").json()
    groups = {group["group"]: group for group in told["groups"]}
    assert {"Opened"} == {row["word"] for row in groups["flags"]["rows"]}
    assert len(groups["new"]["rows"]) == 10
    assert groups["new"]["more"]
    found, path = [], "/api/v1/changes/new"
    while path:
        answer = asks.get(path).json()
        found, path = found + answer["rows"], answer["next"]
    assert {row["item"] for row in found} == {as_json.id_of(item) for item in Item.objects.select_related("tracker")}
    assert asks.post("changes/seen", {}).json()["before"] is None
    assert all(not group["rows"] for group in asks.get("changes").json()["groups"])
    assert asks.get("changes/nothing").status_code == 422


def test_versions_and_the_draft_are_told(busy, asks, settings):
    busy.follow(written())
    rows = asks.get("versions").json()["rows"]
    assert [row["in_force"] for row in rows] == [True, False]
    whole = asks.get(f"versions/{rows[0]['version']}").json()
    assert whole["files"]["strategy.yaml"]["vision"] == "Clinics on day one"
    settings.CONFIG_DIR = "/etc/syncd"
    assert asks.get("draft").status_code == 404
    Draft.objects.create(folder="/etc/syncd", hash="h", state="held", because="too much", seen_at=timezone.now())
    assert asks.get("draft").json()["because"] == "too much"


def test_trackers_tell_how_they_are_and_are_asked_again(busy, by_token, omar, asks):
    Tracker.objects.update(error="401", broken_since=timezone.now())
    (row,) = asks.get("trackers").json()["rows"]
    assert (row["name"], row["error"], row["streams"][0]["stream"]) == ("acme-jira", "401", "WEB")
    assert asks.get("trackers/acme-jira").json() | {"streams": 0} == row | {"streams": 0}
    Stream.objects.update(next_due_at=timezone.now() + timedelta(hours=1))
    assert asks.post("trackers/acme-jira/syncs").status_code == 403
    answer = by_token(omar).post("trackers/acme-jira/syncs")
    assert (answer.status_code, answer.json()) == (202, {"streams": 1})
    assert Stream.objects.get().next_due_at <= timezone.now()
    assert by_token(omar).post("trackers/none/syncs").status_code == 404
    assert AuditEvent.objects.filter(verb="sync_asked", actor=omar.email).count() == 1


def test_operators_let_people_in_and_out(omar, by_token):
    asks = by_token(omar)
    made_ = asks.post("people", {"email": "New@Acme.example", "role": "pm"})
    assert (made_.status_code, made_.json()["email"]) == (201, "new@acme.example")
    at = f"people/{made_.json()['id']}"
    assert asks.post("people", {"email": "new@acme.example"}).status_code == 422
    assert asks.post("people", {"email": "nobody"}).status_code == 422
    assert asks("PATCH", at, {"role": "viewer"}).json()["role"] == "viewer"
    assert asks("PATCH", at, {"active": False}).json()["active"] is False
    assert asks("PATCH", at, {"active": True}).json()["active"] is True
    last = asks("PATCH", f"people/{omar.pk}", {"role": "pm"})
    assert last.status_code == 409
    assert "must be an operator" in last.json()["detail"]
    assert asks("PATCH", f"people/{omar.pk}", {"active": False}).status_code == 409
    verbs = [row["what"] for row in asks.get("audit?who=omar@acme.example").json()["rows"]]
    assert verbs == ["person_let_in", "person_shut_out", "role_changed", "person_added"]


def test_a_link_is_made_in_person_alone(omar, vera, by_session):
    answer = by_session(omar).post(f"people/{vera.pk}/links")
    assert answer.status_code == 201
    assert "/sign-in/link/" in answer.json()["url"]
    assert OneTimeLink.objects.get().user == vera
    vera.shut_out()
    assert by_session(omar).post(f"people/{vera.pk}/links").status_code == 409


def test_oneself_is_told_and_changed(ana, by_token, by_session):
    asks = by_token(ana, "read")
    assert asks.get("me").json()["scopes"] == ["read"]
    assert by_session(ana).get("me").json()["scopes"] is None
    assert asks("PATCH", "me", {"time_zone": "Europe/Berlin", "theme": "dark"}).json()["theme"] == "dark"
    assert asks("PATCH", "me", {"time_zone": "Moon/Dark"}).status_code == 422
    assert User.objects.get(pk=ana.pk).time_zone == "Europe/Berlin"
    assert asks("PATCH", "me", {"role": "operator"}).status_code == 422
    assert User.objects.get(pk=ana.pk).role == Role.PM


def test_tokens_are_made_listed_and_revoked(ana, vera, by_session):
    script = by_session(ana)
    made_ = script.post("me/tokens", {"name": "CI", "scopes": ["read"], "days": 7}).json()
    (row,) = script.get("me/tokens").json()["rows"]
    assert "token" not in row
    assert (row["name"], row["state"]) == ("CI", "live")
    assert by_session(vera)("DELETE", f"me/tokens/{row['id']}").status_code == 404
    assert script("DELETE", f"me/tokens/{row['id']}").status_code == 204
    assert Token.objects.get().revoked_at
    assert made_["token"].startswith(f"sy_{row['prefix']}_")


def test_what_the_api_says_is_what_the_words_of_the_rooms_are():
    from typing import get_args

    from connectors.item import KINDS, STATUS_CATEGORIES
    from syncd.api.shapes import flags, items, people, strategy
    from syncd.review import queue
    from syncd.review.models import Question, Verdict

    pairs = [
        (flags.Tab, queue.TABS),
        (flags.Severity, queue.SEVERITIES),
        (flags.State, Flag.STATES),
        (flags.Kind, Verdict.KINDS),
        (flags.UntilEvent, Verdict.EVENTS),
        (flags.Sort, queue.SORTS),
        (flags.Ask.model_fields["kind"].annotation, Question.KINDS),
        (items.Kind, KINDS),
        (items.Category, STATUS_CATEGORIES),
        (people.Role, Role.values),
        (people.Scope, [act.value for act in __import__("syncd.accounts.access", fromlist=["Act"]).Act]),
        (strategy.Health, GoalUpdate.HEALTH),
    ]
    for ours, theirs in pairs:
        assert set(get_args(ours)) == set(theirs)


def test_the_reference_is_a_page_for_people_who_are_signed_in(vera, by_session):
    away = by_session(None).client.get("/api/v1/docs")
    assert (away.status_code, away.headers["Location"]) == (302, "/sign-in/?next=/api/v1/docs")
    page = by_session(vera).client.get("/api/v1/docs").content.decode()
    assert "<code>/flags/{flag}/decisions</code>" in page
    assert 'href="#shape-Decide"' in page
    assert 'id="shape-Decide"' in page
    for shape in re.findall(r'href="#shape-(\w+)"', page):
        assert f'id="shape-{shape}"' in page, shape
    assert "Listing" not in page
