"""The list: what it shows, in which order, by which address, and how many queries that takes."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from syncd.review import queue
from syncd.review.models import Finding, Flag, RuleRecord
from syncd.trackers.models import Stream, Tracker
from tests.review.pages.conftest import text, titles
from tests.trackers.conftest import made
from tests.web.sending import sent

pytestmark = pytest.mark.django_db


def test_what_it_costs_most_to_be_wrong_about_comes_first(flagged, browser, ana):
    flagged(3)
    answer = browser(ana).get("/review/")
    assert titles(answer) == ["WEB-1", "WEB-2", "WEB-3"]
    said = text(answer)
    assert "Without a goal" in said
    assert "To review 3" in said
    assert "66.3 at stake" in said


def test_a_suggestion_says_how_sure_it_is_in_a_word_until_fifty_were_answered(
    flagged, suggests, browser, ana, monkeypatch
):
    suggests(flagged(1)[0])
    client = browser(ana)
    said = text(client.get("/review/"))
    assert "Claims accepted strong" in said
    assert "80 % sure" not in said
    monkeypatch.setattr("syncd.strategy.suggestions.proven", lambda: True)
    assert "Claims accepted 80 % sure" in text(client.get("/review/"))


def test_two_flags_of_one_item_are_selected_by_different_names(flagged, browser, ana):
    flagged(1, due=timezone.now().date() - timedelta(days=60))
    said = text(browser(ana).get("/review/"))
    assert "Select WEB-1: Without a goal " in said
    assert "Select WEB-1: Overdue " in said


def test_the_first_flag_is_open_beside_the_list_and_an_address_opens_another(flagged, browser, ana):
    first, second = flagged(2)
    client = browser(ana)
    assert f'data-detail="{first.id}"' in client.get("/review/").content.decode()
    page = client.get(f"/review/{second.id}/").content.decode()
    assert f'data-detail="{second.id}"' in page
    assert 'class="split one"' in page


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("?q=&rule=&goal=&sort=", "/review/"),
        ("?tab=review", "/review/"),
        ("?sort=stake", "/review/"),
        ("?sort=oldest&rule=unlinked&q=", "/review/?rule=unlinked&sort=oldest"),
        ("?rule=unlinked&utm=x", "/review/?rule=unlinked"),
        ("?age=7&age=", "/review/?age=7"),
        ("?tab=snoozed&sort=waiting", "/review/?tab=snoozed"),
        ("?tab=auto&auto=resolved", "/review/?tab=auto"),
        ("?all=0&after=", "/review/"),
    ],
)
def test_the_same_list_has_one_address(asked, canonical, browser, ana):
    client = browser(ana)
    answer = client.get(f"/review/{asked}")
    assert (answer.status_code, answer.headers["Location"]) == (302, canonical)
    assert client.get(canonical).status_code == 200


def test_htmx_is_told_the_address_instead(flagged, browser, ana):
    flagged(1)
    answer = browser(ana).get("/review/?q=&rule=unlinked", headers={"HX-Request": "true", "HX-Target": "div#desk"})
    assert answer.status_code == 200
    assert answer.headers["HX-Replace-Url"] == "/review/?rule=unlinked"
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("?tab=sleeping", "snoozed"),
        ("?sort=best", "sort=best"),
        ("?severity=hihg", "high"),
        ("?age=week", "expected days, such as age=7"),
        ("?age=99999999999999999999", "expected days"),
        ("?after=forged", "open the list without"),
        ("?tab=auto&auto=magic", "resolved, held, demoted"),
    ],
)
def test_an_address_that_asks_for_nothing_there_is_answered_in_words(asked, says, browser, ana):
    answer = browser(ana).get(f"/review/{asked}")
    assert answer.status_code == 400
    assert says in text(answer)


class TestFilters:
    @pytest.fixture(autouse=True)
    def _three(self, flagged):
        first, second, _ = flagged(3)
        Flag.objects.filter(id=first.id).update(owner="Pia", opened_at=timezone.now() - timedelta(days=40))
        Flag.objects.filter(id=second.id).update(owner="Quinn", rule="fax", severity="low", concerns="claims")
        Tracker.objects.create(name="acme-github", kind="github", url="https://api.github.com")

    @pytest.mark.parametrize(
        ("asked", "left"),
        [
            ("rule=fax", ["WEB-2"]),
            ("rule=fax&rule=unlinked", ["WEB-1", "WEB-2", "WEB-3"]),
            ("owner=Pia", ["WEB-1"]),
            ("severity=low", ["WEB-2"]),
            ("goal=claims", ["WEB-2"]),
            ("goal=claims&goal=activation", ["WEB-2"]),
            ("age=30", ["WEB-1"]),
            ("q=web-3", ["WEB-3"]),
            ("q=serves+no", ["WEB-1", "WEB-2", "WEB-3"]),
            ("tracker=acme-jira", ["WEB-1", "WEB-2", "WEB-3"]),
            ("container=WEB", ["WEB-1", "WEB-2", "WEB-3"]),
            ("kind=story&owner=Quinn", ["WEB-2"]),
            ("tracker=acme-github", []),
            ("state=open", ["WEB-1", "WEB-2", "WEB-3"]),
            ("state=open&state=resolved", ["WEB-3", "WEB-2", "WEB-1"]),
            ("state=open&state=resolved&severity=low", ["WEB-2"]),
            ("state=open&state=snoozed&sort=oldest", ["WEB-1", "WEB-2", "WEB-3"]),
            ("sort=newest", ["WEB-3", "WEB-2", "WEB-1"]),
            ("sort=oldest", ["WEB-1", "WEB-2", "WEB-3"]),
        ],
    )
    def test_a_filter_leaves_what_it_says(self, asked, left, browser, ana):
        client = browser(ana)
        answer = client.get(f"/review/?{asked}", follow=True)
        assert titles(answer) == left
        assert f"To review {len(left)}" in text(answer)

    def test_each_filter_that_is_set_is_a_chip_that_takes_it_away(self, browser, ana):
        page = browser(ana).get("/review/?q=web&rule=fax&owner=Quinn&age=30&sort=oldest", follow=True).content.decode()
        assert 'href="/review/?q=web&amp;owner=Quinn&amp;age=30&amp;sort=oldest"' in page
        assert 'href="/review/?q=web&amp;rule=fax&amp;age=30&amp;sort=oldest"' in page
        assert "Open for a month or longer" in page
        assert "Remove all" in page

    def test_what_no_field_shows_is_kept_when_another_is_set(self, browser, ana):
        page = browser(ana).get("/review/?kind=story&tab=snoozed", follow=True).content.decode()
        assert '<input type="hidden" name="kind" value="story">' in page
        assert '<input type="hidden" name="tab" value="snoozed">' in page

    def test_sending_the_form_as_it_stands_asks_for_the_same(self, browser, ana):
        asked = (
            "tab=snoozed&q=web&rule=unlinked&rule=fax&severity=low&severity=high&kind=story&owner=Quinn&owner=Pia&age=7"
        )
        client = browser(ana)
        assert client.get(f"/review/?{asked}").status_code == 200, "that is its one address"
        answer = client.get(f"/review/?{sent(client.get(f'/review/?{asked}').content.decode(), 'filters')}")
        assert answer.headers["Location"] == f"/review/?{asked}"


def test_the_work_for_a_goal_is_found_by_the_goal_it_serves(desk, browser, ana):
    desk.put(
        made(1, labels=("goal:claims",), kind="pull_request", status_category="in_progress"),
        made(2, labels=("goal:activation", "goal:claims")),
        made(3),
    ).judge()
    found = {flag.item.key for flag in Flag.objects.filter(state="open")}
    assert "WEB-2" in found
    listed = titles(browser(ana).get("/review/?goal=claims"))
    assert "WEB-3" not in listed
    assert set(listed) <= {"WEB-1", "WEB-2"}
    flag = Flag.objects.get(item__key="WEB-2", state="open")
    other = {"activation": "claims", "claims": "activation"}[flag.concerns]
    desk.put(made(2, labels=(f"goal:{other}",))).judge()
    flag.refresh_from_db()
    assert (flag.state, flag.concerns) == ("resolved", other), "what is decided knows it as well"


def test_pages_lead_on_and_back_without_a_gap(flagged, browser, ana):
    flagged(120)
    client = browser(ana)
    first = client.get("/review/")
    assert len(titles(first)) == 25
    assert "25 of 120" in text(first)
    seen, answer = titles(first), first
    while links := re.findall(r'href="(\?[^"]+)" rel="next"', answer.content.decode()):
        answer = client.get("/review/" + links[0].replace("&amp;", "&"))
        seen += titles(answer)
    assert seen == [f"WEB-{number}" for number in range(1, 121)]
    assert 'rel="prev"' in answer.content.decode()


class TestQueries:
    def count(self, client, path):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    @pytest.mark.parametrize("path", ["/review/", "/review/?q=web&sort=oldest", "/review/?all=1"])
    def test_twice_the_rows_take_the_same_queries(self, path, flagged, suggests, browser, ana):
        for flag in flagged(6):
            suggests(flag)
        client = browser(ana)
        before = self.count(client, path)
        for flag in flagged(6, first=7)[6:]:
            suggests(flag)
        assert len(titles(client.get(path))) == 12
        assert self.count(client, path) == before

    def test_held_findings_too(self, flagged, browser, ana):
        flagged(12)
        Finding.objects.filter(id__in=Finding.objects.values("id")[:6]).update(held="baseline")
        client = browser(ana)
        before = self.count(client, "/review/?tab=auto&auto=held")
        Finding.objects.update(held="baseline")
        assert text(client.get("/review/?tab=auto&auto=held")).count("There at the first sync") == 12
        assert self.count(client, "/review/?tab=auto&auto=held") == before


class TestTabs:
    def test_what_is_snoozed_and_decided_waits_on_its_tab(self, flagged, desk, browser, ana):
        first, second, _ = flagged(3)
        desk.decide(first, "snooze", until_event="grows")
        desk.decide(second, "exempt", target="maintenance", reason="runs")
        client = browser(ana)
        assert titles(client.get("/review/")) == ["WEB-3"]
        assert titles(client.get("/review/?tab=snoozed")) == ["WEB-1"]
        decided = client.get("/review/?tab=decided")
        assert titles(decided) == ["WEB-2"]
        assert "Exempt (maintenance)" in text(decided)
        assert "To review 1 Snoozed 1 Decided 1 Auto-handled 0" in text(decided)

    def test_what_resolves_by_itself_never_vanishes(self, flagged, desk, browser, ana):
        first, _ = flagged(2)
        desk.decide(first, "snooze", until_event="grows")
        desk.put(made(1, status_category="done"), made(2, labels=("goal:claims",))).judge()
        answer = browser(ana).get("/review/?tab=auto")
        assert set(titles(answer)) == {"WEB-1", "WEB-2"}
        assert "To review 0 Snoozed 0 Decided 0 Auto-handled 2" in text(answer)

    def test_what_is_held_and_what_lost_its_word_is_told_with_the_reason(self, flagged, browser, ana):
        flagged(1)
        Finding.objects.update(held="monitor")
        RuleRecord.objects.create(
            rule="fax", since=timezone.now(), demoted_at=timezone.now(), demoted_because="3 of 20 were acted on"
        )
        client = browser(ana)
        assert "Its rule is on trial" in text(client.get("/review/?tab=auto&auto=held"))
        trial = text(client.get("/review/?tab=auto&auto=demoted"))
        assert "3 of 20 were acted on" in trial
        assert "syncd rules restore fax" in trial

    def test_counts_stop_at_a_thousand(self, flagged, browser, ana, monkeypatch):
        monkeypatch.setattr("syncd.review.queue.counts.__defaults__", (2,))
        monkeypatch.setattr("syncd.review.pages.words.capped.__defaults__", (2,))
        flagged(4)
        assert "To review 2+" in text(browser(ana).get("/review/"))


class TestLooking:
    """In a large store, what no index knows is looked for among some flags at a time."""

    @pytest.fixture
    def large(self, flagged, monkeypatch):
        """Seven flags, of which two are looked at for a page; only the fifth has the word."""
        monkeypatch.setattr("syncd.review.queue.finding.WHOLE", 0)
        monkeypatch.setattr("syncd.web.keyset.LOOK", 2)
        monkeypatch.setattr("syncd.review.queue.counts.__defaults__", (2,))
        found = flagged(7)
        Flag.objects.filter(pk=found[4].pk).update(message="About oncology")
        return found

    def test_a_page_on_which_nothing_fits_says_so_and_leads_on_until_it_is_found(self, large, browser, ana):
        client, path, steps = browser(ana), "/review/?q=oncology", 0
        while "About oncology" not in (page := client.get(path).content.decode()):
            assert "None among those looked at" in page
            assert 'href="/search/?q=oncology"' in page
            further = re.search(r'href="([?][^"]+)" rel="next"', page)[1]
            path, steps = f"/review/{html.unescape(further)}", steps + 1
        assert steps == 2

    def test_at_its_end_the_list_says_that_nothing_follows(self, large, browser, ana):
        client, page = browser(ana), ""
        path = "/review/?q=radiology"
        while further := re.search(r'href="([?][^"]+)" rel="next"', page := client.get(path).content.decode()):
            path = f"/review/{html.unescape(further[1])}"
        assert "No further flag matches" in page
        assert 'href="/review/?q=radiology"' in page

    def test_what_was_not_counted_is_said_to_be_more(self, large, browser, ana):
        said = text(browser(ana).get("/review/?q=oncology"))
        assert "To review 0+" in said
        assert "Snoozed 0 " in said

    def test_all_that_match_are_found_however_long_that_takes(self, large, browser, ana):
        client = browser(ana)
        assert "Select all that match" in text(client.get("/review/?severity=high"))
        Flag.objects.exclude(pk=large[4].pk).update(severity="low")
        said = text(client.get("/review/?severity=high&all=1"))
        assert "To review 1" in said

    def test_an_index_that_knows_spares_the_look(self, large, browser, ana):
        Flag.objects.filter(pk=large[6].pk).update(owner="Olga")
        assert titles(browser(ana).get("/review/?owner=Olga")) == ["WEB-7"]

    def test_what_concerns_a_goal_or_several_is_found_however_far_down_it_is(self, large, browser, ana):
        Flag.objects.filter(pk=large[6].pk).update(concerns="claims")
        Flag.objects.filter(pk=large[5].pk).update(concerns="activation")
        client = browser(ana)
        assert titles(client.get("/review/?goal=claims")) == ["WEB-7"]
        several = client.get("/review/?goal=claims&goal=activation")
        assert titles(several) == ["WEB-6", "WEB-7"]
        assert "To review 2 " in text(several)

    def test_of_more_goals_than_are_read_side_by_side_the_queue_is_looked_through(
        self, large, browser, ana, monkeypatch
    ):
        monkeypatch.setattr("syncd.review.queue.filters.MERGED", 1)
        Flag.objects.filter(pk=large[6].pk).update(concerns="claims")
        page = browser(ana).get("/review/?goal=claims&goal=activation").content.decode()
        assert "None among those looked at" in page
        assert 'rel="next"' in page

    def test_other_tabs_are_counted_to_a_quarter(self, large, desk, browser, ana):
        for flag in large[:2]:
            desk.decide(flag, "snooze", until_event="grows")
        assert queue.counts(ana, queue.Filters())["snoozed"] == queue.Count(1, more=True)
        client = browser(ana)
        assert "Snoozed 1+" in text(client.get("/review/"))
        assert "Snoozed 2 " in text(client.get("/review/?tab=snoozed"))

    def test_on_other_tabs_where_no_index_knows_it_the_look_is_bounded(self, large, desk, ana):
        for flag in large:
            desk.decide(flag, "snooze", until_event="grows")
        assert queue.counts(ana, queue.Filters(owner=("Olga",)))["snoozed"] == queue.Count(0, more=True)


class TestEmpty:
    """Four reasons why nothing is listed; "all done" is never said where it is not known."""

    def test_the_queue_is_clear_and_says_as_of_when(self, stream, browser, ana):
        said = text(browser(ana).get("/review/"))
        assert "The queue is clear" in said
        assert "ago serves a goal, is exempt, or was decided" in said

    def test_no_tracker_is_connected(self, db, browser, ana):
        said = text(browser(ana).get("/review/"))
        assert "No tracker is connected" in said
        assert "syncd check" in said
        assert "clear" not in said.split("Keyboard")[0]

    def test_the_trackers_cannot_be_read(self, stream, browser, ana):
        Stream.objects.update(broken_since=timezone.now(), error="the token was refused")
        said = text(browser(ana).get("/review/"))
        assert "The trackers cannot be read" in said
        assert "the token was refused" in said
        assert "syncd check" in said
        assert "The queue is clear" not in said
        assert "The trackers cannot be read" in text(browser(ana).get("/review/?q=nothing")), "with a filter as well"

    def test_a_tracker_without_streams_that_fails_is_told_too(self, db, browser, ana):
        Tracker.objects.create(name="j", kind="jira", url="https://x", broken_since=timezone.now(), error="no answer")
        assert "j: no answer" in text(browser(ana).get("/review/"))

    def test_before_the_first_sync_is_over_nothing_is_claimed(self, stream, browser, ana):
        Stream.objects.update(last_success_at=None)
        said = text(browser(ana).get("/review/"))
        assert "The first sync is under way" in said
        assert "The queue is clear" not in said

    def test_a_filter_that_matches_none_shows_itself(self, flagged, browser, ana):
        flagged(1)
        said = text(browser(ana).get("/review/?q=zebra"))
        assert "No flag matches" in said
        assert "“zebra”" in said
        assert "The queue is clear" not in said
