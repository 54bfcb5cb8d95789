"""The pages about goals and alignment say what the tallies say, in a fixed number of queries."""

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rules.model import Accepts, Goal, Outcome
from syncd.accounts.models import AuditEvent
from syncd.strategy.models import GoalUpdate, Tallied
from syncd.trackers.models import Stream
from tests.accounts.cast import ana, browser, omar, vera
from tests.review.desk import DAY, DESKTOP, DROPPED, Desk, policy
from tests.trackers.conftest import made

__all__ = ["ana", "browser", "omar", "vera"]

GROWTH = Goal(id="growth", kind="theme", title="Clinics come & stay")
CLAIMS = Goal(
    id="claims", kind="objective", title="Claims <accepted>", parent="growth", owner="mei@acme.example", share=0.4,
    why="Rejected claims cost a day", accepts=Accepts(labels=("goal:claims",)),
    outcome=Outcome("claims accepted", "%", 80, 96, 91.2, date(2026, 11, 20)),
)  # fmt: skip
ACTIVATION = Goal(
    id="activation",
    kind="objective",
    title="Live in a day",
    parent="growth",
    accepts=Accepts(labels=("goal:activation",)),
)
GOALS = (GROWTH, CLAIMS, ACTIVATION, DROPPED, DESKTOP)


@pytest.fixture
def desk(stream: Stream) -> Desk:
    now = timezone.now() - timedelta(hours=1)
    Stream.objects.update(last_success_at=now, filled_at=now)
    desk = Desk(stream, policy(goals=GOALS))
    desk.now = now
    return desk


@pytest.fixture
def work(desk: Desk) -> Desk:
    """An epic and its stories for claims, one for activation, one for nothing, one against."""
    moving = {"status": "Doing", "status_category": "in_progress", "points": 3.0}
    return desk.put(
        made(1, kind="epic", title="Fewer rejections", labels=("goal:claims",)),
        made(2, parent="jira:WEB-1", **moving),
        made(3, parent="jira:WEB-1"),
        made(4, labels=("goal:activation",), container="PAY", **moving),
        made(5, title="Sort <the> list", container="PAY", **moving),
        made(6, labels=("desktop",)),
    ).judge()


@pytest.fixture
def page(browser, ana) -> Callable[..., str]:
    """What a page says to Ana, without its tags."""

    def read(path: str, client: Client | None = None) -> str:
        answer = (client or browser(ana)).get(path)
        assert answer.status_code == 200
        body = re.sub(r"<title>.*?</title>", "", answer.content.decode().split("<main", 1)[1], flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    return read


def test_the_tree_shows_work_below_a_goal_as_work_for_it(work: Desk, page) -> None:
    said = page("/goals/")
    assert "Clinics come & stay" in said
    assert "Claims <accepted>" in said
    assert "claims accepted: 91.2 %, from 80 to 96 (20 Nov)" in said
    assert "No update yet" in said
    assert "↳" in said
    assert re.search(r"4 open items for Clinics come & stay", said)
    assert re.search(r"3 open items for Claims <accepted>", said)


def test_counts_open_the_filtered_lists(work: Desk, browser, ana) -> None:
    body = html.unescape(browser(ana).get("/goals/").content.decode())
    assert "/items/?goal=claims&status=todo&status=in_progress" in body
    assert "/items/?goal=growth&goal=claims&goal=activation&status=todo" in body
    assert "/review/?goal=desktop" in body
    for link in set(re.findall(r'href="(/(?:items|review|goals|alignment)/[^"]*)"', body)):
        assert browser(ana).get(link).status_code == 200, link


def test_a_part_of_the_chart_leads_to_the_goal(work: Desk, browser, ana) -> None:
    body = browser(ana).get("/goals/").content.decode()
    assert re.search(r'<a href="/goals/claims/" tabindex="-1" aria-label="Claims &lt;accepted&gt;: 33 %"><rect', body)


def test_non_goals_stand_apart_with_what_is_tied_to_them(work: Desk, page) -> None:
    after = page("/goals/").split("Decided not to do")[1]
    assert "No desktop client" in after
    assert "1 open item · 1 flag" in after


def test_the_page_of_a_goal_shows_its_work_by_epic_its_evidence_and_its_past(work: Desk, page) -> None:
    said = page("/goals/claims/")
    assert "Rejected claims cost a day" in said
    assert re.search(r"Fewer rejections WEB-1 Story 2 WEB-2 · Doing Story 3 WEB-3 · To Do", said)
    assert "A label, a field or the strategy names it 1 33 %" in said
    assert "The work above it serves the goal 2 67 %" in said
    assert "All of its work is tied firmly" in said
    assert "It was in the first version" in said
    assert "Nobody has said how it is doing yet." in said


def test_the_page_of_a_non_goal_names_the_flags_and_takes_no_update(work: Desk, page) -> None:
    said = page("/goals/desktop/")
    assert "Decided not to do" in said
    assert "WEB-6" in said
    assert "Post an update" not in said


def test_a_goal_that_nobody_knows_is_not_found(work: Desk, browser, ana) -> None:
    assert browser(ana).get("/goals/nothing/").status_code == 404
    assert browser(ana).post("/goals/nothing/", {"health": "on_track", "text": "x"}).status_code == 404


def test_what_a_pm_says_is_kept_with_name_and_day_and_written_down(work: Desk, browser, ana, page) -> None:
    answer = browser(ana).post("/goals/claims/", {"health": "at_risk", "text": "Insurers <changed> the form"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/goals/claims/")
    update = GoalUpdate.objects.get()
    assert (update.goal, update.health, update.author) == ("claims", "at_risk", "ana@acme.example")
    event = AuditEvent.objects.get(verb="goal_updated")
    assert (event.actor, event.target, event.facts) == ("ana@acme.example", "claims", {"health": "at_risk"})
    said = page("/goals/claims/")
    assert "Insurers <changed> the form" in said
    assert "People say: At risk" in said


def test_an_update_without_a_word_is_not_taken_and_says_what_is_missing(work: Desk, browser, ana) -> None:
    answer = browser(ana).post("/goals/claims/", {"health": "brilliant", "text": ""})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert not GoalUpdate.objects.exists()


def test_a_viewer_reads_and_says_nothing(work: Desk, browser, vera, page) -> None:
    assert "Post an update" not in page("/goals/claims/", browser(vera))
    assert browser(vera).post("/goals/claims/", {"health": "on_track", "text": "x"}).status_code == 403


def test_what_was_said_long_ago_is_gray_and_the_computed_health_stands_beside_it(work: Desk, page) -> None:
    long_ago = timezone.now() - timedelta(days=16, hours=1)
    GoalUpdate.objects.create(goal="claims", health="off_track", text="Bad", author="ana", made_at=long_ago)
    said = page("/goals/")
    assert "No update for 16 days then off track" in said
    assert "Computed On track" in said


def test_where_people_and_computation_agree_one_is_enough_and_where_they_differ_both_are_shown(
    work: Desk, page
) -> None:
    GoalUpdate.objects.create(goal="claims", health="on_track", text="Good", author="ana", made_at=timezone.now())
    assert "differ" not in page("/goals/claims/").split("Health is computed")[0].split("Flagged")[1]
    GoalUpdate.objects.create(goal="claims", health="off_track", text="Bad", author="ana", made_at=timezone.now())
    assert "What people say and what is computed differ." in page("/goals/claims/")


def test_older_updates_are_a_page_away(work: Desk, browser, ana) -> None:
    for number in range(12):
        made_at = timezone.now() - number * DAY
        GoalUpdate.objects.create(
            goal="claims", health="on_track", text=f"Word {number}.", author="ana", made_at=made_at
        )
    first = browser(ana).get("/goals/claims/").content.decode()
    assert "Word 9." in first
    assert "Word 10." not in first
    older = html.unescape(re.search(r'href="(\?after=[^"]+)"', first)[1])
    assert "Word 11." in browser(ana).get(f"/goals/claims/{older}").content.decode()


def test_alignment_says_its_finding_its_bounds_and_what_it_does_not_know(work: Desk, page) -> None:
    said = page("/alignment/")
    assert "With a goal 67 %" in said
    assert "the shares are exact" in said
    assert "PAY has 100 % of the effort without a goal" in said
    assert "Days before" in said


def test_while_a_tracker_is_stale_shares_are_intervals_and_then_no_numbers(work: Desk, page) -> None:
    from syncd.strategy.models import Tally

    Tally.objects.filter(side="goal", name="activation", day=work.now.date()).update(stale=1)
    assert "With a goal 67 % 50 to 67 %" in page("/alignment/")
    Tally.objects.filter(side="goal", day=work.now.date()).update(stale=1)
    Tally.objects.filter(side="unlinked", day=work.now.date()).update(stale=1)
    said = page("/alignment/")
    assert "With a goal – too little is seen to tell" in said


@pytest.mark.parametrize(("unit", "shown"), [("items", "1 33 %"), ("points", "3 33 %"), ("time", "Days in progress")])
def test_effort_is_counted_in_what_the_address_says(unit: str, shown: str, work: Desk, page) -> None:
    path = "/alignment/" if unit == "items" else f"/alignment/?unit={unit}"
    assert shown in page(path)


def test_a_day_in_the_past_is_shown_as_it_was(work: Desk, browser, ana, page) -> None:
    yesterday = work.now.date()
    Stream.objects.update(last_success_at=work.now + DAY)
    work.wait(1).put(made(5, labels=("goal:claims",), container="PAY")).judge()
    assert "With a goal 83 %" in page("/alignment/")
    assert "With a goal 67 %" in page(f"/alignment/?on={yesterday}")
    assert "Of that day it is not known" in page(f"/alignment/?on={yesterday - 14 * DAY}")
    assert "Nothing was tallied by then" in page("/alignment/?on=2020-01-01")


@pytest.mark.parametrize(
    ("query", "says"), [("on=soon", "expected a day"), ("unit=hours", "expected one of items, points, time")]
)
def test_an_address_that_makes_no_sense_is_told_what_would(query: str, says: str, browser, ana) -> None:
    answer = browser(ana).get(f"/alignment/?{query}")
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_the_same_view_has_one_address(work: Desk, browser, ana) -> None:
    answer = browser(ana).get("/alignment/?unit=items&on=")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/alignment/")


def rows(answer) -> list[dict[str, str]]:
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_every_chart_is_a_file_with_the_same_numbers(work: Desk, browser, ana) -> None:
    client = browser(ana)
    goals = {row["id"]: row for row in rows(client.get("/alignment/goals.csv")) if row["serves"] == "goal"}
    assert (goals["claims"]["items"], goals["claims"]["points"], goals["claims"]["intended_share"]) == (
        "1",
        "3.0",
        "0.4",
    )
    weeks = rows(client.get("/alignment/weeks.csv"))
    assert sum(int(row["items"]) for row in weeks if row["reckoned"] == "no") == 6
    teams = rows(client.get("/alignment/teams.csv"))
    assert {(row["team"], row["serves"], row["items"]) for row in teams} == {
        ("WEB", "goal", "1"), ("PAY", "goal", "1"), ("PAY", "unlinked", "1"),
    }  # fmt: skip
    assert sum(int(row["items"]) for row in rows(client.get("/alignment/trackers.csv"))) == 3
    assert [row["id"] for row in rows(client.get("/goals/goals.csv"))] == [
        "growth",
        "claims",
        "activation",
        "app",
        "desktop",
    ]
    assert client.get("/alignment/none.csv").status_code == 404


def test_a_file_holds_nothing_that_a_spreadsheet_would_run(desk: Desk, browser, ana) -> None:
    desk.put(made(1, container="=cmd()", status_category="in_progress", status="Doing")).judge()
    (row,) = rows(browser(ana).get("/alignment/teams.csv"))
    assert row["team"] == "'=cmd()"


@pytest.mark.parametrize(
    "path", ["/goals/", "/goals/claims/", "/alignment/", "/goals/goals.csv", "/alignment/goals.csv"]
)
def test_a_page_asks_as_often_however_much_there_is(path: str, work: Desk, browser, ana) -> None:
    client = browser(ana)
    work.put(made(9, labels=("desktop", "goal:claims"))).judge()
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    more = [
        made(number, labels=("goal:claims",), container=f"T{number}", parent="jira:WEB-1") for number in range(10, 30)
    ]
    work.put(*more, *[made(number, labels=("desktop", "goal:claims")) for number in range(30, 40)]).judge()
    for number in range(5):
        GoalUpdate.objects.create(goal="claims", health="on_track", text="x", author="ana", made_at=timezone.now())
        Tallied.objects.create(day=date(2020, 1, 1 + number), made_at=timezone.now(), seconds=0, since=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few), [query["sql"][:120] for query in many]
    assert not [query for query in many if re.search(r"(COUNT|SUM)\([^)]*\).*FROM .?trackers_item", query["sql"])]


def test_before_anything_is_there_the_pages_say_what_to_do(page, db) -> None:
    assert "Write what you want, and what you decided not to do" in page("/goals/")
    assert "No day is tallied yet" in page("/alignment/")
