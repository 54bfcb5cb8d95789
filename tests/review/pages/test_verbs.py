"""Every verb by its form alone, as a browser without script sends it; its inverse; and who may do what."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from syncd.review import verdicts
from syncd.review.models import Flag, Verdict
from tests.review.pages.conftest import text, titles, toast
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + timedelta(days=1)
IN_A_MONTH = f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}"

VERBS = [
    ("goal", {"target": "claims", "comment": "it is about claims"}, "resolved", "link"),
    ("exempt", {"why": "maintenance"}, "exempt", "exempt"),
    ("wrong", {"why": "The rule's words are too wide", "comment": "a name"}, "exempt", "false_positive"),
    ("accept", {"why": "It ends by itself", "until": IN_A_MONTH}, "exempt", "accept"),
    ("snooze", {"when": "7"}, "snoozed", "snooze"),
    ("snooze", {"when": "grows"}, "snoozed", "snooze"),
    ("snooze", {"when": "day", "day": IN_A_MONTH}, "snoozed", "snooze"),
]


def seen(client, flag: Flag) -> str:
    """As the page of the flag gives it."""
    page = client.get(f"/review/{flag.id}/").content.decode()
    found = re.search(r'name="seen" value="([a-z]+\.\d+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(("name", "fields", "state", "kind"), VERBS)
def test_a_verb_decides_and_the_next_flag_is_shown(name, fields, state, kind, flagged, browser, ana):
    first, second, _ = flagged(3)
    client = browser(ana)
    form = client.get(f"/review/{first.id}/{name}/?sort=oldest")
    assert form.status_code == 200
    assert 'name="comment"' in form.content.decode()
    sent = fields | {"seen": seen(client, first), "then": second.id}
    answer = client.post(f"/review/{first.id}/{name}/?sort=oldest", sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/review/{second.id}/?sort=oldest")
    first.refresh_from_db()
    assert (first.state, first.verdict.kind, first.verdict.author) == (state, kind, "ana@acme.example")
    said = toast(client, answer)
    assert "WEB-1:" in said
    assert "Undo" in said
    assert titles(client.get("/review/")) == ["WEB-2", "WEB-3"]


def test_the_suggestion_is_linked_by_one_press(flagged, suggests, browser, ana):
    [flag] = flagged(1)
    suggests(flag, "activation")
    client = browser(ana)
    page = client.get("/review/").content.decode()
    assert f'action="/review/{flag.id}/link/"' in page
    answer = client.post(f"/review/{flag.id}/link/", {"seen": seen(client, flag)})
    assert answer.headers["Location"] == "/review/"
    flag.refresh_from_db()
    assert (flag.state, flag.verdict.target) == ("resolved", "activation")


def test_without_a_suggestion_there_is_no_such_button_and_pressing_it_anyway_is_refused(flagged, browser, ana):
    [flag] = flagged(1)
    client = browser(ana)
    assert f'action="/review/{flag.id}/link/"' not in client.get("/review/").content.decode()
    answer = client.post(f"/review/{flag.id}/link/", {})
    assert "no goal is suggested" in text(answer)
    assert Verdict.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "fields", "says"),
    [
        ("exempt", {}, "This field is required"),
        ("exempt", {"why": "other"}, "Say it in your words"),
        ("exempt", {"why": "maintenance", "until": "2020-01-01"}, "is over"),
        ("wrong", {"why": "Other", "comment": " "}, "Say it in your words"),
        ("accept", {"why": "It ends by itself"}, "This field is required"),
        ("snooze", {"when": "day"}, "Give the day"),
        ("snooze", {"when": "goal_changes"}, "about no goal that could change"),
        ("goal", {"target": "app"}, "not one of the available choices"),
        ("goal", {"target": "nonsense"}, "not one of the available choices"),
        ("goal", {}, "This field is required"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_decided(name, fields, says, flagged, browser, ana):
    [flag] = flagged(1)
    answer = browser(ana).post(f"/review/{flag.id}/{name}/", fields)
    assert answer.status_code == 200
    assert says in text(answer)
    assert Verdict.objects.count() == 0


def test_the_toast_takes_a_verdict_back_and_shows_the_flag_again(flagged, browser, ana):
    first, _ = flagged(2)
    client = browser(ana)
    client.post(f"/review/{first.id}/exempt/", {"why": "support"})
    page = client.get("/review/").content.decode()
    [undo] = re.findall(r'action="(/review/decisions/\d+/undo/)"', page.split('id="toasts"')[1])
    answer = client.post(undo, {"next": "/review/?sort=oldest"})
    assert answer.headers["Location"] == "/review/?sort=oldest"
    assert "Took back: exempt (support)" in toast(client, answer)
    assert titles(client.get("/review/")) == ["WEB-1", "WEB-2"]


def test_the_log_takes_a_verdict_back_however_late_and_by_whomever(flagged, desk, browser, ana, omar):
    [flag] = flagged(1)
    verdict = desk.decide(flag, "snooze", until_event="grows")
    client = browser(omar)
    page = client.get(f"/review/{flag.id}/").content.decode()
    assert f'action="/review/decisions/{verdict.id}/undo/"' in page.split("What happened")[1]
    client.post(f"/review/decisions/{verdict.id}/undo/")
    flag.refresh_from_db()
    assert flag.state == "open"
    said = text(client.get(f"/review/{flag.id}/"))
    assert "Took back: snoozed until it grows" in said
    assert "omar@acme.example" in said


def test_taking_back_twice_says_who_was_first(flagged, desk, browser, ana):
    [flag] = flagged(1)
    verdict = desk.decide(flag, "snooze", until_event="grows")
    client = browser(ana)
    client.post(f"/review/decisions/{verdict.id}/undo/")
    answer = client.post(f"/review/decisions/{verdict.id}/undo/")
    assert "Nothing was changed: ana@acme.example took it back" in toast(client, answer)


def test_whoever_comes_second_is_told_and_sees_how_it_stands(flagged, browser, ana, omar):
    [flag] = flagged(1)
    client = browser(ana)
    as_seen = seen(client, flag)
    browser(omar).post(f"/review/{flag.id}/exempt/", {"why": "compliance"})
    answer = client.post(f"/review/{flag.id}/snooze/", {"when": "7", "seen": as_seen})
    assert answer.headers["Location"] == f"/review/{flag.id}/"
    assert "is exempt meanwhile: exempt (compliance)" in toast(client, answer)
    flag.refresh_from_db()
    assert flag.verdict.author == "omar@acme.example"
    assert Verdict.objects.count() == 1


def test_a_flag_about_a_goal_offers_what_makes_sense(flagged, browser, ana):
    flag = Flag.objects.create(
        fingerprint="starved|claims", rule="starved_goal", severity="high", goal="claims", message="No work moves",
        fix="Start work", clears=1, opened_at=timezone.now(), stake=9, detail={"actual": 0.2, "intended": 0.4},
    )  # fmt: skip
    page = browser(ana).get(f"/review/{flag.id}/").content.decode()
    offered = set(re.findall(rf'href="/review/{flag.id}/(\w+)/"', page))
    assert offered == {"wrong", "accept", "snooze", "ask"}
    assert "20 %" in page
    assert "Start work" in page


def test_a_group_shows_its_rule_and_what_it_counts(desk, browser, ana):
    desk.put(*[made(number, labels=("import",)) for number in range(1, 7)]).judge()
    flag = Flag.objects.get(state="open")
    page = browser(ana).get(f"/review/{flag.id}/")
    said = text(page)
    assert "The rule that repairs it" in said
    assert "link: GOAL" in said
    assert all(f"WEB-{number}" in said for number in range(1, 7))
    assert f"/review/{flag.id}/exempt/" in page.content.decode()


def test_what_is_resolved_offers_nothing_to_decide(flagged, desk, browser, ana):
    [flag] = flagged(1)
    desk.put(made(1, labels=("goal:claims",))).judge()
    page = browser(ana).get(f"/review/{flag.id}/")
    assert "Resolved by itself: linked to" in text(page)
    assert not re.findall(rf"/review/{flag.id}/(?:goal|exempt|snooze)/", page.content.decode())


class TestHtmx:
    """The same verbs, with a part of the page as the answer."""

    ASKED = {"HX-Request": "true", "HX-Target": "div#desk"}

    def test_a_verdict_answers_with_the_list_the_next_flag_and_the_toast(self, flagged, browser, ana):
        first, second = flagged(2)
        sent = {"when": "7", "then": second.id}
        answer = browser(ana).post(f"/review/{first.id}/snooze/?sort=oldest", sent, headers=self.ASKED)
        page = answer.content.decode()
        assert "<html" not in page
        assert titles(answer) == ["WEB-2"]
        assert f'data-detail="{second.id}"' in page
        assert 'data-hx-swap-oob="true"' in page
        assert answer.headers["HX-Replace-Url"] == f"/review/{second.id}/?sort=oldest"
        assert re.search(r'data-hx-post="/review/decisions/\d+/undo/"', page)

    def test_a_row_opens_as_the_detail_alone(self, flagged, browser, ana):
        _, second = flagged(2)
        answer = browser(ana).get(f"/review/{second.id}/", headers=self.ASKED | {"HX-Target": "section#detail"})
        page = answer.content.decode()
        assert f'data-detail="{second.id}"' in page
        assert titles(answer) == []
        assert answer.headers["HX-Replace-Url"] == f"/review/{second.id}/"

    def test_undo_brings_the_flag_back_open(self, flagged, browser, ana):
        first, _ = flagged(2)
        client = browser(ana)
        client.post(f"/review/{first.id}/snooze/", {"when": "7"})
        verdict = Verdict.objects.get()
        sent = {"next": "/review/?sort=oldest"}
        answer = client.post(f"/review/decisions/{verdict.id}/undo/", sent, headers=self.ASKED)
        assert f'data-detail="{first.id}"' in answer.content.decode()
        assert titles(answer) == ["WEB-1", "WEB-2"]
        assert answer.headers["HX-Replace-Url"] == f"/review/{first.id}/?sort=oldest"

    def test_a_form_with_a_mistake_takes_the_page(self, flagged, browser, ana):
        [flag] = flagged(1)
        answer = browser(ana).post(f"/review/{flag.id}/exempt/", {"why": "other"}, headers=self.ASKED)
        assert answer.headers["HX-Retarget"] == "#content"
        assert "Say it in your words" in text(answer)


class TestRoles:
    @pytest.mark.parametrize("name", ["goal", "exempt", "wrong", "accept", "snooze", "link"])
    def test_a_viewer_sees_no_verb_and_may_use_none(self, name, flagged, suggests, browser, vera):
        [flag] = flagged(1)
        suggests(flag)
        client = browser(vera)
        page = client.get(f"/review/{flag.id}/").content.decode()
        assert f"/review/{flag.id}/{name}/" not in page
        assert "Ask" in page
        assert client.post(f"/review/{flag.id}/{name}/", {"why": "support"}).status_code == 403
        assert client.get(f"/review/{flag.id}/{name}/").status_code == 403
        assert Verdict.objects.count() == 0

    def test_a_viewer_takes_nothing_back(self, flagged, desk, browser, vera):
        [flag] = flagged(1)
        verdict = desk.decide(flag, "snooze", until_event="grows")
        client = browser(vera)
        assert "undo/" not in client.get(f"/review/{flag.id}/").content.decode()
        assert client.post(f"/review/decisions/{verdict.id}/undo/").status_code == 403
        flag.refresh_from_db()
        assert flag.state == "snoozed"

    def test_a_form_without_its_token_decides_nothing(self, flagged, browser, ana):
        [flag] = flagged(1)
        answer = browser(ana, checks_forms=True).post(f"/review/{flag.id}/exempt/", {"why": "support"})
        assert answer.status_code == 403
        assert Verdict.objects.count() == 0


def test_a_part_of_a_groups_decision_is_not_taken_back_alone(desk, browser, ana):
    desk.put(*[made(number, labels=("import",)) for number in range(1, 7)]).judge()
    flag = Flag.objects.get(state="open")
    whole = verdicts.decide(flag, "exempt", "ana", target="small", reason="so", now=desk.now)
    part = whole.members.first()
    assert browser(ana).post(f"/review/decisions/{part.id}/undo/").status_code == 404
