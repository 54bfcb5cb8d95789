"""Many at once: the number is said before, the server's count after, and all of it can be taken back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from syncd.review.models import Flag, Verdict
from tests.review.pages.conftest import text, titles, toast

pytestmark = pytest.mark.django_db


def fields(answer) -> dict[str, list[str]]:
    """What the confirming form carries along."""
    found: dict[str, list[str]] = {}
    form = answer.content.decode().split('action="/review/bulk/')[1].split("</form>")[0]
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def sent(client, path: str, *ids: int, verb: str = "exempt") -> dict[str, object]:
    """Rows that are ticked, as the list sends them."""
    page = client.get(path).content.decode()
    seen = re.findall(r'name="seen" value="(\d+:[^"]+)"', page)
    return {"verb": verb, "item": [str(each) for each in ids], "seen": seen}


def test_a_verb_about_a_selection_names_the_number_first_and_reports_the_count_after(flagged, browser, ana):
    flags = flagged(4)
    client = browser(ana)
    asked = client.post("/review/bulk/", sent(client, "/review/", flags[0].id, flags[2].id))
    assert "Exempt: 2 flags" in text(asked)
    assert Verdict.objects.count() == 0, "nothing is decided before it is said how many"
    done = client.post("/review/bulk/", fields(asked) | {"why": "small"})
    assert done.status_code == 303
    assert "2 flags exempted" in toast(client, done)
    assert titles(client.get("/review/")) == ["WEB-2", "WEB-4"]


def test_all_that_match_is_a_step_of_its_own_and_keeps_to_the_filter(flagged, browser, ana):
    flags = flagged(60)
    Flag.objects.filter(id__in=[flag.id for flag in flags[:55]]).update(owner="Pia")
    client = browser(ana)
    page = client.get("/review/?owner=Pia")
    assert "Select all 55 that match" in text(page)
    assert 'name="scope"' not in page.content.decode()
    every = client.get("/review/?owner=Pia&all=1")
    assert "All 55 that match are selected" in text(every)
    as_of = re.search(r'name="as_of" value="([^"]+)"', every.content.decode())[1]
    asked = client.post("/review/bulk/?owner=Pia", {"verb": "snooze", "scope": "every", "as_of": as_of})
    assert "Snooze: 55 flags" in text(asked)
    done = client.post("/review/bulk/?owner=Pia", fields(asked) | {"when": "30"})
    assert done.headers["Location"] == "/review/?owner=Pia"
    assert "55 flags snoozed" in toast(client, done)
    assert Flag.objects.filter(state="snoozed").count() == 55
    assert len(titles(client.get("/review/"))) == 5


def test_what_was_found_after_the_list_was_shown_is_not_among_all(flagged, browser, ana):
    flags = flagged(3)
    client = browser(ana)
    as_of = timezone.now().isoformat()
    Flag.objects.filter(id=flags[0].id).update(opened_at=timezone.now() + timedelta(seconds=1))
    asked = client.post("/review/bulk/", {"verb": "snooze", "scope": "every", "as_of": as_of})
    assert "Snooze: 2 flags" in text(asked)


def test_one_press_takes_a_batch_back(flagged, browser, ana):
    flags = flagged(3)
    client = browser(ana)
    asked = client.post("/review/bulk/", sent(client, "/review/", *[flag.id for flag in flags], verb="wrong"))
    client.post("/review/bulk/", fields(asked) | {"why": "The data in the tracker is wrong"})
    page = client.get("/review/").content.decode()
    [undo] = re.findall(r'action="(/review/batches/\w+/undo/)"', page)
    answer = client.post(undo, {"next": "/review/"})
    assert "Took back 3 decisions" in toast(client, answer)
    assert len(titles(client.get("/review/"))) == 3
    again = client.post(undo)
    assert "none of it stands any more" in toast(client, again)


def test_what_is_refused_is_counted_told_and_stays_selected(flagged, browser, ana, omar):
    first, second, third = flagged(3)
    client = browser(ana)
    form = sent(client, "/review/", first.id, second.id, third.id, verb="snooze")
    browser(omar).post(f"/review/{second.id}/wrong/", {"why": "The rule's words are too wide"})
    asked = client.post("/review/bulk/", form)
    done = client.post("/review/bulk/", fields(asked) | {"when": "7"})
    assert done.headers["Location"] == f"/review/?chosen={second.id}"
    said = toast(client, done)
    assert "2 flags snoozed; 1 not:" in said
    assert f"#{second.id} is exempt meanwhile" in said
    second.refresh_from_db()
    assert second.verdict.author == "omar@acme.example"


def test_each_is_linked_to_its_own_suggestion_and_those_without_are_left(flagged, suggests, browser, ana):
    first, second, third = flagged(3)
    suggests(first, "claims")
    suggests(second, "activation")
    client = browser(ana)
    asked = client.post("/review/bulk/", sent(client, "/review/", first.id, second.id, third.id, verb="link"))
    assert "Link 2 of 3 flags to what is suggested" in text(asked)
    done = client.post("/review/bulk/", fields(asked))
    assert "2 flags linked; 1 not: no goal is suggested" in toast(client, done)
    assert dict(Verdict.objects.values_list("flag", "target")) == {first.id: "claims", second.id: "activation"}


def test_a_verb_without_a_selection_changes_nothing_and_says_so(flagged, browser, ana):
    flagged(2)
    client = browser(ana)
    answer = client.post("/review/bulk/", {"verb": "exempt"})
    assert "nothing was selected" in toast(client, answer)
    assert Verdict.objects.count() == 0


def test_the_form_asks_again_for_what_is_missing(flagged, browser, ana):
    [flag] = flagged(1)
    client = browser(ana)
    asked = client.post("/review/bulk/", sent(client, "/review/", flag.id))
    again = client.post("/review/bulk/", fields(asked) | {"why": "other"})
    assert "Say it in your words" in text(again)
    done = client.post("/review/bulk/", fields(again) | {"why": "other", "comment": "agreed"})
    assert "1 flag exempted" in toast(client, done)


def test_more_than_a_thousand_are_decided_a_thousand_at_a_time(flagged, browser, ana, monkeypatch):
    monkeypatch.setattr("syncd.review.many.MOST", 3)
    flagged(5)
    client = browser(ana)
    assert "Select the first 3 that match" in text(client.get("/review/"))
    asked = client.post("/review/bulk/", {"verb": "snooze", "scope": "every"})
    assert "Snooze: 3 flags" in text(asked)


def test_a_viewer_has_no_bulk_verbs(flagged, browser, vera):
    flags = flagged(2)
    client = browser(vera)
    assert "/review/bulk/" not in client.get("/review/").content.decode().split('class="bulk"')[0][-5:]
    assert 'class="bulk"' not in client.get("/review/").content.decode()
    assert client.post("/review/bulk/", {"verb": "exempt", "item": [flags[0].id]}).status_code == 403
