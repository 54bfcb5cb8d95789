"""JQL finds what Jira's would."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from syncd.sandbox.base import Work
from syncd.sandbox.jira.fields import Site
from syncd.sandbox.jira.jql import parse
from syncd.sandbox.jira.planting import plant
from syncd.sandbox.jira.state import State
from syncd.sandbox.jira.tokens import JqlError

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")


@pytest.fixture
def site(work: Callable[..., Work]) -> Site:
    """WEB-1 … WEB-4 created 1, 2, 3, 4 hours ago, and PAY-1 ten days ago."""
    state = State()
    state.tick(NOW)

    def hours(n: float) -> datetime:
        return NOW - timedelta(hours=n)

    works = [
        work("one", kind="epic", created=hours(1), updated=hours(1), labels=("goal:a",), title="Import wizard"),
        work("two", kind="story", parent="one", created=hours(2), updated=hours(0.5), people=("Ana Lima",)),
        work("three", kind="bug", created=hours(3), updated=hours(3), labels=("ux", "goal:b"), status="in_progress"),
        work("four", created=hours(4), updated=hours(4), status="done", closed=hours(4), components=("Billing",)),
        work(
            "pay", place="PAY", created=hours(240), updated=hours(240), goal="Claims", due=NOW.date(), priority="High"
        ),
    ]
    plant(state, works, {})
    return Site(state, "cloud", ZURICH, "Ana Lima")


def found(site: Site, jql: str) -> list[str]:
    query = parse(jql, site)
    issues = [issue for issue in site.state.index.values() if query.where is None or query.where(issue)]
    return [site.state.key(issue) for issue in sorted(issues, key=query.order)]


def ms(hours: float) -> int:
    return int((NOW - timedelta(hours=hours)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("project = WEB", "WEB-1 WEB-2 WEB-3 WEB-4"),
        ("project in (web, PAY)", "WEB-1 WEB-2 WEB-3 WEB-4 PAY-1"),
        ('project = "Web app" OR project = 10007', "WEB-1 WEB-2 WEB-3 WEB-4 PAY-1"),
        ("project != WEB", "PAY-1"),
        ("project not in (WEB)", "PAY-1"),
        ("key = WEB-2", "WEB-2"),
        ("issuekey in (WEB-2, PAY-1)", "WEB-2 PAY-1"),
        ("id = 10001 or id in (10005)", "WEB-1 PAY-1"),
        (f"created >= {ms(2)}", "WEB-1 WEB-2"),
        (f"created > {ms(2)}", "WEB-1"),
        (f"created <= {ms(3)} AND created > {ms(200)}", "WEB-3 WEB-4"),
        (f"created < {ms(4)}", "PAY-1"),
        ("created >= -90m", "WEB-1"),
        ("updated >= -45m", "WEB-2"),
        ("created >= -2h", "WEB-1 WEB-2"),
        ("created <= -1w", "PAY-1"),
        ("created < now()", "WEB-1 WEB-2 WEB-3 WEB-4 PAY-1"),
        # nine in UTC is ten in Zurich: two hours ago was eight there
        ('created >= "2026-11-20 08:00"', "WEB-1 WEB-2"),
        ("created >= '2026/11/20 08:01'", "WEB-1"),
        ('created >= "2026-11-20"', "WEB-1 WEB-2 WEB-3 WEB-4"),
        ("status = 'In Progress'", "WEB-3"),
        ("status not in (Done, 'To Do')", "WEB-3"),
        ("statusCategory = Done", "WEB-4"),
        ("labels = goal:a", "WEB-1"),
        ("labels in (ux, goal:a)", "WEB-1 WEB-3"),
        ("labels is empty", "WEB-2 WEB-4 PAY-1"),
        ("labels is not EMPTY", "WEB-1 WEB-3"),
        # an issue without labels is not among those whose label is another
        ("labels != ux", "WEB-1"),
        ("labels not in (ux)", "WEB-1"),
        ("NOT labels = ux", "WEB-1 WEB-2 WEB-4 PAY-1"),
        ("assignee = currentUser()", "WEB-2"),
        ("assignee = 'Ana Lima'", "WEB-2"),
        ("assignee is EMPTY AND project = PAY", "PAY-1"),
        ("resolved is not empty", "WEB-4"),
        ("issuetype in (Epic, Bug)", "WEB-1 WEB-3"),
        ("parent = WEB-1", "WEB-2"),
        ("component = billing", "WEB-4"),
        ("priority = High", "PAY-1"),
        ("cf[10042] = Claims", "PAY-1"),
        ("Goal = Claims", "PAY-1"),
        ('summary ~ "wizard"', "WEB-1"),
        ("text ~ import*", "WEB-1"),
        ("summary !~ wizard AND project = WEB", "WEB-2 WEB-3 WEB-4"),
        ("project = WEB AND (labels = ux OR key = WEB-1)", "WEB-1 WEB-3"),
        ("project = PAY OR project = WEB AND key = WEB-1", "WEB-1 PAY-1"),
        ("(project = PAY OR project = WEB) AND key = WEB-1", "WEB-1"),
        ("project = WEB AND NOT (key = WEB-1 OR key = WEB-2)", "WEB-3 WEB-4"),
        ("project = WEB ORDER BY created", "WEB-4 WEB-3 WEB-2 WEB-1"),
        ("project = WEB ORDER BY updated DESC", "WEB-2 WEB-1 WEB-3 WEB-4"),
        ("ORDER BY key DESC", "WEB-4 WEB-3 WEB-2 WEB-1 PAY-1"),
        ("project = WEB order by priority desc, key asc", "WEB-1 WEB-2 WEB-3 WEB-4"),
        ("order by resolved ASC, key DESC", "WEB-4 WEB-3 WEB-2 WEB-1 PAY-1"),
    ],
)
def test_a_query_finds_and_orders(site: Site, jql: str, keys: str) -> None:
    assert found(site, jql) == keys.split()


@pytest.mark.parametrize(
    ("jql", "message"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("project in (WEB, NOPE)", "The value 'NOPE' does not exist for the field 'project'."),
        ("status = Sleeping", "The value 'Sleeping' does not exist for the field 'status'."),
        ("key = WEB-99", "An issue with key 'WEB-99' does not exist for field 'key'."),
        ("mood = good", "Field 'mood' does not exist or you do not have permission to view it."),
        ("project WEB", "Expecting operator but got 'WEB'"),
        ("project =", "Expecting a value"),
        ("project = WEB AND", "Expecting a field name"),
        ("project = WEB created > 1", "Expecting either 'OR' or 'AND' but got 'created'"),
        ("(project = WEB", r"Expecting '\)'"),
        ("created >= yesterday", "Date value 'yesterday' for field 'created' is invalid"),
        ("labels ~ ux", "The operator '~' is not supported by the 'labels' field."),
        ("created ~ 5", "The operator '~' is not supported by date fields."),
        ("assignee = membersOf()", r"Unable to find JQL function 'membersOf\(\)'"),
        ("project = WEB ORDER BY mood", "Not able to sort using field 'mood'."),
        ("project = WEB ORDER created", "Expecting 'by' but got 'created'"),
        ("labels is ux", "Expecting 'EMPTY' or 'NULL'"),
        ("order by " + ", ".join(["created"] * 8), "maximum number of fields"),
        ('summary ~ "', "character at position"),
    ],
)
def test_a_wrong_query_is_refused_in_jiras_words(site: Site, jql: str, message: str) -> None:
    with pytest.raises(JqlError, match=message):
        parse(jql, site)


def test_a_project_that_may_not_be_seen_is_unknown(site: Site) -> None:
    project = site.state.project("PAY")
    assert project
    site.state.forbid(project, readable=False)
    with pytest.raises(JqlError, match="The value 'PAY' does not exist"):
        parse("project in (WEB, PAY)", site)


def test_a_query_with_relative_dates_knows_that_its_answer_passes(site: Site) -> None:
    assert parse("updated >= -90m", site).passing
    assert not parse(f"updated >= {ms(1)}", site).passing
