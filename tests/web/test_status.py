"""The status page says what is, in words, to everybody's eyes and to none of a hostile title's ends."""

import re
import time
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import DatabaseError

from syncd.accounts.models import User
from syncd.web import counts, snapshot, status
from tests.web.conftest import NOW

VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """A page as a browser builds it; refuses what a browser would have to repair, and what the policy forbids.
    ``text`` is what its main part says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.ids, self.hrefs, self._open = "", set(), [], []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        assert len(values) == len(attributes), f"an attribute twice: {tag} {attributes}"
        assert not any(name == "style" or name.startswith("on") for name in values), f"inline code: {attributes}"
        assert tag not in ("style", "iframe")
        assert tag != "script" or values["src"].startswith("/static/")
        if "id" in values:
            assert values["id"] not in self.ids
            self.ids.add(values["id"])
        if tag == "img":
            assert "alt" in values
        if tag == "a":
            self.hrefs.append(values["href"])
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data):
        assert "script" not in self._open or not data.strip()
        if "main" in self._open and "title" not in self._open[-1:]:
            self.text += data + " "


@pytest.fixture
def client(client, db):
    """Somebody who may look."""
    client.force_login(
        User.objects.add("vera@acme.example", "viewer"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.fixture
def page(client):
    def get(path="/status/") -> Page:
        answer = client.get(path)
        assert answer.status_code == 200
        return Page(answer.content.decode())

    return get


class TestWords:
    def test_an_empty_installation_says_how_to_begin(self, db, page):
        assert "No tracker yet Name your trackers in syncd.yaml" in page().text

    def test_before_the_first_discovery_it_says_that_it_is_looking(self, company, page):
        assert "2 trackers configured" in page().text

    def test_all_is_well_when_all_is_well(self, company, page):
        company.stream(company.github, "acme/web")
        text = page().text
        assert "Everything is up to date 1 stream polled" in text
        assert "acme-github Up to date" in text
        assert re.search(r"GitHub acme/web Up to date 3\d s ago", text)

    def test_the_home_page_is_the_status_page(self, company, page):
        company.stream(company.github, "acme/web")
        assert "acme/web" in page("/").text

    def test_a_stream_tells_its_last_success_lag_items_and_next_poll(self, company, page):
        stream = company.stream(company.github, "acme/web", requests=3)
        for _ in range(2):
            company.item(stream)
        company.item(stream, deleted_at=NOW)
        assert re.search(r"acme/web Up to date 3\d s ago in \d+ min 2 3", page().text)

    def test_a_failing_stream_comes_with_its_error_and_the_others_go_on(self, company, page):
        company.stream(company.github, "acme/web", broken_since=NOW, error="acme/web: answered 404: not there")
        company.stream(company.jira, "WEB")
        text = page().text
        assert "1 stream needs attention" in text
        assert "Failing" in text
        assert "acme/web: answered 404: not there" in text
        assert "acme-github 1 of 1 stream in trouble" in text
        assert "acme-jira Up to date" in text

    def test_an_error_of_the_whole_tracker_is_said_once(self, company, page):
        error = "the credential is refused (401): renew the token"
        company.jira.broken_since, company.jira.error = NOW, error
        company.jira.save()
        company.stream(company.jira, "WEB", broken_since=NOW, error=error)
        text = page().text
        assert text.count(error) == 1
        assert f"acme-jira Cannot be read {error}" in text

    def test_a_part_of_the_scope_that_cannot_be_read_is_named(self, company, page):
        company.github.problems = [{"where": "acme/gone", "what": "answered 404"}]
        company.github.save()
        company.stream(company.github, "acme/web", problems=[{"where": "PAY", "what": "no permission"}])
        text = page().text
        assert "acme/gone: answered 404" in text
        assert "PAY: no permission" in text

    def test_a_tracker_is_partly_out_of_reach_when_all_its_streams_are_well(self, company, page):
        company.github.problems = [{"where": "acme/gone", "what": "answered 404"}]
        company.github.save()
        company.stream(company.github, "acme/web")
        assert "acme-github Partly out of reach acme/gone: answered 404" in page().text

    def test_a_held_sweep_says_how_much_and_how_to_confirm(self, company, page):
        company.stream(company.github, "acme/web", held={"missing": 212, "of": 4800, "since": "x"})
        text = page().text
        assert "212 of 4,800 items were not seen any more" in text
        assert "syncd sync acme-github --accept-deletions" in text
        assert "1 stream needs attention" in text

    @pytest.mark.parametrize(
        ("values", "word"),
        [
            ({"cursor": {}}, "First sync under way"),
            ({"cursor": {}, "last_attempt_at": None, "last_success_at": None, "next_due_at": None}, "Not polled yet"),
            ({"next_due_at": NOW - timedelta(minutes=20)}, "Late"),
            ({"next_due_at": NOW - timedelta(minutes=20), "lease_until": NOW + timedelta(hours=1)}, "Up to date"),
        ],
    )
    def test_every_state_has_a_word(self, company, page, values, word):
        company.stream(company.github, "acme/web", **values)
        assert f"GitHub acme/web {word}" in page().text

    def test_what_left_the_configuration_is_not_shown(self, company, page):
        company.stream(company.github, "acme/old", active=False)
        company.jira.active = False
        company.jira.save()
        company.stream(company.jira, "WEB")
        assert not {"acme/old", "WEB"} & set(page().text.split())

    def test_it_says_how_old_it_is_and_offers_to_reload(self, company, page):
        seen = page()
        assert re.search(r"As of \d\d:\d\d:\d\d UTC", seen.text)
        assert "" in seen.hrefs

    def test_a_store_that_does_not_answer_is_said_politely(self, client, db, monkeypatch):
        def down(_now):
            raise DatabaseError("connection to postgresql://syncd:secret@db refused")

        monkeypatch.setattr(snapshot, "take", down)
        answer = client.get("/status/")
        assert answer.status_code == 503
        assert "The store does not answer" in Page(answer.content.decode()).text
        assert b"secret" not in answer.content


class TestCoverage:
    def test_items_are_counted_by_what_ties_them_to_the_strategy(self, company, page):
        stream = company.stream(company.github, "acme/web")
        for goal, exempt in [("activation", ""), ("activation", "maintenance"), ("", "maintenance"), ("", "")]:
            company.item(stream, goal=goal, exempt=exempt)
        company.item(stream)
        company.item(stream, goal="activation", deleted_at=NOW)
        text = page().text
        assert "5 items in all, 1 not judged yet 25 % of the work serves no goal" in text
        assert "With a goal 2 50 % Exempt 1 25 % Without a goal 1 25 %" in text

    def test_hundred_percent_is_said_of_all_only(self):
        assert counts.Coverage(goal=999, exempt=0, unlinked=1, waiting=0).percent(999) == 99
        assert counts.Coverage(goal=0, exempt=0, unlinked=0, waiting=3).percent(0) == 0

    @pytest.mark.parametrize(
        ("unlinked", "finding"),
        [(0, "Every item serves a goal or is exempt"), (1, "1 % of the work serves no goal"),
         (999, "50 % of the work serves no goal")],
    )  # fmt: skip
    def test_the_finding_is_a_sentence_and_never_hides_a_rest(self, unlinked, finding):
        assert status._finding(counts.Coverage(goal=900, exempt=99, unlinked=unlinked, waiting=0)) == finding

    def test_before_the_first_judgement_it_claims_nothing(self):
        assert status._finding(counts.Coverage(goal=0, exempt=0, unlinked=0, waiting=3)) == "Nothing is judged yet"


class TestFlags:
    def test_the_ten_that_clear_most_are_shown_with_what_mends_them(self, company, page):
        item = company.item(company.stream(company.github, "acme/web"))
        for clears in range(1, 13):
            company.flag(item, clears=clears, message=f"Epic {clears} serves no goal", fix=f"Link epic {clears}")
        company.flag(item, clears=99, state="resolved", message="Done with")
        text = page().text
        assert "12 items Epic 12 serves no goal Link epic 12 Without a goal High Open for 3 h" in text
        assert "Epic 3 serves" in text
        assert "Epic 2 serves" not in text
        assert "Done with" not in text
        assert "12 open flags" in text

    def test_open_flags_are_counted_by_rule_the_most_first(self, company, page):
        item = company.item(company.stream(company.github, "acme/web"))
        for rule in ("no-owner", "conflict", "conflict"):
            company.flag(item, rule=rule)
        assert "Conflicting goals 2 no-owner 1" in page().text

    def test_a_flag_of_a_goal_has_no_item_to_link_to(self, company, page):
        company.stream(company.github, "acme/web")
        company.flag(None, goal="activation", message="Nothing moves for activation")
        assert "Nothing moves for activation" in page().text

    def test_a_title_is_text_and_never_markup(self, company, page):
        hostile = "<script>alert(1)</script><b onclick=x>\"'&amp;"
        stream = company.stream(company.github, hostile, broken_since=NOW, error=hostile)
        company.flag(company.item(stream), message=hostile, fix=hostile, owner=hostile, rule=hostile)
        assert page().text.count("<script>alert(1)</script>") >= 5

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x", ""])
    def test_an_address_that_is_no_web_address_is_not_linked(self, company, page, url):
        company.flag(company.item(company.stream(company.github, "acme/web"), url=url))
        assert url.strip() == "" or url not in page().hrefs
        assert {href for href in page().hrefs if not href.startswith("/")} == {"#content", ""}

    def test_a_web_address_is_linked(self, company, page):
        company.flag(company.item(company.stream(company.github, "acme/web"), url="https://acme.example/3?a=1&b=2"))
        assert "https://acme.example/3?a=1&b=2" in page().hrefs


def test_the_number_of_queries_does_not_grow_with_what_is_there(company, client, django_assert_num_queries):
    client.get("/status/")  # the first visit notes that somebody is here
    for turn in range(3):
        for number in range(2 * turn):
            stream = company.stream(company.github, f"acme/{turn}-{number}", held={"missing": 1, "of": 2})
            company.flag(company.item(stream, goal=""), rule=f"rule-{turn}")
        with django_assert_num_queries(11):  # session, person, seven of the page, the outbox, how fresh it is
            client.get("/status/")


class TestCountsOfALargeStore:
    @pytest.fixture(autouse=True)
    def _three_items_are_many(self, monkeypatch):
        monkeypatch.setattr(counts, "LARGE", 3)
        monkeypatch.setattr(counts, "PER_ITEM", 20.0)
        monkeypatch.setattr(counts, "_kept", {})

    def test_they_are_kept_for_a_while(self, company, page, monkeypatch, django_assert_num_queries):
        stream = company.stream(company.github, "acme/web")
        for _ in range(3):
            company.item(stream, goal="activation")
        assert "3 items in all" in page().text
        company.item(stream, goal="activation")
        with django_assert_num_queries(0):
            assert counts.current().coverage.goal == 3
        later = time.monotonic() + 61
        monkeypatch.setattr(counts.time, "monotonic", lambda: later)
        assert "4 items in all" in page().text

    def test_those_of_a_small_store_are_always_of_now(self, company, page):
        stream = company.stream(company.github, "acme/web")
        for number in (1, 2):
            company.item(stream, goal="activation")
            assert f"{number} item" in page().text


class TestAnswer:
    def test_the_policy_lets_nothing_in_from_elsewhere_and_runs_nothing_inline(self, db, client):
        answer = client.get("/status/")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]

    def test_nothing_can_be_sent_to_it(self, db, client):
        assert client.post("/status/").status_code == 403
        assert client.head("/status/").status_code == 200

    def test_an_address_that_is_nowhere_says_so_in_the_same_dress(self, db, client):
        answer = client.get("/nowhere")
        assert answer.status_code == 404
        assert "There is no such page" in Page(answer.content.decode()).text

    def test_a_failure_of_ours_shows_nothing_of_itself(self, db, client, monkeypatch):
        def broken(_now):
            raise RuntimeError("secret detail")

        monkeypatch.setattr(snapshot, "take", broken)
        client.raise_request_exception = False
        answer = client.get("/status/")
        assert answer.status_code == 500
        assert "Something went wrong" in Page(answer.content.decode()).text
        assert b"secret detail" not in answer.content
